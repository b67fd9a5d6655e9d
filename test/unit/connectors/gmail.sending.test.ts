import PostalMime from 'postal-mime'
import { describe, expect, it } from 'vitest'
import { readParts } from '../../../main/connectors/gmail/batch.ts'
import { readError } from '../../../main/connectors/gmail/errors.ts'
import {
  keyOf,
  keysAround,
  messageIdOf,
  type OutgoingMail,
  rawMail,
  referencesTo,
  replySubject,
} from '../../../main/connectors/gmail/mail.ts'

const words = { bodyText: 'Hello', bodyHtml: '<p>Hello</p>' }
const at = Date.UTC(2026, 4, 4, 9, 0, 59, 900)

describe('the key of a mail', () => {
  const key = (sentAt: number, body = words, what = 'thread t1') => keyOf('help@brand.example', what, body, sentAt)

  it('is the same for the same mail of the same minute, and no other', () => {
    expect(key(at)).toBe(key(at - 20_000))
    const others = [key(at + 60_000), key(at, { ...words, bodyText: 'Hello!' }), key(at, words, 'thread t2')]
    expect(new Set([key(at), ...others]).size).toBe(4)
  })

  it('is among those looked for when the minute turned while it was sent', () => {
    expect(keysAround(at, key)).toContain(key(at + 5_000))
    expect(keysAround(at, key)).not.toContain(key(at + 10 * 60_000))
  })
})

describe('a mail as it is sent', () => {
  const mail: OutgoingMail = {
    from: { name: 'Brand ÄÖ', address: 'rent@brand.example' },
    to: [{ name: 'Nia, Okoye', address: 'nia@buyers.example' }],
    subject: 'Re: Grüße\r\nBcc: everybody@else.example',
    ...words,
    inReplyTo: '<a@buyers.example>',
    references: ['<r@buyers.example>', '<a@buyers.example>'],
    ...{ key: 'k'.repeat(40), date: at },
  }
  const parsed = async () => PostalMime.parse(Buffer.from(await rawMail(mail, 'help@brand.example'), 'base64url'))

  it('has sender, recipient, threading headers and both bodies, and can smuggle in no header', async () => {
    const read = await parsed()
    expect(read).toMatchObject({
      ...{
        from: { name: 'Brand ÄÖ', address: 'rent@brand.example' },
        to: [{ name: 'Nia, Okoye', address: 'nia@buyers.example' }],
      },
      ...{ inReplyTo: '<a@buyers.example>', references: '<r@buyers.example> <a@buyers.example>' },
      ...{ messageId: `<${mail.key}@brand.example>`, date: '2026-05-04T09:00:59.000Z' },
    })
    expect(read.bcc ?? []).toEqual([])
    expect(read.text?.trim()).toBe('Hello')
    expect(read.html?.trim()).toBe('<p>Hello</p>')
    expect(read.headers.find((header) => header.key === 'x-manydesk-id')?.value).toBe(mail.key)
  })

  it('keeps the subject of its thread', () => {
    expect([replySubject('Table'), replySubject('RE: Table'), replySubject('')]).toEqual([
      'Re: Table',
      'RE: Table',
      'Re:',
    ])
  })

  it('names each mail before it once, and of a very long chain the first and the newest', () => {
    expect(referencesTo(['<a>', '<b>'], '<b>')).toEqual(['<a>', '<b>'])
    const long = referencesTo(
      Array.from({ length: 80 }, (_, place) => `<${place}>`),
      '<last>',
    )
    expect([long.length, long[0], long.at(-1)]).toEqual([30, '<0>', '<last>'])
  })

  it('has an id in the domain of the mailbox', () => {
    expect(messageIdOf('k', 'help@brand.example')).toBe('<k@brand.example>')
  })
})

describe('the answer of a batch', () => {
  const answer = (id: string, status: string, body: string) =>
    `--b_x\r\nContent-Type: application/http\r\nContent-ID: <${id}>\r\n\r\nHTTP/1.1 ${status}\r\nContent-Type: application/json; charset=UTF-8\r\nRetry-After: 3\r\n\r\n${body}\r\n`

  it('is taken apart by the ids of its calls, whatever their order', async () => {
    const text = `${answer('response-1', '404 Not Found', '{"error":{}}')}${answer('response-0', '200 OK', '{\n "subject": "Grüße – 山",\r\n\r\n "x": 1\n}')}--b_x--`
    const parts = await readParts('multipart/mixed; boundary=b_x', text)
    expect([...parts.keys()].sort()).toEqual([0, 1])
    expect(JSON.parse(parts.get(0)?.body ?? '')).toEqual({ subject: 'Grüße – 山', x: 1 })
    expect(parts.get(1)).toMatchObject({ status: 404 })
    expect(parts.get(1)?.headers.get('retry-after')).toBe('3')
  })

  it('that is none is a bad answer', async () => {
    await expect(readParts('text/html', '<html>')).rejects.toMatchObject({ code: 'vendor_bad_answer' })
  })
})

describe('errors of Google', () => {
  const body = (code: number, reason: string, message = 'Something', more: object = {}) =>
    JSON.stringify({ error: { code, message, errors: [{ domain: 'global', reason, message }], status: 'X', ...more } })
  const read = (status: number, text: string, headers: Record<string, string> = {}) =>
    readError(status, new Headers(headers), text)

  it.each(['rateLimitExceeded', 'userRateLimitExceeded', 'quotaExceeded'])('403 %s means later', (reason) => {
    expect(read(403, body(403, reason)).code).toBe('rate_limited')
  })

  it('tell in the text until when to wait, and a day’s limit is not asked about every minute', () => {
    const text = body(429, 'rateLimitExceeded', 'User-rate limit exceeded.  Retry after 2026-05-04T09:10:00.000Z')
    expect(read(429, text, { date: 'Mon, 04 May 2026 09:00:00 GMT' }).retryAfterMs).toBe(600_000)
    expect(read(403, body(403, 'dailyLimitExceeded')).retryAfterMs).toBe(3_600_000)
  })

  it.each([
    ['insufficientPermissions', /tick every box/],
    ['accessNotConfigured', /enable the Gmail API/],
    ['domainPolicy', /Workspace administrator/],
  ])('403 %s says what to do', (reason, action) => {
    const error = read(403, body(403, reason))
    expect(error.code).toBe('vendor_forbidden')
    expect(error.action).toMatch(action)
    expect(error.detail).toContain(reason)
  })

  it('of the newer form are read by their details', () => {
    const text = body(403, 'forbidden', 'No', { details: [{ reason: 'ACCESS_TOKEN_SCOPE_INSUFFICIENT' }] })
    expect(read(403, text).action).toMatch(/tick every box/)
  })

  it.each([
    [401, body(401, 'authError'), 'needs_sign_in'],
    [404, body(404, 'notFound'), 'vendor_not_found'],
    [400, body(400, 'invalidArgument', 'Recipient address required'), 'vendor_rejected'],
    [500, body(500, 'backendError'), 'vendor_failed'],
    [502, '<html>Bad gateway</html>', 'vendor_failed'],
    [400, '{"error":"invalid_grant","error_description":"Bad Request"}', 'vendor_rejected'],
  ])('%i is the code of its kind', (status, text, code) => {
    expect(read(status, text).code).toBe(code)
  })
})
