import { z } from 'zod'
import type { ConnectorContext } from '../connector.ts'
import type { Directory, Macro, StatusOption } from '../model.ts'
import { readAnswer } from '../read-records.ts'
import { remembered } from '../remember.ts'
import { orInstead, whereAllowed } from '../where-allowed.ts'
import { vendorName } from './errors.ts'
import { readMacros } from './macros.ts'
import {
  agentsOf,
  type Read,
  readBrands,
  readCustomStatuses,
  readGroups,
  readTicketFields,
  readUsers,
} from './read-directory.ts'

type Asker = Pick<ConnectorContext, 'http' | 'signal'>

const listPage = z.looseObject({
  meta: z.looseObject({ has_more: z.boolean().nullish(), after_cursor: z.string().nullish() }).nullish().catch(null),
})

/** All pages of a cursor list. Lists of people, groups and macros are small; 50 pages are a bound, not a hope. */
async function readAll<T>(
  ctx: Asker,
  path: string,
  read: (answer: unknown) => Read<T>,
  query: [string, string][] = [],
): Promise<T[]> {
  const found: T[] = []
  let after: string | null = null
  for (let page = 0; page < 50; page += 1) {
    const searchParams: [string, string][] = [...query, ['page[size]', '100']]
    if (after !== null) searchParams.push(['page[after]', after])
    const answer: unknown = await ctx.http.get(path, { searchParams, signal: ctx.signal }).json()
    found.push(...read(answer).values)
    const { meta } = readAnswer(listPage, answer, vendorName)
    after = meta?.has_more ? (meta.after_cursor ?? null) : null
    if (after === null) break
  }
  return found
}

/** Where the fields of tickets cannot be had, the plain statuses do. */
const unsettled = ['vendor_forbidden', 'vendor_not_found', 'vendor_rejected', 'vendor_bad_answer'] as const

const plainStatuses: StatusOption[] = [
  { id: 'new', label: 'New', status: 'new' },
  { id: 'open', label: 'Open', status: 'open' },
  { id: 'pending', label: 'Pending', status: 'pending' },
  { id: 'hold', label: 'On-hold', status: 'on_hold' },
  { id: 'solved', label: 'Solved', status: 'solved' },
]

/** Custom statuses; where a site has none, the plain ones its ticket fields name (not every site uses "On-hold"). */
async function loadStatuses(ctx: Asker): Promise<StatusOption[]> {
  const ask = async (path: string, read: (answer: unknown) => Read<StatusOption>) =>
    read(await ctx.http.get(path, { signal: ctx.signal }).json()).values
  const custom = await whereAllowed(ask('custom_statuses', readCustomStatuses))
  if (custom.length > 0) return custom
  const named = await orInstead(ask('ticket_fields', readTicketFields), [], ...unsettled)
  return named.length > 0 ? named : plainStatuses
}

/** Statuses an agent may choose, custom ones with their id. Asked once an hour. */
export const statuses = remembered(60 * 60_000, loadStatuses)

export async function statusLabels(ctx: Parameters<typeof statuses>[0]): Promise<ReadonlyMap<string, string>> {
  return new Map((await statuses(ctx)).map(({ id, label }) => [id, label]))
}

/** Active macros that the user may use, with the vendor's placeholders still in their texts. */
export async function macros(ctx: ConnectorContext): Promise<Macro[]> {
  const world = { me: ctx.account.identity.vendorUserId, statuses: await statuses(ctx) }
  return whereAllowed(readAll(ctx, 'macros/active', (answer) => readMacros(answer, world)))
}

const staff: [string, string][] = [
  ['role[]', 'agent'],
  ['role[]', 'admin'],
]

/** Agents, groups, statuses, brands and macros, each where the user may see them. */
export async function directory(ctx: ConnectorContext): Promise<Directory> {
  return {
    agents: agentsOf(await whereAllowed(readAll(ctx, 'users', readUsers, staff))),
    groups: await whereAllowed(readAll(ctx, 'groups', readGroups)),
    statuses: await statuses(ctx),
    // https://developer.zendesk.com/api-reference/ticketing/account-configuration/brands/#list-brands (to confirm on a live account)
    brands: await whereAllowed(readAll(ctx, 'brands', readBrands)),
    macros: await macros(ctx),
  }
}
