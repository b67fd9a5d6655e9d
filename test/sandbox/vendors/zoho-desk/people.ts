import type { Entry } from '../../content/conversations.ts'
import type { SiteStore } from '../../content/site-store.ts'
import { zohoDeskSites } from './sites.ts'

const kinds = {
  ticket: 1,
  thread: 2,
  comment: 3,
  file: 4,
  contact: 5,
  agent: 6,
  team: 7,
  department: 8,
  tag: 9,
} as const

/** Who and what there is in one portal, and the ids of all of it. Ids are texts of 19 digits. */
export class PortalPeople {
  readonly store: SiteStore
  readonly #prefix: string

  constructor(store: SiteStore) {
    this.store = store
    this.#prefix = `13${40 + zohoDeskSites.findIndex((site) => site.id === store.spec.id)}`
  }

  id(kind: keyof typeof kinds, number: number): string {
    return `${this.#prefix}${kinds[kind]}${String(number).padStart(14, '0')}`
  }

  number(kind: keyof typeof kinds, id: string): number | undefined {
    const head = `${this.#prefix}${kinds[kind]}`
    return new RegExp(`^${head}\\d{14}$`).test(id) ? Number(id.slice(head.length)) : undefined
  }

  ticketId = (index: number) => this.id('ticket', index)
  ticketIndex = (id: string) => this.number('ticket', id)
  agentId = (place: number) => this.id('agent', place)
  agentPlace = (id: string) => this.number('agent', id)
  contactId = (number: number) => this.id('contact', number)
  contactNumber = (id: string) => this.number('contact', id)
  teamId = (place: number) => this.id('team', place)
  departmentId = (place: number) => this.id('department', place)
  entryId = (index: number, entry: Entry) =>
    this.id(entry.kind === 'note' ? 'comment' : 'thread', index * 10_000 + entry.seq)

  author(entry: Entry): Record<string, unknown> {
    if (entry.author.kind === 'staff') {
      const { id, firstName, lastName, name, emailId } = this.agent(entry.author.staff)
      return { id, firstName, lastName, name, email: emailId, photoURL: null, type: 'AGENT' }
    }
    const number = entry.author.kind === 'customer' ? entry.author.customer : 0
    const { first, last, name, email } = this.store.customer(number)
    return {
      id: this.contactId(number),
      firstName: first,
      lastName: last,
      name,
      email,
      photoURL: null,
      type: 'END_USER',
    }
  }

  agent(place: number) {
    const person = this.store.spec.staff[place]
    if (!person) throw new Error(`no agent ${place}`)
    const [firstName = '', ...rest] = person.name.split(' ')
    return {
      id: this.agentId(place),
      zuid: String(70_010_000 + place),
      emailId: person.email,
      name: person.name,
      firstName,
      lastName: rest.join(' '),
      isConfirmed: true,
      status: 'ACTIVE',
      roleId: this.id('department', 800),
      profileId: this.id('department', 801),
      rolePermissionType: person.role === 'admin' ? 'Admin' : person.role === 'light' ? 'Light' : 'Custom',
      associatedDepartmentIds: this.store.spec.brands.map((_, each) => this.departmentId(each)),
      photoURL: null,
      phone: '',
      mobile: '',
      timeZone: 'Europe/Berlin',
      langCode: 'en_US',
    }
  }

  contact(number: number): Record<string, unknown> {
    const { first, last, email, phone } = this.store.customer(number)
    return {
      id: this.contactId(number),
      firstName: first,
      lastName: last,
      email,
      secondaryEmail: null,
      phone,
      mobile: null,
      type: null,
      title: null,
      accountId: null,
      ownerId: this.agentId(0),
      photoURL: null,
      createdTime: '2024-03-01T09:00:00.000Z',
      modifiedTime: '2025-11-20T10:00:00.000Z',
      isSpam: false,
      isTrashed: false,
      cf: {},
    }
  }

  department(place: number): Record<string, unknown> {
    const name = this.store.spec.brands[place] ?? ''
    return {
      id: this.departmentId(place),
      name,
      nameInCustomerPortal: name,
      isEnabled: true,
      isDefault: place === 0,
      chatStatus: 'NOT_CREATED',
      creatorId: this.agentId(0),
      createdTime: '2024-03-01T09:00:00.000Z',
    }
  }
}
