import { json, type Reply } from '../../exchange.ts'
import { type Call, linkHeader, readPage } from './call.ts'
import { refuse } from './errors.ts'

function paged(call: Call, key: string, all: Record<string, unknown>[], known: string[]): Reply {
  const page = readPage(call, known)
  const start = (page.page - 1) * page.perPage
  return json(
    200,
    { [key]: all.slice(start, start + page.perPage) },
    linkHeader(call, page, start + page.perPage < all.length),
  )
}

export function me(call: Call): Reply {
  return json(200, { agent: call.wire.agent(call.staff) })
}

export function listAgents(call: Call): Reply {
  if (call.bearer.user.role === 'light') throw refuse.denied()
  const email = call.query.get('email')
  const all = call.store.spec.staff.map((_, place) => call.wire.agent(place))
  const agents = all.filter((agent) => email === null || agent.email === email)
  return paged(call, 'agents', agents, ['state', 'active', 'query', 'email'])
}

export function showAgent(call: Call): Reply {
  const place = call.wire.agentPlace(Number(call.params.id))
  if (!call.store.spec.staff[place]) throw refuse.notFound()
  return json(200, { agent: call.wire.agent(place) })
}

export function listGroups(call: Call): Reply {
  return paged(
    call,
    'groups',
    call.store.spec.groups.map((_, place) => call.wire.group(place)),
    [],
  )
}

export function listRequesters(call: Call): Reply {
  const page = readPage(call, ['email', 'query'])
  const email = call.query.get('email')
  if (email !== null) {
    const found = call.store.customerByEmail(email)
    return json(200, { requesters: found ? [call.wire.requester(found.number)] : [] })
  }
  const start = (page.page - 1) * page.perPage
  const end = Math.min(start + page.perPage, call.store.customers)
  const requesters = Array.from({ length: Math.max(0, end - start) }, (_, i) => call.wire.requester(start + i))
  return json(200, { requesters }, linkHeader(call, page, end < call.store.customers))
}

export function showRequester(call: Call): Reply {
  const number = call.wire.requesterNumber(Number(call.params.id))
  if (!(Number.isInteger(number) && number >= 0 && number < call.store.customers)) throw refuse.notFound()
  return json(200, { requester: call.wire.requester(number) })
}

/** GET /ticket_form_fields: where the labels of statuses and priorities come from. */
export function listFormFields(call: Call): Reply {
  const field = (id: number, name: string, label: string, type: string, choices: { id: number; value: string }[]) => ({
    id,
    workspace_id: 2,
    name,
    label,
    description: '',
    field_type: type,
    required: true,
    default_field: true,
    choices,
    created_at: '2024-03-01T09:00:00Z',
    updated_at: '2024-03-01T09:00:00Z',
  })
  const statuses = call.store.spec.statuses.map((status) => ({ id: Number(status.id), value: status.label }))
  const priorities = ['Low', 'Medium', 'High', 'Urgent'].map((value, i) => ({ id: i + 1, value }))
  return json(200, {
    ticket_fields: [
      field(1, 'subject', 'Subject', 'default_subject', []),
      field(2, 'status', 'Status', 'default_status', statuses),
      field(3, 'priority', 'Priority', 'default_priority', priorities),
    ],
  })
}

export function listWorkspaces(call: Call): Reply {
  const workspaces = call.store.spec.brands.map((name, place) => ({
    ...{ id: call.wire.workspaceId(place), name, description: '', primary: place === 0, restricted: false },
    ...{ state: 'active', created_at: '2024-03-01T09:00:00Z', updated_at: '2024-03-01T09:00:00Z' },
  }))
  return json(200, { workspaces })
}
