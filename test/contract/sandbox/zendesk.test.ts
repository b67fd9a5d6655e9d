import { beforeAll, describe, expect, test } from 'vitest'
import { type Api, sandboxBench } from './api.ts'

const site = 'acme.zendesk.com'
const root = `https://${site}/api/v2`
// 4 of 18 shares: 2,000 conversations at this site.
const bench = sandboxBench({ perShare: 500 })
let mia: Api
let ada: Api

beforeAll(async () => {
  mia = await bench.api(site, 'mia.berg@acme.example')
  ada = await bench.api(site, 'ada.okafor@acme.example')
  await bench.sandbox.control.setRateLimit(site, 'zendesk.tickets-index', { max: 10_000, windowMs: 60_000 })
})

async function pages(api: Api, start: string): Promise<number[]> {
  const ids: number[] = []
  for (let url: string | null = start; url; ) {
    const { body } = await api.get(url)
    ids.push(...body.tickets.map((ticket: { id: number }) => ticket.id))
    url = body.links ? body.links.next : body.next_page
  }
  return ids
}

describe('lists', () => {
  test('cursor pages by last change, newest first, give all 2,000 tickets once', async () => {
    const ids = await pages(mia, `${root}/tickets?page[size]=100&sort=-updated_at`)
    expect(ids).toHaveLength(2000)
    expect(new Set(ids).size).toBe(2000)
  })

  test('tickets come in the order that was asked for', async () => {
    const { body } = await mia.get(`${root}/tickets?page[size]=100&sort=-updated_at`)
    const times = body.tickets.map((ticket: { updated_at: string }) => ticket.updated_at)
    expect(times).toEqual([...times].sort().reverse())
    const byId = await mia.get(`${root}/tickets?page[size]=5&sort=id`)
    expect(byId.body.tickets.map((ticket: { id: number }) => ticket.id)).toEqual([1, 2, 3, 4, 5])
  })

  test('start_time leaves out what changed before it, in both orders', async () => {
    const newest = (await mia.get(`${root}/tickets?page[size]=100&sort=-updated_at`)).body.tickets
    const since = newest[99].generated_timestamp
    const expected = newest.map((ticket: { id: number }) => ticket.id)
    const changed = await pages(mia, `${root}/tickets?page[size]=40&sort=updated_at&start_time=${since}`)
    expect(changed).toEqual([...expected].reverse())
    const byId = await pages(mia, `${root}/tickets?page[size]=40&start_time=${since}`)
    expect(byId).toEqual([...expected].sort((a, b) => a - b))
  })

  test('offset pages count, and stop with an error past page 100', async () => {
    const { body } = await mia.get(`${root}/tickets?page=20&per_page=100`)
    expect(body.count).toBe(2000)
    expect(body.next_page).toBeNull()
    expect(body.tickets).toHaveLength(100)
    expect((await mia.get(`${root}/tickets?page=101&per_page=1`)).status).toBe(400)
  })

  test('sideloaded users are those the tickets name', async () => {
    const { body } = await mia.get(`${root}/tickets?page[size]=30&include=users`)
    const ids = new Set(body.users.map((user: { id: number }) => user.id))
    for (const ticket of body.tickets) expect(ids.has(ticket.requester_id)).toBe(true)
  })

  test('the incremental export is for admins, ends, and goes on from its cursor', async () => {
    expect((await mia.get(`${root}/incremental/tickets/cursor?start_time=1`)).status).toBe(403)
    const ids: number[] = []
    let answer = await ada.get(`${root}/incremental/tickets/cursor?start_time=1&per_page=700`)
    for (;;) {
      ids.push(...answer.body.tickets.map((ticket: { id: number }) => ticket.id))
      if (answer.body.end_of_stream) break
      answer = await ada.get(answer.body.after_url)
    }
    expect(new Set(ids).size).toBe(ids.length)
    expect(ids).toHaveLength(2000)
    await bench.sandbox.control.customerWrites(site, '17', 'hello again')
    expect((await ada.get(answer.body.after_url)).body.tickets).toEqual([])
    await bench.sandbox.control.setExportLag(0)
    const later = await ada.get(answer.body.after_url)
    expect(later.body.tickets.map((ticket: { id: number }) => ticket.id)).toEqual([17])
    await bench.sandbox.control.setExportLag(60_000)
  })

  test('a start_time of this minute is refused', async () => {
    const now = Math.floor(Date.now() / 1000)
    expect((await ada.get(`${root}/incremental/tickets/cursor?start_time=${now}`)).status).toBe(422)
  })

  test('search finds by status and since a day, at most 1,000', async () => {
    const { body } = await mia.get(`${root}/search?query=type:ticket status:pending&per_page=20`)
    for (const ticket of body.results) expect(ticket).toMatchObject({ status: 'pending', result_type: 'ticket' })
    expect((await mia.get(`${root}/search?query=type:ticket&page=11&per_page=100`)).status).toBe(422)
  })

  test('a deleted ticket leaves the list, answers 404, and is exported as deleted', async () => {
    const before = (await mia.get(`${root}/tickets?page=1`)).body.count
    await bench.sandbox.control.hide(site, '40', 'deleted')
    await bench.sandbox.control.setExportLag(0)
    expect((await mia.get(`${root}/tickets?page=1`)).body.count).toBe(before - 1)
    expect((await mia.get(`${root}/tickets/40`)).status).toBe(404)
    const since = Math.floor(Date.now() / 1000) - 120
    const exported = await ada.get(`${root}/incremental/tickets/cursor?start_time=${since}`)
    expect(exported.body.tickets.find((ticket: { id: number }) => ticket.id === 40)?.status).toBe('deleted')
    await bench.sandbox.control.hide(site, '40', null)
    await bench.sandbox.control.setExportLag(60_000)
  })
})

describe('one ticket', () => {
  test('comments are oldest first and begin with the description', async () => {
    const ticket = (await mia.get(`${root}/tickets/77`)).body.ticket
    const { body } = await mia.get(`${root}/tickets/77/comments?page[size]=100&include=users`)
    expect(body.comments[0].body).toBe(ticket.description)
    const times = body.comments.map((comment: { created_at: string }) => comment.created_at)
    expect(times).toEqual([...times].sort())
    expect(body.users.length).toBeGreaterThan(0)
  })

  test('a reply, a note and a status in one call change what is read afterwards', async () => {
    const [id] = await bench.sandbox.control.conversationIds(site, { statusKind: 'open', limit: 1 })
    const before = (await mia.get(`${root}/tickets/${id}/comments`)).body.count
    const sent = await mia.send('PUT', `${root}/tickets/${id}`, {
      ticket: {
        comment: { html_body: '<p>Here is your <b>answer</b> ✅</p>', public: true },
        status: 'pending',
        tags: ['vip'],
      },
    })
    expect(sent.status).toBe(200)
    expect(sent.body.ticket).toMatchObject({ status: 'pending', tags: ['vip'] })
    const event = sent.body.audit.events.find((each: { type: string }) => each.type === 'Comment')
    const note = await mia.send('PUT', `${root}/tickets/${id}`, {
      ticket: { comment: { body: 'only for us', public: false } },
    })
    expect(note.status).toBe(200)
    const { comments } = (await mia.get(`${root}/tickets/${id}/comments`)).body
    expect(comments).toHaveLength(before + 2)
    expect(comments.at(-2)).toMatchObject({ id: event.id, public: true })
    expect(comments.at(-2).html_body).toContain('<b>answer</b>')
    expect(comments.at(-1)).toMatchObject({ public: false, plain_body: 'only for us' })
    const received = await bench.sandbox.control.received(site, id)
    expect(received.map((message) => [message.kind, message.author])).toEqual([
      ['reply', 'mia.berg@acme.example'],
      ['note', 'mia.berg@acme.example'],
    ])
    expect(received[0]?.messageId).toBe(String(event.id))
    const newest = await mia.get(`${root}/tickets?page[size]=1&sort=-updated_at`)
    expect(String(newest.body.tickets[0].id)).toBe(id)
  })

  test('safe_update refuses a stale change with 409 and applies nothing', async () => {
    const [id] = await bench.sandbox.control.conversationIds(site, { statusKind: 'open', limit: 1 })
    const wish = {
      ticket: { comment: { body: 'late' }, priority: 'low', safe_update: true, updated_stamp: '2020-01-01T00:00:00Z' },
    }
    expect((await mia.send('PUT', `${root}/tickets/${id}`, wish)).body.error).toBe('UpdateConflict')
    expect(await bench.sandbox.control.received(site, id)).toEqual([])
  })

  test('a closed ticket, a wrong status and an unknown assignee are refused with the field named', async () => {
    const [closed] = await bench.sandbox.control.conversationIds(site, { statusKind: 'closed', limit: 1 })
    const [open] = await bench.sandbox.control.conversationIds(site, { statusKind: 'open', limit: 1 })
    const put = (id: string | undefined, ticket: unknown) => mia.send('PUT', `${root}/tickets/${id}`, { ticket })
    expect((await put(closed, { priority: 'high' })).body.details).toHaveProperty('status')
    expect((await put(open, { status: 'sleeping' })).body).toMatchObject({
      error: 'RecordInvalid',
      details: { status: expect.any(Array) },
    })
    expect((await put(open, { assignee_id: 5 })).status).toBe(422)
    expect((await put(open, { comment: { body: ' ' } })).status).toBe(422)
    expect((await mia.send('PUT', `${root}/tickets/${open}`)).status).toBe(400)
  })

  test('assignee, group and custom status are taken and shown', async () => {
    const [id] = await bench.sandbox.control.conversationIds(site, { statusKind: 'open', limit: 1 })
    const agents = (await mia.get(`${root}/users?role[]=agent&role[]=admin`)).body.users
    const groups = (await mia.get(`${root}/groups`)).body.groups
    const statuses = (await mia.get(`${root}/custom_statuses`)).body.custom_statuses
    const waiting = statuses.find((status: { agent_label: string }) => status.agent_label === 'Waiting for warehouse')
    const wish = { assignee_id: agents[1].id, group_id: groups[1].id, custom_status_id: waiting.id }
    expect((await mia.send('PUT', `${root}/tickets/${id}`, { ticket: wish })).body.ticket).toMatchObject({
      ...wish,
      status: 'open',
    })
    const cleared = await mia.send('PUT', `${root}/tickets/${id}`, { ticket: { assignee_id: null } })
    expect(cleared.body.ticket.assignee_id).toBeNull()
  })

  test('tags are added, removed and set', async () => {
    const url = `${root}/tickets/300/tags`
    expect((await mia.send('POST', url, { tags: ['a', 'b'] })).body.tags).toEqual(['a', 'b'])
    expect((await mia.send('PUT', url, { tags: ['C'] })).body.tags).toEqual(['a', 'b', 'c'])
    expect((await mia.send('DELETE', `${url}?tags=a,b`)).body.tags).toEqual(['c'])
    expect((await mia.get(url)).body.tags).toEqual(['c'])
  })

  test('a light agent may only add notes, and a public reply of theirs becomes one', async () => {
    const lena = await bench.api(site, 'lena.light@acme.example')
    const [id] = await bench.sandbox.control.conversationIds(site, { statusKind: 'open', limit: 1 })
    expect((await lena.get(`${root}/users/me`)).body.user.only_private_comments).toBe(true)
    expect((await lena.send('PUT', `${root}/tickets/${id}`, { ticket: { status: 'solved' } })).status).toBe(403)
    await lena.send('PUT', `${root}/tickets/${id}`, { ticket: { comment: { body: 'psst', public: true } } })
    const received = await bench.sandbox.control.received(site, id)
    expect(received.map((message) => message.kind)).toEqual(['note'])
  })
})

describe('files', () => {
  test('an attachment is fetched from another host, by link alone', async () => {
    const { comments } = (await mia.get(`${root}/tickets/13/comments`)).body
    const [attachment] = comments[0].attachments
    const hop = await bench.fetch(attachment.content_url, { redirect: 'manual' })
    const target = new URL(hop.headers.get('location') ?? '')
    expect(target.host).not.toBe(site)
    const bytes = await (await bench.fetch(target)).arrayBuffer()
    expect(bytes.byteLength).toBe(attachment.size)
  })

  test('inline pictures are only listed when asked for, and their address is in the body', async () => {
    const url = `${root}/tickets/10/comments`
    expect((await mia.get(url)).body.comments[0].attachments).toEqual([])
    const { attachments, html_body } = (await mia.get(`${url}?include_inline_images=true`)).body.comments[0]
    expect(attachments[0].inline).toBe(true)
    expect(html_body).toContain(attachments[0].content_url)
  })

  test('an upload goes out with a comment, once', async () => {
    const upload = await bench.fetch(`${root}/uploads?filename=note.txt`, {
      method: 'POST',
      headers: { authorization: `Bearer ${mia.signedIn.accessToken}`, 'content-type': 'text/plain' },
      body: 'bytes',
    })
    const { token } = ((await upload.json()) as { upload: { token: string } }).upload
    const [id] = await bench.sandbox.control.conversationIds(site, { statusKind: 'open', limit: 1 })
    const wish = { ticket: { comment: { body: 'see file', uploads: [token] } } }
    expect((await mia.send('PUT', `${root}/tickets/${id}`, wish)).status).toBe(200)
    const comment = (await mia.get(`${root}/tickets/${id}/comments`)).body.comments.at(-1)
    expect(comment.attachments[0]).toMatchObject({ file_name: 'note.txt', size: 5 })
    expect((await mia.send('PUT', `${root}/tickets/${id}`, wish)).status).toBe(422)
  })
})

describe('rights and limits', () => {
  test('a narrow scope reads tickets and nothing else', async () => {
    const narrow = await bench.api(site, 'jonas.keller@acme.example', { scopes: ['tickets:read'] })
    expect((await narrow.get(`${root}/tickets?page[size]=1`)).status).toBe(200)
    expect((await narrow.get(`${root}/users/me`)).status).toBe(403)
    expect((await narrow.send('PUT', `${root}/tickets/1`, { ticket: { priority: 'low' } })).status).toBe(403)
  })

  test('no token, a foreign token and garbage are told apart as the vendor does', async () => {
    const bare = await bench.fetch(`${root}/tickets`)
    expect(await bare.json()).toEqual({ error: "Couldn't authenticate you" })
    const nova = await bench.api('nova.zendesk.com', 'mia.berg@nova.example')
    expect((await nova.get(`${root}/tickets`)).body.error).toBe('invalid_token')
    const anonymous = (await (await bench.fetch(`${root}/users/me`)).json()) as { user: { id: unknown } }
    expect(anonymous.user.id).toBeNull()
  })

  test('the budget is told, spent, and refused with Retry-After, for this site only', async () => {
    const jonas = await bench.api(site, 'jonas.keller@acme.example')
    await bench.sandbox.control.setRateLimit(site, 'zendesk.api', { max: 2, windowMs: 60_000 })
    expect((await jonas.get(`${root}/groups`)).headers.get('ratelimit-remaining')).toBe('1')
    expect((await mia.get(`${root}/groups`)).headers.get('x-rate-limit-remaining')).toBe('0')
    const over = await jonas.get(`${root}/groups`)
    expect(over.status).toBe(429)
    expect(Number(over.headers.get('retry-after'))).toBeGreaterThan(0)
    const nova = await bench.api('nova.zendesk.com', 'mia.berg@nova.example')
    expect((await nova.get('https://nova.zendesk.com/api/v2/groups')).status).toBe(200)
    await bench.sandbox.control.setRateLimit(site, 'zendesk.api', null)
  })

  test('the ticket list has a budget of its own, told in its own header', async () => {
    await bench.sandbox.control.setRateLimit(site, 'zendesk.tickets-index', { max: 1, windowMs: 60_000 })
    const first = await mia.get(`${root}/tickets?page[size]=1`)
    expect(first.headers.get('zendesk-ratelimit-tickets-index')).toMatch(/^total=1; remaining=0; resets=\d+$/)
    expect((await mia.get(`${root}/tickets?page[size]=1`)).status).toBe(429)
    expect((await mia.get(`${root}/tickets/1`)).status).toBe(200)
    await bench.sandbox.control.setRateLimit(site, 'zendesk.tickets-index', null)
  })
})
