import { z } from 'zod'
import type { ConnectorContext } from '../connector.ts'
import type { Directory, Identity, StatusOption } from '../model.ts'
import { readAnswer, vendorId } from '../read-records.ts'
import { remembered } from '../remember.ts'
import { whereAllowed } from '../where-allowed.ts'
import { vendorName } from './errors.ts'
import { type Portal, threadScope } from './map.ts'
import { paths } from './paths.ts'
import {
  agentsOf,
  nameOf,
  pipelineBrands,
  type Read,
  readInboxes,
  readOwners,
  readPipelines,
  userIdOf,
} from './read.ts'

type Asker = Pick<ConnectorContext, 'http' | 'signal'>

/** Where a list goes on. */
const pageOf = z.looseObject({
  paging: z
    .looseObject({ next: z.looseObject({ after: z.string() }).nullish().catch(null) })
    .nullish()
    .catch(null),
})

export const afterOf = (answer: unknown): string | null =>
  readAnswer(pageOf, answer, vendorName).paging?.next?.after ?? null

async function readAll<T>(ctx: Asker, path: string, read: (answer: unknown) => Read<T>): Promise<T[]> {
  const found: T[] = []
  let after: string | null = null
  for (let page = 0; page < 50; page += 1) {
    const searchParams: Record<string, string> = { limit: '100', ...(after === null ? {} : { after }) }
    const answer: unknown = await ctx.http.get(path, { searchParams, signal: ctx.signal }).json()
    found.push(...read(answer).values)
    after = afterOf(answer)
    if (after === null) break
  }
  return found
}

export const owners = remembered(10 * 60_000, (ctx) => whereAllowed(readAll(ctx, paths.owners, readOwners)))

async function loadPipelines(ctx: Asker) {
  return readPipelines(await ctx.http.get(paths.pipelines, { signal: ctx.signal }).json()).values
}

const pipelines = remembered(60 * 60_000, (ctx) => whereAllowed(loadPipelines(ctx)))

/** Stages of all ticket pipelines; `scope` is the pipeline. */
export async function stages(ctx: Parameters<typeof pipelines>[0]) {
  return (await pipelines(ctx)).flatMap((pipeline) => pipeline.stages)
}

export async function portalOf(ctx: ConnectorContext): Promise<Portal> {
  return {
    id: ctx.account.identity.siteKey,
    stages: new Map((await stages(ctx)).map((stage) => [stage.id, stage])),
    userOfOwner: new Map((await owners(ctx)).map((owner) => [owner.id, userIdOf(owner)])),
  }
}

/** A thread without a ticket knows no stages: it is open or closed. */
const threadStatuses: StatusOption[] = [
  { id: 'OPEN', label: 'Open', status: 'open', scope: threadScope },
  { id: 'CLOSED', label: 'Closed', status: 'closed', scope: threadScope },
]

/** Agents, stages, pipelines and inboxes are per portal. */
export async function directory(ctx: ConnectorContext): Promise<Directory> {
  const known = await pipelines(ctx)
  const inboxes = await whereAllowed(readAll(ctx, paths.inboxes, readInboxes))
  return {
    agents: agentsOf(await owners(ctx)),
    groups: [],
    statuses: [...known.flatMap((pipeline) => pipeline.stages), ...threadStatuses],
    brands: [...pipelineBrands(known), ...inboxes],
  }
}

const tokenAnswer = z.looseObject({ hub_id: vendorId, user_id: vendorId })

/** The token answer names portal and user; the list of owners knows the name. */
export async function identify(ctx: Asker, answer: Record<string, unknown>): Promise<Identity> {
  const { hub_id: portal, user_id: user } = readAnswer(tokenAnswer, answer, vendorName)
  const details: unknown = await ctx.http.get(paths.account, { signal: ctx.signal }).json()
  const { portalId } = readAnswer(z.looseObject({ portalId: vendorId }), details, vendorName)
  const people = await whereAllowed(readAll(ctx, paths.owners, readOwners))
  const me = people.find((owner) => userIdOf(owner) === user)
  return {
    vendorUserId: user,
    siteKey: portalId === portal ? portal : portalId,
    name: me === undefined ? `User ${user}` : nameOf(me),
    email: me?.email ?? null,
    role: null,
  }
}
