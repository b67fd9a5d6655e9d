import { createHash } from 'node:crypto'
import { AppError, isAppError } from '../../errors.ts'
import type { ConnectorContext } from '../connector.ts'
import type { Command, Conversation, Receipt } from '../model.ts'
import { notOffered, withOutcome } from '../outcome.ts'
import { sameText } from '../text.ts'
import { closedByCustomer, vendorName } from './errors.ts'
import { asker, readThread } from './gateway.ts'
import { recordsPart, toMessage } from './map.ts'
import { isOurs, type MessageRecord } from './records.ts'

/** One message of a reply: plain addresses are not allowed in a text, each goes as a rich link of its own. */
export type Part = { type: 'text'; body: string } | { type: 'richLink'; url: string }

const address = /https?:\/\/[^\s<>"]*[^\s<>"'.,;:!?)\]}]/g

/** A reply in the order in which it is read: what stands between the addresses as text, the addresses as links. */
export function partsOf(text: string): Part[] {
  const parts: Part[] = []
  const say = (words: string) => {
    const body = words.trim()
    if (/[\p{L}\p{N}\p{S}]/u.test(body)) parts.push({ type: 'text', body })
  }
  let at = 0
  for (const match of text.matchAll(address)) {
    say(text.slice(at, match.index))
    parts.push(URL.canParse(match[0]) ? { type: 'richLink', url: match[0] } : { type: 'text', body: match[0] })
    at = match.index + match[0].length
  }
  say(text.slice(at))
  return parts
}

/**
 * The id of a part, the same whenever the same reply is sent to the conversation in the same state: the gateway and Apple take a
 * repeated id for the same message, so that nothing reaches the customer twice.
 */
export function partId(site: { businessId?: string }, conversation: Conversation, text: string, place: number): string {
  const seed = [site.businessId ?? '', conversation.vendorId, String(conversation.version), String(place), text]
  const hex = createHash('sha256').update(JSON.stringify(seed)).digest('hex')
  const variant = ((Number.parseInt(hex.charAt(16), 16) & 3) | 8).toString(16)
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-8${hex.slice(13, 16)}-${variant}${hex.slice(17, 20)}-${hex.slice(20, 32)}`
}

/** The title stands where the customer's device shows no preview. `assets` would hold a picture. To confirm on a live account. */
function bodyOf(part: Part): Record<string, unknown> {
  if (part.type === 'text') return { type: 'text', body: part.body }
  const { url } = part
  return { type: 'richLink', richLinkData: { url, title: new URL(url).hostname, assets: {} } }
}

async function post(ctx: ConnectorContext, customer: string, id: string, part: Part): Promise<void> {
  const { businessId = '' } = ctx.account.site
  await ctx.http.post('message', {
    headers: { id, 'source-id': businessId, 'destination-id': customer },
    json: { id, v: 1, sourceId: businessId, destinationId: customer, ...bodyOf(part) },
    signal: ctx.signal,
  })
}

/** Replies only. When a later part of one fails, the customer has the former ones: then the outcome is unknown, whatever the reason. */
export async function execute(ctx: ConnectorContext, conversation: Conversation, command: Command): Promise<Receipt> {
  if (command.kind !== 'reply')
    throw notOffered(
      `${vendorName} has replies and nothing else.`,
      'Notes, tags and assignments are not kept by Apple.',
    )
  if (conversation.status === 'closed') throw closedByCustomer()
  const parts = partsOf(command.bodyText)
  if (parts.length === 0) throw new AppError('bad_request', 'There is nothing to send.', { outcome: 'refused' })
  const ids = parts.map((_, place) => partId(ctx.account.site, conversation, command.bodyText, place))
  for (const [place, part] of parts.entries()) {
    await post(ctx, conversation.vendorId, ids[place] ?? '', part).catch((error: unknown) => {
      throw place > 0 && isAppError(error) ? withOutcome(error, 'unknown') : error
    })
  }
  return receipt(ctx, conversation.vendorId, ids)
}

/** The state after sending, by the gateway's own clock. That it cannot be read now does not undo what was sent. */
async function receipt(ctx: ConnectorContext, customer: string, ids: string[]): Promise<Receipt> {
  const [first = null] = ids
  try {
    const { records } = await readThread(asker(ctx), customer)
    const sent = records.find((each) => each.body.id === first)
    const { conversations } = recordsPart(records, ctx.account.site)
    return {
      messageVendorId: first,
      conversation: conversations[0] ?? null,
      message: sent === undefined ? null : toMessage(sent),
    }
  } catch {
    return { messageVendorId: first, conversation: null, message: null }
  }
}

const clockSkewMs = 60_000

const isPart = (record: MessageRecord, part: Part) =>
  part.type === 'text' ? sameText(record.body.body ?? '', part.body) : record.body.richLinkData?.url === part.url

/** Looks for every part, by its id or by its words. Some but not all: a person has to look. */
export async function probe(
  ctx: ConnectorContext,
  conversation: Conversation,
  command: Command,
  sentAt: number,
): Promise<Receipt | 'absent' | null> {
  if (command.kind !== 'reply') return 'absent'
  const { records } = await readThread(asker(ctx), conversation.vendorId)
  const left = records.filter((each) => isOurs(each) && each.at >= sentAt - clockSkewMs)
  const parts = partsOf(command.bodyText)
  const found = parts.flatMap((part, place) => {
    const id = partId(ctx.account.site, conversation, command.bodyText, place)
    const byId = left.findIndex((each) => each.body.id === id)
    const index = byId === -1 ? left.findIndex((each) => isPart(each, part)) : byId
    return index === -1 ? [] : left.splice(index, 1)
  })
  const [first] = found
  if (first === undefined) return 'absent'
  if (found.length < parts.length) return null
  const { conversations } = recordsPart(records, ctx.account.site)
  return { messageVendorId: first.body.id, conversation: conversations[0] ?? null, message: toMessage(first) }
}
