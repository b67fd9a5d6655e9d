import { expect, test } from 'vitest'
import { sandboxBench } from './api.ts'
import { vendorData } from './described.ts'

type Shape = Map<string, Set<string>>

function kindOf(value: unknown): string {
  return value === null ? 'null' : Array.isArray(value) ? 'array' : typeof value
}

/** Fields of all records, each with the kinds of value seen in it. */
function shapeOf(records: Record<string, unknown>[]): Shape {
  const shape: Shape = new Map()
  for (const record of records) {
    for (const [name, value] of Object.entries(record))
      shape.set(name, (shape.get(name) ?? new Set()).add(kindOf(value)))
  }
  return shape
}

/** Fields we send that real payloads lack, and fields whose kind never occurs in them (null says nothing of the kind). */
function differences(ours: Shape, real: Shape): string[] {
  return [...ours].flatMap(([name, kinds]) => {
    const known = real.get(name)
    if (!known) return [`${name} is not in the sample`]
    const real_kinds = [...known].filter((kind) => kind !== 'null')
    const odd = [...kinds].filter((kind) => kind !== 'null' && real_kinds.length > 0 && !real_kinds.includes(kind))
    return odd.map((kind) => `${name} is ${kind}, in the sample ${real_kinds.join(' or ')}`)
  })
}

/** Real fields that we never send. */
function missing(ours: Shape, real: Shape): string[] {
  return [...real.keys()].filter((name) => !ours.has(name))
}

function records(file: string, key: string): Record<string, unknown>[] | undefined {
  const text = vendorData(`samples/${file}`)
  if (!text) return undefined
  const value = JSON.parse(text)
  return (Array.isArray(value) ? value : [value]).flatMap((part) =>
    Array.isArray(part[key]) ? part[key] : [part[key]],
  )
}

const bench = sandboxBench({ perShare: 100 })
const fresh = 'https://acme-it.freshservice.com/api/v2'
const zen = 'https://acme.zendesk.com/api/v2'
const hub = 'https://api.hubapi.com'

/** [sample, key in it, our call, key in the answer, real fields we knowingly leave out] */
const comparisons: [string, string, string, string, string[]][] = [
  [
    'freshservice/list_tickets.json',
    'tickets',
    `${fresh}/tickets?updated_since=2000-01-01T00:00:00Z&per_page=100`,
    'tickets',
    [],
  ],
  [
    'freshservice/list_ticket_conversations.json',
    'conversations',
    `${fresh}/tickets/45/conversations`,
    'conversations',
    [],
  ],
  ['freshservice/list_agents.json', 'agents', `${fresh}/agents`, 'agents', []],
  ['freshservice/list_groups.json', 'groups', `${fresh}/groups`, 'groups', []],
  ['zendesk/list_tickets.json', 'tickets', `${zen}/tickets?page[size]=100`, 'tickets', []],
  ['zendesk/ticket_comments.json', 'comments', `${zen}/tickets/45/comments`, 'comments', []],
  ['zendesk/list_users.json', 'users', `${zen}/users?page[size]=30`, 'users', []],
  ['zendesk/list_groups.json', 'groups', `${zen}/groups`, 'groups', []],
  [
    'hubspot/conversation_threads.json',
    'results',
    `${hub}/conversations/v3/conversations/threads?limit=100&association=TICKET`,
    'results',
    [],
  ],
  ['hubspot/list_tickets.json', 'results', `${hub}/crm/v3/objects/tickets?limit=50`, 'results', []],
  ['hubspot/list_contacts.json', 'results', `${hub}/crm/v3/objects/contacts?limit=50`, 'results', []],
]

test.each(comparisons)('fields fit the real payload %s', async (file, key, url, ourKey, leftOut) => {
  const real = records(file, key)
  if (!real) return
  const api = url.startsWith(fresh)
    ? await bench.api('acme-it.freshservice.com', 'ada.okafor@acme.example')
    : url.startsWith(zen)
      ? await bench.api('acme.zendesk.com', 'ada.okafor@acme.example')
      : await bench.api('62515001', 'ines.fournier@lumen.example')
  const ours = (await api.get(url)).body[ourKey]
  expect(ours.length).toBeGreaterThan(0)
  expect(differences(shapeOf(ours), shapeOf(real))).toEqual([])
  expect(missing(shapeOf(ours), shapeOf(real)).filter((name) => !leftOut.includes(name))).toEqual([])
})
