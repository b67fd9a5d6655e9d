import { FormData } from 'undici'
import { expect, test } from 'vitest'
import { covered } from '../coverage.ts'
import { describedOperations } from '../described-operations.ts'
import { answerOf, sandboxBench } from './api.ts'
import { Described, vendorData } from './described.ts'

const root = 'https://api.hubapi.com'
const conversations = '/conversations/v3/conversations'
const bench = sandboxBench({ perShare: 100 })

test('every answer fits the description of the HubSpot API', async () => {
  const text = vendorData('specs/hubspot.openapi.json')
  if (!text) return
  const described = await Described.load(text)
  const faults: string[] = []
  const site = '62515002'
  await bench.sandbox.control.setRateLimit(site, 'hubspot.api', { max: 10_000, windowMs: 10_000 })
  await bench.sandbox.control.setRateLimit(site, 'hubspot.search', { max: 100, windowMs: 1000 })
  const grace = await bench.api(site, 'grace.hill@novapro.example')
  const { clientId, clientSecret } = grace.flow.client
  const send = async (method: string, path: string, body?: unknown) => {
    const answer = await grace.send(method, `${root}${path}`, body)
    faults.push(...described.check(method, `${root}${path}`, answer))
    return answer
  }
  const form = async (path: string, fields: Record<string, string>) => {
    const body = new URLSearchParams({ client_id: clientId, client_secret: clientSecret ?? '', ...fields })
    const answer = await answerOf(await bench.fetch(`${root}${path}`, { method: 'POST', body }))
    faults.push(...described.check('POST', `${root}${path}`, answer))
    return answer
  }

  const refresh = { grant_type: 'refresh_token', refresh_token: grace.signedIn.refreshToken }
  await form('/oauth/2026-03/token', refresh)
  await form('/oauth/v1/token', refresh)
  for (const wrong of [
    { ...refresh, refresh_token: 'x' },
    { ...refresh, client_secret: 'x' },
    { grant_type: 'authorization_code', code: 'x', redirect_uri: 'y' },
  ]) {
    expect((await form('/oauth/2026-03/token', wrong)).status).toBe(400)
    await form('/oauth/v1/token', wrong)
  }
  for (const token of [grace.signedIn.accessToken, grace.signedIn.refreshToken, 'x'])
    await form('/oauth/2026-03/token/introspect', { token })

  for (const path of [
    '/account-info/v3/details',
    `${conversations}/inboxes`,
    `${conversations}/channels`,
    `${conversations}/channel-accounts`,
    '/crm/v3/owners',
    '/crm/v3/pipelines/tickets',
  ]) {
    await send('GET', path)
  }
  const threads = (await send('GET', `${conversations}/threads?limit=100&association=TICKET`)).body.results
  await send(
    'GET',
    `${conversations}/threads?limit=50&sort=latestMessageTimestamp&latestMessageTimestampAfter=2020-01-01T00:00:00Z`,
  )
  await send('GET', `${conversations}/threads?sort=latestMessageTimestamp`)
  for (const thread of threads.slice(0, 60)) await send('GET', `${conversations}/threads/${thread.id}/messages`)
  await send('GET', `${conversations}/threads/${threads[0].id}?association=TICKET`)
  await send('GET', `${conversations}/threads/1`)

  const open = threads.find(
    (thread: { status: string; originalChannelId: string }) =>
      thread.status === 'OPEN' && thread.originalChannelId === '1002',
  )
  const newest = (await send('GET', `${conversations}/threads/${open.id}/messages`)).body.results
  const incoming = newest.find((message: { direction?: string }) => message.direction === 'INCOMING')
  const sent = await send('POST', `${conversations}/threads/${open.id}/messages`, {
    type: 'MESSAGE',
    text: 'hi',
    attachments: [],
    recipients: [
      { actorId: incoming.senders[0].actorId, deliveryIdentifiers: [incoming.senders[0].deliveryIdentifier] },
    ],
    senderActorId: `A-${grace.signedIn.answer.user_id}`,
    channelId: incoming.channelId,
    channelAccountId: incoming.channelAccountId,
  })
  expect(sent.status).toBe(201)
  await send('POST', `${conversations}/threads/${open.id}/messages`, { type: 'COMMENT', text: 'hm', attachments: [] })
  await send('POST', `${conversations}/threads/${open.id}/messages`, { type: 'MESSAGE', text: 'hi' })
  await send('GET', `${conversations}/threads/${open.id}/messages/${sent.body.id}`)
  await send('GET', `${conversations}/threads/${open.id}/messages/${sent.body.id}/original-content`)
  await send('PATCH', `${conversations}/threads/${open.id}`, { status: 'CLOSED' })
  const assignee = `/conversations/conversations/v3/threads/${open.id}/assignee`
  await send('PUT', assignee, { actorId: `A-${grace.signedIn.answer.user_id}` })
  await send('DELETE', assignee)
  await send('GET', `${conversations}/threads/${open.id}/messages`)
  await send('DELETE', `${conversations}/threads/${threads[1].id}`)
  await send('GET', `${conversations}/actors/A-${grace.signedIn.answer.user_id}`)
  await send('GET', `${conversations}/actors/A-1`)
  await send('POST', `${conversations}/actors/batch/read`, { inputs: [`V-${open.associatedContactId}`] })
  await send('POST', `${conversations}/actors/batch/read`, { inputs: ['V-1'] })

  const tickets = (await send('GET', '/crm/v3/objects/tickets?limit=100&associations=contacts')).body.results
  await send('GET', `/crm/v3/objects/tickets/${tickets[0].id}?properties=subject,hubspot_owner_id`)
  await send('GET', '/crm/v3/objects/tickets/1')
  await send('POST', '/crm/v3/objects/tickets', {
    properties: { subject: 'New', content: 'Hello', hs_pipeline: '0', hs_pipeline_stage: '1' },
  })
  await send('PATCH', `/crm/v3/objects/tickets/${tickets[0].id}`, { properties: { hs_ticket_priority: 'LOW' } })
  await send('PATCH', `/crm/v3/objects/tickets/${tickets[0].id}`, { properties: { hs_ticket_priority: 'PURPLE' } })
  await send('POST', '/crm/v3/objects/tickets/search', {
    filterGroups: [{ filters: [{ propertyName: 'hs_lastmodifieddate', operator: 'GTE', value: '0' }] }],
    limit: 200,
  })
  await send('POST', '/crm/v3/objects/tickets/search', { limit: 500 })
  await send('POST', '/crm/v3/objects/tickets/batch/read', { inputs: [{ id: tickets[0].id }], properties: ['subject'] })
  await send('GET', '/crm/v3/objects/contacts?limit=20')
  await send('GET', `/crm/v3/objects/contacts/${open.associatedContactId}?properties=email,phone`)
  await send('POST', '/crm/v3/objects/contacts/search', { filterGroups: [], limit: 20 })
  await send('POST', '/crm/v3/objects/contacts/batch/read', { inputs: [{ id: '1' }], properties: ['email'] })
  const associations = [
    { to: { id: tickets[0].id }, types: [{ associationCategory: 'HUBSPOT_DEFINED', associationTypeId: 228 }] },
  ]
  await send('POST', '/crm/v3/objects/notes', {
    properties: { hs_timestamp: '2026-01-01T00:00:00Z', hs_note_body: 'x' },
    associations,
  })
  const upload = new FormData()
  upload.set('file', new File(['x'], 'a.txt', { type: 'text/plain' }))
  upload.set('options', '{}')
  const file = await answerOf(
    await bench.fetch(`${root}/files/v3/files`, {
      method: 'POST',
      headers: { authorization: `Bearer ${grace.signedIn.accessToken}` },
      body: upload,
    }),
  )
  faults.push(...described.check('POST', `${root}/files/v3/files`, file))
  await send('GET', `/files/v3/files/${file.body.id}/signed-url`)

  await bench.sandbox.control.setRateLimit(site, 'hubspot.api', { max: 0, windowMs: 60_000 })
  await send('GET', '/crm/v3/owners')
  await bench.sandbox.control.setRateLimit(site, 'hubspot.api', null)
  await bench.sandbox.control.expireAccessTokens({ site })
  await send('GET', '/crm/v3/owners')
  await form('/oauth/2026-03/token/revoke', { token: grace.signedIn.refreshToken })
  const bare = await answerOf(await bench.fetch(`${root}/crm/v3/owners`))
  faults.push(...described.check('GET', `${root}/crm/v3/owners`, bare))

  expect(faults).toEqual([])
  expect(described.operations().filter((operation) => !described.met.has(operation))).toEqual([])
  covered('hubspot', 'described', describedOperations('hubspot', described.met).names)
})
