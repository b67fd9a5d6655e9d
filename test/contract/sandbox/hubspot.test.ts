import { FormData } from 'undici'
import { beforeAll, describe, expect, test } from 'vitest'
import { type Api, sandboxBench } from './api.ts'

const portal = '62515002'
const root = 'https://api.hubapi.com'
const threads = `${root}/conversations/v3/conversations/threads`
const long = '2000-01-01T00:00:00Z'
// 2 of 18 shares: 2,000 threads in each portal.
const bench = sandboxBench({ perShare: 1000 })
let grace: Api

beforeAll(async () => {
  grace = await bench.api(portal, 'grace.hill@novapro.example')
  await bench.sandbox.control.setRateLimit(portal, 'hubspot.api', { max: 10_000, windowMs: 10_000 })
  await bench.sandbox.control.setRateLimit(portal, 'hubspot.search', { max: 1000, windowMs: 1000 })
})

async function pages(start: string): Promise<Record<string, string>[]> {
  const results = []
  for (let url: string | undefined = start; url; ) {
    const answer = await grace.get(url)
    expect(answer.status).toBe(200)
    results.push(...answer.body.results)
    url = answer.body.paging?.next.link
  }
  return results
}

async function openThread(channel = '1002'): Promise<string> {
  const ids = await bench.sandbox.control.conversationIds(portal, { statusKind: 'open', limit: 60 })
  for (const id of ids) if ((await grace.get(`${threads}/${id}`)).body.originalChannelId === channel) return id
  throw new Error('no open thread')
}

describe('threads', () => {
  test('pages by latest message give all 2,000 threads once, oldest first', async () => {
    const found = await pages(`${threads}?limit=300&sort=latestMessageTimestamp&latestMessageTimestampAfter=${long}`)
    expect(new Set(found.map((thread) => thread.id)).size).toBe(2000)
    const times = found.map((thread) => thread.latestMessageTimestamp)
    expect(times).toEqual([...times].sort())
  })

  test('pages by id give all threads, and only open ones when asked', async () => {
    const all = await pages(`${threads}?limit=500`)
    expect(all).toHaveLength(2000)
    const open = await pages(`${threads}?limit=100&threadStatus=OPEN`)
    expect(open.map((thread) => thread.id)).toEqual(
      all.filter((thread) => thread.status === 'OPEN').map((thread) => thread.id),
    )
  })

  test('a message moves a thread to the end of the list, an assignment does not', async () => {
    const now = new Date().toISOString()
    const [id = ''] = await bench.sandbox.control.conversationIds(portal, { statusKind: 'open', limit: 1 })
    const moved = () => pages(`${threads}?sort=latestMessageTimestamp&latestMessageTimestampAfter=${now}`)
    const assignee = `${root}/conversations/conversations/v3/threads/${id}/assignee`
    expect((await grace.send('PUT', assignee, { actorId: `A-${grace.signedIn.answer.user_id}` })).status).toBe(200)
    expect(await moved()).toEqual([])
    await bench.sandbox.control.customerWrites(portal, id, 'hello?')
    expect((await moved()).map((thread) => thread.id)).toEqual([id])
    expect((await grace.send('DELETE', assignee)).status).toBe(204)
    expect((await grace.get(`${threads}/${id}`)).body).not.toHaveProperty('assignedTo')
  })

  test('sorting needs its companions, as documented', async () => {
    expect((await grace.get(`${threads}?sort=latestMessageTimestamp`)).body.category).toBe('VALIDATION_ERROR')
    expect(
      (await grace.get(`${threads}?sort=-latestMessageTimestamp&latestMessageTimestampAfter=${long}`)).status,
    ).toBe(400)
    const { associatedContactId } = (await grace.get(`${threads}?limit=1`)).body.results[0]
    expect((await grace.get(`${threads}?associatedContactId=${associatedContactId}`)).status).toBe(400)
    const own = [
      ...(await pages(`${threads}?associatedContactId=${associatedContactId}&threadStatus=CLOSED`)),
      ...(await pages(`${threads}?associatedContactId=${associatedContactId}&threadStatus=OPEN`)),
    ]
    expect(own.length).toBeGreaterThan(0)
    for (const thread of own) expect(thread.associatedContactId).toBe(associatedContactId)
  })

  test('a thread names its ticket when asked, and some have none', async () => {
    const found = (await grace.get(`${threads}?limit=100&association=TICKET`)).body.results
    const without = found.filter((thread: object) => !('threadAssociations' in thread))
    expect(without.length).toBeGreaterThan(0)
    const ticket = found[0].threadAssociations.associatedTicketId
    const { properties } = (
      await grace.get(`${root}/crm/v3/objects/tickets/${ticket}?properties=hs_conversations_originating_thread_id`)
    ).body
    expect(properties.hs_conversations_originating_thread_id).toBe(found[0].id)
  })

  test('an archived thread leaves the list and can be restored', async () => {
    const id = await openThread()
    expect((await grace.send('DELETE', `${threads}/${id}`)).status).toBe(204)
    const listed = async (query: string) =>
      (await pages(`${threads}?limit=500${query}`)).some((thread) => thread.id === id)
    expect(await listed('')).toBe(false)
    expect(await listed('&archived=true')).toBe(true)
    await grace.send('PATCH', `${threads}/${id}?archived=true`, { archived: false })
    expect(await listed('')).toBe(true)
  })
})

describe('messages', () => {
  test('a reply answers the newest incoming message and arrives once', async () => {
    const id = await openThread()
    const before = (await grace.get(`${threads}/${id}/messages`)).body.results
    const incoming = before.find((message: { direction?: string }) => message.direction === 'INCOMING')
    const wish = {
      type: 'MESSAGE',
      text: 'Hello back',
      richText: '<p>Hello <i>back</i></p>',
      attachments: [],
      recipients: [
        {
          actorId: incoming.senders[0].actorId,
          recipientField: 'TO',
          deliveryIdentifiers: [incoming.senders[0].deliveryIdentifier],
        },
      ],
      senderActorId: `A-${grace.signedIn.answer.user_id}`,
      channelId: incoming.channelId,
      channelAccountId: incoming.channelAccountId,
    }
    const sent = await grace.send('POST', `${threads}/${id}/messages`, wish)
    expect(sent.status).toBe(201)
    expect(sent.body).toMatchObject({ direction: 'OUTGOING', text: 'Hello back', status: { statusType: 'SENT' } })
    const after = (await grace.get(`${threads}/${id}/messages`)).body.results
    expect(after).toHaveLength(before.length + 1)
    expect(after[0].id).toBe(sent.body.id)
    expect((await grace.get(`${threads}/${id}/messages/${sent.body.id}`)).body).toEqual(sent.body)
    expect(await bench.sandbox.control.received(portal, id)).toMatchObject([
      { kind: 'reply', messageId: sent.body.id, html: wish.richText },
    ])
    for (const left of ['recipients', 'senderActorId', 'channelId', 'channelAccountId', 'attachments']) {
      const { [left]: _, ...short } = wish as Record<string, unknown>
      expect((await grace.send('POST', `${threads}/${id}/messages`, short)).status).toBe(400)
    }
    expect((await grace.send('POST', `${threads}/${id}/messages`, { ...wish, senderActorId: 'A-1' })).status).toBe(400)
    expect(await bench.sandbox.control.received(portal, id)).toHaveLength(1)
  })

  test('a comment stays inside', async () => {
    const id = await openThread()
    const sent = await grace.send('POST', `${threads}/${id}/messages`, {
      type: 'COMMENT',
      text: 'careful',
      attachments: [],
    })
    expect(sent.body).toMatchObject({ type: 'COMMENT', text: 'careful' })
    expect(sent.body).not.toHaveProperty('direction')
    expect((await bench.sandbox.control.received(portal, id)).at(-1)?.kind).toBe('note')
  })

  test('closing, opening and assigning leave events in the thread', async () => {
    const id = await openThread()
    await grace.send('PATCH', `${threads}/${id}`, { status: 'CLOSED' })
    expect((await grace.get(`${threads}/${id}`)).body).toMatchObject({ status: 'CLOSED', closedAt: expect.any(String) })
    await grace.send('PATCH', `${threads}/${id}`, { status: 'OPEN' })
    const events = (await grace.get(`${threads}/${id}/messages?sort=-createdAt`)).body.results.slice(0, 2)
    expect(events).toMatchObject([
      { type: 'THREAD_STATUS_CHANGE', newStatus: 'OPEN' },
      { type: 'THREAD_STATUS_CHANGE', newStatus: 'CLOSED' },
    ])
    expect((await grace.send('PATCH', `${threads}/${id}`, { status: 'ASLEEP' })).status).toBe(400)
  })

  test('a long message is cut, and whole at original-content', async () => {
    const all = (await grace.get(`${threads}?limit=500`)).body.results
    const { results } = (await grace.get(`${threads}/${all[33].id}/messages?sort=createdAt`)).body
    expect(results[0].truncationStatus).toBe('TRUNCATED')
    const whole = (await grace.get(`${threads}/${all[33].id}/messages/${results[0].id}/original-content`)).body
    expect(whole.text.length).toBeGreaterThan(results[0].text.length)
    expect(whole.text.startsWith(results[0].text)).toBe(true)
  })

  test('actors are told one by one and in batches, 207 when some are unknown', async () => {
    const me = `A-${grace.signedIn.answer.user_id}`
    const actors = `${root}/conversations/v3/conversations/actors`
    expect((await grace.get(`${actors}/${me}`)).body).toMatchObject({
      id: me,
      type: 'AGENT',
      email: 'grace.hill@novapro.example',
    })
    const batch = await grace.send('POST', `${actors}/batch/read`, { inputs: [me, 'A-1'] })
    expect([batch.status, batch.body.results.length]).toEqual([207, 1])
  })

  test('files go up, out with a message, and down by signed link', async () => {
    const form = new FormData()
    form.set('file', new File(['seven!!'], 'a.txt', { type: 'text/plain' }))
    form.set('options', '{"access":"PRIVATE"}')
    const sent = await bench.fetch(`${root}/files/v3/files`, {
      method: 'POST',
      headers: { authorization: `Bearer ${grace.signedIn.accessToken}` },
      body: form,
    })
    const { id } = (await sent.json()) as { id: string }
    const thread = await openThread()
    const comment = await grace.send('POST', `${threads}/${thread}/messages`, {
      type: 'COMMENT',
      text: 'file',
      attachments: [{ type: 'FILE', fileId: id }],
    })
    const { fileId } = comment.body.attachments[0]
    const { url } = (await grace.get(`${root}/files/v3/files/${fileId}/signed-url`)).body
    expect(new URL(url).host).not.toBe('api.hubapi.com')
    expect(await (await bench.fetch(url)).text()).toBe('seven!!')
  })
})

describe('crm', () => {
  const search = (body: unknown) => grace.send('POST', `${root}/crm/v3/objects/tickets/search`, body)
  const since = (value: string) => [{ filters: [{ propertyName: 'hs_lastmodifieddate', operator: 'GTE', value }] }]

  test('search gives every ticket once, in order, with a true total', async () => {
    const ids: string[] = []
    const times: string[] = []
    for (let after: string | undefined = '0'; after; ) {
      const { body } = await search({
        filterGroups: since('0'),
        sorts: [{ propertyName: 'hs_lastmodifieddate', direction: 'ASCENDING' }],
        limit: 200,
        after,
      })
      ids.push(...body.results.map((ticket: { id: string }) => ticket.id))
      times.push(...body.results.map((ticket: { updatedAt: string }) => ticket.updatedAt))
      expect(body.total).toBeGreaterThan(1900)
      after = body.paging?.next.after
    }
    expect(new Set(ids).size).toBe(ids.length)
    expect(times).toEqual([...times].sort())
    const listed = await pages(`${root}/crm/v3/objects/tickets?limit=100`)
    expect(new Set(listed.map((ticket) => ticket.id))).toEqual(new Set(ids))
  })

  test('a change shows in the search from its moment on', async () => {
    const [first] = (await grace.get(`${root}/crm/v3/objects/tickets?limit=1`)).body.results
    const before = String(Date.now())
    const patched = await grace.send('PATCH', `${root}/crm/v3/objects/tickets/${first.id}`, {
      properties: { hs_ticket_priority: 'URGENT', hs_pipeline_stage: '90021101' },
    })
    expect(patched.body.properties).toMatchObject({ hs_ticket_priority: 'URGENT', hs_pipeline_stage: '90021101' })
    const { body } = await search({
      filterGroups: since(before),
      properties: ['hs_pipeline', 'hubspot_owner_id'],
      limit: 5,
    })
    expect(body.results.map((ticket: { id: string }) => ticket.id)).toEqual([first.id])
    expect(body.results[0].properties.hs_pipeline).toBe('90021')
  })

  test('search refuses more than 200 a page and more than 10,000 in all', async () => {
    expect((await search({ limit: 201 })).status).toBe(400)
    expect((await search({ limit: 200, after: '9900' })).body.message).toContain('10000')
  })

  test('wrong options and unknown properties are refused with the property named', async () => {
    const [first] = (await grace.get(`${root}/crm/v3/objects/tickets?limit=1`)).body.results
    const patch = (properties: unknown) =>
      grace.send('PATCH', `${root}/crm/v3/objects/tickets/${first.id}`, { properties })
    expect((await patch({ hs_pipeline_stage: '77' })).body.errors[0]).toMatchObject({
      code: 'INVALID_OPTION',
      context: { propertyName: ['hs_pipeline_stage'] },
    })
    expect((await patch({ colour: 'red' })).body.errors[0].code).toBe('PROPERTY_DOESNT_EXIST')
  })

  test('owners, users and actors are three ids of one person', async () => {
    const { results } = (await grace.get(`${root}/crm/v3/owners`)).body
    const me = results.find((owner: { email: string }) => owner.email === 'grace.hill@novapro.example')
    expect(me.userId).toBe(grace.signedIn.answer.user_id)
    expect(me.id).not.toBe(String(me.userId))
    const [first] = (await grace.get(`${root}/crm/v3/objects/tickets?limit=1`)).body.results
    const patched = await grace.send('PATCH', `${root}/crm/v3/objects/tickets/${first.id}`, {
      properties: { hubspot_owner_id: me.id },
    })
    expect(patched.status).toBe(200)
    const thread = await grace.get(`${threads}?limit=1&associatedTicketId=${first.id}`)
    expect(thread.body.results[0].assignedTo).toBe(`A-${me.userId}`)
  })

  test('contacts are read by id, by e-mail address and in batches', async () => {
    const thread = (await grace.get(`${threads}?limit=1`)).body.results[0]
    const url = `${root}/crm/v3/objects/contacts`
    const contact = (await grace.get(`${url}/${thread.associatedContactId}?properties=email,firstname,phone`)).body
    const byEmail = (await grace.get(`${url}/${contact.properties.email}?idProperty=email`)).body
    expect(byEmail.id).toBe(contact.id)
    const batch = await grace.send('POST', `${url}/batch/read`, {
      inputs: [{ id: contact.id }, { id: '1' }],
      properties: ['email'],
    })
    expect([batch.status, batch.body.results[0].id]).toEqual([207, contact.id])
    const found = await grace.send('POST', `${url}/search`, {
      filterGroups: [{ filters: [{ propertyName: 'email', operator: 'EQ', value: contact.properties.email }] }],
    })
    expect(found.body).toMatchObject({ total: 1, results: [{ id: contact.id }] })
  })
})

describe('rights and limits', () => {
  test('a missing scope is named', async () => {
    const reader = await bench.api(portal, 'haruto.sato@novapro.example', {
      clientId: '550e8400-e29b-41d4-a716-446655440000',
    })
    const { results } = (await reader.get(`${threads}?limit=1`)).body
    const refused = await reader.send('PATCH', `${threads}/${results[0].id}`, { status: 'CLOSED' })
    expect(refused.body).toMatchObject({
      category: 'MISSING_SCOPES',
      context: { missingScopes: ['conversations.write'] },
    })
  })

  test('a token sees its own portal only', async () => {
    const [foreign = ''] = await bench.sandbox.control.conversationIds('62515001', { limit: 1 })
    expect((await grace.get(`${threads}/${foreign}`)).status).toBe(404)
    expect((await grace.get(`${root}/account-info/v3/details`)).body.portalId).toBe(62515002)
  })

  test('expired and revoked tokens are told apart', async () => {
    const haruto = await bench.api(portal, 'haruto.sato@novapro.example')
    await bench.sandbox.control.expireAccessTokens({ user: 'haruto.sato@novapro.example' })
    expect((await haruto.get(`${root}/crm/v3/owners`)).body).toMatchObject({
      category: 'EXPIRED_AUTHENTICATION',
      message: expect.stringMatching(/expired \d+ second/),
    })
    await bench.sandbox.control.revoke({ user: 'haruto.sato@novapro.example' })
    expect((await haruto.get(`${root}/crm/v3/owners`)).body.category).toBe('INVALID_AUTHENTICATION')
  })

  test('search has its own budget per second and no rate headers; the rest has both', async () => {
    await bench.sandbox.control.setRateLimit(portal, 'hubspot.search', { max: 1, windowMs: 60_000 })
    const url = `${root}/crm/v3/objects/tickets/search`
    const first = await grace.send('POST', url, { limit: 1 })
    expect(first.headers.get('x-hubspot-ratelimit-remaining')).toBeNull()
    expect((await grace.send('POST', url, { limit: 1 })).body).toMatchObject({
      errorType: 'RATE_LIMIT',
      policyName: 'SECONDLY',
    })
    const other = await grace.get(`${root}/crm/v3/owners`)
    expect(other.status).toBe(200)
    expect(other.headers.get('x-hubspot-ratelimit-interval-milliseconds')).toBe('10000')
    await bench.sandbox.control.setRateLimit(portal, 'hubspot.search', null)
    await bench.sandbox.control.setRateLimit(portal, 'hubspot.api', { max: 0, windowMs: 60_000 })
    const over = await grace.get(`${root}/crm/v3/owners`)
    expect([over.status, over.body.policyName, over.headers.get('retry-after')]).toEqual([
      429,
      'TEN_SECONDLY_ROLLING',
      null,
    ])
    await bench.sandbox.control.setRateLimit(portal, 'hubspot.api', null)
  })

  test('an unknown path answers 404 without a body', async () => {
    expect(await grace.get(`${root}/crm/v9/nothing`)).toMatchObject({ status: 404, text: '' })
  })
})
