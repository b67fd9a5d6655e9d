import { z } from 'zod'
import type { ConnectorContext } from '../connector.ts'
import type { Command, Conversation, Receipt, Unified } from '../model.ts'
import { beforeSending, notOffered } from '../outcome.ts'
import { readAnswer } from '../read-records.ts'
import { areChanged, changedTags } from '../tag-changes.ts'
import { htmlToText, sameText } from '../text.ts'
import { pipelines, settingOf } from './directory.ts'
import { vendorName } from './errors.ts'
import { type Key, readKey, targetTypes } from './ids.ts'
import { taskStatuses } from './map.ts'
import { readPayload } from './payload.ts'
import { readOne, recordPath } from './records.ts'
import { readNotes } from './thread.ts'

type Words = Extract<Command, { kind: 'reply' | 'note' }>
type Status = Extract<Command, { kind: 'status' }>

const nothing: Receipt = { messageVendorId: null, conversation: null, message: null }

export async function execute(ctx: ConnectorContext, conversation: Conversation, command: Command): Promise<Receipt> {
  const key = readKey(conversation.vendorId)
  switch (command.kind) {
    case 'reply':
      throw notOffered(
        'Freshsales has no way to send a mail for other programs.',
        'Answer from a mail account, or leave a note.',
      )
    case 'priority':
      throw notOffered('Freshsales has no priorities.', 'Use a tag instead.')
    case 'note':
      return note(ctx, key, conversation, command)
    default:
      return update(ctx, key, conversation, await toChange(ctx, key, conversation, command))
  }
}

const idValue = (id: string): number | string => (/^\d{1,15}$/.test(id) ? Number(id) : id)

async function note(ctx: ConnectorContext, key: Key, conversation: Conversation, words: Words): Promise<Receipt> {
  if (key.kind === 'task')
    throw notOffered('Freshsales takes no notes on tasks.', 'Leave a note on the deal or contact of the task.')
  const json = {
    note: {
      description: words.bodyText,
      targetable_type: targetTypes[key.kind],
      targetable_id: idValue(key.id),
    },
  }
  // All that it takes to show the note is read first: after the POST nothing may make it look as if it had failed.
  const setting = await beforeSending(settingOf(ctx, conversation.vendorId))
  const answer: unknown = await ctx.http.post('notes', { json, signal: ctx.signal }).json()
  const { note: written } = readAnswer(z.looseObject({ note: z.looseObject({ id: z.unknown() }) }), answer, vendorName)
  // Some answers hold the id alone: the rest is what was sent.
  const whole = {
    creater_id: ctx.account.identity.vendorUserId,
    created_at: new Date(ctx.now()).toISOString(),
    ...json.note,
    ...Object.fromEntries(Object.entries(written).filter(([, value]) => value !== null)),
  }
  const [message = null] = readPayload({ note: whole }, ['note'], setting).messages
  return { messageVendorId: message?.vendorId ?? null, conversation: null, message }
}

/** Only the fields to change are sent. */
async function toChange(
  ctx: ConnectorContext,
  key: Key,
  conversation: Conversation,
  command: Exclude<Command, { kind: 'reply' | 'note' | 'priority' }>,
): Promise<Record<string, unknown>> {
  switch (command.kind) {
    case 'status':
      return key.kind === 'task'
        ? { status: taskStatus(command) }
        : { deal_stage_id: idValue(await stageFor(ctx, key, conversation, command)) }
    case 'assign':
      if (key.kind === 'lead') throw noLeads()
      return { owner_id: command.assigneeVendorId === null ? null : idValue(command.assigneeVendorId) }
    case 'tags': {
      if (key.kind !== 'deal' && key.kind !== 'contact')
        throw notOffered('This has no tags in Freshsales.', 'Tag its deal or contact.')
      return { tags: await mergedTags(ctx, key, command) }
    }
  }
}

const noLeads = () =>
  notOffered('Manydesk does not change leads.', 'Freshsales turns leads into contacts: do it there.')

/** 0 or 1: a task is open or completed, and nothing else. */
function taskStatus({ status, vendorStatusId }: Status): number {
  const solved = status === 'solved' || status === 'closed'
  const wanted =
    vendorStatusId ?? (solved ? taskStatuses[1].id : status === 'open' || status === 'new' ? taskStatuses[0].id : '')
  if (taskStatuses.some((each) => each.id === wanted)) return Number(wanted)
  throw notOffered('A task in Freshsales is open or completed.', 'Complete it, or open it again.')
}

/** The first stage of that meaning in the deal's own pipeline. Won and lost are not guessed for one another. */
async function stageFor(ctx: ConnectorContext, key: Key, conversation: Conversation, command: Status): Promise<string> {
  if (key.kind !== 'deal')
    throw notOffered('Only deals and tasks have a status in Freshsales.', 'Take it out of the view there.')
  if (command.vendorStatusId !== null) return command.vendorStatusId
  const own = (await pipelines(ctx)).find((pipeline) => pipeline.id === conversation.statusScope)?.stages ?? []
  const found = own.find((stage) => stage.status === command.status)
  if (found !== undefined) return found.id
  throw notOffered(
    `The deal's pipeline has no stage that means "${command.status.replace('_', ' ')}".`,
    'Choose one of its own stages.',
  )
}

/** Tags go over as a whole list: it is read, changed and sent. That it replaces the old one is to be confirmed on a live account. */
async function mergedTags(
  ctx: ConnectorContext,
  key: Key,
  command: { add: string[]; remove: string[] },
): Promise<string[]> {
  const { read } = await readOne(ctx, key)
  const tags = read.conversations[0]?.tags ?? []
  return changedTags(tags, command)
}

async function update(
  ctx: ConnectorContext,
  key: Key,
  before: Conversation,
  fields: Record<string, unknown>,
): Promise<Receipt> {
  const json = { [key.kind]: fields }
  const answer: unknown = await ctx.http.put(recordPath(key), { json, signal: ctx.signal }).json()
  // Whatever the answer tells, the change was accepted.
  const read = await settingOf(ctx).then(
    (setting) => readPayload(answer, [key.kind], setting),
    () => null,
  )
  return { ...nothing, conversation: read === null ? null : refreshed(read, before) }
}

/** An answer without the related records knows no customer: the known one stays. */
function refreshed(read: Unified, before: Conversation): Conversation | null {
  const fresh = read.conversations.find((one) => one.vendorId === before.vendorId)
  if (fresh === undefined) return null
  const customer = fresh.customer.name === null && fresh.customer.email === null ? before.customer : fresh.customer
  const contact = before.vendorId.startsWith('contact:')
    ? { status: before.status, vendorStatus: before.vendorStatus }
    : {}
  return {
    ...fresh,
    ...contact,
    customer,
    version: Math.max(fresh.version, before.version),
    preview: fresh.preview || before.preview,
  }
}

const clockSkewMs = 60_000

export async function probe(
  ctx: ConnectorContext,
  conversation: Conversation,
  command: Command,
  sentAt: number,
): Promise<Receipt | 'absent' | null> {
  const key = readKey(conversation.vendorId)
  if (command.kind === 'reply' || command.kind === 'priority') return 'absent'
  if (command.kind === 'note')
    return key.kind === 'task' ? 'absent' : probeNote(ctx, key, conversation, command, sentAt)
  const { read } = await readOne(ctx, key)
  const now = read.conversations.find((one) => one.vendorId === conversation.vendorId)
  if (now === undefined || !(await isDone(ctx, key, now, conversation, command))) return 'absent'
  return { ...nothing, conversation: refreshed(read, conversation) }
}

async function isDone(
  ctx: ConnectorContext,
  key: Key,
  now: Conversation,
  before: Conversation,
  command: Exclude<Command, { kind: 'reply' | 'note' | 'priority' }>,
): Promise<boolean> {
  switch (command.kind) {
    case 'status':
      if (key.kind === 'task') return now.vendorStatus.id === String(taskStatus(command))
      return now.vendorStatus.id === (await stageFor(ctx, key, before, command))
    case 'assign':
      return now.assigneeVendorId === command.assigneeVendorId
    case 'tags':
      return areChanged(now.tags, command)
  }
}

async function probeNote(
  ctx: ConnectorContext,
  key: Key,
  conversation: Conversation,
  words: Words,
  sentAt: number,
): Promise<Receipt | 'absent'> {
  const { messages } = await readNotes(ctx, key, conversation.vendorId)
  const wanted = [words.bodyText, htmlToText(words.bodyHtml)]
  const me = ctx.account.identity.vendorUserId
  const found = messages.find(
    (message) =>
      message.kind === 'note' &&
      message.createdAt >= sentAt - clockSkewMs &&
      (message.author.vendorId === me || message.author.vendorId === null) &&
      wanted.some((text) => sameText(text, message.bodyText)),
  )
  return found === undefined ? 'absent' : { ...nothing, messageVendorId: found.vendorId, message: found }
}
