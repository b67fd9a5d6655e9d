import { json, type Reply } from '../../exchange.ts'
import { type Call, list, pageOf } from './call.ts'
import { refuse } from './errors.ts'
import { zohoDeskSites } from './sites.ts'
import { iso, priorities, statusType } from './wire.ts'

/** GET /organizations: the one call without `orgId`. All portals of the login, whichever the token is for. */
export function listOrganizations(call: Call): Reply {
  const { sites } = call.bearer.user
  return list(
    zohoDeskSites
      .filter((site) => sites.includes(site.id))
      .map((site, place) => ({
        id: site.id,
        companyName: site.name,
        portalName: site.name.toLowerCase().replaceAll(' ', ''),
        portalURL: `https://${site.host}/support/${site.name.toLowerCase().replaceAll(' ', '')}`,
        isDefault: place === 0,
        edition: 'PROFESSIONAL',
      })),
  )
}

export const myInfo = (call: Call): Reply => json(200, call.wire.agent(call.staff))

export function listAgents(call: Call): Reply {
  return pageOf(
    call,
    call.store.spec.staff.map((_, place) => call.wire.agent(place)),
    { most: 200, usual: 10 },
  )
}

export function listDepartments(call: Call): Reply {
  return pageOf(
    call,
    call.store.spec.brands.map((_, place) => call.wire.department(place)),
    { most: 200, usual: 10 },
  )
}

export function listTeams(call: Call): Reply {
  const teams = call.store.spec.groups.map((group, place) => ({
    id: call.wire.teamId(place),
    name: group.name,
    departmentId: call.wire.departmentId(0),
    description: null,
    agents: group.members.map((member) => call.wire.agentId(member)),
    derivedAgents: group.members.map((member) => call.wire.agentId(member)),
    subTeams: [],
    roles: [],
    logoUrl: null,
  }))
  return json(200, { teams })
}

/** GET /organizationFields: where statuses and priorities live. */
export function listFields(call: Call): Reply {
  if (call.query.get('module') !== 'tickets') throw refuse.parameter('module')
  const field = (place: number, apiName: string, type: string, allowedValues: Record<string, unknown>[]) => ({
    id: call.wire.departmentId(700 + place),
    apiName,
    displayLabel: apiName,
    type,
    isCustomField: false,
    isMandatory: false,
    allowedValues,
  })
  const statuses = call.store.spec.statuses.map(({ label, kind }) => ({ value: label, statusType: statusType(kind) }))
  const named = Object.values(priorities).map((value) => ({ value }))
  return list([
    field(1, 'subject', 'Text', []),
    field(2, 'status', 'Picklist', statuses),
    field(3, 'priority', 'Picklist', named),
  ])
}

export function listFromAddresses(call: Call): Reply {
  const { supportEmail, name, brands } = call.store.spec
  const addresses = brands.map((_, place) => ({
    id: call.wire.departmentId(600 + place),
    address: supportEmail,
    displayName: name,
    departmentId: call.wire.departmentId(place),
    serviceProviderType: 'ZohoSMTP',
    isActive: true,
    isVerified: true,
    isDepartmentDefault: true,
    createdTime: '2024-03-01T09:00:00.000Z',
    modifiedTime: '2024-03-01T09:00:00.000Z',
  }))
  return list(addresses)
}

export function listContacts(call: Call): Reply {
  const from = Number(call.query.get('from') ?? 0)
  const limit = Math.min(99, Number(call.query.get('limit') ?? 10))
  const count = Math.max(0, Math.min(limit, call.store.customers - from))
  return list(Array.from({ length: count }, (_, place) => call.wire.contact(from + place)))
}

export function showContact(call: Call): Reply {
  const number = call.wire.contactNumber(call.params.contactId ?? '')
  if (number === undefined || number >= call.store.customers) throw refuse.notFound()
  return json(200, call.wire.contact(number))
}

/** GET /recycleBin, the newest deletion first. */
export function listRecycleBin(call: Call): Reply {
  if (call.bearer.user.role === 'light') throw refuse.forbidden()
  const { store, wire } = call
  const deleted = [...store.hidden].filter(([, how]) => how === 'deleted').map(([index]) => index)
  const records = deleted
    .sort((a, b) => store.changes.changedAt(b) - store.changes.changedAt(a))
    .map((index) => ({
      id: wire.ticketId(index),
      displayName: store.row(index).subject,
      type: 'Tickets',
      departmentId: wire.departmentId(store.row(index).brand),
      deletedById: wire.agentId(0),
      deletedTime: iso(store.changes.changedAt(index)),
    }))
  return pageOf(call, records, { most: 100, usual: 10 })
}
