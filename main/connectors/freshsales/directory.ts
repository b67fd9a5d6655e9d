import { z } from 'zod'
import { AppError } from '../../errors.ts'
import type { ConnectorContext, Site } from '../connector.ts'
import { firstCall, noSeat, signedInEmail } from '../freshworks/signed-in.ts'
import type { Directory, Identity, Person, StatusOption } from '../model.ts'
import { optionalId, optionalText, readAnswer, readRecords, vendorId } from '../read-records.ts'
import { remembered } from '../remember.ts'
import { whereOffered } from '../where-allowed.ts'
import { vendorName } from './errors.ts'
import { type Owner, ownerSchema, type Stage, stageStatus, taskScope, taskStatuses, toAgent } from './map.ts'
import type { Setting } from './payload.ts'

type Asker = Pick<ConnectorContext, 'http' | 'signal'>
type Remembering = Parameters<typeof owners>[0]

export const hostOf = (site: Site) => `${site.subdomain ?? ''}.myfreshworks.com`

async function list<T>(ctx: Asker, path: string, key: string, schema: z.ZodType<T>): Promise<T[]> {
  const answer: unknown = await ctx.http.get(path, { signal: ctx.signal }).json()
  const records = readAnswer(z.looseObject({ [key]: z.array(z.unknown()) }), answer, vendorName)[key]
  return readRecords(schema, readAnswer(z.array(z.unknown()), records, vendorName), key).values
}

const loadOwners = (ctx: Asker): Promise<Owner[]> => list(ctx, 'selector/owners', 'users', ownerSchema)
export const owners = remembered(10 * 60_000, (ctx) => whereOffered(loadOwners(ctx)))

const stageSchema = z.looseObject({
  id: vendorId,
  name: z.string(),
  position: z.number().nullish().catch(null),
  forecast_type: optionalText,
})
const pipelineSchema = z.looseObject({
  id: vendorId,
  name: z.string(),
  is_default: z.boolean().nullish().catch(null),
  deal_stages: z.array(z.unknown()),
})

interface Pipeline {
  id: string
  name: string
  isDefault: boolean
  stages: { id: string; label: string; status: StatusOption['status'] }[]
}

/** Answer of `GET /selector/deal_pipelines`. The order of stages is their position; the first one is where deals come in. */
export function readPipelines(answer: unknown): Pipeline[] {
  const { deal_pipelines: records } = readAnswer(
    z.looseObject({ deal_pipelines: z.array(z.unknown()) }),
    answer,
    vendorName,
  )
  return readRecords(pipelineSchema, records, 'deal_pipelines').values.map((pipeline) => {
    const read = readRecords(stageSchema, pipeline.deal_stages, 'deal_stages').values
    const sorted = read.sort((a, b) => (a.position ?? 0) - (b.position ?? 0))
    const stages = sorted.map((stage, place) => ({
      id: stage.id,
      label: stage.name,
      status: stageStatus(stage.name, stage.forecast_type ?? null, place === 0),
    }))
    return { id: pipeline.id, name: pipeline.name, isDefault: pipeline.is_default === true, stages }
  })
}

/** Pipelines with their stages: ids and names are the account's own, read and never assumed. */
export const pipelines = remembered(60 * 60_000, (ctx) =>
  whereOffered(ctx.http.get('selector/deal_pipelines', { signal: ctx.signal }).json<unknown>().then(readPipelines)),
)

export const stagesOf = (known: readonly Pipeline[]): Map<string, Stage> =>
  new Map(
    known.flatMap(({ id, stages }) =>
      stages.map((stage): [string, Stage] => [stage.id, { label: stage.label, status: stage.status, pipeline: id }]),
    ),
  )

/** Statuses to choose from: each pipeline's stages for its own deals, and those of tasks. */
export const statusesOf = (known: readonly Pipeline[]): StatusOption[] => [
  ...known.flatMap(({ id, stages }) => stages.map((stage) => ({ ...stage, scope: id }))),
  ...taskStatuses.map((status) => ({ ...status, scope: taskScope })),
]

/** The saved views show the default pipeline only. Where none is marked so, it is the first. */
export async function otherPipelines(ctx: Remembering): Promise<string[]> {
  const known = await pipelines(ctx)
  const shown = known.find((pipeline) => pipeline.isDefault) ?? known[0]
  return known.filter((pipeline) => pipeline !== shown).map((pipeline) => pipeline.id)
}

export async function peopleOf(ctx: ConnectorContext): Promise<Map<string, Person>> {
  const { vendorUserId, name, email } = ctx.account.identity
  const people = new Map<string, Person>([[vendorUserId, { vendorId: vendorUserId, name, email, phone: null }]])
  for (const agent of (await owners(ctx)).map(toAgent)) {
    people.set(agent.vendorId, { vendorId: agent.vendorId, name: agent.name, email: agent.email, phone: null })
  }
  return people
}

export async function settingOf(ctx: ConnectorContext, conversation: string | null = null): Promise<Setting> {
  const stages = stagesOf(await pipelines(ctx))
  return { host: hostOf(ctx.account.site), stages, people: await peopleOf(ctx), conversation }
}

export async function directory(ctx: ConnectorContext): Promise<Directory> {
  const known = await pipelines(ctx)
  return {
    agents: (await owners(ctx)).map(toAgent),
    groups: [],
    statuses: statusesOf(known),
    brands: known.map(({ id, name }) => ({ key: `pipeline:${id}`, name })),
  }
}

const viewSchema = z.looseObject({
  id: vendorId,
  name: z.string(),
  is_default: z.boolean().nullish().catch(null),
  user_id: optionalId,
})
type View = z.infer<typeof viewSchema>
export type Listed = 'deals' | 'contacts'

const views = {
  deals: remembered(10 * 60_000, (ctx) => list(ctx, 'deals/filters', 'filters', viewSchema)),
  contacts: remembered(10 * 60_000, (ctx) => list(ctx, 'contacts/filters', 'filters', viewSchema)),
}
const sameName = (one: string, other: string) => one.trim().toLowerCase() === other.trim().toLowerCase()

/** Names of views are neither stable nor in English everywhere: the one that was named, else "All …", else the default. */
export function chooseView(known: readonly View[], wanted: string): View | undefined {
  if (wanted !== '') return known.find((view) => sameName(view.name, wanted))
  const all = known.filter((view) => /^all /i.test(view.name))
  return (
    all.find((view) => view.is_default === true) ?? all[0] ?? known.find((view) => view.is_default === true) ?? known[0]
  )
}

const wantedView = (site: Site, what: Listed) => (what === 'deals' ? site.dealsView : site.contactsView) ?? ''

/** Id of the view to read; null where contacts are not wanted, or the view is gone. */
export async function viewOf(ctx: ConnectorContext, what: Listed): Promise<string | null> {
  const wanted = wantedView(ctx.account.site, what)
  if (what === 'contacts' && wanted === '') return null
  return chooseView(await views[what](ctx), wanted)?.id ?? null
}

/** A mistyped view would leave the inbox empty without a word: it is said when signing in. @throws AppError `site_invalid` */
async function checkViews(ctx: Asker & { now(): number; site: Site }): Promise<void> {
  for (const what of ['deals', 'contacts'] as const) {
    const wanted = wantedView(ctx.site, what)
    if (wanted === '') continue
    const known = await views[what](ctx)
    if (chooseView(known, wanted) !== undefined) continue
    const names = known.slice(0, 12).map((view) => `"${view.name}"`)
    throw new AppError('site_invalid', `There is no view of ${what} called "${wanted}" that you can see.`, {
      action: `Use one of these: ${names.join(', ')}. Or leave the field empty.`,
      outcome: 'refused',
    })
  }
}

/** There is no call for "who am I": the token names the person, the list of owners the id. */
export async function identify(
  ctx: Asker & { now(): number; site: Site; tokenAnswer: Record<string, unknown> },
): Promise<Identity> {
  const email = signedInEmail(ctx.tokenAnswer)
  const known = await firstCall(hostOf(ctx.site), loadOwners(ctx))
  const me = known.find((owner) => owner.email?.toLowerCase() === email)
  if (me === undefined) throw noSeat(vendorName, email)
  await checkViews(ctx)
  const { vendorId: vendorUserId, name } = toAgent(me)
  return { vendorUserId, siteKey: hostOf(ctx.site), name, email, role: optionalText.parse(me.job_title) ?? null }
}
