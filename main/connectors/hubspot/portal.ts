import { z } from 'zod'
import { isAppError } from '../../errors.ts'
import type { ConnectorContext } from '../connector.ts'
import type { Directory, Identity, StatusOption } from '../model.ts'
import { optionalId, optionalText, readAnswer, readRecords, vendorId } from '../read-records.ts'
import { remembered } from '../remember.ts'
import { vendorName } from './errors.ts'
import { type Portal, stageStatus } from './map.ts'
import { paths } from './paths.ts'

type Asker = Pick<ConnectorContext, 'http' | 'signal'>

export const resultList = z.looseObject({
  results: z.array(z.unknown()),
  paging: z
    .looseObject({ next: z.looseObject({ after: z.string() }).nullish().catch(null) })
    .nullish()
    .catch(null),
})

const ownerSchema = z.looseObject({
  id: vendorId,
  userId: optionalId,
  email: optionalText,
  firstName: optionalText,
  lastName: optionalText,
  type: optionalText,
  archived: z.boolean().nullish().catch(null),
})
type Owner = z.infer<typeof ownerSchema>

const stageSchema = z.looseObject({
  id: vendorId,
  label: z.string(),
  displayOrder: z.number().nullish().catch(null),
  metadata: z
    .looseObject({ ticketState: optionalText, isClosed: z.union([z.string(), z.boolean()]).nullish().catch(null) })
    .nullish()
    .catch(null),
})
const pipelineSchema = z.looseObject({
  id: vendorId,
  label: z.string(),
  stages: z.array(z.unknown()),
  archived: z.boolean().nullish().catch(null),
})
const inboxSchema = z.looseObject({ id: vendorId, name: z.string() })

async function readAll<T>(ctx: Asker, path: string, schema: z.ZodType<T>): Promise<T[]> {
  const found: T[] = []
  let after: string | undefined
  for (let page = 0; page < 50; page += 1) {
    const searchParams = { limit: 100, ...(after === undefined ? {} : { after }) }
    const answer: unknown = await ctx.http.get(path, { searchParams, signal: ctx.signal }).json()
    const list: z.infer<typeof resultList> = readAnswer(resultList, answer, vendorName)
    found.push(...readRecords(schema, list.results, 'results').values)
    after = list.paging?.next?.after
    if (after === undefined) break
  }
  return found
}

async function whereAllowed<T>(part: Promise<T[]>): Promise<T[]> {
  try {
    return await part
  } catch (error) {
    if (isAppError(error, 'vendor_forbidden', 'vendor_not_found')) return []
    throw error
  }
}

export const owners = remembered(10 * 60_000, (ctx) => whereAllowed(readAll(ctx, paths.owners, ownerSchema)))

export interface Stage extends StatusOption {
  pipeline: string
  pipelineLabel: string
}

async function loadStages(ctx: Asker): Promise<Stage[]> {
  const answer: unknown = await ctx.http.get(paths.pipelines, { signal: ctx.signal }).json()
  const { results } = readAnswer(resultList, answer, vendorName)
  const pipelines = readRecords(pipelineSchema, results, 'results').values.filter((each) => each.archived !== true)
  return pipelines.flatMap((pipeline) => {
    const stages = readRecords(stageSchema, pipeline.stages, 'stages').values
    const sorted = stages.sort((a, b) => (a.displayOrder ?? 0) - (b.displayOrder ?? 0))
    return sorted.map((stage, place) => {
      const closed = stage.metadata?.ticketState === 'CLOSED' || String(stage.metadata?.isClosed) === 'true'
      const status = stageStatus({ label: stage.label, closed, first: place === 0 })
      return { id: stage.id, label: stage.label, status, pipeline: pipeline.id, pipelineLabel: pipeline.label }
    })
  })
}

/** Stages of all ticket pipelines. Ids and labels are the portal's own: read, never assumed. */
export const stages = remembered(60 * 60_000, (ctx) => whereAllowed(loadStages(ctx)))

export const userIdOf = (owner: Owner): string => owner.userId ?? owner.id

export async function portalOf(ctx: ConnectorContext): Promise<Portal> {
  const known = await stages(ctx)
  return {
    id: ctx.account.identity.siteKey,
    stages: new Map(
      known.map((stage) => [stage.id, { label: stage.label, status: stage.status, pipeline: stage.pipeline }]),
    ),
    userOfOwner: new Map((await owners(ctx)).map((owner) => [owner.id, userIdOf(owner)])),
  }
}

const nameOf = (owner: Owner) =>
  [owner.firstName, owner.lastName].filter(Boolean).join(' ') || owner.email || userIdOf(owner)

/** Agents carry the user id, which sign-ins, actors and (through the owners) tickets share. Stages, pipelines and inboxes are per portal. */
export async function directory(ctx: ConnectorContext): Promise<Directory> {
  const people = (await owners(ctx)).filter((owner) => owner.type !== 'QUEUE')
  const known = await stages(ctx)
  const several = new Set(known.map((stage) => stage.pipeline)).size > 1
  const pipelines = new Map(known.map((stage) => [stage.pipeline, stage.pipelineLabel]))
  const inboxes = await whereAllowed(readAll(ctx, paths.inboxes, inboxSchema))
  return {
    agents: people.map((owner) => ({
      vendorId: userIdOf(owner),
      name: nameOf(owner),
      email: owner.email ?? null,
      active: owner.archived !== true,
    })),
    groups: [],
    statuses: known.map(({ id, label, status, pipelineLabel }) => ({
      id,
      label: several ? `${pipelineLabel}: ${label}` : label,
      status,
    })),
    brands: [
      ...[...pipelines].map(([id, label]) => ({ key: `pipeline:${id}`, name: label })),
      ...inboxes.map(({ id, name }) => ({ key: `inbox:${id}`, name })),
    ],
  }
}

const tokenAnswer = z.looseObject({ hub_id: vendorId, user_id: vendorId })

/** The token answer names portal and user; the list of owners knows the name. */
export async function identify(ctx: Asker, answer: Record<string, unknown>): Promise<Identity> {
  const { hub_id: portal, user_id: user } = readAnswer(tokenAnswer, answer, vendorName)
  const details: unknown = await ctx.http.get(paths.account, { signal: ctx.signal }).json()
  const { portalId } = readAnswer(z.looseObject({ portalId: vendorId }), details, vendorName)
  const people = await whereAllowed(readAll(ctx, paths.owners, ownerSchema))
  const me = people.find((owner) => userIdOf(owner) === user)
  return {
    vendorUserId: user,
    siteKey: portalId === portal ? portal : portalId,
    name: me === undefined ? `User ${user}` : nameOf(me),
    email: me?.email ?? null,
    role: null,
  }
}
