import type { ConnectorContext } from '../connector.ts'
import type { Command, Conversation, Person, Receipt } from '../model.ts'
import { notOffered } from '../outcome.ts'
import { readAnswer, readRecord } from '../read-records.ts'
import { htmlToText, sameText } from '../text.ts'
import { chatPath, oldestFirst, readConversation, readMessagePage } from './chats.ts'
import { hostOf } from './directory.ts'
import { vendorName } from './errors.ts'
import {
  type ChatConversation,
  conversationSchema,
  priorityOf,
  priorityWords,
  readStatus,
  toConversation,
} from './map.ts'
import { messageSchema, toMessage } from './map-messages.ts'

type Words = Extract<Command, { kind: 'reply' | 'note' }>
type Change = Extract<Command, { kind: 'status' | 'priority' | 'assign' }>

export async function execute(ctx: ConnectorContext, conversation: Conversation, command: Command): Promise<Receipt> {
  switch (command.kind) {
    case 'reply':
    case 'note':
      return send(ctx, conversation, command)
    case 'tags':
      throw notOffered("Freshchat's API has no tags.", 'Use a property in Freshchat instead.')
    default:
      return change(ctx, conversation, command)
  }
}

function me(ctx: ConnectorContext): Map<string, Person> {
  const { vendorUserId, name, email } = ctx.account.identity
  return new Map([[vendorUserId, { vendorId: vendorUserId, name, email, phone: null }]])
}

/** Chats are plain text. A conversation of the mail channel takes a mail, which is the one part with HTML. */
function partOf(conversation: Conversation, words: Words): Record<string, unknown> {
  if (words.kind === 'note' || conversation.channel !== 'email') return { text: { content: words.bodyText } }
  const { subject } = conversation
  const line = subject === '' || /^re:/i.test(subject) ? subject : `Re: ${subject}`
  return { email: { ...(line === '' ? {} : { subject: line }), content: words.bodyHtml } }
}

async function send(ctx: ConnectorContext, conversation: Conversation, words: Words): Promise<Receipt> {
  const json = {
    actor_type: 'agent',
    actor_id: ctx.account.identity.vendorUserId,
    message_type: words.kind === 'note' ? 'private' : 'normal',
    message_parts: [partOf(conversation, words)],
  }
  const path = `${chatPath(conversation.vendorId)}/messages`
  const answer: unknown = await ctx.http.post(path, { json, signal: ctx.signal }).json()
  const sent = readAnswer(messageSchema, answer, vendorName)
  const message = toMessage(sent, conversation.vendorId, me(ctx))
  return { messageVendorId: message.vendorId, conversation: null, message }
}

async function change(ctx: ConnectorContext, before: Conversation, command: Change): Promise<Receipt> {
  const json = await toChange(ctx, before, command)
  const answer: unknown = await ctx.http.put(chatPath(before.vendorId), { json, signal: ctx.signal }).json()
  const changed = readRecord(conversationSchema, answer, 'conversation')
  // 202 tells nothing of the conversation: the next reading does.
  const conversation = 'value' in changed && changed.value.status ? refreshed(ctx, changed.value, before) : null
  return { messageVendorId: null, conversation, message: null }
}

/** Every change names a status, also one that is about something else. https://developers.freshchat.com/api/#update_a_conversation */
async function toChange(
  ctx: ConnectorContext,
  { vendorId: id, assigneeVendorId }: Conversation,
  command: Change,
): Promise<Record<string, unknown>> {
  switch (command.kind) {
    case 'status': {
      const status = command.vendorStatusId ?? statusWord(command.status, assigneeVendorId)
      const assignee = status === 'assigned' ? assigneeVendorId : null
      return { status, ...(assignee === null ? {} : { assigned_agent_id: assignee }) }
    }
    case 'assign':
      if (command.assigneeVendorId === null) {
        throw notOffered(
          "Freshchat's API cannot take a chat away from its agent without giving it to another.",
          'Assign it to somebody else, or to a group in Freshchat.',
        )
      }
      return { status: 'assigned', assigned_agent_id: command.assigneeVendorId }
    case 'priority': {
      // Properties travel with the status: the one it has now, so that nothing else is changed.
      const now = await readConversation(ctx, id)
      if (now.properties?.priority === undefined) {
        throw notOffered(
          'This chat has no priority.',
          'Priority is a property that an administrator of Freshchat sets up.',
        )
      }
      return {
        ...(now.status ? { status: now.status } : {}),
        ...(now.status === 'assigned' && now.assigned_agent_id ? { assigned_agent_id: now.assigned_agent_id } : {}),
        properties: { priority: priorityWords[command.priority] },
      }
    }
  }
}

/** A chat that somebody has is opened as theirs; `new` puts it back to the ones nobody has. */
function statusWord(status: Conversation['status'], assignee: string | null): string {
  switch (status) {
    case 'solved':
    case 'closed':
      return 'resolved'
    case 'pending':
      return 'waiting on customer'
    case 'on_hold':
      return 'waiting on internal team'
    case 'open':
      return assignee === null ? 'new' : 'assigned'
    case 'new':
      return 'new'
  }
}

/** The answer names neither customer nor texts, and often no times: what is known stays. */
function refreshed(ctx: ConnectorContext, changed: ChatConversation, before: Conversation): Conversation {
  const context = { host: hostOf(ctx.account.site), people: new Map(), channels: new Map(), messages: [] }
  const fresh = toConversation(changed, context)
  const version = Math.max(fresh.version, before.version)
  const told = changed.properties !== null && changed.properties !== undefined
  return {
    ...before,
    version,
    updatedAt: Math.max(fresh.updatedAt, before.updatedAt),
    status: fresh.status,
    vendorStatus: fresh.vendorStatus,
    assigneeVendorId: fresh.assigneeVendorId,
    groupVendorId: fresh.groupVendorId,
    priority: told ? fresh.priority : before.priority,
  }
}

const clockSkewMs = 60_000
/** Pages of 50 looked through for a message of ours, newest first. */
const mostPages = 4

export async function probe(
  ctx: ConnectorContext,
  conversation: Conversation,
  command: Command,
  sentAt: number,
): Promise<Receipt | 'absent' | null> {
  if (command.kind === 'reply' || command.kind === 'note') return probeWords(ctx, conversation, command, sentAt)
  if (command.kind === 'tags') return 'absent'
  const now = await readConversation(ctx, conversation.vendorId)
  if (!isDone(now, conversation, command)) return 'absent'
  return { messageVendorId: null, conversation: refreshed(ctx, now, conversation), message: null }
}

function isDone(now: ChatConversation, before: Conversation, command: Change): boolean {
  switch (command.kind) {
    case 'status': {
      const wanted = command.vendorStatusId ?? statusWord(command.status, before.assigneeVendorId)
      return readStatus(now.status ?? '').id === readStatus(wanted).id
    }
    case 'assign':
      return (now.assigned_agent_id ?? null) === command.assigneeVendorId
    case 'priority':
      return priorityOf(now.properties) === command.priority
  }
}

async function probeWords(
  ctx: ConnectorContext,
  conversation: Conversation,
  words: Words,
  sentAt: number,
): Promise<Receipt | 'absent' | null> {
  const wanted = [words.bodyText, htmlToText(words.bodyHtml)]
  for (let page = 1; page <= mostPages; page += 1) {
    const { values, more } = await readMessagePage(ctx, conversation.vendorId, { page, from: sentAt - clockSkewMs })
    const recent = values.filter((message) => message.created_time >= sentAt - clockSkewMs)
    const found = oldestFirst(recent)
      .filter((message) => message.actor_id === ctx.account.identity.vendorUserId)
      .map((message) => toMessage(message, conversation.vendorId, me(ctx)))
      .find((message) => message.kind === words.kind && wanted.some((text) => sameText(text, message.bodyText)))
    if (found !== undefined) return { messageVendorId: found.vendorId, conversation: null, message: found }
    if (!more || recent.length < values.length) return 'absent'
  }
  return null
}
