import type { Entry } from '../../content/conversations.ts'
import type { SiteStore } from '../../content/site-store.ts'
import { freshsalesSites } from './sites.ts'

const iso = (ms: number) => `${new Date(ms).toISOString().slice(0, 19)}Z`

type Row = Record<string, unknown>

/** What was changed on a contact through the API; contacts are people here, and have no row of their own. */
interface ContactChange {
  owner?: number | null
  tags?: string[]
  notes: { id: number; staff: number; text: string; at: number }[]
  updatedAt: number
}

/** Every fourth conversation is a task about a contact, the others are deals. */
const isTask = (index: number) => index % 4 === 3

/** Rows and entries of one account in Freshsales' wire format. */
export class FreshsalesWire {
  readonly store: SiteStore
  readonly contacts = new Map<number, ContactChange>()
  readonly #base: number

  constructor(store: SiteStore) {
    this.store = store
    this.#base = 50_000_000_000 + (freshsalesSites.findIndex((site) => site.id === store.spec.id) + 1) * 1_000_000_000
  }

  recordId = (index: number) => this.#base + 10_000_000 + index
  ownerId = (place: number) => this.#base + 1_001 + place
  ownerPlace = (id: number) => id - this.#base - 1_001
  contactId = (number: number) => this.#base + 20_000_000 + number
  contactNumber = (id: number) => id - this.#base - 20_000_000
  accountId = (number: number) => this.#base + 30_000_000 + number
  noteId = (index: number, seq: number) => this.#base + 100_000_000 + index * 1000 + seq
  viewId = (place: number) => this.#base + 101 + place

  /** The conversation of an id, where it is of that kind and there. */
  indexOf(id: number, kind: 'deal' | 'task'): number | undefined {
    const index = id - this.#base - 10_000_000
    if (!this.store.has(index) || this.store.hidden.has(index)) return undefined
    return isTask(index) === (kind === 'task') ? index : undefined
  }

  /** As the connector and the controls name it. */
  keyOf = (index: number) => `${isTask(index) ? 'task' : 'deal'}:${this.recordId(index)}`
  indexOfKey(key: string): number | undefined {
    const index = Number(key.split(':')[1]) - this.#base - 10_000_000
    return this.store.has(index) ? index : undefined
  }

  isTask = isTask
  isOpenTask = (index: number) => isTask(index) && this.#taskStatus(index) === 0
  #taskStatus = (index: number) =>
    ['solved', 'closed'].includes(this.store.status(this.store.row(index).status).kind) ? 1 : 0

  /** Which pipeline a deal is in: stages of the second are numbered from 201. */
  pipeline = (index: number): 1 | 2 => (Number(this.store.row(index).status) % 1000 > 200 ? 2 : 1)
  pipelineId = (place: number) => this.#base + 20 + place

  deal(index: number): Row {
    const row = this.store.row(index)
    const id = this.recordId(index)
    const closed = ['solved', 'closed'].includes(this.store.status(row.status).kind)
    const notes = this.store.entries(index).filter((entry) => entry.kind === 'note')
    const amount = `${(index * 37) % 9000}.0`
    return {
      id,
      name: row.subject,
      amount,
      base_currency_amount: amount,
      expected_close: iso(row.createdAt + 30 * 86_400_000).slice(0, 10),
      closed_date: closed ? iso(row.updatedAt).slice(0, 10) : null,
      stage_updated_time: iso(row.updatedAt),
      custom_field: { cf_source: row.channel },
      probability: closed ? 100 : 40,
      updated_at: iso(row.updatedAt),
      created_at: iso(row.createdAt),
      deal_pipeline_id: this.pipelineId(this.pipeline(index)),
      deal_stage_id: Number(row.status),
      age: 1,
      links: {
        conversations: `/crm/sales/deals/${id}/conversations/all?include=email_conversation_recipients&per_page=3`,
        document_associations: `/crm/sales/deals/${id}/document_associations`,
        notes: `/crm/sales/deals/${id}/notes?include=creater`,
        tasks: `/crm/sales/deals/${id}/tasks?include=creater,owner,updater,targetable,users,task_type`,
        appointments: `/crm/sales/deals/${id}/appointments?include=creater,owner,updater,targetable`,
      },
      recent_note: notes.at(-1)?.text ?? null,
      completed_sales_sequences: null,
      active_sales_sequences: null,
      web_form_id: null,
      upcoming_activities_time: null,
      collaboration: { id: String(id), title: row.subject, convo_token: 'signed.conversation.token' },
      last_assigned_at: row.assignee === null ? null : iso(row.createdAt),
      tags: row.tags,
      last_contacted_sales_activity_mode: null,
      last_contacted_via_sales_activity: null,
      expected_deal_value: amount,
      deal_freddy_metrics: null,
      is_deleted: false,
      team_user_ids: null,
      rotten_days: null,
    }
  }

  /** What `include` adds to a deal: ids in the record. */
  dealLinks(index: number, include: readonly string[]): Row {
    const row = this.store.row(index)
    return {
      ...(include.includes('owner') ? { owner_id: row.assignee === null ? null : this.ownerId(row.assignee) } : {}),
      ...(include.includes('contacts') ? { contact_ids: [this.contactId(row.customer)] } : {}),
      ...(include.includes('sales_account') && this.store.customer(row.customer).company
        ? { sales_account_id: this.accountId(row.customer) }
        : {}),
    }
  }

  task(index: number): Row {
    const row = this.store.row(index)
    const status = this.#taskStatus(index)
    return {
      id: this.recordId(index),
      status,
      title: row.subject,
      description: this.store.entries(index)[0]?.text ?? null,
      created_at: iso(row.createdAt),
      updated_at: iso(row.updatedAt),
      owner_id: row.assignee === null ? null : this.ownerId(row.assignee),
      due_date: iso(row.createdAt + 3 * 86_400_000),
      completed_date: status === 1 ? iso(row.updatedAt) : null,
      creater_id: this.ownerId(0),
      updater_id: null,
      outcome_id: null,
      task_type_id: null,
    }
  }

  /** What `include=targetable` adds. */
  target = (index: number): Row => ({
    targetable_id: this.contactId(this.store.row(index).customer),
    targetable_type: 'Contact',
  })

  contact(number: number): Row {
    const person = this.store.customer(number)
    const id = this.contactId(number)
    const change = this.contacts.get(number)
    return {
      id,
      first_name: person.first,
      last_name: person.last,
      display_name: person.name,
      avatar: null,
      job_title: null,
      city: null,
      state: null,
      zipcode: null,
      country: null,
      email: person.email,
      emails: [{ id: id + 1, value: person.email, is_primary: true }],
      time_zone: null,
      work_number: null,
      mobile_number: person.phone,
      address: null,
      lead_score: 0,
      last_contacted: null,
      open_deals_amount: '0.0',
      won_deals_amount: '0.0',
      links: { notes: `/crm/sales/contacts/${id}/notes?include=creater` },
      last_contacted_sales_activity_mode: null,
      custom_field: {},
      created_at: '2024-03-01T09:00:00Z',
      updated_at: iso(this.contactUpdatedAt(number)),
      recent_note: change?.notes.at(-1)?.text ?? null,
      tags: change?.tags ?? [],
      is_deleted: false,
      team_user_ids: null,
      owner_id:
        change?.owner === undefined ? this.ownerId(0) : change.owner === null ? null : this.ownerId(change.owner),
    }
  }

  /** A contact moves with its conversations, and with its own changes. */
  contactUpdatedAt(number: number): number {
    const own = this.store.byCustomer(number).map((index) => this.store.changes.changedAt(index))
    return Math.max(Date.UTC(2024, 2, 1, 9), this.contacts.get(number)?.updatedAt ?? 0, ...own)
  }

  changeContact(number: number): ContactChange {
    const change: ContactChange = { notes: [], ...this.contacts.get(number), updatedAt: this.store.tick() }
    this.contacts.set(number, change)
    return change
  }

  account(number: number): Row {
    const { company } = this.store.customer(number)
    return { id: this.accountId(number), name: company, phone: null, website: null, owner_id: null }
  }

  user(place: number): Row {
    const person = this.store.spec.staff[place]
    return {
      id: this.ownerId(place),
      display_name: person?.name,
      email: person?.email,
      is_active: true,
      work_number: null,
      mobile_number: null,
    }
  }

  note(index: number, entry: Entry): Row {
    const staff = entry.author.kind === 'staff' ? entry.author.staff : 0
    return {
      id: this.noteId(index, entry.seq),
      description: entry.text,
      targetable_type: 'Deal',
      targetable_id: this.recordId(index),
      creater_id: this.ownerId(staff),
      created_at: iso(entry.at),
      updated_at: iso(entry.at),
    }
  }

  /** What colleagues wrote to the customer appears as a logged mail. */
  activity(index: number, entry: Entry): Row {
    const staff = entry.author.kind === 'staff' ? entry.author.staff : 0
    return {
      id: this.noteId(index, entry.seq) + 500,
      title: 'E-mail',
      notes: entry.text,
      sales_activity_type_id: this.viewId(40),
      targetable_type: 'Deal',
      targetable_id: this.recordId(index),
      owner_id: this.ownerId(staff),
      creater_id: this.ownerId(staff),
      start_date: iso(entry.at),
      end_date: iso(entry.at),
      created_at: iso(entry.at),
      updated_at: iso(entry.at),
    }
  }

  contactNotes = (number: number): Row[] =>
    (this.contacts.get(number)?.notes ?? []).map((note) => ({
      id: note.id,
      description: note.text,
      targetable_type: 'Contact',
      targetable_id: this.contactId(number),
      creater_id: this.ownerId(note.staff),
      created_at: iso(note.at),
      updated_at: iso(note.at),
    }))
}
