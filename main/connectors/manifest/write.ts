import { AppError } from '../../errors.ts'
import type { ConnectorContext } from '../connector.ts'
import type { Command, Conversation, Message, Receipt } from '../model.ts'
import { htmlToText, sameText } from '../text.ts'
import { toConversation } from './map-conversation.ts'
import { toMessage } from './map-message.ts'
import { find, findAll, nameOf } from './path.ts'
import type { Manifest } from './schema.ts'
import { send, variablesOf } from './send.ts'
import { textOf, type Variables } from './template.ts'
import { readThread } from './thread.ts'

type Write = NonNullable<Manifest['writes'][Command['kind']]>

/** @throws AppError `not_supported` where the connector has no such write */
function writeOf(manifest: Manifest, kind: Command['kind']): Write {
  const write = manifest.writes[kind]
  if (write !== undefined) return write
  throw new AppError('not_supported', `The connector of ${manifest.name} has no way to do this.`, {
    outcome: 'refused',
  })
}

/** The vendor's word for a status or priority. @throws AppError `not_supported` */
function wordFor(manifest: Manifest, command: Extract<Command, { kind: 'status' | 'priority' }>): string {
  const { statuses } = manifest.directory
  if (command.kind === 'status' && command.vendorStatusId !== null) return command.vendorStatusId
  const ours = command.kind === 'status' ? command.status : command.priority
  const values = manifest.writes[command.kind]?.values
  const listed = command.kind === 'status' ? statuses?.find((each) => each.status === ours)?.id : undefined
  const word =
    values !== undefined && Object.hasOwn(values, ours)
      ? values[ours]
      : (listed ?? (values === undefined ? ours : undefined))
  if (word !== undefined) return word
  throw new AppError('not_supported', `${manifest.name} has nothing that means "${ours.replace('_', ' ')}".`, {
    action: 'Choose another one.',
    outcome: 'refused',
  })
}

function commandVariables(manifest: Manifest, conversation: Conversation, command: Command): Variables {
  switch (command.kind) {
    case 'reply':
    case 'note':
      return { 'command.text': command.bodyText, 'command.html': command.bodyHtml }
    case 'status':
      return { 'command.status': wordFor(manifest, command) }
    case 'priority':
      return { 'command.priority': wordFor(manifest, command) }
    case 'assign':
      return { 'command.assignee': command.assigneeVendorId }
    case 'tags':
      return {
        'command.tags': resultingTags(conversation, command),
        'command.add': command.add,
        'command.remove': command.remove,
      }
  }
}

const resultingTags = (conversation: Conversation, { add, remove }: { add: string[]; remove: string[] }): string[] => [
  ...new Set([...conversation.tags.filter((tag) => !remove.includes(tag)), ...add]),
]

/** Sends once. @throws AppError with `outcome` */
export async function execute(
  ctx: ConnectorContext,
  manifest: Manifest,
  conversation: Conversation,
  command: Command,
): Promise<Receipt> {
  const write = writeOf(manifest, command.kind)
  const variables: Variables = {
    ...variablesOf(ctx),
    'conversation.id': conversation.vendorId,
    'conversation.group': conversation.groupVendorId,
    'conversation.brand': conversation.brandKey,
    'conversation.status': conversation.vendorStatus.id,
    ...commandVariables(manifest, conversation, command),
  }
  const { payload } = await send(ctx, manifest, write.request, ctx.account.site, variables)
  checkDone(manifest, write, payload)
  const message =
    command.kind === 'reply' || command.kind === 'note'
      ? sentMessage(ctx, manifest, conversation, command.kind, payload)
      : null
  return {
    messageVendorId: message?.vendorId ?? null,
    conversation: freshConversation(ctx, manifest, write, conversation, payload),
    message,
  }
}

/** An API that answers 200 to everything says in its answer whether it worked. @throws AppError `vendor_rejected` */
function checkDone(manifest: Manifest, { done }: Write, payload: unknown): void {
  if (done === undefined || find(done.path, payload) === done.equals) return
  const { message } = manifest.api.error
  const words = message === undefined ? null : textOf(find(message, payload))
  const said =
    words === null
      ? ''
      : `: ${Array.from(words.replace(/[\p{C}\s]+/gu, ' ').trim())
          .slice(0, 200)
          .join('')}`
  throw new AppError('vendor_rejected', `${manifest.name} refused this${said || '.'}`, {
    action: 'Change it and try again.',
    detail: `${nameOf(done.path)} is not ${JSON.stringify(done.equals)}`,
    outcome: 'refused',
  })
}

function sentMessage(
  ctx: ConnectorContext,
  manifest: Manifest,
  conversation: Conversation,
  kind: 'reply' | 'note',
  payload: unknown,
): Message | null {
  const path = manifest.writes[kind]?.message
  const fields = manifest.thread.messages?.fields
  if (path === undefined || fields === undefined) return null
  const from = { path: nameOf(path), conversationId: conversation.vendorId, site: ctx.account.site }
  const mapped = toMessage(manifest, fields, findAll(path, payload)[0], from)
  return 'value' in mapped ? mapped.value : null
}

/** Answers of writes often carry no people: the customer that is known stays. */
function freshConversation(
  ctx: ConnectorContext,
  manifest: Manifest,
  write: Write,
  before: Conversation,
  payload: unknown,
): Conversation | null {
  if (write.conversation === undefined) return null
  const mapped = toConversation(
    manifest,
    findAll(write.conversation, payload)[0],
    nameOf(write.conversation),
    ctx.account.site,
  )
  if (!('value' in mapped) || mapped.value.vendorId !== before.vendorId) return null
  const { customer, preview } = mapped.value
  const known = customer.name === null && customer.email === null ? before.customer : customer
  return { ...mapped.value, customer: known, preview: preview || before.preview }
}

/** How far the two clocks may differ when our message is looked for. */
const clockSkewMs = 60_000

/** Looks in the thread, where the manifest says enough to recognise what we did; null where it does not. */
export async function probe(
  ctx: ConnectorContext,
  manifest: Manifest,
  conversation: Conversation,
  command: Command,
  sentAt: number,
): Promise<Receipt | 'absent' | null> {
  if (!canLook(manifest, command)) return null
  const thread = await readThread(ctx, manifest, conversation.vendorId)
  if (command.kind === 'reply' || command.kind === 'note') {
    const found = findOurs(ctx, thread.messages, command, sentAt)
    if (found !== undefined)
      return { messageVendorId: found.vendorId, conversation: thread.conversation, message: found }
    return thread.complete && thread.quarantined.length === 0 ? 'absent' : null
  }
  if (thread.conversation === null) return null
  const done = isDone(manifest, thread.conversation, command)
  return done ? { messageVendorId: null, conversation: thread.conversation, message: null } : 'absent'
}

/** What must be mapped so that a command can be recognised afterwards. */
function canLook({ writes, thread, conversations }: Manifest, { kind }: Command): boolean {
  if (writes[kind]?.look !== true) return false
  if (kind === 'reply' || kind === 'note') return thread.messages?.fields.author?.id !== undefined
  const { fields } = conversations
  const field = { status: fields.status, priority: fields.priority, assign: fields.assignee, tags: fields.tags }[kind]
  return thread.record !== undefined && field !== undefined
}

function findOurs(
  ctx: ConnectorContext,
  messages: Message[],
  command: { kind: 'reply' | 'note'; bodyText: string; bodyHtml: string },
  sentAt: number,
) {
  const mine = ctx.account.identity.vendorUserId
  const wanted = [command.bodyText, htmlToText(command.bodyHtml)]
  return messages.find(
    (message) =>
      message.kind === command.kind &&
      message.author.vendorId === mine &&
      message.createdAt >= sentAt - clockSkewMs &&
      [message.bodyText, htmlToText(message.bodyHtml ?? '')].some((text) =>
        wanted.some((each) => sameText(text, each)),
      ),
  )
}

function isDone(manifest: Manifest, now: Conversation, command: Exclude<Command, { kind: 'reply' | 'note' }>): boolean {
  switch (command.kind) {
    case 'status':
      return now.vendorStatus.id === wordFor(manifest, command)
    case 'priority':
      return now.priority === command.priority
    case 'assign':
      return now.assigneeVendorId === command.assigneeVendorId
    case 'tags':
      return command.add.every((tag) => now.tags.includes(tag)) && !command.remove.some((tag) => now.tags.includes(tag))
  }
}
