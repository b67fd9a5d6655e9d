import { z } from 'zod'
import type { ConnectorContext } from '../connector.ts'
import { readStatus, readStatusChoices, statusNumberFor } from '../freshworks/tickets-codes.ts'
import { readAll } from '../freshworks/tickets-lists.ts'
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
export const groupKind: RecordKind = { many: 'groups', one: 'group' }
export const productKind: RecordKind = { many: 'products', one: 'product' }
export const fieldKind: RecordKind = { many: 'ticket_fields', one: 'ticket_field' }

const flag = z.boolean().nullish().catch(null)

/** Name and address are in `contact`; only suggestions (`/agents/autocomplete`) have them outside. */
export const agentSchema = z.looseObject({
  id: vendorId,
  name: optionalText,
  email: optionalText,
  deactivated: flag,
  contact: z
    .looseObject({ name: optionalText, email: optionalText, job_title: optionalText, active: flag })
    .nullish()
    .catch(null),
})
type AgentRecord = z.infer<typeof agentSchema>

export function toAgent({ id, name, email, deactivated, contact }: AgentRecord): Agent {
  const address = contact?.email ?? email ?? null
  return {
    vendorId: id,
    name: contact?.name || name || address || id,
    email: address,
    active: contact?.active !== false && deactivated !== true,
  }
}

/** Administrators only: with any other key this is empty. Asked every ten minutes at most. */
const agents = remembered(10 * 60_000, (ctx) =>
  whereOffered(readAll(ctx, 'agents', agentSchema, agentKind, vendorName)),
)

/** The site's statuses, from the field of that type. */
export function toStatuses(fields: readonly z.infer<typeof formFieldSchema>[]): StatusOption[] {
  const field = fields.find((each) => each.type === 'default_status' || each.name === 'status')
  return readStatusChoices(field?.choices).map(([id, label]) => ({
    ...{ id, label },
    status: readStatus(id, label, product.basicStatuses),
  }))
}

async function loadStatuses(ctx: Asker): Promise<StatusOption[]> {
  const load = async () => {
    const options = { searchParams: { type: 'default_status' }, signal: ctx.signal }
    const answer: unknown = await ctx.http.get('ticket_fields', options).json()
    return toStatuses(readRecordsOf(formFieldSchema, answer, fieldKind, vendorName).values)
  }
  const own = await whereOffered(load())
  const basic = Object.entries(product.basicStatuses)
  return own.length > 0 ? own : basic.map(([id, { label, status }]) => ({ id, label, status }))
}

/** Asked once an hour. */
const statuses = remembered(60 * 60_000, loadStatuses)

export const desk: TicketDesk = {
  product,
  labels: async (ctx) => new Map((await statuses(ctx)).map(({ id, label }) => [id, label])),
  statusNumber: async (ctx, status) => statusNumberFor(status, await statuses(ctx)),
  colleagues: async (ctx) =>
    (await agents(ctx)).map(toAgent).map(({ vendorId, name, email }) => ({ vendorId, name, email, phone: null })),
}

/** Agents, groups, statuses and products, each where the key's owner may see them; at least oneself, to take tickets over. */
export async function directory(ctx: ConnectorContext): Promise<Directory> {
  const { vendorUserId, name, email } = ctx.account.identity
  const listed = (await agents(ctx)).map(toAgent)
  const groups = await whereOffered(readAll(ctx, 'groups', namedSchema, groupKind, vendorName))
  const products = await whereOffered(readAll(ctx, 'products', namedSchema, productKind, vendorName))
  return {
    agents: listed.length > 0 ? listed : [{ vendorId: vendorUserId, name, email, active: true }],
    groups: groups.map(({ id, name }) => ({ vendorId: id, name })),
    statuses: await statuses(ctx),
    brands: products.map(({ id, name }) => ({ key: id, name })),
  }
}

/** `GET /agents/me`, the one call about agents that every key may make. */
export async function identify(ctx: Asker, siteKey: string): Promise<Identity> {
  const answer: unknown = await ctx.http.get('agents/me', { signal: ctx.signal }).json()
  const record = readOneOf(agentSchema, answer, agentKind, vendorName)
  const { vendorId, name, email } = toAgent(record)
  return { vendorUserId: vendorId, siteKey, name, email, role: record.contact?.job_title || null }
}
