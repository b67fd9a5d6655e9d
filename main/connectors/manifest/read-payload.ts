import { AppError } from '../../errors.ts'
import type { Site } from '../connector.ts'
import type { Conversation, Directory, Message, Person, Quarantined, Unified } from '../model.ts'
import { unified } from '../model.ts'
import { isRecord, type Mapped, readingOf, siteLabel, toConversation } from './map-conversation.ts'
import { toMessage } from './map-message.ts'
import { find, findAll, nameOf } from './path.ts'
import type { Manifest } from './schema.ts'
import type { Part } from './uses.ts'
import { textValue, wordValue, yesValue } from './value.ts'

/** Payloads in, parts of the unified model out. Pure: sync, the coverage table and "try a request" all run this. */

function notOfThisKind(manifest: Manifest, path: string, reason: string): AppError {
  return new AppError('vendor_bad_answer', `${manifest.name} sent an answer that its connector cannot read.`, {
    action: 'Compare the connector with an answer of the vendor: Connectors, Try a request.',
    detail: `${path}: ${reason}`,
    outcome: 'unknown',
  })
}

/** The records a path leads to; null where it leads nowhere or to something else than a list. */
function listAt(path: string, payload: unknown): unknown[] | null {
  const found = find(path, payload)
  if (Array.isArray(found)) return found
  // A path with a star or a filter leads to nothing in an empty list.
  return found === undefined && /[*?]/.test(path) ? [] : null
}

export interface Records {
  /** With the name of each for reports: `entries[3]`. */
  records: { record: unknown; path: string }[]
}

/**
 * The records of an answer. It may be the vendor's envelope, a list of envelopes, the list alone, or one record alone.
 * @throws AppError `vendor_bad_answer`
 */
export function recordsIn(manifest: Manifest, path: string, payload: unknown): Records['records'] {
  const name = nameOf(path)
  const named = (list: unknown[], prefix = '') =>
    list.map((record, index) => ({ record, path: `${prefix}${name}[${index}]` }))
  const direct = listAt(path, payload)
  if (direct !== null) return named(direct)
  if (Array.isArray(payload)) {
    const envelopes = payload.map((each) => (isRecord(each) ? listAt(path, each) : null))
    if (envelopes.some((each) => each !== null))
      return envelopes.flatMap((list, index) => named(list ?? [], `[${index}].`))
    return named(payload)
  }
  const wanted = find(path, payload)
  if (!isRecord(payload)) throw notOfThisKind(manifest, 'answer', 'not an object or a list')
  throw notOfThisKind(manifest, `answer.${name}`, wanted === undefined ? 'missing' : 'not a list')
}

const gather = <T>(mapped: Mapped<T>[]): { values: T[]; quarantined: Quarantined[] } => ({
  values: mapped.flatMap((each) => ('value' in each ? [each.value] : [])),
  quarantined: mapped.flatMap((each) => ('bad' in each ? [each.bad] : [])),
})

const withId = (people: Person[]): Person[] => people.filter((person) => person.vendorId !== null)

/** The first message of a conversation, where it stands in the conversation itself. */
function descriptionOf(
  manifest: Manifest,
  record: unknown,
  conversation: Conversation,
  path: string,
  site: Site,
): Mapped<Message>[] {
  const { description } = manifest.conversations
  if (description === undefined) return []
  return [toMessage(manifest, description, record, { path, conversationId: conversation.vendorId, site })]
}

function readConversation(manifest: Manifest, record: unknown, path: string, site: Site): Unified {
  const mapped = toConversation(manifest, record, path, site)
  const reading = readingOf(manifest, site)
  const id = wordValue(manifest.conversations.fields.id, record, reading)
  if (id !== null && yesValue(manifest.conversations.removed, record, reading))
    return unified({ removedVendorIds: [id] })
  if ('bad' in mapped) return unified({ quarantined: [mapped.bad] })
  const conversation = mapped.value
  const { values, quarantined } = gather(descriptionOf(manifest, record, conversation, path, site))
  const [first] = values
  const spoken = conversation.preview === '' && first !== undefined ? { preview: previewText(first) } : {}
  const people = withId([conversation.customer, ...values.map((each) => each.author)].map(plainPerson))
  return unified({ conversations: [{ ...conversation, ...spoken }], messages: values, people, quarantined })
}

const previewText = (message: Message) =>
  Array.from(message.bodyText.replace(/\s+/g, ' ').trim()).slice(0, 200).join('')

const plainPerson = ({ vendorId, name, email, phone }: Person): Person => ({ vendorId, name, email, phone })

const join = (parts: Unified[]): Unified =>
  unified({
    conversations: parts.flatMap((each) => each.conversations),
    messages: parts.flatMap((each) => each.messages),
    people: parts.flatMap((each) => each.people),
    removedVendorIds: parts.flatMap((each) => each.removedVendorIds),
    quarantined: parts.flatMap((each) => each.quarantined),
  })

/** A page of the list of conversations. @throws AppError `vendor_bad_answer` */
export function readConversations(manifest: Manifest, payload: unknown, site: Site): Unified {
  const { records } = manifest.conversations
  const single =
    isRecord(payload) &&
    listAt(records, payload) === null &&
    'value' in toConversation(manifest, payload, 'answer', site)
  const list = single ? [{ record: payload, path: 'answer' }] : recordsIn(manifest, records, payload)
  return join(list.map(({ record, path }) => readConversation(manifest, record, path, site)))
}

/** One conversation. @throws AppError `vendor_bad_answer` with the path of the field */
export function readRecordPayload(
  manifest: Manifest,
  payload: unknown,
  site: Site,
  at = manifest.thread.record?.record ?? '$',
): Unified {
  const found = findAll(at, payload)[0]
  const alone = found === undefined && 'value' in toConversation(manifest, payload, 'answer', site)
  const record = alone ? payload : found
  if (!isRecord(record))
    throw notOfThisKind(manifest, nameOf(at) === 'answer' ? 'answer' : `answer.${nameOf(at)}`, 'missing')
  const read = readConversation(manifest, record, nameOf(at), site)
  const [bad] = read.quarantined
  if (read.conversations.length === 0 && bad !== undefined) throw notOfThisKind(manifest, bad.path, bad.reason)
  return read
}

/** Messages of one conversation. @throws AppError `vendor_bad_answer` */
export function readMessages(manifest: Manifest, payload: unknown, site: Site, conversationId: string): Unified {
  const messages = manifest.thread.messages
  if (messages === undefined) return unified({})
  const list = recordsIn(manifest, messages.records, payload)
  const mapped = list.map(({ record, path }) =>
    toMessage(manifest, messages.fields, record, { path, conversationId, site }),
  )
  const { values, quarantined } = gather(mapped)
  return unified({ messages: values, people: withId(values.map((each) => plainPerson(each.author))), quarantined })
}

/** Agents, groups or brands. @throws AppError `vendor_bad_answer` */
export function readDirectory(
  manifest: Manifest,
  part: 'agents' | 'groups' | 'brands',
  payload: unknown,
  site: Site,
): Unified {
  const source = manifest.directory[part]
  if (source === undefined) return unified({})
  const reading = readingOf(manifest, site)
  const quarantined: Quarantined[] = []
  const found = recordsIn(manifest, source.records, payload).flatMap(({ record, path }) => {
    const id = wordValue(source.fields.id, record, reading)
    if (id === null) quarantined.push({ vendorId: null, path, reason: 'no id' })
    return id === null ? [] : [{ id, record, name: wordValue(source.fields.name, record, reading) }]
  })
  return unified({
    directory: { [part]: found.map((each) => entryOf(manifest, part, each, site)) } as Partial<Directory>,
    quarantined,
  })
}

function entryOf(
  manifest: Manifest,
  part: 'agents' | 'groups' | 'brands',
  { id, name, record }: { id: string; name: string | null; record: unknown },
  site: Site,
) {
  if (part === 'groups') return { vendorId: id, name: name ?? id }
  if (part === 'brands') return { key: id, name: name ?? id }
  const reading = readingOf(manifest, site)
  const fields = manifest.directory.agents?.fields
  const email = wordValue(fields?.email, record, reading)
  const active = fields?.active === undefined || yesValue(fields.active, record, reading)
  return { vendorId: id, name: name ?? email ?? id, email, active }
}

/** Who signed in. @throws AppError `vendor_bad_answer` */
export function readIdentity(manifest: Manifest, payload: unknown, site: Site) {
  const { fields } = manifest.identity
  const reading = readingOf(manifest, site)
  const vendorUserId = wordValue(fields.id, payload, reading)
  if (vendorUserId === null) throw notOfThisKind(manifest, 'identity.id', 'missing')
  const email = wordValue(fields.email, payload, reading)
  return {
    vendorUserId,
    siteKey: wordValue(fields.site, payload, reading) ?? siteLabel(manifest, site),
    name: textValue(fields.name, payload, reading) ?? email ?? vendorUserId,
    email,
    role: wordValue(fields.role, payload, reading),
  }
}

/** What one payload says, by what its request is for. @throws AppError `vendor_bad_answer` */
export function readPart(manifest: Manifest, part: Part, payload: unknown, site: Site): Unified {
  switch (part) {
    case 'identity': {
      const { vendorUserId, name, email } = readIdentity(manifest, payload, site)
      return unified({ people: [{ vendorId: vendorUserId, name, email, phone: null }] })
    }
    case 'conversations':
      return readConversations(manifest, payload, site)
    case 'record': {
      const read = readRecordPayload(manifest, payload, site)
      const embedded = manifest.thread.messages !== undefined && manifest.thread.messages.request === undefined
      if (!embedded) return read
      return join([read, readMessages(manifest, payload, site, read.conversations[0]?.vendorId ?? '')])
    }
    case 'messages':
      return readMessages(manifest, payload, site, '')
    default:
      return readDirectory(manifest, part, payload, site)
  }
}
