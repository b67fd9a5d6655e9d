import type { Priority } from '../../content/conversations.ts'
import type { Ordered } from '../../content/paging.ts'
import { isRecord, json, type Reply } from '../../exchange.ts'
import { body, type Call, keyPage, limitOf, listPage } from './call.ts'
import { refuse } from './errors.ts'
import { setAssignee, setStage } from './threads.ts'
import { priorities } from './wire.ts'

export type Kind = 'ticket' | 'contact'

const defaults: Record<Kind, string[]> = {
  ticket: [
    'content',
    'createdate',
    'hs_lastmodifieddate',
    'hs_object_id',
    'hs_pipeline',
    'hs_pipeline_stage',
    'hs_ticket_category',
    'hs_ticket_priority',
    'subject',
  ],
  contact: ['createdate', 'email', 'firstname', 'hs_object_id', 'lastmodifieddate', 'lastname'],
}

/** One CRM object with the properties asked for; those the portal does not know are left out. */
export function record(
  call: Call,
  kind: Kind,
  place: number,
  wanted: string[],
  associations: string[] = [],
): Record<string, unknown> {
  const all = kind === 'ticket' ? call.wire.ticketProperties(place) : call.wire.contactProperties(place)
  const names = [
    ...new Set([
      ...(wanted.length > 0 ? wanted : defaults[kind]),
      'hs_object_id',
      'createdate',
      kind === 'ticket' ? 'hs_lastmodifieddate' : 'lastmodifieddate',
    ]),
  ]
  const id = all.hs_object_id ?? ''
  const contacts = kind === 'ticket' && associations.includes('contacts')
  return {
    id,
    properties: Object.fromEntries(names.flatMap((name) => (name in all ? [[name, all[name] ?? null]] : []))),
    createdAt: all.createdate,
    updatedAt: all.hs_lastmodifieddate ?? all.lastmodifieddate,
    archived: false,
    url: call.wire.url(kind, id),
    ...(contacts
      ? {
          associations: {
            contacts: {
              results: [{ id: call.wire.contactId(call.store.row(place).customer), type: 'ticket_to_contact' }],
            },
          },
        }
      : {}),
  }
}

function names(call: Call, key: string): string[] {
  return call.query
    .getAll(key)
    .flatMap((part) => part.split(','))
    .filter(Boolean)
}

function place(call: Call, kind: Kind, id: string): number | undefined {
  const found = kind === 'ticket' ? call.wire.ticketIndex(id) : call.wire.contactNumber(id)
  const known =
    kind === 'ticket'
      ? call.store.has(found) && call.wire.hasTicket(found)
      : Number.isInteger(found) && found >= 0 && found < call.store.customers
  return known ? found : undefined
}

export function contacts(call: Call): Ordered {
  return {
    size: call.store.customers,
    at: (i) => i,
    key: (i) => i,
    since: (key) => Math.max(0, Math.min(key, call.store.customers)),
  }
}

export function listObjects(call: Call, kind: Kind): Reply {
  if (call.query.get('archived') === 'true') return json(200, { results: [] })
  const order = kind === 'ticket' ? call.store.creations : contacts(call)
  const keep = kind === 'ticket' ? { keep: call.wire.hasTicket } : {}
  const { indexes, next } = keyPage(call, order, { limit: limitOf(call, 100, 10), ...keep })
  const results = indexes.map((index) =>
    record(call, kind, index, names(call, 'properties'), names(call, 'associations')),
  )
  return json(200, { results, ...next })
}

export function showObject(call: Call, kind: Kind): Reply {
  const id = call.params.id ?? ''
  const byEmail = kind === 'contact' && call.query.get('idProperty') === 'email'
  const found = byEmail ? call.store.customerByEmail(id)?.number : place(call, kind, id)
  if (found === undefined) throw refuse.notFound(kind)
  return json(200, record(call, kind, found, names(call, 'properties'), names(call, 'associations')))
}

export function readObjects(call: Call, kind: Kind): Reply {
  const wish = body(call)
  const inputs = Array.isArray(wish.inputs) ? wish.inputs : undefined
  if (!inputs || inputs.length > 100) throw refuse.invalid('inputs must be a list of at most 100')
  const wanted = Array.isArray(wish.properties) ? wish.properties.map(String) : []
  const results = inputs.flatMap((input) => {
    const found = place(call, kind, isRecord(input) ? String(input.id) : '')
    return found === undefined ? [] : [record(call, kind, found, wanted)]
  })
  const failed = inputs.length - results.length
  const now = new Date().toISOString()
  const errors =
    failed > 0
      ? { numErrors: failed, errors: [{ message: 'Could not get some objects', category: 'OBJECT_NOT_FOUND' }] }
      : {}
  return json(failed > 0 ? 207 : 200, { status: 'COMPLETE', results, startedAt: now, completedAt: now, ...errors })
}

/** POST /crm/v3/objects/tickets: a ticket of the portal's first contact, without a thread. */
export function createTicket(call: Call): Reply {
  const { properties } = body(call)
  if (!isRecord(properties)) throw refuse.invalid('Invalid input JSON: some required fields were not set: [properties]')
  checkProperties(call, properties)
  const index = call.store.open(String(properties.subject ?? ''), String(properties.content ?? ''))
  call.wire.madeByHand.add(index)
  for (const [name, value] of Object.entries(properties)) applyProperty(call, index, name, value)
  return json(201, record(call, 'ticket', index, []))
}

export function patchTicket(call: Call): Reply {
  const index = place(call, 'ticket', call.params.id ?? '')
  if (index === undefined) throw refuse.notFound('ticket')
  const { properties } = body(call)
  if (!isRecord(properties)) throw refuse.invalid('Invalid input JSON: some required fields were not set: [properties]')
  checkProperties(call, properties)
  for (const [name, value] of Object.entries(properties)) applyProperty(call, index, name, value)
  return json(200, record(call, 'ticket', index, Object.keys(properties)))
}

/** @throws Refusal 400 naming the property, before anything is changed */
function checkProperties(call: Call, properties: Record<string, unknown>): void {
  const allowed: Record<string, (value: string) => boolean> = {
    subject: () => true,
    content: () => true,
    hs_pipeline: () => true,
    hs_pipeline_stage: (value) => call.store.spec.statuses.some((status) => status.id === value),
    hs_ticket_priority: (value) => value === '' || Object.values<string>(priorities).includes(value),
    hubspot_owner_id: (value) => value === '' || call.store.spec.staff[call.wire.ownerPlace(value)] !== undefined,
  }
  for (const [name, value] of Object.entries(properties)) {
    const text = value === null ? '' : String(value)
    const check = allowed[name]
    if (check?.(text)) continue
    const message = check ? `${text} was not one of the allowed options` : `Property "${name}" does not exist`
    const code = check ? 'INVALID_OPTION' : 'PROPERTY_DOESNT_EXIST'
    throw refuse.invalid(`Property values were not valid: ${message}`, [
      { message, code, context: { propertyName: [name] } },
    ])
  }
}

function applyProperty(call: Call, index: number, name: string, value: unknown): void {
  const text = value === null ? '' : String(value)
  if (name === 'hs_pipeline_stage') setStage(call, index, text)
  if (name === 'hubspot_owner_id') setAssignee(call, index, text === '' ? null : call.wire.ownerPlace(text))
  if (name === 'subject') call.store.change(index, { subject: text })
  if (name === 'hs_ticket_priority') {
    const entry = Object.entries(priorities).find(([, wire]) => wire === text)
    call.store.change(index, { priority: entry ? (entry[0] as Priority) : null })
  }
}

export function listOwners(call: Call): Reply {
  const email = call.query.get('email')
  const all = call.store.spec.staff.map((_, at) => call.wire.owner(at))
  const found = all.filter((owner) => email === null || owner.email === email)
  const { items, next } = listPage(call, call.query.get('archived') === 'true' ? [] : found, limitOf(call, 500, 100))
  return json(200, { results: items, ...next })
}
