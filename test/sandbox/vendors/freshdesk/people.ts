import { json, type Reply } from '../../exchange.ts'
import { linkHeader } from '../freshservice/call.ts'
import { refuse } from '../freshservice/errors.ts'
import { administratorsOnly, type Call, readPage } from './call.ts'

function paged(call: Call, all: Record<string, unknown>[], known: string[] = []): Reply {
  const page = readPage(call, known)
  const start = (page.page - 1) * page.perPage
  return json(200, all.slice(start, start + page.perPage), linkHeader(call, page, start + page.perPage < all.length))
}

export const me = (call: Call): Reply => json(200, call.wire.agent(call.staff))

export function listAgents(call: Call): Reply {
  administratorsOnly(call)
  const agents = call.store.spec.staff.map((_, place) => call.wire.agent(place))
  return paged(call, agents, ['state', 'email'])
}

export function listGroups(call: Call): Reply {
  administratorsOnly(call)
  return paged(
    call,
    call.store.spec.groups.map((_, place) => call.wire.group(place)),
  )
}

export function listProducts(call: Call): Reply {
  return paged(
    call,
    call.store.spec.brands.map((_, place) => call.wire.product(place)),
  )
}

/** GET /contacts: by e-mail address, or all. */
export function listContacts(call: Call): Reply {
  const page = readPage(call, ['email', 'state'])
  const email = call.query.get('email')
  if (email !== null) {
    const found = call.store.customerByEmail(email)
    return json(200, found ? [call.wire.contact(found.number)] : [])
  }
  const start = (page.page - 1) * page.perPage
  const end = Math.min(start + page.perPage, call.store.customers)
  const contacts = Array.from({ length: Math.max(0, end - start) }, (_, i) => call.wire.contact(start + i))
  return json(200, contacts, linkHeader(call, page, end < call.store.customers))
}

export function showContact(call: Call): Reply {
  const number = call.wire.contactNumber(Number(call.params.id))
  if (!(Number.isInteger(number) && number >= 0 && number < call.store.customers)) throw refuse.notFound()
  return json(200, call.wire.contact(number))
}

/** GET /ticket_fields: choices of the status are a map of pairs, those of the priority a map the other way round. */
export function listFields(call: Call): Reply {
  readPage(call, ['type'])
  const type = call.query.get('type')
  const field = (id: number, name: string, label: string, kind: string, choices: object) => ({
    ...{ id, name, label, description: label, position: id, required_for_closure: false, required_for_agents: true },
    ...{ type: kind, default: true, customers_can_edit: false, label_for_customers: label, choices },
    ...{ created_at: '2024-03-01T09:00:00Z', updated_at: '2024-03-01T09:00:00Z' },
  })
  const statuses = call.store.spec.statuses.map(({ id, label }) => [id, [label, `${label} (customer)`]] as const)
  const fields = [
    field(1, 'subject', 'Subject', 'default_subject', []),
    field(2, 'status', 'Status', 'default_status', Object.fromEntries(statuses)),
    field(3, 'priority', 'Priority', 'default_priority', { Low: 1, Medium: 2, High: 3, Urgent: 4 }),
  ]
  return json(
    200,
    fields.filter((each) => type === null || each.type === type),
  )
}
