import { isRecord, json, jsonBody, type Reply } from '../../exchange.ts'
import { type Call, cut, includes } from './call.ts'
import { refuse } from './errors.ts'

/** Saved views by place. There is no "Won Deals" here: names must not be relied on. */
const dealViews = ['My Deals', 'All Deals', 'Open Deals']
const contactViews = ['All Contacts', 'Waiting for us']

function filters(call: Call, names: string[], model: string, from: number): Reply {
  const shown = names.map((name, place) => ({
    id: call.wire.viewId(from + place),
    name,
    model_class_name: model,
    user_id: call.wire.ownerId(0),
    is_default: name.startsWith('All '),
    updated_at: '2026-01-10T08:00:00Z',
    user_name: 'System',
    current_user_permissions: ['clone'],
  }))
  return json(200, { filters: shown })
}
export const dealFilters = (call: Call): Reply => filters(call, dealViews, 'Deal', 0)
export const contactFilters = (call: Call): Reply => filters(call, contactViews, 'Contact', 20)

function viewName(call: Call, names: string[], from: number): string {
  const place = names.findIndex((_, at) => call.wire.viewId(from + at) === Number(call.params.view))
  const name = names[place]
  if (name === undefined) throw refuse.notFound()
  return name
}

/** All conversations, the newest change first; hidden ones are in no list. */
function newestFirst(call: Call): number[] {
  const { changes, hidden } = call.store
  const all = Array.from({ length: changes.size }, (_, place) => changes.at(changes.size - 1 - place) ?? -1)
  return all.filter((index) => index >= 0 && !hidden.has(index))
}

const isClosed = (call: Call, index: number) =>
  ['solved', 'closed'].includes(call.store.status(call.store.row(index).status).kind)

/** Related records beside the list, each once. */
export function beside(call: Call, indexes: readonly number[], wanted: readonly string[]): Record<string, unknown> {
  const rows = indexes.map((index) => call.store.row(index))
  const customers = [...new Set(rows.map((row) => row.customer))]
  const owners = [...new Set(rows.flatMap((row) => row.assignee ?? []))]
  const companies = customers.filter((number) => call.store.customer(number).company !== null)
  return {
    ...(wanted.includes('owner') ? { users: owners.map((place) => call.wire.user(place)) } : {}),
    ...(wanted.includes('contacts') || wanted.includes('targetable')
      ? { contacts: customers.map((number) => call.wire.contact(number)) }
      : {}),
    ...(wanted.includes('sales_account')
      ? { sales_accounts: companies.map((number) => call.wire.account(number)) }
      : {}),
  }
}

/** GET /deals/view/{id}: the default pipeline only, as every system view. */
export function dealView(call: Call): Reply {
  const name = viewName(call, dealViews, 0)
  const wanted = includes(call)
  const all = newestFirst(call).filter((index) => {
    if (call.wire.isTask(index) || call.wire.pipeline(index) !== 1) return false
    if (name === 'My Deals') return call.store.row(index).assignee === call.staff
    return name === 'All Deals' || !isClosed(call, index)
  })
  if (call.query.get('sort') !== 'updated_at' || call.query.get('sort_type') !== 'desc') all.sort((a, b) => a - b)
  const { items, meta } = cut(call, all)
  const deals = items.map((index) => ({ ...call.wire.deal(index), ...call.wire.dealLinks(index, wanted) }))
  return json(200, { ...beside(call, items, wanted), deals, meta })
}

/** GET /contacts/view/{id}. "Waiting for us": people who were the last to write in something open. */
export function contactView(call: Call): Reply {
  const name = viewName(call, contactViews, 20)
  const all = Array.from({ length: call.store.customers }, (_, number) => number)
  const kept = name === 'All Contacts' ? all : all.filter((number) => waits(call, number))
  const sorted = kept.sort((a, b) => call.wire.contactUpdatedAt(b) - call.wire.contactUpdatedAt(a))
  const { items, meta } = cut(call, sorted)
  return json(200, { contacts: items.map((number) => call.wire.contact(number)), meta })
}

function waits(call: Call, number: number): boolean {
  const newest = call.store
    .byCustomer(number)
    .sort((a, b) => call.store.changes.changedAt(b) - call.store.changes.changedAt(a))[0]
  if (newest === undefined || isClosed(call, newest)) return false
  return call.store.entries(newest).at(-1)?.author.kind === 'customer'
}

/** GET /tasks?filter=open: no number of pages here, only a total. */
export function taskList(call: Call): Reply {
  if (call.query.get('filter') !== 'open') throw refuse.invalid('filter is not valid')
  const wanted = includes(call)
  const all = newestFirst(call)
    .filter((index) => call.wire.isOpenTask(index))
    .sort((a, b) => a - b)
  const { items, meta } = cut(call, all)
  const tasks = items.map((index) => ({
    ...call.wire.task(index),
    ...(wanted.includes('targetable') ? call.wire.target(index) : {}),
  }))
  return json(200, { ...beside(call, items, wanted), tasks, meta: { total: meta.total } })
}

/** POST /filtered_search/deal: understands the pipeline only, and tells thin records. */
export function searchDeals(call: Call): Reply {
  const rules = jsonBody(call.exchange)?.filter_rule
  const [rule] = Array.isArray(rules) ? rules : []
  if (
    !isRecord(rule) ||
    rule.attribute !== 'deal_pipeline_id' ||
    rule.operator !== 'is_in' ||
    !Array.isArray(rule.value)
  )
    throw refuse.invalid('filter_rule is not valid')
  const pipelines = rule.value.map(Number)
  const found = newestFirst(call).filter(
    (index) => !call.wire.isTask(index) && pipelines.includes(call.wire.pipelineId(call.wire.pipeline(index))),
  )
  const { items, meta } = cut(call, found)
  const deals = items.map((index) => {
    const { id, name, amount, created_at, updated_at, deal_stage_id, deal_pipeline_id } = call.wire.deal(index)
    return { id, name, amount, created_at, updated_at, deal_stage_id, deal_pipeline_id }
  })
  return json(200, { deals, meta: { total: meta.total } })
}

export const owners = (call: Call): Reply =>
  json(200, { users: call.store.spec.staff.map((_, place) => call.wire.user(place)) })

const forecasts: Record<string, string> = { solved: 'Closed Won', closed: 'Closed Lost' }

export function pipelines(call: Call): Reply {
  const stages = (place: 1 | 2) =>
    call.store.spec.statuses
      .filter((status) => Number(status.id) % 1000 > 200 === (place === 2))
      .map((status, at) => ({
        id: Number(status.id),
        name: status.label,
        position: at + 1,
        forecast_type: forecasts[status.kind] ?? 'Open',
        probability: 50,
      }))
  return json(200, {
    deal_pipelines: [
      { id: call.wire.pipelineId(1), name: 'New Business', deal_stages: stages(1) },
      { id: call.wire.pipelineId(2), name: 'Renewals', deal_stages: stages(2) },
    ],
  })
}
