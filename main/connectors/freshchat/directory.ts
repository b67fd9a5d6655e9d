import { z } from 'zod'
import type { ConnectorContext, Site } from '../connector.ts'
import { firstCall, noSeat, signedInEmail } from '../freshworks/signed-in.ts'
import type { Directory, Identity, Person } from '../model.ts'
import { optionalText, readAnswer, readRecords } from '../read-records.ts'
import { remembered } from '../remember.ts'
import { whereOffered } from '../where-allowed.ts'
import { vendorName } from './errors.ts'
import { agentSchema, type ChatAgent, namedSchema, personName, statuses, toAgent } from './map.ts'

type Asker = Pick<ConnectorContext, 'http' | 'signal'>

export const hostOf = (site: Site) => `${site.subdomain ?? ''}.freshchat.com`

const pageSize = 100
const mostPages = 50
const linked = z.looseObject({ href: optionalText }).nullish().catch(null)
/** `links.next_page` is absent on the last page; `pagination` counts. Either may be missing. */
export const paged = z.looseObject({
  links: z.looseObject({ next_page: linked }).nullish().catch(null),
  pagination: z
    .looseObject({ total_pages: z.number().nullish().catch(null), total_items: z.number().nullish().catch(null) })
    .nullish()
    .catch(null),
})

/** Whether a list goes on after this page. */
export function goesOn(answer: z.infer<typeof paged>, page: number, records: number, size: number): boolean {
  if (answer.links?.next_page?.href) return true
  const total = answer.pagination?.total_pages
  if (typeof total === 'number') return page < total
  return answer.links ? false : records >= size
}

async function readAll<T>(ctx: Asker, path: 'agents' | 'groups' | 'channels', schema: z.ZodType<T>): Promise<T[]> {
  const found: T[] = []
  for (let page = 1; page <= mostPages; page += 1) {
    const searchParams = { page, items_per_page: pageSize }
    const answer: unknown = await ctx.http.get(path, { searchParams, signal: ctx.signal }).json()
    const read = readAnswer(paged.extend({ [path]: z.array(z.unknown()) }), answer, vendorName)
    const records = readAnswer(z.array(z.unknown()), read[path], vendorName)
    found.push(...readRecords(schema, records, path).values)
    if (records.length === 0 || !goesOn(read, page, records.length, pageSize)) break
  }
  return found
}

/** Agents, for the names beside messages. Asked every ten minutes at most. */
export const agents = remembered(10 * 60_000, (ctx) => whereOffered(readAll(ctx, 'agents', agentSchema)))
const channels = remembered(60 * 60_000, (ctx) => whereOffered(readAll(ctx, 'channels', namedSchema)))

export async function channelNames(ctx: Parameters<typeof channels>[0]): Promise<ReadonlyMap<string, string>> {
  return new Map((await channels(ctx)).map(({ id, name }) => [id, name]))
}

const agentPerson = (agent: ChatAgent): Person => ({
  vendorId: agent.id,
  name: personName(agent),
  email: agent.email ?? null,
  phone: null,
})

/** The agents by id, and in any case the one signed in. */
export async function agentPeople(ctx: ConnectorContext): Promise<Map<string, Person>> {
  const { vendorUserId, name, email } = ctx.account.identity
  const people = new Map<string, Person>([[vendorUserId, { vendorId: vendorUserId, name, email, phone: null }]])
  for (const agent of await agents(ctx)) people.set(agent.id, agentPerson(agent))
  return people
}

/** The statuses are fixed; older spellings of them are read, not offered. */
const offered = ['new', 'assigned', 'waiting on customer', 'waiting on internal team', 'resolved']

export async function directory(ctx: ConnectorContext): Promise<Directory> {
  const people = await agents(ctx)
  const groups = await whereOffered(readAll(ctx, 'groups', namedSchema))
  return {
    agents: people.map(toAgent),
    groups: groups.map(({ id, name }) => ({ vendorId: id, name })),
    statuses: offered.flatMap((id) => {
      const known = statuses[id]
      return known === undefined ? [] : [{ id, ...known }]
    }),
    brands: (await channels(ctx)).map(({ id, name }) => ({ key: id, name })),
  }
}

/** There is no call for "who am I": the token names the person, the list of agents the id that replies are sent under. */
export async function identify(ctx: Asker & { site: Site; tokenAnswer: Record<string, unknown> }): Promise<Identity> {
  const email = signedInEmail(ctx.tokenAnswer)
  const host = hostOf(ctx.site)
  const known = await firstCall(host, readAll(ctx, 'agents', agentSchema))
  const me = known.find((agent) => agent.email?.toLowerCase() === email && toAgent(agent).active)
  if (me === undefined) throw noSeat(vendorName, email)
  const { name } = toAgent(me)
  return {
    vendorUserId: me.id,
    siteKey: host,
    name,
    email: me.email ?? email,
    role: optionalText.parse(me.role_id) ?? null,
  }
}
