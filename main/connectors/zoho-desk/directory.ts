import type { ConnectorContext } from '../connector.ts'
import type { Directory, StatusOption } from '../model.ts'
import { remembered } from '../remember.ts'
import { whereOffered } from '../where-allowed.ts'
import { deskOf, type PortalContext } from './desk.ts'
import {
  agentKind,
  departmentKind,
  departmentsPart,
  fieldKind,
  teamKind,
  toAgent,
  toGroups,
  toStatuses,
} from './directory-map.ts'
import { basicStatuses, readStatus } from './map.ts'
import { type Kind, readPayload } from './payload.ts'

const mostPages = 40

/**
 * A whole small list. Whether `from` begins at 0 or 1 differs between calls and texts of the vendor, so pages overlap by one record and
 * what comes twice is counted once.
 */
async function readAll<T extends { id: string }>(
  ctx: PortalContext,
  path: string,
  kind: Kind<T>,
  { limit = 200, envelope = 'data' } = {},
): Promise<T[]> {
  const found = new Map<string, T>()
  for (let page = 0; page < mostPages; page += 1) {
    const before = found.size
    const { body } = await deskOf(ctx).get(path, { from: page * (limit - 1), limit })
    const { values, quarantined } = readPayload(kind, body, envelope)
    for (const value of values) found.set(value.id, value)
    if (values.length + quarantined.length < limit || found.size === before) break
  }
  return [...found.values()]
}

/** Everybody who works for the portal, also those who left. Asked every ten minutes at most. */
export const agents = remembered(10 * 60_000, (ctx: PortalContext) => whereOffered(readAll(ctx, 'agents', agentKind)))

/** Fields of the ticket form: where the portal's own statuses and priorities are. */
export const ticketFields = remembered(60 * 60_000, (ctx: PortalContext) => whereOffered(loadFields(ctx)))

async function loadFields(ctx: PortalContext) {
  const { body } = await deskOf(ctx).get('organizationFields', { module: 'tickets' })
  return readPayload(fieldKind, body).values
}

/** The statuses of the portal; the four every portal begins with where its own may not be read. */
export async function statuses(ctx: PortalContext & Pick<ConnectorContext, 'now'>): Promise<StatusOption[]> {
  const own = toStatuses(await ticketFields(ctx))
  if (own.length > 0) return own
  return basicStatuses.map((name) => ({ id: name, label: name, status: readStatus(name, null) }))
}

/** Names of agents by their Zoho user id, for mentions. */
export async function namesOfUsers(ctx: ConnectorContext): Promise<Map<string, string>> {
  const known = await agents(ctx)
  return new Map(known.flatMap((agent) => (agent.zuid ? [[agent.zuid, toAgent(agent).name]] : [])))
}

export async function directory(ctx: ConnectorContext): Promise<Directory> {
  const departments = departmentsPart(await whereOffered(readAll(ctx, 'departments', departmentKind)))
  const teams = await whereOffered(readAll(ctx, 'teams', teamKind, { envelope: 'teams' }))
  return {
    agents: (await agents(ctx)).map(toAgent),
    groups: [...toGroups(teams), ...departments.groups],
    statuses: await statuses(ctx),
    brands: departments.brands,
  }
}
