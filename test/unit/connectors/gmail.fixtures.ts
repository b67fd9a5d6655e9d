import type { ConnectorContext, TokenSource } from '../../../main/connectors/connector.ts'
import { gmail } from '../../../main/connectors/gmail/index.ts'
import { createAccountHttp } from '../../../main/connectors/http.ts'
import { createRateBudget } from '../../../main/connectors/rate-limit.ts'
import type { FetchPort, Log } from '../../../main/ports.ts'

/** Threads and mails in Gmail's form, in our own words. */

export const base64 = (text: string, encoding: BufferEncoding = 'utf8') =>
  Buffer.from(text, encoding).toString('base64url')

export const part = (mimeType: string, body: object, headers: Record<string, string> = {}, more: object = {}) => ({
  ...{ partId: '0', mimeType, filename: '' },
  headers: Object.entries(headers).map(([name, value]) => ({ name, value })),
  body,
  ...more,
})

export const text = (words: string) => part('text/plain', { size: words.length, data: base64(words) })

export interface MailWish {
  id?: string
  from?: string
  to?: string
  subject?: string
  labels?: string[]
  at?: number
  words?: string
  headers?: Record<string, string>
  payload?: object
}

const begin = Date.UTC(2026, 4, 4, 9)

export function mail({
  id = 'm1',
  from = 'Nia Okoye <nia@buyers.example>',
  to = 'help@brand.example',
  ...wish
}: MailWish = {}) {
  const headers = {
    From: from,
    To: to,
    Subject: wish.subject ?? 'A wobbly table',
    'Message-ID': `<${id}@buyers.example>`,
    ...wish.headers,
  }
  const words = wish.words ?? 'The table wobbles.'
  return {
    ...{ id, threadId: 't1', labelIds: wish.labels ?? ['INBOX'], snippet: words, historyId: '700' },
    internalDate: String(wish.at ?? begin),
    payload: { ...part('text/plain', { size: words.length, data: base64(words) }, headers), ...wish.payload },
  }
}

export const thread = (...messages: unknown[]) => ({ id: 't1', historyId: '900', messages })
export const hour = (count: number) => begin + count * 3_600_000

const silent: Log = { debug: () => undefined, info: () => undefined, warn: () => undefined, error: () => undefined }

export interface Asked {
  method: string
  url: URL
  body: string
  authorization: string | null
}

/** What the connector works with, over a Gmail that is a function. */
export function gmailContext(
  answer: (asked: Asked) => Promise<{ status: number; type?: string; body: string }>,
  tokens: TokenSource = { current: async () => 'token', renew: async () => 'token' },
): ConnectorContext {
  const fetch: FetchPort = async (input, init) => {
    const body = init?.body ? await new Response(init.body).text() : ''
    const authorization = new Headers(init?.headers).get('authorization')
    const found = await answer({ method: init?.method ?? 'GET', url: new URL(String(input)), body, authorization })
    return new Response(found.body, {
      status: found.status,
      headers: { 'content-type': found.type ?? 'application/json' },
    })
  }
  const clock = { now: () => Date.now(), monotonic: () => performance.now() }
  const budget = createRateBudget({ ...gmail.rate, defaultLimit: 1_000_000, buckets: [] }, clock)
  const http = createAccountHttp({
    fetch,
    tokens,
    connector: gmail,
    site: {},
    accountId: 'a1',
    clock,
    log: silent,
    budget,
  })
  const identity = { vendorUserId: '7', siteKey: 'mail.google.com', name: 'Me', email: 'me@brand.example', role: null }
  return { account: { id: 'a1', site: {}, identity }, http, now: Date.now, signal: new AbortController().signal }
}
