import { expect, test } from 'vitest'
import { answerOf, sandboxBench } from './api.ts'
import { Described } from './described.ts'
import { zohoDeskDescription } from './zoho-desk-description.ts'

const site = '20081100'
const root = 'https://desk.zoho.eu/api/v1'
const bench = sandboxBench({ conversations: 2100 })

/** Described by the vendor elsewhere; see the connector's test of the same name. */
const missing = ['startDeviceSignIn', 'pollDeviceToken', 'uploadFile', 'draftReply']

test('every answer fits the description of the Zoho Desk API', async () => {
  const text = zohoDeskDescription()
  if (!text) return
  const described = await Described.load(text)
  const faults: string[] = []
  await bench.sandbox.control.setExportLag(0)
  await bench.sandbox.control.setRateLimit(site, 'zoho-desk.burst', { max: 100_000, windowMs: 1000 })
  const wiebke = await bench.api(site, 'wiebke.janssen@harbour.example')
  const token = 'https://accounts.zoho.eu/oauth/v2/token'
  const send = async (method: string, path: string, body?: unknown, more: Record<string, string> = {}) => {
    const url = path.startsWith('https:') ? path : `${root}${path}`
    const answer = await answerOf(
      await bench.fetch(url, {
        method,
        headers: {
          authorization: `Zoho-oauthtoken ${wiebke.signedIn.accessToken}`,
          orgId: site,
          ...(body === undefined ? {} : { 'content-type': 'application/json' }),
          ...more,
        },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      }),
    )
    faults.push(...described.check(method, url, answer))
    return answer
  }
  const headers = new Headers({ 'content-type': 'application/json' })
  const { status, answer: body } = wiebke.signedIn
  faults.push(...described.check('POST', token, { status, headers, text: '', body }))
  const bad = await wiebke.flow.exchange('no-such-code')
  expect(bad).toMatchObject({ status: 200, answer: { error: 'invalid_code' } })
  faults.push(...described.check('POST', token, { status: 200, headers, text: '', body: bad.answer }))

  await send('GET', '/tickets?from=0&limit=100&sortBy=-recentThread&include=contacts,assignee')
  await send('GET', '/tickets?from=99999')
  await send('GET', '/tickets?limit=101')
  await send('GET', '/tickets?sortOrder=asc')
  const range = 'modifiedTimeRange=2000-01-01T00:00:00.000Z,2100-01-01T00:00:00.000Z'
  for (const from of [0, 100]) await send('GET', `/tickets/search?${range}&sortBy=-modifiedTime&from=${from}&limit=100`)
  await send('GET', `/tickets/search?${range}&tag=%24%7BNotEmpty%7D&limit=50`)
  await send('GET', '/tickets/search?modifiedTimeRange=2000-01-01T00:00:00.000Z,2000-01-02T00:00:00.000Z')
  await send('GET', '/tickets/search?modifiedTimeRange=yesterday')
  const { control } = bench.sandbox
  const ids = await control.conversationIds(site, { limit: 64 })
  for (const id of ids) {
    await send('GET', `/tickets/${id}?include=contacts,assignee`)
    const { body: list } = await send('GET', `/tickets/${id}/conversations?from=0&limit=200`)
    await send('GET', `/tickets/${id}/threads?sortBy=-sendDateTime`)
    await send('GET', `/tickets/${id}/latestThread?needIncomingThread=true`)
    await send('GET', `/tickets/${id}/comments?sortBy=-commentedTime`)
    await send('GET', `/tickets/${id}/tags`)
    for (const entry of list.data.filter((each: { type: string }) => each.type === 'thread')) {
      const { body: whole } = await send('GET', `/tickets/${id}/threads/${entry.id}?include=plainText`)
      for (const file of whole.attachments) await send('GET', file.href)
    }
  }
  await send('GET', '/tickets/1')
  for (const path of [
    '/organizations',
    '/myinfo',
    '/agents?limit=200',
    '/departments?limit=200',
    '/organizationFields?module=tickets',
    '/organizationFields?module=contacts',
    '/contacts?limit=50',
    '/contacts?from=999999',
  ]) {
    await send('GET', path)
  }
  const { body: contacts } = await send('GET', '/contacts?limit=1')
  await send('GET', `/contacts/${contacts.data[0].id}`)
  const [id] = await control.conversationIds(site, { statusKind: 'open', limit: 1 })
  const mail = {
    channel: 'EMAIL',
    content: '<p>Hello</p>',
    contentType: 'html',
    fromEmailAddress: 'hello@harbour-tea.example',
  }
  await send('POST', `/tickets/${id}/sendReply`, { ...mail, to: 'rosa@customers.example' })
  await send('POST', `/tickets/${id}/sendReply`, { ...mail, fromEmailAddress: 'else@example.com' })
  await send('POST', `/tickets/${id}/comments`, { content: 'aside', contentType: 'plainText', isPublic: false })
  await send('POST', `/tickets/${id}/comments`, { words: 'aside' })
  await send('PATCH', `/tickets/${id}`, { status: 'Escalated', priority: 'High', assigneeId: null })
  await send('PATCH', `/tickets/${id}`, { status: 'Nonsense' })
  await send('POST', `/tickets/${id}/associateTag`, { tags: ['tea'] })
  await send('POST', `/tickets/${id}/associateTag`, { tags: ['x'] })
  await send('POST', `/tickets/${id}/dissociateTag`, { tags: ['tea'] })
  await send('GET', '/myinfo', undefined, { orgId: '20081103' })
  await send('GET', '/myinfo', undefined, { authorization: 'Zoho-oauthtoken 1000.none' })
  for (const [kind, limit] of [
    ['zoho-desk.credits', { max: 0, windowMs: 60_000 }],
    ['zoho-desk.burst', { max: 0, windowMs: 60_000 }],
  ] as const) {
    await control.setRateLimit(site, kind, limit)
    expect((await send('GET', '/myinfo')).status).toBe(429)
    await control.setRateLimit(site, kind, null)
  }
  await send('POST', `https://accounts.zoho.eu/oauth/v2/token/revoke?token=${wiebke.signedIn.refreshToken}`)
  await send('GET', '/myinfo')

  expect(faults).toEqual([])
  const unmet = described.operations().filter((operation) => !described.met.has(operation))
  expect(unmet.sort()).toEqual([...missing].sort())
}, 60_000)
