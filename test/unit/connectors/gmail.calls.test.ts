import { describe, expect, it } from 'vitest'
import { readMany } from '../../../main/connectors/gmail/batch.ts'
import { gmail } from '../../../main/connectors/gmail/index.ts'
import { messageIdOf } from '../../../main/connectors/gmail/mail.ts'
import type { Command, Compose, Conversation } from '../../../main/connectors/model.ts'
import { type Asked, gmailContext, hour, mail, thread } from './gmail.fixtures.ts'

const json = (value: unknown, status = 200) => ({ status, body: JSON.stringify(value) })
const name = ({ method, url }: Asked) => `${method} ${url.pathname.replace('/gmail/v1/users/me/', '')}`

const conversation = {
  ...{
    vendorId: 't1',
    version: 900,
    subject: 'A wobbly table',
    preview: '',
    status: 'open',
    priority: null,
    channel: 'email',
  },
  ...{
    vendorStatus: { id: 'INBOX', label: 'Inbox' },
    assigneeVendorId: null,
    groupVendorId: null,
    tags: [],
    brandKey: null,
  },
  ...{ customer: { vendorId: null, name: null, email: null, phone: null }, createdAt: hour(0), updatedAt: hour(0) },
  ...{ lastMessageBy: 'customer', dueAt: null, url: 'https://mail.google.com/mail/#all/t1', vendor: {} },
} satisfies Conversation

describe('a token that runs out within a batch', () => {
  it('is renewed by a plain call, and only what was refused is asked again', async () => {
    const asked: string[] = []
    let current = 'old'
    const tokens = { current: async () => current, renew: async () => (current = 'new') }
    const ctx = gmailContext(async (call) => {
      const fresh = call.authorization === 'Bearer new'
      if (call.method === 'GET') return fresh ? json({ emailAddress: 'me@brand.example' }) : json({}, 401)
      asked.push([...call.body.matchAll(/threads\/(\w+)/g)].map(([, id]) => id).join())
      const places = [...call.body.matchAll(/Content-ID: <(\d+)>/g)].map(([, place]) => Number(place))
      const parts = places.map((place) => {
        const ok = fresh || place === 0
        return `--b\r\nContent-Type: application/http\r\nContent-ID: <response-${place}>\r\n\r\nHTTP/1.1 ${ok ? 200 : 401} X\r\nA: b\r\n\r\n{"n":${place}}\r\n`
      })
      return { status: 200, type: 'multipart/mixed; boundary=b', body: `${parts.join('')}--b--\r\n` }
    }, tokens)
    expect(await readMany(ctx, ['threads/a', 'threads/b', 'threads/c'])).toEqual([{ n: 0 }, { n: 0 }, { n: 1 }])
    expect(asked).toEqual(['a,b,c', 'b,c'])
  })

  it('that cannot be renewed ends the reading', async () => {
    const ctx = gmailContext(async (call) => (call.method === 'GET' ? json({}, 401) : json({}, 401)))
    await expect(readMany(ctx, ['threads/a'])).rejects.toMatchObject({ code: 'needs_sign_in' })
  })
})

describe('a mail that Gmail gave another Message-ID', () => {
  const given = (key: string) => ({ 'Message-ID': '<CAxyz@mail.gmail.com>', 'X-Manydesk-Id': key })
  const keyIn = (raw: string) => /X-Manydesk-Id: (\w+)/i.exec(Buffer.from(raw, 'base64url').toString())?.[1] ?? ''

  it('is found in its thread by our own header', async () => {
    let key = ''
    const ctx = gmailContext(async (call) => {
      if (name(call) === 'GET threads/t1') {
        const sent = mail({ id: 'm9', at: hour(1), labels: ['SENT'], from: 'me@brand.example', headers: given(key) })
        return json(key === '' ? thread(mail()) : thread(mail(), sent))
      }
      if (name(call) !== 'POST messages/send') return json({})
      key = keyIn((JSON.parse(call.body) as { raw: string }).raw)
      return json({ error: {} }, 503)
    })
    const command: Command = { kind: 'reply', bodyText: 'Hi', bodyHtml: '<p>Hi</p>' }
    const sentAt = Date.now()
    await expect(gmail.execute(ctx, conversation, command)).rejects.toMatchObject({ outcome: 'unknown' })
    expect(await gmail.probe(ctx, conversation, command, sentAt)).toMatchObject({ messageVendorId: 'm9' })
  })

  it('is found by its id where it went to a thread of its own', async () => {
    let wanted = ''
    const ctx = gmailContext(async (call) => {
      if (name(call) === 'GET threads/t1') return json(thread(mail()))
      if (name(call) === 'GET messages') {
        wanted = call.url.searchParams.get('q') ?? ''
        return json({ messages: [{ id: 'm5', threadId: 't5' }] })
      }
      return json({})
    })
    const command: Command = { kind: 'reply', bodyText: 'Hi', bodyHtml: '<p>Hi</p>' }
    expect(await gmail.probe(ctx, conversation, command, Date.now())).toEqual({
      ...{ messageVendorId: 'm5', conversation: null, message: null },
    })
    expect(wanted).toMatch(/^rfc822msgid:\w{40}@brand\.example( OR rfc822msgid:\w{40}@brand\.example){3}$/)
    expect(messageIdOf('k', 'me@brand.example')).toBe('<k@brand.example>')
  })
})

describe('a new mail whose fate cannot be told', () => {
  it('is not said to be absent when more was sent since than was looked at', async () => {
    const ids = Array.from({ length: 25 }, (_, place) => `m${place}`)
    const sentAt = Date.now()
    const ctx = gmailContext(async (call) => {
      if (call.method === 'POST') {
        const parts = ids.map((id, place) => {
          const one = JSON.stringify(mail({ id, at: sentAt + 1000, labels: ['SENT'] }))
          return `--b\r\nContent-Type: application/http\r\nContent-ID: <response-${place}>\r\n\r\nHTTP/1.1 200 OK\r\nA: b\r\n\r\n${one}\r\n`
        })
        return { status: 200, type: 'multipart/mixed; boundary=b', body: `${parts.join('')}--b--\r\n` }
      }
      const bySearch = call.url.searchParams.has('q')
      return json(bySearch ? {} : { messages: ids.map((id) => ({ id, threadId: id })) })
    })
    const command: Compose = {
      ...{
        kind: 'compose',
        to: { name: null, email: 'nia@buyers.example' },
        subject: 'Hi',
        bodyText: 'Hi',
        bodyHtml: 'Hi',
      },
    }
    expect(await gmail.compose?.probe(ctx, command, sentAt)).toBeNull()
    expect(await gmail.compose?.probe(ctx, command, sentAt + 60_000)).toBe('absent')
  })
})

describe('a mailbox without a waiting label', () => {
  it('is given one when a conversation becomes pending', async () => {
    const posted: unknown[] = []
    const ctx = gmailContext(async (call) => {
      if (call.method === 'POST') posted.push([name(call), JSON.parse(call.body)])
      if (name(call) === 'POST labels') return json({ id: 'Label_5', name: 'Waiting', type: 'user' })
      if (name(call) === 'POST threads/t1/modify')
        return json({ id: 't1', messages: [{ labelIds: ['INBOX', 'Label_5'] }] })
      return json({ labels: [{ id: 'INBOX', name: 'INBOX', type: 'system' }] })
    })
    const receipt = await gmail.execute(ctx, conversation, {
      kind: 'status',
      status: 'pending',
      vendorStatusId: 'WAITING',
    })
    expect(receipt.conversation).toMatchObject({ status: 'pending', vendorStatus: { id: 'Label_5', label: 'Waiting' } })
    expect(posted).toEqual([
      ['POST labels', { name: 'Waiting', labelListVisibility: 'labelShow', messageListVisibility: 'show' }],
      ['POST threads/t1/modify', { addLabelIds: ['Label_5', 'INBOX'], removeLabelIds: [] }],
    ])
  })
})

describe('a conversation with nobody to answer', () => {
  it('is said to be one before anything is sent', async () => {
    const asked: string[] = []
    const ctx = gmailContext(async (call) => {
      asked.push(name(call))
      return json(name(call) === 'GET threads/t1' ? thread(mail({ from: 'undisclosed', labels: ['INBOX'] })) : {})
    })
    const command: Command = { kind: 'reply', bodyText: 'Hi', bodyHtml: '<p>Hi</p>' }
    await expect(gmail.execute(ctx, conversation, command)).rejects.toMatchObject({
      code: 'not_supported',
      outcome: 'refused',
    })
    expect(asked).not.toContain('POST messages/send')
  })
})
