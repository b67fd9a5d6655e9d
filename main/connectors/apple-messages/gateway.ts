import { z } from 'zod'
import type { ConnectorContext, Site } from '../connector.ts'
import type { Quarantined } from '../model.ts'
import { optionalText, readAnswer } from '../read-records.ts'
import { vendorName } from './errors.ts'
import { type MessageRecord, readMessageRecords } from './records.ts'

export type Asker = Pick<ConnectorContext, 'http' | 'signal'> & { site: Site }

export const asker = (ctx: ConnectorContext): Asker => ({ http: ctx.http, signal: ctx.signal, site: ctx.account.site })

const pageSchema = z.looseObject({
  messages: z.array(z.unknown()),
  older: optionalText,
  newer: optionalText,
  more: z.boolean().nullish().catch(null),
})

export interface GatewayPage {
  records: MessageRecord[]
  quarantined: Quarantined[]
  /** Cursor of the page before, null at the beginning of everything. */
  older: string | null
  /** Cursor from which later messages follow. */
  newer: string | null
  more: boolean
}

export const pageSize = 100

/** `GET /v1/messages`: the newest, what came before or after a cursor, of one customer, or one message. */
export async function readPage(ctx: Asker, query: Record<string, string>): Promise<GatewayPage> {
  const searchParams = { 'business-id': ctx.site.businessId ?? '', limit: String(pageSize), ...query }
  const answer: unknown = await ctx.http.get('messages', { searchParams, signal: ctx.signal }).json()
  const { older, newer, more } = readAnswer(pageSchema, answer, vendorName)
  return { ...readMessageRecords(answer), older: older ?? null, newer: newer ?? null, more: more === true }
}

/** A bound, not a hope: 10,000 messages with one customer. */
const mostPages = 100

/** Everything one customer and the brand said to each other, oldest first. */
export async function readThread(
  ctx: Asker,
  customer: string,
): Promise<{ records: MessageRecord[]; quarantined: Quarantined[] }> {
  const records: MessageRecord[] = []
  const quarantined: Quarantined[] = []
  let before: Record<string, string> = {}
  for (let count = 0; count < mostPages; count += 1) {
    const page = await readPage(ctx, { 'customer-id': customer, ...before })
    records.push(...page.records)
    quarantined.push(...page.quarantined)
    if (page.older === null) break
    before = { before: page.older }
  }
  return { records: records.sort((a, b) => a.at - b.at), quarantined }
}

export async function readMessage(ctx: Asker, id: string): Promise<MessageRecord | null> {
  const { records } = await readPage(ctx, { id })
  return records.find((each) => each.body.id === id) ?? null
}
