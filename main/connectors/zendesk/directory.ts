import { z } from 'zod'
import { isAppError } from '../../errors.ts'
import type { ConnectorContext } from '../connector.ts'
import type { Directory, StatusOption } from '../model.ts'
import { optionalText, readAnswer, readRecords, vendorId } from '../read-records.ts'
import { remembered } from '../remember.ts'
import { vendorName } from './errors.ts'
import { readStatus, userSchema } from './map.ts'

type Asker = Pick<ConnectorContext, 'http' | 'signal'>

const listPage = z.looseObject({
  meta: z.looseObject({ has_more: z.boolean().nullish(), after_cursor: z.string().nullish() }).nullish().catch(null),
})

/** All pages of a cursor list. Lists of people and groups are small; 50 pages are a bound, not a hope. */
async function readAll<T>(
  ctx: Asker,
  path: string,
  key: string,
  schema: z.ZodType<T>,
  query: [string, string][],
): Promise<T[]> {
  const found: T[] = []
  let after: string | null = null
  for (let page = 0; page < 50; page += 1) {
    const searchParams: [string, string][] = [...query, ['page[size]', '100']]
    if (after !== null) searchParams.push(['page[after]', after])
    const answer: unknown = await ctx.http.get(path, { searchParams, signal: ctx.signal }).json()
    const { meta } = readAnswer(listPage, answer, vendorName)
    const list = readAnswer(z.looseObject({ [key]: z.array(z.unknown()) }), answer, vendorName)[key]
    found.push(...readRecords(schema, readAnswer(z.array(z.unknown()), list, vendorName), key).values)
    after = meta?.has_more ? (meta.after_cursor ?? null) : null
    if (after === null) break
  }
  return found
}

const named = z.looseObject({ id: vendorId, name: z.string() })
const customStatus = z.looseObject({
  id: vendorId,
  status_category: z.string(),
  agent_label: optionalText,
  active: z.boolean().nullish().catch(null),
})

/** Parts that the user's role may not see are empty, and the rest is shown. */
async function whereAllowed<T>(part: Promise<T[]>): Promise<T[]> {
  try {
    return await part
  } catch (error) {
    if (isAppError(error, 'vendor_forbidden', 'vendor_not_found')) return []
    throw error
  }
}

const plainStatuses: StatusOption[] = [
  { id: 'new', label: 'New', status: 'new' },
  { id: 'open', label: 'Open', status: 'open' },
  { id: 'pending', label: 'Pending', status: 'pending' },
  { id: 'hold', label: 'On-hold', status: 'on_hold' },
  { id: 'solved', label: 'Solved', status: 'solved' },
]

async function loadStatuses(ctx: Asker): Promise<StatusOption[]> {
  const load = async () => {
    const answer: unknown = await ctx.http.get('custom_statuses', { signal: ctx.signal }).json()
    const { custom_statuses: list } = readAnswer(
      z.looseObject({ custom_statuses: z.array(z.unknown()) }),
      answer,
      vendorName,
    )
    return readRecords(customStatus, list, 'custom_statuses').values.filter((each) => each.active !== false)
  }
  const custom = await whereAllowed(load())
  if (custom.length === 0) return plainStatuses
  return custom.map(({ id, agent_label, status_category }) => ({
    id,
    label: agent_label ?? status_category,
    status: readStatus(status_category) ?? 'open',
  }))
}

/** Statuses an agent may choose, custom ones with their id. Asked once an hour. */
export const statuses = remembered(60 * 60_000, loadStatuses)

export async function statusLabels(ctx: Parameters<typeof statuses>[0]): Promise<ReadonlyMap<string, string>> {
  return new Map((await statuses(ctx)).map(({ id, label }) => [id, label]))
}

/** Agents, groups, statuses and brands, each where the user may see them. */
export async function directory(ctx: ConnectorContext): Promise<Directory> {
  const roles: [string, string][] = [
    ['role[]', 'agent'],
    ['role[]', 'admin'],
  ]
  const users = await whereAllowed(readAll(ctx, 'users', 'users', userSchema, roles))
  const groups = await whereAllowed(readAll(ctx, 'groups', 'groups', named, []))
  return {
    agents: users.map((user) => ({
      vendorId: user.id,
      name: user.name ?? user.email ?? user.id,
      email: user.email ?? null,
      active: user.active !== false && user.suspended !== true,
    })),
    groups: groups.map(({ id, name }) => ({ vendorId: id, name })),
    statuses: await statuses(ctx),
    brands: await whereAllowed(brands(ctx)),
  }
}

/** https://developer.zendesk.com/api-reference/ticketing/account-configuration/brands/#list-brands (to confirm on a live account) */
async function brands(ctx: Asker): Promise<Directory['brands']> {
  return (await readAll(ctx, 'brands', 'brands', named, [])).map(({ id, name }) => ({ key: id, name }))
}
