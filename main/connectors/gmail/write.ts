import { z } from 'zod'
import type { ConnectorContext } from '../connector.ts'
import type { Command, Conversation, ConversationStatus, Receipt } from '../model.ts'
import { notOffered } from '../outcome.ts'
import { readAnswer } from '../read-records.ts'
import { vendorName } from './errors.ts'
import { archived, inbox, type Labels, labelSchema, statusOfLabel, tagsOf, waiting } from './labels.ts'
import { readLabels } from './mailbox.ts'
import { probeReply, reply } from './send.ts'
import { thread } from './thread.ts'

const threadLabels = z.looseObject({
  messages: z
    .array(z.looseObject({ labelIds: z.array(z.string()).nullish().catch(null) }))
    .nullish()
    .catch(null),
})

type Change = Extract<Command, { kind: 'status' | 'tags' }>

export async function execute(ctx: ConnectorContext, conversation: Conversation, command: Command): Promise<Receipt> {
  switch (command.kind) {
    case 'reply':
      return reply(ctx, conversation.vendorId, command)
    case 'status':
    case 'tags':
      return relabel(ctx, conversation, command)
    default:
      throw notOffered(`Gmail has no ${things[command.kind]}.`, 'Use a label in its place.')
  }
}

const things = { note: 'notes', priority: 'priorities', assign: 'assignees' }

/** Labels to put on and take off all mails of a thread. Doing it twice changes nothing. */
async function relabel(ctx: ConnectorContext, before: Conversation, command: Change): Promise<Receipt> {
  const labels = new Map(await readLabels(ctx))
  const change =
    command.kind === 'tags' ? await tagChange(ctx, labels, command) : await statusChange(ctx, labels, command)
  if (change.add.length === 0 && change.remove.length === 0)
    return { messageVendorId: null, conversation: null, message: null }
  const json = { addLabelIds: change.add, removeLabelIds: change.remove }
  const path = `threads/${encodeURIComponent(before.vendorId)}/modify`
  const answer: unknown = await ctx.http.post(path, { json, signal: ctx.signal }).json()
  const { messages } = readAnswer(threadLabels, answer, vendorName)
  return { messageVendorId: null, conversation: refreshed(before, command, messages, labels), message: null }
}

/** The answer tells ids and labels only; the rest stays as it is known. */
function refreshed(
  before: Conversation,
  command: Change,
  messages: z.infer<typeof threadLabels>['messages'],
  labels: Labels,
): Conversation | null {
  if (!messages) return null
  const ids = new Set(messages.flatMap((message) => message.labelIds ?? []))
  if (command.kind === 'tags') return { ...before, tags: tagsOf(ids, labels) }
  const held = [...ids].flatMap((id) => statusOfLabel(id, labels) ?? [])[0]
  const { status, ...vendorStatus } = held ?? (ids.has(inbox.id) ? inbox : archived)
  return { ...before, status, vendorStatus }
}

async function statusChange(
  ctx: ConnectorContext,
  labels: Map<string, z.infer<typeof labelSchema>>,
  command: Extract<Command, { kind: 'status' }>,
): Promise<{ add: string[]; remove: string[] }> {
  const held = [...labels.keys()].filter((id) => statusOfLabel(id, labels) !== null)
  const target = targetOf(command, labels)
  if (target === archived.id) return { add: [], remove: [inbox.id, ...held] }
  if (target === inbox.id) return { add: [inbox.id], remove: held }
  const id = target === waiting.id ? await create(ctx, labels, waiting.label) : target
  return { add: [id, inbox.id], remove: held.filter((each) => each !== id) }
}

/** The inbox, the archive, one of the mailbox's waiting labels, or `WAITING` where it has none yet. */
function targetOf(
  { status, vendorStatusId }: { status: ConversationStatus; vendorStatusId: string | null },
  labels: Labels,
): string {
  const known = vendorStatusId !== null && (labels.has(vendorStatusId) || vendorStatusId === archived.id)
  if (known && vendorStatusId !== null) return vendorStatusId
  if (status === 'solved' || status === 'closed') return archived.id
  if (status === 'new' || status === 'open') return inbox.id
  const own = [...labels.keys()].flatMap((id) => statusOfLabel(id, labels) ?? [])
  const fits = own.find((option) => option.status === status) ?? own.find((option) => option.status === 'pending')
  return fits?.id ?? waiting.id
}

async function tagChange(
  ctx: ConnectorContext,
  labels: Map<string, z.infer<typeof labelSchema>>,
  command: Extract<Command, { kind: 'tags' }>,
): Promise<{ add: string[]; remove: string[] }> {
  const remove = command.remove.flatMap((name) => idOf(name, labels) ?? [])
  const add: string[] = []
  for (const name of command.add) add.push(idOf(name, labels) ?? (await create(ctx, labels, name.trim())))
  return { add, remove: remove.filter((id) => !add.includes(id)) }
}

/** Gmail takes names that differ in case only for the same. */
function idOf(name: string, labels: Labels): string | null {
  const wanted = name.trim().toLowerCase()
  for (const label of labels.values())
    if (label.name.toLowerCase() === wanted && label.type !== 'system') return label.id
  return labels.has(name) && labels.get(name)?.type !== 'system' ? name : null
}

async function create(
  ctx: ConnectorContext,
  labels: Map<string, z.infer<typeof labelSchema>>,
  name: string,
): Promise<string> {
  const json = { name, labelListVisibility: 'labelShow', messageListVisibility: 'show' }
  const answer: unknown = await ctx.http.post('labels', { json, signal: ctx.signal }).json()
  const label = readAnswer(labelSchema, answer, vendorName)
  labels.set(label.id, label)
  return label.id
}

/** Mails are looked for by their own ids, labels by reading the thread. */
export async function probe(
  ctx: ConnectorContext,
  conversation: Conversation,
  command: Command,
  sentAt: number,
): Promise<Receipt | 'absent' | null> {
  if (command.kind === 'reply') return probeReply(ctx, conversation.vendorId, command, sentAt)
  if (command.kind !== 'status' && command.kind !== 'tags') return 'absent'
  const { conversation: now } = await thread(ctx, conversation.vendorId)
  if (now === null || !isDone(now, command)) return 'absent'
  return { messageVendorId: null, conversation: now, message: null }
}

function isDone(now: Conversation, command: Change): boolean {
  if (command.kind === 'status') {
    const exact = command.vendorStatusId !== null && now.vendorStatus.id === command.vendorStatusId
    return exact || sameStatus(now.status, command.status)
  }
  const tags = new Set(now.tags.map((tag) => tag.toLowerCase()))
  const has = (tag: string) => tags.has(tag.trim().toLowerCase())
  return command.add.every(has) && !command.remove.some(has)
}

/** Ours that are one in Gmail. */
const groups: ConversationStatus[][] = [
  ['new', 'open'],
  ['pending', 'on_hold'],
  ['solved', 'closed'],
]
const sameStatus = (one: ConversationStatus, other: ConversationStatus) =>
  groups.some((group) => group.includes(one) && group.includes(other))
