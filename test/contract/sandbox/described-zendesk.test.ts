import { expect, test } from 'vitest'
import { covered } from '../coverage.ts'
import { describedOperations } from '../described-operations.ts'
import { answerOf, sandboxBench } from './api.ts'
import { Described, vendorData } from './described.ts'

const site = 'acme.zendesk.com'
const root = `https://${site}/api/v2`
const bench = sandboxBench({ perShare: 50 })

test('every answer fits the description of the Zendesk API', async () => {
  const text = vendorData('specs/zendesk.openapi.json')
  if (!text) return
  const described = await Described.load(text)
  const faults: string[] = []
  await bench.sandbox.control.setExportLag(0)
  const mia = await bench.api(site, 'mia.berg@acme.example', { token: { expires_in: '1800' } })
  const ada = await bench.api(site, 'ada.okafor@acme.example')
  const send = async (method: string, path: string, body?: unknown, api = mia) => {
    const url = `${root}${path}`
    const answer = await api.send(method, url, body)
    faults.push(...described.check(method, url, answer))
    return answer
  }
  const token = {
    status: mia.signedIn.status,
    headers: new Headers({ 'content-type': 'application/json' }),
    text: '',
    body: mia.signedIn.answer,
  }
  faults.push(...described.check('POST', `https://${site}/oauth/tokens`, token))
  const bad = await mia.flow.exchange('no-such-code')
  faults.push(
    ...described.check('POST', `https://${site}/oauth/tokens`, { ...token, status: bad.status, body: bad.answer }),
  )

  for (let page = 1; page <= 2; page++) await send('GET', `/tickets?page=${page}&per_page=100&include=users,groups`)
  await send('GET', '/tickets?page[size]=100&sort=-updated_at')
  await send('GET', '/tickets?page[size]=0')
  for (const id of [1, 4, 10, 13, 28, 34, 42, 51]) {
    await send('GET', `/tickets/${id}?include=users`)
    await send('GET', `/tickets/${id}/comments?page[size]=100&include=users&include_inline_images=true`)
    await send('GET', `/tickets/${id}/comments`)
    await send('GET', `/tickets/${id}/audits?page[size]=10`)
  }
  await send('GET', '/tickets/99999999')
  await send('GET', '/tickets/show_many?ids=1,2,3')
  await send('GET', '/incremental/tickets/cursor?start_time=1&include=users,groups', undefined, ada)
  await send('GET', '/incremental/tickets/cursor?start_time=1')
  await send('GET', '/incremental/users/cursor?start_time=1', undefined, ada)
  await send('GET', '/search?query=type:ticket status:open')
  await send('GET', '/search?query=type:ticket&page=99')
  await send('GET', '/search/export?query=status:open&filter[type]=ticket&page[size]=20')
  for (const path of [
    '/users?role[]=agent',
    '/users?page[size]=50',
    '/users/me',
    '/users/search?query=mia',
    '/groups',
    '/groups/assignable',
    '/custom_statuses',
  ]) {
    await send('GET', path)
  }
  const me = (await mia.get(`${root}/users/me`)).body.user
  await send('GET', `/users/${me.id}`)
  await send('GET', `/users/show_many?ids=${me.id}`)
  const [id] = await bench.sandbox.control.conversationIds(site, { statusKind: 'open', limit: 1 })
  await send('PUT', `/tickets/${id}`, {
    ticket: { comment: { body: 'hello', public: true }, status: 'pending', priority: 'high', assignee_id: me.id },
  })
  await send('PUT', `/tickets/${id}`, { ticket: { status: 'nonsense' } })
  await send('PUT', `/tickets/${id}`, {
    ticket: { priority: 'low', safe_update: true, updated_stamp: '2020-01-01T00:00:00Z' },
  })
  await send('PUT', `/tickets/${id}`, 'text')
  for (const method of ['POST', 'PUT', 'DELETE'])
    await send(method, `/tickets/${id}/tags${method === 'DELETE' ? '?tags=a' : ''}`, { tags: ['a'] })
  await send('GET', `/tickets/${id}/tags`)
  await send('POST', '/uploads?filename=a.txt', { any: 'bytes' })
  await send('POST', '/uploads')
  const comments = (await mia.get(`${root}/tickets/13/comments`)).body.comments
  await send('GET', `/attachments/${comments[0].attachments[0].id}`)
  await send('GET', '/attachments/1')
  await send('GET', '/oauth/tokens/current')
  const bare = await answerOf(await bench.fetch(`${root}/groups`))
  faults.push(...described.check('GET', `${root}/groups`, bare))
  await bench.sandbox.control.setRateLimit(site, 'zendesk.api', { max: 0, windowMs: 60_000 })
  await send('GET', '/groups')
  await bench.sandbox.control.setRateLimit(site, 'zendesk.api', null)
  await send('DELETE', '/oauth/tokens/current')
  await send('GET', '/groups')

  expect(faults).toEqual([])
  expect(described.operations().filter((operation) => !described.met.has(operation))).toEqual([])
  covered('zendesk', 'described', describedOperations('zendesk', described.met).names)
})
