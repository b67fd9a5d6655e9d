import { z } from 'zod'
import type { ConnectorContext } from '../connector.ts'
import type { Attachment, Quarantined, Thread } from '../model.ts'
import { notOfThisKind, readAnswer } from '../read-records.ts'
import { withDisputeDetails } from './disputes.ts'
import { documents } from './documents.ts'
import { notFound, vendorName } from './errors.ts'
import { type Asker, ask } from './graph.ts'
import type { Order, TimelineEvent } from './order.ts'
import { ordersPart } from './read.ts'
import { readEvents, readGraphOrder } from './read-graph.ts'

export const orderId = (vendorId: string): string => `gid://shopify/Order/${vendorId}`

const eventsAnswer = z.looseObject({
  order: z
    .looseObject({
      events: z.looseObject({
        nodes: z.array(z.unknown()),
        pageInfo: z.looseObject({ hasNextPage: z.boolean(), endCursor: z.string().nullish() }),
      }),
    })
    .nullable(),
})

/** 50 events each; the shop keeps them for a year. */
const mostPages = 20

/** The order with its returns, refunds, shipments, disputes and timeline, oldest first. @throws AppError `vendor_not_found` */
export async function thread(ctx: ConnectorContext, vendorId: string): Promise<Thread> {
  const data = await ask(ctx, documents.order, { id: orderId(vendorId) })
  const read = present(data.order, 'order')
  const { events, quarantined } = await timeline(ctx, vendorId)
  const [order = read.order] = await withDisputeDetails(ctx, [{ ...read.order, events }], true)
  const { conversations, messages, people } = ordersPart([order], ctx.account.site)
  return {
    conversation: conversations[0] ?? null,
    messages,
    people,
    quarantined: [...read.quarantined, ...quarantined],
  }
}

/** The order a call names. @throws AppError `vendor_not_found` for one that is gone, `vendor_bad_answer` for one that cannot be read */
export function present(record: unknown, path: string): { order: Order; quarantined: Quarantined[] } {
  if (record === null || record === undefined) throw notFound()
  const { order, quarantined } = readGraphOrder(record, path)
  if (order === null)
    throw notOfThisKind(vendorName, quarantined[0]?.path ?? path, quarantined[0]?.reason ?? 'unreadable')
  return { order, quarantined }
}

async function timeline(
  ctx: Asker,
  vendorId: string,
): Promise<{ events: TimelineEvent[]; quarantined: Quarantined[] }> {
  const records: unknown[] = []
  let after: string | null = null
  for (let page = 0; page < mostPages; page += 1) {
    const data = await ask(ctx, documents.events, { id: orderId(vendorId), after })
    const answer: z.infer<typeof eventsAnswer> = readAnswer(eventsAnswer, data, vendorName)
    records.push(...(answer.order?.events.nodes ?? []))
    const info = answer.order?.events.pageInfo
    after = info?.hasNextPage ? (info.endCursor ?? null) : null
    if (after === null) break
  }
  return readEvents(records, 'order')
}

/** Files of staff comments lie on the vendor's content network, which never gets the token. */
export async function download(ctx: ConnectorContext, attachment: Attachment): Promise<Uint8Array> {
  return ctx.http.get(attachment.url, { signal: ctx.signal }).bytes()
}
