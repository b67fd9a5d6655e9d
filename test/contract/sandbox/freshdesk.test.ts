import { describe, expect, test } from 'vitest'
import { type Answer, answerOf, sandboxBench } from './api.ts'
import { vendorData } from './described.ts'

const site = 'pinewood.freshdesk.com'
const root = `https://${site}/api/v2`
const long = '2000-01-01T00:00:00Z'
const bench = sandboxBench({ perShare: 1500 })
const keys = { rita: 'r1tAv4LeSandboxK3y00', omar: 'oM4rD1azSandboxK3y01', bea: 'b3aQu1llSandboxK3y03' }

async function call(
  method: string,
  path: string,
  who: keyof typeof keys | null = 'omar',
  body?: unknown,
): Promise<Answer> {
  const authorization = who === null ? {} : { authorization: `Basic ${btoa(`${keys[who]}:X`)}` }
  const content = body === undefined ? {} : { body: JSON.stringify(body) }
  const headers = { ...authorization, 'content-type': 'application/json' }
  return answerOf(
    await bench.fetch(path.startsWith('http') ? path : `${root}/${path}`, { method, headers, ...content }),
  )
}
const get = (path: string, who?: keyof typeof keys | null) => call('GET', path, who)

interface Ticket {
  id: number
  created_at: string
  updated_at: string
}

async function pages(start: string): Promise<Ticket[]> {
  const tickets: Ticket[] = []
  for (let url: string | undefined = start; url; ) {
    const answer: Answer = await get(url)
    expect(answer.status).toBe(200)
    tickets.push(...answer.body)
    url = /<([^>]+)>;rel="next"/.exec(answer.headers.get('link') ?? '')?.[1]
  }
  return tickets
}

describe('keys', () => {
  test('a key speaks for its owner at its own site, whatever the password is', async () => {
    expect((await get('agents/me', 'rita')).body.contact).toMatchObject({ name: 'Rita Vale' })
    for (const who of [null, 'bea'] as const)
      expect(await get('agents/me', who)).toMatchObject({ status: 401, body: { code: 'invalid_credentials' } })
    const basic = `Basic ${btoa(`${keys.rita}:anything`)}`
    expect((await bench.fetch(`${root}/agents/me`, { headers: { authorization: basic } })).status).toBe(200)
    expect((await bench.fetch(`${root}/agents/me`, { headers: { authorization: `Bearer ${keys.rita}` } })).status).toBe(
      401,
    )
  })

  test('agents and groups are for administrators, products and fields for everybody', async () => {
    for (const path of ['agents', 'groups']) {
      expect(await get(path, 'rita')).toMatchObject({ status: 403, body: { code: 'access_denied' } })
      expect((await get(path, 'omar')).body.length).toBeGreaterThan(1)
    }
    expect((await get('products', 'rita')).body.map(({ name }: { name: string }) => name)).toHaveLength(2)
    const [status, ...none] = (await get('ticket_fields?type=default_status', 'rita')).body
    expect([status.choices['9'], none]).toEqual([['Waiting for spare part', 'Waiting for spare part (customer)'], []])
  })

  test('are known as secrets', async () => {
    const secrets = (await bench.sandbox.control.secrets()).map(({ value }) => value)
    expect(secrets).toEqual(expect.arrayContaining(Object.values(keys)))
  })
})

describe('lists', () => {
  test.each(['asc', 'desc'])('by change, %s, every ticket is told once', async (type) => {
    const tickets = await pages(
      `${root}/tickets?updated_since=${long}&order_by=updated_at&order_type=${type}&per_page=100`,
    )
    expect(new Set(tickets.map(({ id }) => id)).size).toBe(tickets.length)
    expect(tickets.length).toBe(bench.sandbox.directory.sites.find(({ id }) => id === site)?.conversations)
    const times = tickets.map(({ updated_at }) => updated_at)
    expect(times).toEqual(type === 'asc' ? [...times].sort() : [...times].sort().reverse())
  })

  test('by creation unless told otherwise, and only of the last 30 days without updated_since', async () => {
    const tickets = await pages(`${root}/tickets?per_page=100`)
    const created = tickets.map(({ created_at }) => created_at)
    expect(created).toEqual([...created].sort().reverse())
    expect(Math.min(...created.map((at) => Date.parse(at)))).toBeGreaterThan(Date.now() - 31 * 86_400_000)
    const everything = await pages(`${root}/tickets?updated_since=${long}&per_page=100`)
    expect(everything.length).toBeGreaterThan(tickets.length)
  })

  test('updated_since takes the very moment in, and what was touched comes last', async () => {
    const query = 'order_by=updated_at&order_type=asc&per_page=100'
    const all = await pages(`${root}/tickets?updated_since=${long}&${query}`)
    const since = all.at(-40)?.updated_at ?? ''
    expect((await pages(`${root}/tickets?updated_since=${since}&${query}`)).map(({ id }) => id)).toEqual(
      all.slice(-40).map(({ id }) => id),
    )
    await bench.sandbox.control.customerWrites(site, '5', 'still broken')
    expect((await pages(`${root}/tickets?updated_since=${since}&${query}`)).at(-1)?.id).toBe(5)
  })

  test('includes add people, text and times of answers, and cost two credits each', async () => {
    const plain = await get('tickets?per_page=2')
    expect(plain.body[0]).not.toHaveProperty('description')
    expect(plain.headers.get('x-ratelimit-used-currentrequest')).toBe('1')
    const { body, headers } = await get('tickets?per_page=2&include=requester,stats,description')
    expect(body[0]).toMatchObject({
      requester: { email: expect.any(String) },
      stats: {},
      description: expect.any(String),
    })
    expect(headers.get('x-ratelimit-used-currentrequest')).toBe('7')
    expect((await get('tickets?include=tags')).body.errors[0]).toMatchObject({
      field: 'include',
      code: 'invalid_value',
    })
  })

  test('end at page 300, and refuse what they do not know', async () => {
    expect((await get(`tickets?page=300&updated_since=${long}`)).body).toEqual([])
    for (const [query, field] of [
      ['page=301', 'page'],
      ['per_page=101', 'per_page'],
      ['order_by=subject', 'order_by'],
      ['workspace_id=0', 'workspace_id'],
      ['updated_since=soon', 'updated_since'],
      ['filter=none', 'filter'],
    ])
      expect((await get(`tickets?${query}`)).body).toMatchObject({
        description: 'Validation failed',
        errors: [{ field }],
      })
  })

  test('leave out what was deleted or is spam, which have lists of their own', async () => {
    const ids = async (query: string) =>
      (await pages(`${root}/tickets?updated_since=${long}&${query}`)).map(({ id }) => id)
    await bench.sandbox.control.hide(site, '8', 'deleted')
    await bench.sandbox.control.hide(site, '9', 'spam')
    expect(await ids('per_page=100')).not.toEqual(expect.arrayContaining([8]))
    expect([await ids('filter=deleted'), await ids('filter=spam')]).toEqual([[8], [9]])
    const later = new Date(Date.now() + 60_000).toISOString()
    expect((await get(`tickets?filter=deleted&updated_since=${later}`)).body).toEqual([])
    expect((await call('PUT', 'tickets/8', 'omar', { priority: 2 })).status).toBe(405)
    await bench.sandbox.control.hide(site, '8', null)
    expect(await ids('per_page=100')).toEqual(expect.arrayContaining([8]))
  })

  test('too many calls are refused for a while', async () => {
    await bench.sandbox.control.setRateLimit(site, 'freshdesk.lists', { max: 1, windowMs: 60_000 })
    expect((await get('tickets?per_page=1')).status).toBe(200)
    const refused = await get('tickets?per_page=1')
    expect([refused.status, Number(refused.headers.get('retry-after')) > 0]).toEqual([429, true])
    expect((await get('agents/me')).status).toBe(200)
    await bench.sandbox.control.setRateLimit(site, 'freshdesk.lists', null)
  })
})

describe('tickets', () => {
  test('one ticket, its first ten entries, and all of them', async () => {
    for (let at = 0; at < 12; at += 1) await bench.sandbox.control.customerWrites(site, '20', `Message ${at}`)
    const { body } = await get('tickets/20?include=conversations,requester')
    expect(body).toMatchObject({ id: 20, description_text: expect.any(String), tags: expect.any(Array) })
    expect(body.conversations).toHaveLength(10)
    const all = (await get('tickets/20/conversations?per_page=100')).body
    expect(all.at(-1).body_text).toBe('Message 11')
    expect(all.length).toBeGreaterThanOrEqual(12)
    expect((await get('tickets/0')).status).toBe(404)
  })

  test('replies in HTML or in pieces, and notes that are private unless they say otherwise', async () => {
    const { control } = bench.sandbox
    const reply = await call('POST', 'tickets/30/reply', 'rita', { body: '<p>Hello</p>' })
    expect(reply).toMatchObject({ status: 201, body: { body_text: 'Hello', replied_to: [expect.any(String)] } })
    expect(reply.body).not.toHaveProperty('private')
    const pieces = { structured_body: { body_contents: [{ type: 'text', data: { content: 'Hi <you>' } }] } }
    expect((await call('POST', 'tickets/30/reply', 'rita', pieces)).body.body_text).toBe('Hi <you>')
    expect((await call('POST', 'tickets/30/notes', 'rita', { body: 'x' })).body).toMatchObject({
      private: true,
      source: 2,
    })
    expect((await call('POST', 'tickets/30/notes', 'rita', { body: 'x', private: false })).body.private).toBe(false)
    expect((await control.received(site, '30')).map(({ kind }) => kind)).toEqual(['reply', 'reply', 'note', 'reply'])
    for (const [body, field] of [
      [{}, 'body'],
      [{ body: 'x', subject: 'y' }, 'subject'],
      [{ body: 'x', from_email: 'me@private.example' }, 'from_email'],
    ] as const)
      expect((await call('POST', 'tickets/30/reply', 'rita', body)).body.errors[0].field).toBe(field)
    expect(await control.received(site, '30')).toHaveLength(4)
  })

  test('a change answers with the whole ticket, and what does not exist is refused', async () => {
    const change = { status: 9, priority: 4, responder_id: null, tags: ['a', 'a', 'b'] }
    const { body } = await call('PUT', 'tickets/40', 'omar', change)
    expect(body).toMatchObject({ id: 40, status: 9, priority: 4, responder_id: null, tags: ['a', 'b'] })
    expect(body).not.toHaveProperty('requester')
    expect((await get('tickets/40')).body).toMatchObject({ status: 9, priority: 4 })
    for (const wrong of [
      { status: 99 },
      { priority: 5 },
      { responder_id: 1 },
      { group_id: 1 },
      { tags: 'a' },
      { colour: 1 },
    ])
      expect((await call('PUT', 'tickets/40', 'omar', wrong)).body.errors[0].field).toBe(Object.keys(wrong)[0])
  })

  test('a contact is found by id and by address', async () => {
    const [contact] = (await get('contacts?per_page=1')).body
    expect((await get(`contacts/${contact.id}`)).body).toEqual(contact)
    expect((await get(`contacts?email=${encodeURIComponent(contact.email)}`)).body).toEqual([contact])
    expect((await get('contacts?email=nobody@x.example')).body).toEqual([])
  })
})

const kindOf = (value: unknown) => (value === null ? 'null' : Array.isArray(value) ? 'array' : typeof value)

/** Fields with the kinds of value seen in them. */
function shapeOf(records: Record<string, unknown>[]): Map<string, Set<string>> {
  const shape = new Map<string, Set<string>>()
  for (const record of records)
    for (const [name, value] of Object.entries(record))
      shape.set(name, (shape.get(name) ?? new Set()).add(kindOf(value)))
  return shape
}

test.each([
  ['list_tickets', `tickets?updated_since=${long}&per_page=100`],
  ['list_agents', 'agents'],
  ['list_groups', 'groups'],
  ['list_contacts', 'contacts?per_page=50'],
  ['list_conversations', 'tickets/20/conversations'],
])('fields fit the real payload %s', async (name, path) => {
  const text = vendorData(`samples/freshdesk/${name}.json`)
  if (text === undefined) return
  const real = shapeOf((JSON.parse(text) as Record<string, unknown>[]).flat())
  const ours = shapeOf((await get(path)).body)
  for (const [field, kinds] of ours) {
    const known = real.get(field)
    // Told of deleted tickets only.
    if (field === 'deleted') continue
    expect(known, field).toBeDefined()
    const told = [...(known ?? [])].filter((kind) => kind !== 'null')
    const odd = [...kinds].filter((kind) => kind !== 'null' && told.length > 0 && !told.includes(kind))
    expect(odd, field).toEqual([])
  }
})
