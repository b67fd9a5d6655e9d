import { z } from 'zod'
import type { ConnectorContext } from '../connector.ts'
import { readStatus, readStatusChoices, statusNumberFor } from '../freshworks/tickets-codes.ts'
import { readAll } from '../freshworks/tickets-lists.ts'
import { personName } from '../freshworks/tickets-map.ts'
import type { TicketDesk } from '../freshworks/tickets-product.ts'
import { type RecordKind, readOneOf, readRecordsOf } from '../freshworks/tickets-records.ts'
import { formFieldSchema, namedSchema } from '../freshworks/tickets-schema.ts'
import type { Agent, Directory, Identity, StatusOption } from '../model.ts'
import { optionalText, vendorId } from '../read-records.ts'
import { remembered } from '../remember.ts'
import { whereOffered } from '../where-allowed.ts'
import { vendorName } from './errors.ts'
import { product } from './map.ts'

type Asker = Pick<ConnectorContext, 'http' | 'signal'>

export const agentKind: RecordKind = { many: 'agents', one: 'agent' }
/** An older description of the API calls the list `agent_groups`. */
export const groupKind: RecordKind = { many: 'groups', one: 'group', others: ['agent_groups'] }
export const workspaceKind: RecordKind = { many: 'workspaces', one: 'workspace' }
export const fieldKind: RecordKind = { many: 'ticket_fields', one: 'ticket_field', others: ['ticket_form_fields'] }

export const agentSchema = z.looseObject({
  id: vendorId,
  first_name: optionalText,
  last_name: optionalText,
  email: optionalText,
  job_title: optionalText,
  active: z.boolean().nullish().catch(null),
})
type AgentRecord = z.infer<typeof agentSchema>
type Field = z.infer<typeof formFieldSchema>

export const toAgent = (agent: AgentRecord): Agent => ({
  vendorId: agent.id,
  name: personName(agent) ?? agent.email ?? agent.id,
  email: agent.email ?? null,
  active: agent.active !== false,
})

/** Agents, for the names beside replies too. Asked every ten minutes at most. */
const agents = remembered(10 * 60_000, (ctx) =>
  whereOffered(readAll(ctx, 'agents', agentSchema, agentKind, vendorName)),
)

/** The site's statuses, from the field of that name. */
export function toStatuses(fields: readonly Field[]): StatusOption[] {
  const status = fields.find((each) => each.name === 'status' || each.field_type === 'default_status')
  return readStatusChoices(status?.choices).map(([id, label]) => ({ id, label, status: readStatus(id, label) }))
}

async function loadStatuses(ctx: Asker): Promise<StatusOption[]> {
  const load = async () => {
    const answer: unknown = await ctx.http
      .get('ticket_form_fields', { searchParams: { per_page: 100 }, signal: ctx.signal })
      .json()
    return toStatuses(readRecordsOf(formFieldSchema, answer, fieldKind, vendorName).values)
  }
  const own = await whereOffered(load())
  const basic = Object.entries(product.basicStatuses)
  return own.length > 0 ? own : basic.map(([id, { label, status }]) => ({ id, label, status }))
}

const statuses = remembered(60 * 60_000, loadStatuses)

export const desk: TicketDesk = {
  product,
  labels: async (ctx) => new Map((await statuses(ctx)).map(({ id, label }) => [id, label])),
  statusNumber: async (ctx, status) => statusNumberFor(status, await statuses(ctx)),
  colleagues: async (ctx) =>
    (await agents(ctx)).map((agent) => ({
      vendorId: agent.id,
      name: personName(agent),
      email: agent.email ?? null,
      phone: null,
    })),
}

export async function directory(ctx: ConnectorContext): Promise<Directory> {
  const people = await agents(ctx)
  const groups = await whereOffered(readAll(ctx, 'groups', namedSchema, groupKind, vendorName))
  const workspaces = await whereOffered(readAll(ctx, 'workspaces', namedSchema, workspaceKind, vendorName))
  return {
    agents: people.map(toAgent),
    groups: groups.map(({ id, name }) => ({ vendorId: id, name })),
    statuses: await statuses(ctx),
    brands: workspaces.map(({ id, name }) => ({ key: id, name })),
  }
}

/** `GET /agents/me`. The site key is the product's host: one grant is one product account. */
export async function identify(ctx: Asker, subdomain: string): Promise<Identity> {
  const answer: unknown = await ctx.http.get('agents/me', { signal: ctx.signal }).json()
  const agent = readOneOf(agentSchema, answer, agentKind, vendorName)
  return {
    vendorUserId: agent.id,
    siteKey: product.host({ subdomain }),
    name: toAgent(agent).name,
    email: agent.email ?? null,
    role: agent.job_title ?? null,
  }
}
