import { z } from 'zod'
import { isAppError } from '../../errors.ts'
import type { ConnectorContext } from '../connector.ts'
import type { Directory, Identity, StatusOption } from '../model.ts'
import { optionalText, readAnswer, readRecords, vendorId } from '../read-records.ts'
import { remembered } from '../remember.ts'
import { vendorName } from './errors.ts'
import { basicStatuses, personName, readStatus } from './map.ts'

type Asker = Pick<ConnectorContext, 'http' | 'signal'>

const agentSchema = z.looseObject({
  id: vendorId,
  first_name: optionalText,
  last_name: optionalText,
  email: optionalText,
  job_title: optionalText,
  active: z.boolean().nullish().catch(null),
})
const named = z.looseObject({ id: vendorId, name: z.string() })

/** Pages of a small list: a short page is the last. 40 pages are the vendor's own bound for people. */
async function readAll<T>(ctx: Asker, path: string, schema: z.ZodType<T>): Promise<T[]> {
  const found: T[] = []
  for (let page = 1; page <= 40; page += 1) {
    const answer: unknown = await ctx.http
      .get(path, { searchParams: { page, per_page: 100 }, signal: ctx.signal })
      .json()
    const list = readAnswer(z.looseObject({ [path]: z.array(z.unknown()) }), answer, vendorName)[path]
    const records = readAnswer(z.array(z.unknown()), list, vendorName)
    found.push(...readRecords(schema, records, path).values)
    if (records.length < 100) break
  }
  return found
}

/** Parts the granted permissions do not cover are empty, and the rest is shown. */
async function whereAllowed<T>(part: Promise<T[]>): Promise<T[]> {
  try {
    return await part
  } catch (error) {
    if (isAppError(error, 'vendor_forbidden', 'vendor_not_found', 'vendor_rejected')) return []
    throw error
  }
}

/** Agents by id, for the names beside replies. Asked every ten minutes at most. */
export const agents = remembered(10 * 60_000, (ctx) => whereAllowed(readAll(ctx, 'agents', agentSchema)))

const fieldSchema = z.looseObject({ field_type: optionalText, name: optionalText, choices: z.unknown() })
const choice = z.looseObject({ id: vendorId, value: z.string() })

/** Choices come as a list of `{id, value}`; older sites tell a map `{"2": ["Open", …]}`. */
function readChoices(choices: unknown): [string, string][] {
  if (Array.isArray(choices)) return readRecords(choice, choices, 'choices').values.map(({ id, value }) => [id, value])
  return Object.entries(Object(choices)).flatMap(([id, names]): [string, string][] => {
    const name = Array.isArray(names) ? names[0] : names
    return typeof name === 'string' ? [[id, name]] : []
  })
}

async function loadStatuses(ctx: Asker): Promise<StatusOption[]> {
  const load = async () => {
    const answer: unknown = await ctx.http
      .get('ticket_form_fields', { searchParams: { per_page: 100 }, signal: ctx.signal })
      .json()
    const { ticket_fields: fields } = readAnswer(
      z.looseObject({ ticket_fields: z.array(z.unknown()) }),
      answer,
      vendorName,
    )
    const status = readRecords(fieldSchema, fields, 'ticket_fields').values.find((each) => each.name === 'status')
    return readChoices(status?.choices).map(([id, label]) => ({ id, label, status: readStatus(id, label) }))
  }
  const own = await whereAllowed(load())
  return own.length > 0 ? own : Object.entries(basicStatuses).map(([id, { label, status }]) => ({ id, label, status }))
}

export const statuses = remembered(60 * 60_000, loadStatuses)

export async function statusLabels(ctx: Parameters<typeof statuses>[0]): Promise<ReadonlyMap<string, string>> {
  return new Map((await statuses(ctx)).map(({ id, label }) => [id, label]))
}

export async function directory(ctx: ConnectorContext): Promise<Directory> {
  const people = await agents(ctx)
  const groups = await whereAllowed(readAll(ctx, 'groups', named))
  const workspaces = await whereAllowed(readAll(ctx, 'workspaces', named))
  return {
    agents: people.map((agent) => ({
      vendorId: agent.id,
      name: personName(agent) ?? agent.email ?? agent.id,
      email: agent.email ?? null,
      active: agent.active !== false,
    })),
    groups: groups.map(({ id, name }) => ({ vendorId: id, name })),
    statuses: await statuses(ctx),
    brands: workspaces.map(({ id, name }) => ({ key: id, name })),
  }
}

/** `GET /agents/me`. The site key is the product's host: one grant is one product account. */
export async function identify(ctx: Asker, subdomain: string): Promise<Identity> {
  const answer: unknown = await ctx.http.get('agents/me', { signal: ctx.signal }).json()
  const { agent } = readAnswer(z.looseObject({ agent: agentSchema }), answer, vendorName)
  return {
    vendorUserId: agent.id,
    siteKey: `${subdomain}.freshservice.com`,
    name: personName(agent) ?? agent.email ?? agent.id,
    email: agent.email ?? null,
    role: agent.job_title ?? null,
  }
}
