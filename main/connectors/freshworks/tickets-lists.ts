import type { z } from 'zod'
import type { ConnectorContext } from '../connector.ts'
import { type RecordKind, readRecordsOf } from './tickets-records.ts'

type Asker = Pick<ConnectorContext, 'http' | 'signal'>

const perPage = 100

/** All pages of a small list: a short page is the last. 40 pages are the vendors' own bound for people. */
export async function readAll<T>(
  ctx: Asker,
  path: string,
  schema: z.ZodType<T>,
  kind: RecordKind,
  vendor: string,
): Promise<T[]> {
  const found: T[] = []
  for (let page = 1; page <= 40; page += 1) {
    const options = { searchParams: { page, per_page: perPage }, signal: ctx.signal }
    const answer: unknown = await ctx.http.get(path, options).json()
    const { values, count } = readRecordsOf(schema, answer, kind, vendor)
    found.push(...values)
    if (count < perPage) break
  }
  return found
}
