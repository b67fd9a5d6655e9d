import type { Entry, StoredFile } from '../../content/conversations.ts'
import type { SiteStore } from '../../content/site-store.ts'
import { freshchatSites } from './sites.ts'

/** Public storage: an address is all it takes. */
export const storageHost = 'fc-use1-00-files-bkt-00.s3.amazonaws.com'

const iso = (ms: number) => new Date(ms).toISOString()

/** An id with a number inside, so that the way back costs nothing: site, kind, then twelve hexadecimal digits. */
const guid = (site: number, kind: string, number: number, seq = 0) =>
  `${kind}${(site + 1).toString(16).padStart(3, '0')}0ca7-${seq.toString(16).padStart(4, '0')}-4000-8000-${number.toString(16).padStart(12, '0')}`

/** Rows and entries of one account in Freshchat's wire format. */
export class FreshchatWire {
  readonly store: SiteStore
  readonly #site: number
  /** Priorities set through the API, which are properties here. */
  readonly #properties = new Map<number, Record<string, unknown>>()

  constructor(store: SiteStore) {
    this.store = store
    this.#site = freshchatSites.findIndex((site) => site.id === store.spec.id)
  }

  conversationId = (index: number) => guid(this.#site, 'c', index)
  userId = (number: number) => guid(this.#site, 'a', number)
  agentId = (place: number) => guid(this.#site, 'e', place)
  groupId = (place: number) => guid(this.#site, 'd', place)
  channelId = (place: number) => guid(this.#site, 'b', place)
  messageId = (index: number, seq: number) => guid(this.#site, 'f', index, seq)

  /** The number an id of this account holds; undefined for others. */
  numberOf(id: string, kind: 'a' | 'b' | 'c' | 'd' | 'e'): number | undefined {
    const number = Number.parseInt(id.slice(-12), 16)
    return guid(this.#site, kind, number) === id ? number : undefined
  }

  conversation(index: number): Record<string, unknown> {
    const row = this.store.row(index)
    return {
      conversation_id: this.conversationId(index),
      conversation_internal_id: 1_019_183_000_000_000 + index,
      app_id: guid(this.#site, '9', 0),
      status: row.status,
      channel_id: this.channelId(row.brand),
      ...(row.assignee === null ? {} : { assigned_agent_id: this.agentId(row.assignee) }),
      ...(row.group === null ? {} : { assigned_group_id: this.groupId(row.group) }),
      skill_id: 0,
      properties: this.properties(index),
      url: `https://${this.store.spec.host.split('.')[0]}.myfreshworks.com/crm/messaging/a/10191830/inbox/open/0/conversation/${index}`,
      org_contact_id: `19408904526074${String(row.customer).padStart(5, '0')}`,
      created_time: iso(row.createdAt),
      updated_time: iso(row.updatedAt),
      user_id: this.userId(row.customer),
    }
  }

  /** Some accounts' chats have a priority, others were never given one. */
  properties(index: number): Record<string, unknown> {
    const { priority } = this.store.row(index)
    const words = { low: 'Low', normal: 'Medium', high: 'High', urgent: 'Urgent' }
    const own = priority === null ? {} : { priority: words[priority] }
    return { ...own, ...this.#properties.get(index) }
  }

  setProperties(index: number, properties: Record<string, unknown>): void {
    this.#properties.set(index, { ...this.#properties.get(index), ...properties })
  }

  message(index: number, entry: Entry): Record<string, unknown> {
    const row = this.store.row(index)
    const { author } = entry
    const actor =
      author.kind === 'customer'
        ? {
            actor_type: 'user',
            actor_id: this.userId(author.customer),
            org_actor_id: `19408904526074${author.customer}`,
          }
        : author.kind === 'staff'
          ? { actor_type: 'agent', actor_id: this.agentId(author.staff) }
          : { actor_type: 'system' }
    const system = entry.kind === 'event'
    return {
      message_parts: this.#parts(index, entry),
      app_id: guid(this.#site, '9', 0),
      ...actor,
      id: this.messageId(index, entry.seq),
      channel_id: this.channelId(row.brand),
      conversation_id: this.conversationId(index),
      interaction_id: `${index}-${entry.at}`,
      ...(system ? { meta_data: { isResolved: entry.change?.to === 'resolved' } } : {}),
      message_type: entry.kind === 'note' ? 'private' : 'normal',
      message_source: system ? 'system' : row.channel === 'email' ? 'email' : 'web',
      created_time: iso(entry.at),
      user_id: this.userId(row.customer),
    }
  }

  #parts(index: number, entry: Entry): Record<string, unknown>[] {
    const row = this.store.row(index)
    const mail = row.channel === 'email' && entry.kind === 'reply'
    const files = entry.files.map((file, place) => this.#file(index, entry, file, place))
    const html = entry.html.replace(/cid:[^"'\s>]+/g, () =>
      this.#fileUrl(
        index,
        entry,
        entry.files.findIndex((f) => f.inline),
      ),
    )
    const said = mail ? { email: { subject: row.subject, content: html } } : { text: { content: entry.text } }
    return [said, ...files]
  }

  #fileUrl = (index: number, entry: Entry, place: number) =>
    `https://${storageHost}/${this.store.spec.host}/${index}/${entry.seq}/${place}/${encodeURIComponent(entry.files[place]?.name ?? '')}`

  #file(index: number, entry: Entry, file: StoredFile, place: number): Record<string, unknown> {
    const url = this.#fileUrl(index, entry, place)
    if (file.contentType.startsWith('image/')) return { image: { url } }
    const { name, contentType, bytes } = file
    return { file: { name, url, file_size_in_bytes: bytes.length, content_type: contentType } }
  }

  user(number: number, updatedAt: number): Record<string, unknown> {
    const person = this.store.customer(number)
    return {
      avatar: {},
      created_time: '2024-03-01T09:00:00.000Z',
      updated_time: iso(updatedAt),
      first_name: person.first,
      last_name: person.last,
      id: this.userId(number),
      email: person.email,
      ...(person.phone === null ? {} : { phone: person.phone }),
      properties: [{ name: 'fc_user_timezone', value: 'Europe/Berlin' }],
    }
  }

  agent(place: number): Record<string, unknown> {
    const person = this.store.spec.staff[place]
    if (!person) throw new Error(`no agent ${place}`)
    const [first = '', ...rest] = person.name.split(' ')
    return {
      avatar: {},
      email: person.email,
      first_name: first,
      last_name: rest.join(' '),
      groups: this.store.spec.groups.flatMap((group, at) => (group.members.includes(place) ? [this.groupId(at)] : [])),
      id: this.agentId(place),
      is_deactivated: false,
      role_id: person.role === 'admin' ? 'ACCOUNT_ADMIN' : 'AGENT',
      skill_id: '0',
      social_profiles: [],
    }
  }

  group = (place: number) => ({
    id: this.groupId(place),
    name: this.store.spec.groups[place]?.name,
    description: '',
    routing_type: 'DISABLED',
    agents: this.store.spec.groups[place]?.members.map((member) => this.agentId(member)),
  })

  channel = (place: number) => ({
    id: this.channelId(place),
    name: this.store.spec.brands[place],
    enabled: true,
    public: true,
    locale: '',
    tags: [],
    icon: {},
    updated_time: '2024-03-01T09:00:00.000Z',
  })

  /**
   * When a customer was last updated: with a message of the customer's own. What colleagues do to the chat does not move the customer,
   * which is the harder of the two things the vendor may do.
   */
  userUpdatedAt(number: number): number {
    const touched = new Set(this.store.changes.touchedIndexes())
    const times = this.store.byCustomer(number).map((index) => {
      if (!touched.has(index)) return this.store.changes.changedAt(index)
      const own = this.store.entries(index).filter((entry) => entry.author.kind === 'customer')
      return own.at(-1)?.at ?? this.store.row(index).createdAt
    })
    return Math.max(Date.UTC(2024, 2, 1, 9), ...times)
  }
}
