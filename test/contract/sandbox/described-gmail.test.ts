import { expect, test } from 'vitest'
import { openApiOf } from '../discovery.ts'
import { sandboxBench } from './api.ts'
import { Described, vendorData } from './described.ts'

const root = 'https://gmail.googleapis.com/gmail/v1/users/me'
const site = 'support@tern-cycles.example'
const bench = sandboxBench({ conversations: 1800 })

test('every answer fits the description of the Gmail API', async () => {
  const discovery = vendorData('specs/google-gmail.discovery.json')
  if (discovery === undefined) return
  const described = await Described.load(openApiOf(discovery))
  await bench.sandbox.control.setRateLimit(site, 'gmail.units', { max: 1_000_000, windowMs: 60_000 })
  const me = await bench.api(site, site)
  const faults: string[] = []
  const send = async (method: string, path: string, body?: unknown) => {
    const answer = await me.send(method, `${root}/${path}`, body)
    expect(answer.status, `${method} ${path}: ${answer.text.slice(0, 200)}`).toBe(200)
    faults.push(...described.check(method, `${root}/${path}`, answer))
    return answer.body
  }

  const { historyId } = await send('GET', 'profile')
  await send('GET', 'labels')
  await send('GET', 'settings/sendAs')
  const { threads } = await send('GET', 'threads?maxResults=100')
  await send('GET', 'threads?labelIds=INBOX&maxResults=5')
  await send('GET', 'threads?q=-in:inbox')
  await send('GET', 'threads?labelIds=TRASH&includeSpamTrash=true')
  const { messages } = await send('GET', 'messages?labelIds=SENT')
  for (const { id } of threads) {
    for (const format of ['full', 'metadata', 'minimal']) await send('GET', `threads/${id}?format=${format}`)
  }
  await send('GET', `messages/${messages[0].id}?format=metadata&metadataHeaders=Subject&metadataHeaders=From`)
  await send('GET', `messages/${messages[0].id}`)
  await send('POST', `threads/${threads[0].id}/modify`, { addLabelIds: ['Label_1'], removeLabelIds: ['INBOX'] })
  await send('POST', 'labels', { name: 'Spare parts', labelListVisibility: 'labelShow', messageListVisibility: 'show' })
  const raw = Buffer.from('To: a@customers.example\r\nSubject: Hello\r\n\r\nHello').toString('base64url')
  await send('POST', 'messages/send', { raw })
  await bench.sandbox.control.customerWrites(site, threads[1].id, 'A picture', { picture: true })
  const { history } = await send('GET', `history?startHistoryId=${historyId}&maxResults=500`)
  expect(history.length).toBeGreaterThanOrEqual(3)
  const thread = await send('GET', `threads/${threads[1].id}`)
  const parts = thread.messages.at(-1).payload.parts as { body: { attachmentId?: string } }[]
  const attachment = parts.find((part) => part.body.attachmentId)?.body.attachmentId
  await send('GET', `messages/${thread.messages.at(-1).id}/attachments/${attachment}`)

  expect(faults).toEqual([])
  const met = [...described.met.keys()]
  expect(met).toHaveLength(12)
})

test('errors come in the form that Google documents', async () => {
  const me = await bench.api(site, site)
  const check = async (method: string, path: string, body: unknown, wanted: { code: number; reason: string }) => {
    const answer = await me.send(method, `${root}/${path}`, body)
    expect(answer.body.error).toMatchObject({ code: wanted.code, errors: [{ reason: wanted.reason }] })
    expect(answer.status).toBe(wanted.code)
  }
  await check('GET', 'threads/19e1000fffff0000', undefined, { code: 404, reason: 'notFound' })
  await check('GET', 'history?startHistoryId=5', undefined, { code: 404, reason: 'notFound' })
  await check('GET', 'threads?pageToken=zzz', undefined, { code: 400, reason: 'invalidArgument' })
  await check('POST', 'messages/send', { raw: 'SGVsbG8' }, { code: 400, reason: 'invalidArgument' })
  await check('POST', 'labels', { name: 'vip' }, { code: 409, reason: 'aborted' })
  await bench.sandbox.control.setRateLimit(site, 'gmail.units', { max: 0, windowMs: 60_000 })
  await check('GET', 'profile', undefined, { code: 403, reason: 'rateLimitExceeded' })
  await bench.sandbox.control.setRateLimit(site, 'gmail.units', null)
  await bench.sandbox.control.expireAccessTokens({ site })
  await check('GET', 'profile', undefined, { code: 401, reason: 'authError' })
})

test('a mail with another subject, or that answers nothing of the thread, begins a thread of its own', async () => {
  const me = await bench.api(site, site)
  const { body } = await me.get(`${root}/threads?maxResults=1`)
  const threadId = body.threads[0].id
  const thread = (await me.get(`${root}/threads/${threadId}?format=metadata`)).body
  const header = (name: string) =>
    thread.messages[0].payload.headers.find((each: { name: string }) => each.name === name).value
  const mail = async (headers: string[]) => {
    const raw = Buffer.from(`To: a@customers.example\r\n${headers.join('\r\n')}\r\n\r\nHello`).toString('base64url')
    return (await me.send('POST', `${root}/messages/send`, { raw, threadId })).body.threadId
  }
  const answers = [`In-Reply-To: ${header('Message-ID')}`, `References: ${header('Message-ID')}`]
  expect(await mail([`Subject: Re: ${header('Subject')}`, ...answers])).toBe(threadId)
  expect(await mail(['Subject: Something else', ...answers])).not.toBe(threadId)
  expect(await mail([`Subject: Re: ${header('Subject')}`])).not.toBe(threadId)
})
