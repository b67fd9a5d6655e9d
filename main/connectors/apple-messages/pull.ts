import { z } from 'zod'
import type { ConnectorContext } from '../connector.ts'
import { readCursorText } from '../cursor-text.ts'
import type { Page } from '../model.ts'
import { asker, readPage, readThread } from './gateway.ts'
import { recordsPart } from './map.ts'
import { customerOf, isPassing, type MessageRecord } from './records.ts'

/**
 * `older`: from the newest message back to the first one the gateway has. `newer`: what it recorded since. The gateway's cursors follow the
 * order in which it recorded, so that nothing can be skipped between two of them.
 */
const cursorSchema = z.object({
  phase: z.enum(['older', 'newer']),
  before: z.string().nullable(),
  /** From where later messages follow: taken with the first page, before the rest was read. */
  after: z.string().nullable(),
})
type Cursor = z.infer<typeof cursorSchema>

const start: Cursor = { phase: 'older', before: null, after: null }

const readCursor = (text: string | null): Cursor => readCursorText(cursorSchema, text, start)

/** The next page. A message alone does not tell its conversation, so everything of each customer it names is read along. */
export async function pull(ctx: ConnectorContext, text: string | null): Promise<Page> {
  const cursor = readCursor(text)
  const query = cursor.phase === 'older' ? { before: cursor.before } : { after: cursor.after }
  const given = Object.entries(query).filter((entry): entry is [string, string] => entry[1] !== null)
  const page = await readPage(asker(ctx), Object.fromEntries(given))
  const { next, more } = follow(cursor, page)
  const part = recordsPart(await completed(ctx, page.records), ctx.account.site)
  return {
    ...part,
    removedVendorIds: [],
    quarantined: page.quarantined,
    cursor: JSON.stringify(next),
    more,
    total: null,
  }
}

function follow(cursor: Cursor, page: { older: string | null; newer: string | null; more: boolean }) {
  const after = cursor.after ?? page.newer
  if (cursor.phase === 'newer') return { next: { ...cursor, after: page.newer ?? after }, more: page.more }
  if (page.older !== null) return { next: { ...cursor, before: page.older, after }, more: true }
  const next: Cursor = { phase: 'newer', before: null, after }
  return { next, more: after !== null }
}

async function completed(ctx: ConnectorContext, records: MessageRecord[]): Promise<MessageRecord[]> {
  const customers = new Set(records.filter((each) => !isPassing(each)).map(customerOf))
  const all: MessageRecord[] = []
  for (const customer of customers) all.push(...(await readThread(asker(ctx), customer)).records)
  return all
}
