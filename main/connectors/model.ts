/**
 * The unified model: what every vendor's queries look like inside Manydesk. Times are epoch milliseconds. Vendor ids are
 * strings, unique within one account and one kind of record.
 */

export type ConversationStatus = 'new' | 'open' | 'pending' | 'on_hold' | 'solved' | 'closed'
export type Priority = 'low' | 'normal' | 'high' | 'urgent'
export type Channel = 'email' | 'chat' | 'phone' | 'web' | 'social' | 'api' | 'other'

export interface Person {
  vendorId: string | null
  name: string | null
  email: string | null
  phone: string | null
}

export interface Conversation {
  vendorId: string
  /** Change mark of the vendor (milliseconds, or another number that only grows). An older version never overwrites a newer one. */
  version: number
  subject: string
  /** Plain text, at most 200 characters, of the newest known message. */
  preview: string
  status: ConversationStatus
  /** What the vendor calls the status, shown where it says more than ours. */
  vendorStatus: { id: string; label: string }
  /** The list of statuses it moves in (a pipeline), as in `StatusOption.scope`. Absent or null: the account has one list. */
  statusScope?: string | null
  /** What can be done to this conversation. Absent: all that the account can do. */
  commands?: CommandKind[]
  priority: Priority | null
  channel: Channel
  customer: Person
  assigneeVendorId: string | null
  groupVendorId: string | null
  tags: string[]
  /** The vendor's own idea of a brand (Zendesk brand_id, mailbox address), for routing to a Manydesk brand. */
  brandKey: string | null
  createdAt: number
  updatedAt: number
  /** Who spoke last, if the vendor's list tells. */
  lastMessageBy: 'customer' | 'agent' | null
  dueAt: number | null
  /** The conversation on the vendor's own site. https only. */
  url: string
  /** Fields and enum values Manydesk does not know, kept and shown as they came. */
  vendor: Record<string, unknown>
}

export interface Attachment {
  vendorId: string
  name: string
  contentType: string
  /** Bytes, or null where the vendor does not say. */
  size: number | null
  /** Where to fetch it; may be a foreign host, which never gets the account's token. */
  url: string
  inline: boolean
  contentId: string | null
}

export interface Message {
  vendorId: string
  conversationVendorId: string
  kind: 'reply' | 'note' | 'event'
  direction: 'in' | 'out'
  author: Person & { role: 'customer' | 'agent' | 'system' }
  createdAt: number
  /** Untrusted HTML as the vendor sent it, or null where there is only text. */
  bodyHtml: string | null
  bodyText: string
  attachments: Attachment[]
  vendor: Record<string, unknown>
}

/** A person who can be assigned, or who writes for us. */
export interface Agent {
  vendorId: string
  name: string
  email: string | null
  active: boolean
}

export interface StatusOption {
  id: string
  label: string
  status: ConversationStatus
  /** Key of the list this belongs to, where there are several (a pipeline); offered to conversations of that `statusScope` only. */
  scope?: string
}

/** A prepared answer of the vendor: what it writes and sets. Placeholders of the vendor may still stand in the texts. */
export interface Macro {
  id: string
  name: string
  commands: Command[]
}

/** Small lists of one account that change seldom. */
export interface Directory {
  agents: Agent[]
  groups: { vendorId: string; name: string }[]
  statuses: StatusOption[]
  /** The vendor's brands, where one account serves several. */
  brands: { key: string; name: string }[]
  macros?: Macro[]
}

/** Who signed in, and where: what must match on reconnect. */
export interface Identity {
  vendorUserId: string
  /** Stable name of the vendor's site (host, portal id). Identity is (vendor, siteKey, vendorUserId). */
  siteKey: string
  name: string
  email: string | null
  role: string | null
}

/** A record that could not be read; the rest of its page was. */
export interface Quarantined {
  vendorId: string | null
  /** Path of the offending field, for example `tickets[3].created_at`. */
  path: string
  reason: string
}

/** One page of what changed. Written with its cursor in one transaction; reading it twice is harmless. */
export interface Page {
  conversations: Conversation[]
  /** Messages that came along with the list, if any. */
  messages: Message[]
  people: Person[]
  removedVendorIds: string[]
  quarantined: Quarantined[]
  /** Opaque to everyone but the connector: JSON text. */
  cursor: string
  /** True while another page can be read right now; false when the account is current. */
  more: boolean
  /** How many conversations the vendor says there are, where it says so. */
  total: number | null
}

export interface Thread {
  /** Fresh state of the conversation, if the same call told it. */
  conversation: Conversation | null
  /** All messages, oldest first. */
  messages: Message[]
  people: Person[]
  quarantined: Quarantined[]
}

/** An agent's intention, as a connector gets it. Reply with a status on send is two commands in order. */
export type Command =
  | { kind: 'reply'; bodyText: string; bodyHtml: string }
  | { kind: 'note'; bodyText: string; bodyHtml: string }
  | { kind: 'status'; status: ConversationStatus; vendorStatusId: string | null }
  | { kind: 'priority'; priority: Priority }
  | { kind: 'assign'; assigneeVendorId: string | null }
  | { kind: 'tags'; add: string[]; remove: string[] }

export type CommandKind = Command['kind']

/** A new conversation with an address, begun through a mail account in answer to a conversation of a vendor that sends no replies. */
export interface Compose {
  kind: 'compose'
  to: { name: string | null; email: string }
  subject: string
  bodyText: string
  bodyHtml: string
}

/** What the vendor confirmed. */
export interface Receipt {
  /** Id of the message that was created, for reply and note. */
  messageVendorId: string | null
  /** Fresh state, if the answer told it. */
  conversation: Conversation | null
  message: Message | null
}

/** What one payload of a vendor becomes: everything that the unified model has a place for. */
export interface Unified {
  conversations: Conversation[]
  messages: Message[]
  people: Person[]
  directory: Partial<Directory>
  /** Conversations that the payload says are gone. */
  removedVendorIds: string[]
  quarantined: Quarantined[]
}

/** A payload's part in the model, everything else empty. */
export const unified = (part: Partial<Unified>): Unified => ({
  conversations: [],
  messages: [],
  people: [],
  directory: {},
  removedVendorIds: [],
  quarantined: [],
  ...part,
})

/** What several payloads are together, in their order. A person of the directory told twice is one, as last told; so are all other parts of it. */
export const joined = (parts: readonly Unified[]): Unified => ({
  conversations: parts.flatMap((part) => part.conversations),
  messages: parts.flatMap((part) => part.messages),
  people: parts.flatMap((part) => part.people),
  directory: joinedDirectory(parts.map((part) => part.directory)),
  removedVendorIds: parts.flatMap((part) => part.removedVendorIds),
  quarantined: parts.flatMap((part) => part.quarantined),
})

function joinedDirectory(parts: readonly Partial<Directory>[]): Partial<Directory> {
  const of = <K extends keyof Directory>(name: K, keyOf: (each: NonNullable<Directory[K]>[number]) => string) => {
    const told = parts.filter((part) => part[name] !== undefined)
    const all = told.flatMap((part): NonNullable<Directory[K]>[number][] => part[name] ?? [])
    return told.length === 0 ? {} : { [name]: [...new Map(all.map((each) => [keyOf(each), each])).values()] }
  }
  return {
    ...of('agents', (agent) => agent.vendorId),
    ...of('groups', (group) => group.vendorId),
    ...of('statuses', (status) => JSON.stringify([status.scope, status.id])),
    ...of('brands', (brand) => brand.key),
    ...of('macros', (macro) => macro.id),
  }
}
