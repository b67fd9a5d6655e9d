import { z } from 'zod'
import type { Operation, Site } from '../connector.ts'
import { isObject, readEach } from '../envelopes.ts'
import { type Found, recordsIn } from '../freshworks/records-in.ts'
import { joined, type Person, type Unified, unified } from '../model.ts'
import { optionalId, optionalText } from '../read-records.ts'
import { hostOf } from './directory.ts'
import { vendorName } from './errors.ts'
import { type ChatConversation, conversationSchema, namedSchema, toConversation, toPerson, userSchema } from './map.ts'
import { type Author, type ChatMessage, messageSchema, toMessage } from './map-messages.ts'

/**
 * What Freshchat pushes: to apps inside it (`actor`, `message`, `associations`) and to webhooks (`actor`, `action`, `data`). Sync does not
 * receive them; a relay could. https://crmsupport.freshworks.com/en/support/solutions/articles/50000004461
 */
const actorSchema = z.looseObject({
  type: optionalText,
  actor_type: optionalText,
  id: optionalId,
  actor_id: optionalId,
  first_name: optionalText,
  last_name: optionalText,
  email: optionalText,
  phone: optionalText,
})
const eventSchema = z.looseObject({
  actor: actorSchema.nullish().catch(null),
  message: z.unknown().optional(),
  data: z.record(z.string(), z.unknown()).nullish().catch(null),
  conversation: z.unknown().optional(),
  associations: z.looseObject({ user: z.unknown().optional(), channel: z.unknown().optional() }).nullish().catch(null),
})
type Event = z.infer<typeof eventSchema>

function authorOf({ actor }: Event): Author | null {
  if (!actor) return null
  const type = actor.actor_type ?? actor.type ?? 'system'
  const read = userSchema.safeParse({ ...actor, id: actor.id ?? actor.actor_id ?? 'unknown' })
  const person = read.success ? toPerson(read.data) : { name: null, email: null, phone: null }
  return { type, person: { ...person, vendorId: actor.id ?? actor.actor_id ?? null } }
}

/** Where in an event conversations stand, and where messages. */
function partsOf(event: Event, path: string): { conversations: Found[]; messages: Found[] } {
  const at = (key: string) => (path === '' ? key : `${path}.${key}`)
  const conversations: Found[] = []
  const messages: Found[] = []
  const take = (record: unknown, where: string) => {
    if (!isObject(record)) return
    const inner = Array.isArray(record.messages) ? record.messages : []
    for (const [place, each] of inner.entries()) {
      messages.push({ key: 'messages', record: each, path: `${where}.messages[${place}]` })
    }
    if ('message_parts' in record) messages.push({ key: 'message', record, path: where })
    else if ('conversation_id' in record) conversations.push({ key: 'conversation', record, path: where })
  }
  take(event.message, at('message'))
  take(event.conversation, at('conversation'))
  for (const [name, value] of Object.entries(event.data ?? {})) {
    take(value, at(`data.${name}`))
    if (isObject(value)) take(value.conversation, at(`data.${name}.conversation`))
  }
  return { conversations, messages }
}

function peopleOf({ associations }: Event): Map<string, Person> {
  const read = userSchema.safeParse(associations?.user)
  return new Map(read.success ? [[read.data.id, toPerson(read.data)]] : [])
}

function channelsOf({ associations }: Event): Map<string, string> {
  const read = namedSchema.safeParse(associations?.channel)
  return new Map(read.success ? [[read.data.id, read.data.name]] : [])
}

function readEvent(event: Event, path: string, site: Site): Unified {
  const parts = partsOf(event, path)
  const people = peopleOf(event)
  const author = authorOf(event)
  const known = new Map(people)
  if (author?.person.vendorId && author.person.name) known.set(author.person.vendorId, author.person)
  const chats = readEach<ChatConversation>(conversationSchema, parts.conversations)
  const said = readEach<ChatMessage>(messageSchema, parts.messages)
  const messages = said.values
    .map((each) => toMessage(each, each.conversation_id ?? '', known, author))
    .sort((a, b) => a.createdAt - b.createdAt)
  const conversations = chats.values.map((one) => {
    const own = messages.filter((message) => message.conversationVendorId === (one.conversation_id ?? one.id))
    return toConversation(one, { host: hostOf(site), people: known, channels: channelsOf(event), messages: own })
  })
  const quarantined = [...chats.quarantined, ...said.quarantined]
  return unified({ conversations, messages, people: [...people.values()], quarantined })
}

function read(payload: unknown, site: Site): Unified {
  const isEvent = (record: Record<string, unknown>) =>
    'message' in record || 'conversation' in record || isObject(record.data)
  const found = recordsIn(payload, [], isEvent, vendorName)
  const { values, quarantined } = readEach(
    eventSchema.refine((event) => isEvent({ ...event }), { message: 'no event' }),
    found,
  )
  const parts = values.map((event, place) => readEvent(event, Array.isArray(payload) ? `[${place}]` : '', site))
  return joined([unified({ quarantined }), ...parts])
}

export const eventOperations: readonly Operation[] = [
  { name: 'event_message_create', summary: 'Pushed: somebody wrote', read },
  { name: 'event_conversation_assignment', summary: 'Pushed: a conversation was assigned', read },
  { name: 'event_conversation_resolution', summary: 'Pushed: a conversation was resolved', read },
  { name: 'event_conversation_reopen', summary: 'Pushed: a conversation was opened again', read },
]
