import { expect, test } from 'vitest'
import { type Answer, answerOf, sandboxBench } from './api.ts'
import { Described, vendorData } from './described.ts'
import { graphDescription } from './graph-description.ts'

const site = 'care@tidewater.example'
const root = 'https://graph.microsoft.com/v1.0'
const mailbox = `${root}/users/${site}`
const bench = sandboxBench({ conversations: 3000 })

test('every answer fits the description of Microsoft Graph', async () => {
  const text = vendorData('specs/microsoft-graph.openapi.json')
  if (!text) return
  const described = await Described.load(graphDescription(text))
  const faults: string[] = []
  const ella = await bench.api(site, 'ella.marsh@tidewater.example')
  const ruben = await bench.api(site, 'ruben.castell@tidewater.example')
  const send = async (method: string, url: string, body?: unknown, api = ella): Promise<Answer> => {
    const answer = await answerOf(
      await bench.fetch(url, {
        method,
        headers: {
          authorization: `Bearer ${api.signedIn.accessToken}`,
          prefer: 'IdType="ImmutableId", odata.maxpagesize=20',
          ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      }),
    )
    faults.push(...described.check(method, url, answer))
    return answer
  }
  const select = (names: string) => `$select=${encodeURIComponent(names)}`

  const list = (await send('GET', `${mailbox}/messages?$orderby=receivedDateTime desc&$top=200`)).body.value
  expect(list.length).toBe(200)
  await send(
    'GET',
    `${mailbox}/messages?$filter=receivedDateTime le ${list[9].receivedDateTime}&$orderby=receivedDateTime desc`,
  )
  const filter = encodeURIComponent(`conversationId eq '${list[0].conversationId}'`)
  await send('GET', `${mailbox}/messages?$filter=${filter}&${select('id,subject,body,from')}`)
  await send('GET', `${mailbox}/messages?$filter=${filter}&$orderby=receivedDateTime desc`)
  await send('GET', `${mailbox}/messages?$top=0`)
  await send('GET', `${mailbox}/mailFolders`)
  for (const folder of ['inbox', 'archive', 'sentitems', 'nonsense']) {
    await send('GET', `${mailbox}/mailFolders/${folder}?${select('id,displayName')}`)
    await send('GET', `${mailbox}/mailFolders/${folder}/messages`)
  }
  let delta = await send('GET', `${mailbox}/mailFolders/inbox/messages/delta?${select('conversationId,flag')}`)
  while (delta.body['@odata.nextLink']) delta = await send('GET', delta.body['@odata.nextLink'])
  const incoming = list.find(
    (mail: { from: { emailAddress: { address: string } } }) => mail.from.emailAddress.address !== site,
  )
  const message = `${mailbox}/messages/${incoming.id}`
  await send('GET', message)
  await send('GET', `${mailbox}/messages/nonsense`)
  await send('PATCH', message, { flag: { flagStatus: 'complete' }, categories: ['Broken'] })
  await send('PATCH', message, { isRead: true })
  await send('PATCH', message, { flag: { flagStatus: 'purple' } })
  await send('PATCH', message, { subject: 'Not a draft' })
  await send('POST', `${message}/move`, { destinationId: 'archive' })
  const changed = await send('GET', delta.body['@odata.deltaLink'])
  expect(changed.body.value).toContainEqual({
    '@odata.type': '#microsoft.graph.message',
    id: incoming.id,
    '@removed': { reason: 'changed' },
  })
  await send('GET', `${mailbox}/mailFolders/inbox/messages/delta?$deltatoken=nonsense`)
  for (const mail of list.slice(0, 80)) await send('GET', `${mailbox}/messages/${mail.id}/attachments`)
  const draft = (await send('POST', `${message}/createReply`, {})).body
  await send('PATCH', `${mailbox}/messages/${draft.id}`, { body: { contentType: 'html', content: '<p>Hi</p>' } })
  expect((await send('POST', `${mailbox}/messages/${draft.id}/send`, undefined, ruben)).body.error.code).toBe(
    'ErrorSendAsDenied',
  )
  expect((await send('POST', `${mailbox}/messages/${draft.id}/send`)).status).toBe(202)
  expect((await send('POST', `${mailbox}/messages/${draft.id}/send`)).status).toBe(400)
  expect((await send('GET', `${mailbox}/messages/${draft.id}`)).body).toMatchObject({ id: draft.id, isDraft: false })
  const begun = (
    await send('POST', `${mailbox}/messages`, {
      subject: 'New',
      toRecipients: [{ emailAddress: { address: 'a@b.example' } }],
    })
  ).body
  await send('DELETE', `${mailbox}/messages/${begun.id}`)
  await send('GET', `${root}/users/${(await send('GET', `${root}/users/ella.marsh@tidewater.example`)).body.id}`)
  await send('GET', `${root}/users/noor.haddad@tidewater.example`)
  await send('GET', `${root}/users/oona.laine@polarbikes.example/messages`)
  await bench.sandbox.control.setRateLimit(site, 'outlook.api', { max: 0, windowMs: 60_000 })
  await send('GET', `${mailbox}/mailFolders`)
  await bench.sandbox.control.setRateLimit(site, 'outlook.api', null)
  await bench.sandbox.control.expireAccessTokens({ user: 'ella.marsh@tidewater.example' })
  await send('GET', `${mailbox}/mailFolders`)
  expect(faults).toEqual([])
  expect(described.met.size).toBeGreaterThanOrEqual(14)
})

test('an id that was asked for without the lasting kind is worth nothing after a move', async () => {
  const ella = await bench.api(site, 'ella.marsh@tidewater.example')
  const list = (await ella.get(`${mailbox}/mailFolders/inbox/messages`)).body.value
  await ella.send('POST', `${mailbox}/messages/${list[0].id}/move`, { destinationId: 'archive' })
  expect((await ella.get(`${mailbox}/messages/${list[0].id}`)).status).toBe(404)
})
