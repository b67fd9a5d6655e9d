import type { Operation, Site } from '../connector.ts'
import { readEach } from '../envelopes.ts'
import { type Found, recordsIn } from '../freshworks/records-in.ts'
import { type Person, type Unified, unified } from '../model.ts'
import { hostOf } from './directory.ts'
import { vendorName } from './errors.ts'
import { eventOperations } from './events.ts'
import { agentSchema, conversationSchema, namedSchema, toAgent, toConversation, toPerson, userSchema } from './map.ts'
import { messageSchema, toMessage } from './map-messages.ts'

/** Every payload of Freshchat's API v2, read by the mapping that sync uses. */

type Record_ = Record<string, unknown>
const found = (payload: unknown, keys: string[], bare: (record: Record_) => boolean): Found[] =>
  recordsIn(payload, keys, bare, vendorName)

function readConversations(payload: unknown, site: Site): Unified {
  const isOne = (record: Record_) => 'conversation_id' in record || ('id' in record && 'status' in record)
  const { values, quarantined } = readEach(conversationSchema, found(payload, ['conversations', 'conversation'], isOne))
  const context = { host: hostOf(site), people: new Map<string, Person>(), channels: new Map(), messages: [] }
  return unified({ conversations: values.map((one) => toConversation(one, context)), quarantined })
}

/** Messages name their conversation themselves; newest first as the vendor sends them, oldest first as ours. */
function readMessages(payload: unknown): Unified {
  const isOne = (record: Record_) => 'message_parts' in record || 'message_type' in record
  const { values, quarantined } = readEach(messageSchema, found(payload, ['messages', 'message'], isOne))
  const messages = values.map((message) => toMessage(message, message.conversation_id ?? '', new Map()))
  return unified({ messages, quarantined })
}

function readUsers(payload: unknown): Unified {
  const isOne = (record: Record_) =>
    'id' in record && ('first_name' in record || 'email' in record || 'phone' in record)
  const { values, quarantined } = readEach(userSchema, found(payload, ['users', 'user'], isOne))
  return unified({ people: values.map(toPerson), quarantined })
}

function readAgents(payload: unknown): Unified {
  const isOne = (record: Record_) => 'id' in record && ('first_name' in record || 'email' in record)
  const { values, quarantined } = readEach(agentSchema, found(payload, ['agents', 'agent'], isOne))
  return unified({ directory: { agents: values.map(toAgent) }, quarantined })
}

const isNamed = (record: Record_) => 'id' in record && 'name' in record

function readGroups(payload: unknown): Unified {
  const { values, quarantined } = readEach(namedSchema, found(payload, ['groups', 'group'], isNamed))
  return unified({ directory: { groups: values.map(({ id, name }) => ({ vendorId: id, name })) }, quarantined })
}

function readChannels(payload: unknown): Unified {
  const { values, quarantined } = readEach(namedSchema, found(payload, ['channels', 'channel'], isNamed))
  return unified({ directory: { brands: values.map(({ id, name }) => ({ key: id, name })) }, quarantined })
}

export const operations: readonly Operation[] = [
  { name: 'get_conversation', summary: 'One conversation', read: readConversations },
  { name: 'update_conversation', summary: 'A conversation after a change', read: readConversations },
  { name: 'conversation_messages', summary: 'Messages of a conversation, page by page', read: readMessages },
  { name: 'send_message', summary: 'A message that was sent', read: readMessages },
  { name: 'list_users', summary: 'Customers, by when they were updated', read: readUsers },
  { name: 'get_user', summary: 'One customer', read: readUsers },
  { name: 'list_agents', summary: 'The agents', read: readAgents },
  { name: 'get_agent', summary: 'One agent', read: readAgents },
  { name: 'list_groups', summary: 'The groups', read: readGroups },
  { name: 'list_channels', summary: 'The channels ("topics"), which can be brands', read: readChannels },
  ...eventOperations,
]
