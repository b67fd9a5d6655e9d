import { json, type Reply } from '../../exchange.ts'
import { type Call, paged } from './call.ts'
import { refuse } from './errors.ts'

export function account(call: Call): Reply {
  return json(200, {
    account_id: call.store.spec.id,
    app_id: '54e8875f',
    organisation_domain: call.store.spec.authorityHost,
  })
}

function time(call: Call, name: string, otherwise: number): number {
  const text = call.query.get(name)
  if (text === null) return otherwise
  const ms = Date.parse(text)
  if (Number.isNaN(ms)) throw refuse.invalid(`${name} is not a date-time`)
  return ms
}

/** GET /users: customers by when they were updated; the order is not documented, here it is that of the id. */
export function listUsers(call: Call): Reply {
  const from = time(call, 'updated_from', 0)
  const to = time(call, 'updated_to', Number.MAX_SAFE_INTEGER)
  const email = call.query.get('email')
  const found = Array.from({ length: call.store.customers }, (_, number) => ({
    number,
    at: call.wire.userUpdatedAt(number),
  })).filter(({ at, number }) => {
    if (email !== null && call.store.customer(number).email !== email) return false
    return at >= from && at <= to
  })
  return paged(call, 'users', found, ({ number, at }) => call.wire.user(number, at))
}

function userNumber(call: Call): number {
  const number = call.wire.numberOf(call.params.id ?? '', 'a')
  if (number === undefined || number >= call.store.customers) throw refuse.notFound('user')
  return number
}

export function showUser(call: Call): Reply {
  const number = userNumber(call)
  return json(200, call.wire.user(number, call.wire.userUpdatedAt(number)))
}

/** Ids only, and no pages. */
export function conversationsOfUser(call: Call): Reply {
  const indexes = call.store.byCustomer(userNumber(call)).filter((index) => !call.store.hidden.has(index))
  return json(200, { conversations: indexes.map((index) => ({ id: call.wire.conversationId(index) })) })
}

export const listAgents = (call: Call): Reply =>
  paged(call, 'agents', [...call.store.spec.staff.keys()], (place) => call.wire.agent(place))

export const listGroups = (call: Call): Reply =>
  paged(call, 'groups', [...call.store.spec.groups.keys()], (place) => call.wire.group(place))

export const listChannels = (call: Call): Reply =>
  paged(call, 'channels', [...call.store.spec.brands.keys()], (place) => call.wire.channel(place))

export function showAgent(call: Call): Reply {
  const place = call.wire.numberOf(call.params.id ?? '', 'e')
  if (place === undefined || !call.store.spec.staff[place]) throw refuse.notFound('agent')
  return json(200, call.wire.agent(place))
}
