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
