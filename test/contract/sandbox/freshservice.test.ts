import { FormData } from 'undici'
import { beforeAll, describe, expect, test } from 'vitest'
import { type Api, sandboxBench } from './api.ts'

const site = 'acme-it.freshservice.com'
const root = `https://${site}/api/v2`
const long = '2000-01-01T00:00:00Z'
const bench = sandboxBench({ perShare: 2000 / 3 })
let tom: Api

beforeAll(async () => {
  tom = await bench.api(site, 'tom.reuter@acme.example')
})

async function pages(start: string): Promise<{ id: number; created_at: string; updated_at: string }[]> {
  const tickets = []
  for (let url: string | undefined = start; url; ) {
    const answer = await tom.get(url)
    expect(answer.status).toBe(200)
    tickets.push(...answer.body.tickets)
    url = /<([^>]+)>;rel="next"/.exec(answer.headers.get('link') ?? '')?.[1]
  }
  return tickets
}

describe('lists', () => {
  test('pages give all 2,000 tickets once, by creation', async () => {
    const tickets = await pages(`${root}/tickets?updated_since=${long}&per_page=100`)
    expect(new Set(tickets.map((ticket) => ticket.id)).size).toBe(2000)
    const created = tickets.map((ticket) => ticket.created_at)
    expect(created).toEqual([...created].sort().reverse())
    const ascending = await tom.get(`${root}/tickets?updated_since=${long}&per_page=3&order_type=asc`)
    expect(ascending.body.tickets.map((ticket: { id: number }) => ticket.id)).toEqual([1, 2, 3])
  })

  test('without updated_since only the last 30 days are told', async () => {
    const tickets = await pages(`${root}/tickets?per_page=100`)
    expect(tickets.length).toBeGreaterThan(0)
    expect(tickets.length).toBeLessThan(2000)
    const oldest = Math.min(...tickets.map((ticket) => Date.parse(ticket.created_at)))
    expect(Date.now() - oldest).toBeLessThan(31 * 86_400_000)
  })

  test('updated_since gives exactly what changed, and a change comes back in the next round', async () => {
    const everything = await pages(`${root}/tickets?updated_since=${long}&per_page=100`)
    const since = [...everything].sort((a, b) => a.updated_at.localeCompare(b.updated_at)).at(-150)?.updated_at ?? ''
    const changed = await pages(`${root}/tickets?updated_since=${since}&per_page=40`)
    expect(new Set(changed.map((ticket) => ticket.id))).toEqual(
      new Set(everything.filter((t) => t.updated_at >= since).map((t) => t.id)),
    )
    const now = new Date().toISOString()
    await bench.sandbox.control.customerWrites(site, '3', 'still broken')
    expect((await pages(`${root}/tickets?updated_since=${now}`)).map((ticket) => ticket.id)).toEqual([3])
  })

  test('includes bring requester, stats and tags, and cost more', async () => {
    const { body, headers } = await tom.get(
      `${root}/tickets?updated_since=${long}&per_page=5&include=requester,stats,tags`,
    )
    expect(body.tickets[0]).toMatchObject({
      requester: { email: expect.any(String) },
      stats: expect.any(Object),
      tags: expect.any(Array),
    })
    expect(headers.get('x-ratelimit-used-currentrequest')).toBe('7')
    expect((await tom.get(`${root}/tickets?include=everything`)).body.errors[0]).toMatchObject({
      field: 'include',
      code: 'invalid_value',
    })
  })

  test('without a workspace only the primary one is told, and 0 means all', async () => {
    const people = await bench.api('acme-hr.freshservice.com', 'tom.reuter@acme.example')
    const hr = `https://acme-hr.freshservice.com/api/v2/tickets?updated_since=${long}&per_page=100`
    const spaces = async (query: string) =>
      new Set((await people.get(`${hr}${query}`)).body.tickets.map((one: { workspace_id: number }) => one.workspace_id))
    expect(await spaces('')).toEqual(new Set([2]))
    expect(await spaces('&workspace_id=0')).toEqual(new Set([2, 3]))
    expect(await spaces('&workspace_id=3')).toEqual(new Set([3]))
  })

  test('per_page over 100 and unknown parameters are refused with the field named', async () => {
    expect((await tom.get(`${root}/tickets?per_page=101`)).body).toMatchObject({
      description: 'Validation failed',
      errors: [{ field: 'per_page' }],
    })
    expect((await tom.get(`${root}/tickets?order_by=updated_at`)).body.errors[0]).toMatchObject({
      field: 'order_by',
      code: 'invalid_field',
    })
  })

  test('tickets of one requester, and of a filter', async () => {
    const ticket = (await tom.get(`${root}/tickets/50`)).body.ticket
    const own = await pages(`${root}/tickets?requester_id=${ticket.requester_id}`)
    expect(own.map((each) => each.id)).toContain(50)
    const found = await tom.get(`${root}/tickets/filter?query=${encodeURIComponent('"status:3 AND priority:4"')}`)
    expect(found.body.total).toBeGreaterThan(0)
    for (const each of found.body.tickets) expect(each).toMatchObject({ status: 3, priority: 4 })
  })

  test('deleted and spam tickets leave the list, stand in their own, and cannot be written to', async () => {
    await bench.sandbox.control.hide(site, '60', 'deleted')
    await bench.sandbox.control.hide(site, '61', 'spam')
    const ids = (await pages(`${root}/tickets?updated_since=${long}&per_page=100`)).map((ticket) => ticket.id)
    expect(ids).toHaveLength(1998)
    expect(ids).not.toContain(60)
    expect((await tom.get(`${root}/tickets?filter=deleted`)).body.tickets).toMatchObject([{ id: 60, deleted: true }])
    expect((await tom.get(`${root}/tickets?filter=spam`)).body.tickets).toMatchObject([{ id: 61, spam: true }])
    expect((await tom.send('PUT', `${root}/tickets/60`, { priority: 1 })).status).toBe(405)
    await bench.sandbox.control.hide(site, '60', null)
    await bench.sandbox.control.hide(site, '61', null)
    expect(await pages(`${root}/tickets?updated_since=${long}&per_page=100`)).toHaveLength(2000)
  })
})

describe('one ticket', () => {
  test('a reply is stored once, with files, and read back', async () => {
    const [id] = await bench.sandbox.control.conversationIds(site, { statusKind: 'open', limit: 1 })
    const form = new FormData()
    form.set('body', '<p>Please see the file</p>')
    form.append('attachments[]', new File(['data'], 'guide.txt', { type: 'text/plain' }))
    const sent = await bench.fetch(`${root}/tickets/${id}/reply`, {
      method: 'POST',
      headers: { authorization: `Bearer ${tom.signedIn.accessToken}` },
      body: form,
    })
    expect(sent.status).toBe(201)
    const { conversation } = (await sent.json()) as { conversation: { id: number } }
    expect(conversation).toMatchObject({ incoming: false, private: false, source: 0, body_text: 'Please see the file' })
    const { conversations, meta } = (await tom.get(`${root}/tickets/${id}/conversations`)).body
    expect(conversations).toHaveLength(meta.count)
    expect(conversations[0]).toMatchObject({ id: conversation.id, attachments: [{ name: 'guide.txt', size: 4 }] })
    const received = await bench.sandbox.control.received(site, id)
    expect(received).toMatchObject([{ kind: 'reply', files: ['guide.txt'], messageId: String(conversation.id) }])
  })

  test('a note is private unless said otherwise', async () => {
    const note = await tom.send('POST', `${root}/tickets/9/notes`, { body: 'between us' })
    expect(note.status).toBe(201)
    expect(note.body.conversation).toMatchObject({ private: true, source: 2 })
    const open = await tom.send('POST', `${root}/tickets/9/notes`, { body: 'for all', private: false })
    expect(open.body.conversation.private).toBe(false)
  })

  test('the thread has no first message; the ticket has it as its description', async () => {
    const ticket = (await tom.get(`${root}/tickets/200?include=conversations`)).body.ticket
    const { conversations } = (await tom.get(`${root}/tickets/200/conversations`)).body
    const state = await bench.sandbox.control.conversation(site, '200')
    expect(ticket.description_text).toBe(state.messages[0]?.text)
    expect(conversations).toHaveLength(state.messages.length - 1)
    expect(ticket.conversations).toHaveLength(conversations.length)
  })

  test('status, priority, assignee, group and tags are written together', async () => {
    const agents = (await tom.get(`${root}/agents`)).body.agents
    const groups = (await tom.get(`${root}/groups`)).body.groups
    const wish = { status: 9, priority: 4, responder_id: agents[2].id, group_id: groups[1].id, tags: ['vip', 'neu'] }
    expect((await tom.send('PUT', `${root}/tickets/30`, wish)).body.ticket).toMatchObject(wish)
    expect((await tom.get(`${root}/tickets/30`)).body.ticket).toMatchObject(wish)
    expect((await tom.send('PUT', `${root}/tickets/30`, { responder_id: null })).body.ticket.responder_id).toBeNull()
  })

  test('wrong values and unknown fields are refused and change nothing', async () => {
    const before = await bench.sandbox.control.conversation(site, '31')
    const put = (body: unknown) => tom.send('PUT', `${root}/tickets/31`, body)
    expect((await put({ status: 77 })).body.errors[0]).toMatchObject({ field: 'status', code: 'invalid_value' })
    expect((await put({ priority: 'high' })).body.errors[0].field).toBe('priority')
    expect((await put({ colour: 'red', status: 2 })).body.errors[0]).toMatchObject({
      field: 'colour',
      code: 'invalid_field',
    })
    expect(
      (await tom.send('POST', `${root}/tickets/31/reply`, { body: 'x', from_email: 'me@example.com' })).status,
    ).toBe(400)
    expect((await tom.send('POST', `${root}/tickets/31/reply`, {})).body.errors[0].code).toBe('missing_field')
    expect(await bench.sandbox.control.conversation(site, '31')).toEqual(before)
  })

  test('a ticket that is not there answers 404 without a body', async () => {
    expect(await tom.get(`${root}/tickets/999999`)).toMatchObject({ status: 404, text: '' })
  })

  test('attachment links carry their own permission and refuse a token beside it', async () => {
    const { attachments } = (await tom.get(`${root}/tickets/13`)).body.ticket
    const url = attachments[0].attachment_url
    expect(new URL(url).host).not.toBe(site)
    const bytes = await (await bench.fetch(url)).arrayBuffer()
    expect(bytes.byteLength).toBe(attachments[0].size)
    expect((await tom.get(url)).status).toBe(400)
    expect((await bench.fetch(url.replace(/Signature=.*/, 'Signature=x'))).status).toBe(403)
  })

  test('inline pictures are fetched from the address in the body', async () => {
    const { description } = (await tom.get(`${root}/tickets/10`)).body.ticket
    const source = /src="([^"]+)"/.exec(description)?.[1] ?? ''
    const response = await bench.fetch(source)
    expect(response.headers.get('content-type')).toBe('image/png')
    await response.body?.cancel()
  })
})

describe('people and rights', () => {
  test('labels of statuses come from the form fields', async () => {
    const fields = (await tom.get(`${root}/ticket_form_fields`)).body.ticket_fields
    const status = fields.find((field: { name: string }) => field.name === 'status')
    expect(status.choices).toContainEqual({ id: 8, value: 'Waiting for supplier' })
  })

  test('requesters are found by id and by e-mail address', async () => {
    const { requester_id } = (await tom.get(`${root}/tickets/5`)).body.ticket
    const { requester } = (await tom.get(`${root}/requesters/${requester_id}`)).body
    const found = (await tom.get(`${root}/requesters?email=${requester.primary_email}`)).body.requesters
    expect(found).toEqual([requester])
  })

  test('a client without the scope gets 403, a light agent may not reply', async () => {
    const reader = await bench.api(site, 'nils.holm@acme.example', { clientId: 'fw_ext_1700000000000000043' })
    expect((await reader.get(`${root}/tickets?per_page=1`)).status).toBe(200)
    expect((await reader.get(`${root}/agents`)).body).toMatchObject({ code: 'access_denied' })
    expect((await reader.send('POST', `${root}/tickets/1/reply`, { body: 'x' })).status).toBe(403)
    const lena = await bench.api(site, 'lena.light@acme.example')
    expect((await lena.send('POST', `${root}/tickets/1/reply`, { body: 'x' })).status).toBe(403)
    expect((await lena.send('POST', `${root}/tickets/1/notes`, { body: 'x' })).status).toBe(201)
  })

  test('expired, unknown and missing tokens have codes of their own', async () => {
    const nils = await bench.api(site, 'nils.holm@acme.example')
    await bench.sandbox.control.expireAccessTokens({ user: 'nils.holm@acme.example' })
    expect((await nils.get(`${root}/agents/me`)).body.code).toBe('access_token_expired')
    await bench.sandbox.control.revoke({ user: 'nils.holm@acme.example' })
    expect((await nils.get(`${root}/agents/me`)).body.code).toBe('access_token_invalid')
    const bare = await bench.fetch(`${root}/agents/me`)
    expect(await bare.json()).toMatchObject({ code: 'invalid_credentials' })
  })

  test('over the limit: 429 with Retry-After, and headers that say what is left', async () => {
    await bench.sandbox.control.setRateLimit(site, 'freshservice.api', { max: 4, windowMs: 60_000 })
    const first = await tom.get(`${root}/tickets?updated_since=${long}&include=stats&per_page=1`)
    expect(first.headers.get('x-ratelimit-total')).toBe('4')
    expect(first.headers.get('x-ratelimit-remaining')).toBe('1')
    const over = await tom.get(`${root}/tickets?updated_since=${long}&include=stats&per_page=1`)
    expect(over.status).toBe(429)
    expect(Number(over.headers.get('retry-after'))).toBeGreaterThan(0)
    await bench.sandbox.control.setRateLimit(site, 'freshservice.api', null)
  })
})
