import { z } from 'zod'
import type { ConnectorContext } from '../connector.ts'
import type { Command, Conversation, ConversationStatus, Message, Receipt } from '../model.ts'
import { beforeSending, notOffered } from '../outcome.ts'
import { readAnswer } from '../read-records.ts'
import { sameText } from '../text.ts'
import { type Document, documents } from './documents.ts'
import { refusedByUserErrors, vendorName } from './errors.ts'
import { ask, type Data } from './graph.ts'
import { toConversation } from './map.ts'
import { toMessages } from './map-messages.ts'
import { appendNote, authorName } from './note.ts'
import type { Order } from './order.ts'
import { orderId, present } from './thread.ts'

type Note = Extract<Command, { kind: 'note' }>
type Tags = Extract<Command, { kind: 'tags' }>

/** Notes, tags, closing and reopening. Replies go out by mail. */
export async function execute(ctx: ConnectorContext, conversation: Conversation, command: Command): Promise<Receipt> {
  switch (command.kind) {
    case 'note':
      return addNote(ctx, conversation, command)
    case 'status':
      return setStatus(ctx, conversation, command.status)
    case 'tags':
      return changeTags(ctx, conversation, command)
    default:
      throw notOffered(
        command.kind === 'reply' ? 'Shopify sends no replies to customers.' : 'Shopify does not have this.',
        elsewhere,
      )
  }
}

const elsewhere = 'Answer the customer by e-mail; what has to be decided about the order is done in Shopify.'

async function readNow(ctx: ConnectorContext, vendorId: string): Promise<Order> {
  const data = await ask(ctx, documents.note, { id: orderId(vendorId) })
  return present(data.order, 'order').order
}

/** The field is read right before it is written back longer; the vendor has no way to write only if nothing changed in between. */
async function addNote(ctx: ConnectorContext, { vendorId }: Conversation, command: Note): Promise<Receipt> {
  const { note } = await beforeSending(readNow(ctx, vendorId))
  const entry = { at: Math.floor(ctx.now() / 1000) * 1000, author: ctx.account.identity.name, text: command.bodyText }
  const input = { id: orderId(vendorId), note: appendNote(note, entry) }
  const order = await change(ctx, documents.update, 'orderUpdate', { input })
  const message = findNote(ctx, order, command, entry.at)
  return { messageVendorId: message?.vendorId ?? null, conversation: toConversation(order, ctx.account.site), message }
}

/** The last entry of ours with this text that is not older than `since`. */
function findNote(ctx: ConnectorContext, order: Order, command: Note, since: number): Message | null {
  const author = authorName(ctx.account.identity.name)
  const found = toMessages(order).findLast(
    (each) =>
      each.vendor.source === 'order note' &&
      each.author.name === author &&
      each.createdAt >= since &&
      sameText(each.bodyText, command.bodyText),
  )
  return found ?? null
}

async function setStatus(ctx: ConnectorContext, before: Conversation, status: ConversationStatus): Promise<Receipt> {
  if (status !== 'closed' && status !== 'open')
    throw notOffered('A Shopify order is open or closed, nothing else.', elsewhere)
  const input = { id: orderId(before.vendorId) }
  const order =
    status === 'closed'
      ? await change(ctx, documents.close, 'orderClose', { input })
      : await change(ctx, documents.open, 'orderOpen', { input })
  return { messageVendorId: null, conversation: toConversation(order, ctx.account.site), message: null }
}

/** Adding and removing twice leaves the same set, so that a half-done change may simply be done again. */
async function changeTags(ctx: ConnectorContext, before: Conversation, { add, remove }: Tags): Promise<Receipt> {
  const id = orderId(before.vendorId)
  const added = add.length > 0 ? await change(ctx, documents.addTags, 'tagsAdd', { id, tags: add.map(tagText) }) : null
  const removed =
    remove.length > 0 ? await change(ctx, documents.removeTags, 'tagsRemove', { id, tags: remove.map(tagText) }) : null
  const order = removed ?? added
  const conversation = order === null ? null : toConversation(order, ctx.account.site)
  return { messageVendorId: null, conversation, message: null }
}

/** A comma would make two tags of it. */
const tagText = (tag: string) => tag.replace(/,/g, ' ').trim()

const payloadSchema = z.looseObject({
  order: z.unknown().optional(),
  node: z.unknown().optional(),
  userErrors: z.array(z.unknown()).catch([]),
})

/** @throws AppError with the vendor's words when it refused */
async function change(ctx: ConnectorContext, document: Document, field: string, variables: Data): Promise<Order> {
  const data = await ask(ctx, document, variables)
  const { order, node, userErrors } = readAnswer(payloadSchema, data[field], vendorName)
  if (userErrors.length > 0) throw refusedByUserErrors(userErrors)
  return present(order ?? node, `${field}.order`).order
}

/** How far the two clocks may differ when a note of ours is looked for: it carries the time of this computer. */
const clockSkewMs = 60_000

/** Looks for our entry in the note, or at what was set. */
export async function probe(
  ctx: ConnectorContext,
  conversation: Conversation,
  command: Command,
  sentAt: number,
): Promise<Receipt | 'absent' | null> {
  const order = await readNow(ctx, conversation.vendorId)
  const fresh = toConversation(order, ctx.account.site)
  if (command.kind === 'note') {
    const message = findNote(ctx, order, command, sentAt - clockSkewMs)
    return message === null ? 'absent' : { messageVendorId: message.vendorId, conversation: fresh, message }
  }
  return isDone(order, command) ? { messageVendorId: null, conversation: fresh, message: null } : 'absent'
}

function isDone(order: Order, command: Exclude<Command, Note>): boolean {
  switch (command.kind) {
    case 'status':
      return (order.closedAt === null ? 'open' : 'closed') === command.status
    case 'tags': {
      const has = (tag: string) => order.tags.some((each) => each.toLowerCase() === tagText(tag).toLowerCase())
      return command.add.every(has) && !command.remove.some(has)
    }
    default:
      return false
  }
}
