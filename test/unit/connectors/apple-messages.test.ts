import { createCipheriv, createHmac } from 'node:crypto'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { appleMessages } from '../../../main/connectors/apple-messages/index.ts'
import { authorize, signIn } from '../../../main/connectors/apple-messages/sign-in.ts'
import { partId, partsOf } from '../../../main/connectors/apple-messages/write.ts'
import type { Conversation } from '../../../main/connectors/model.ts'
import { scripted } from './scripted.ts'

const business = 'urn:biz:11112222-3333-4444-5555-666677778888'
const customer = 'urn:mbid:AQAAexample'
const site = { gateway: 'messages.provider.example', mspId: 'msp-1', businessId: business }
const at = (text: string) => Date.parse(text)

/** In Apple's documented form, our own words and values. */
const received = {
  at: '2026-11-02T08:00:00Z',
  headers: {
    id: 'a1',
    'source-id': customer,
    'destination-id': business,
    'capability-list': 'QUICK,LIST',
    'device-agent': 'iPhone',
  },
  body: {
    id: 'a1',
    type: 'text',
    v: 1,
    sourceId: customer,
    destinationId: business,
    locale: 'en_GB',
    intent: 'order_status',
    group: 'support',
    body: '\uFFFCWhere is my lamp?',
    attachments: [
      {
        name: 'lamp.jpg',
        mimeType: 'image/jpeg',
        size: 812,
        'signature-base64': 'c2ln',
        url: 'https://p01-mmcs.icloud-content.com/B/1',
        owner: 'M1',
        key: `00${'ab'.repeat(32)}`,
      },
    ],
  },
}
const sent = {
  at: '2026-11-02T08:05:00Z',
  headers: { id: 'b1', 'source-id': business, 'destination-id': customer },
  body: { id: 'b1', type: 'text', v: 1, sourceId: business, destinationId: customer, body: 'On its way' },
}
const other = (type: string, more: object = {}, time = '2026-11-02T08:10:00Z') => ({
  ...{ at: time, headers: {} },
  body: { id: `x-${type}`, type, v: 1, sourceId: customer, destinationId: business, ...more },
})

const [operation] = appleMessages.operations
const read = (payload: unknown) => {
  if (operation === undefined) throw new Error('no operation')
  return operation.read(payload, site)
}

describe('messages of one customer', () => {
  it('become a conversation and its messages', () => {
    const { conversations, messages, people, quarantined } = read({ messages: [sent, received], older: null })
    expect(quarantined).toEqual([])
    expect(conversations).toEqual([
      {
        vendorId: customer,
        version: at(sent.at),
        subject: 'Where is my lamp?',
        preview: 'On its way',
        status: 'pending',
        vendorStatus: { id: 'pending', label: 'Answered' },
        commands: ['reply'],
        priority: null,
        channel: 'chat',
        customer: { vendorId: customer, name: null, email: null, phone: null },
        assigneeVendorId: null,
        groupVendorId: null,
        tags: [],
        brandKey: business,
        createdAt: at(received.at),
        updatedAt: at(sent.at),
        lastMessageBy: 'agent',
        dueAt: null,
        url: 'https://messages.provider.example/',
        vendor: { intent: 'order_status', group: 'support', locale: 'en_GB', capabilities: 'QUICK,LIST' },
      },
    ])
    expect(messages.map((each) => [each.vendorId, each.kind, each.direction, each.author.role, each.bodyText])).toEqual(
      [
        ['a1', 'reply', 'in', 'customer', 'Where is my lamp?'],
        ['b1', 'reply', 'out', 'agent', 'On its way'],
      ],
    )
    expect(people).toHaveLength(1)
  })

  it('show their files, and never the key that opens them', () => {
    const [message] = read([received]).messages
    expect(message?.attachments).toEqual([
      {
        vendorId: 'a1/0',
        name: 'lamp.jpg',
        contentType: 'image/jpeg',
        size: 812,
        url: 'https://p01-mmcs.icloud-content.com/B/1',
        inline: false,
        contentId: null,
      },
    ])
    expect(JSON.stringify(message)).not.toContain('abab')
  })

  it.each([
    ['ended by the customer', [received, sent, other('close')], 'closed', []],
    [
      'begun again after the end',
      [received, sent, other('close'), other('text', { body: 'Hi' }, '2026-11-03T00:00:00Z')],
      'open',
      ['reply'],
    ],
    ['never answered', [received], 'new', ['reply']],
    [
      'with signs of typing at the end',
      [received, sent, other('typing_start'), other('typing_end')],
      'pending',
      ['reply'],
    ],
  ])('%s', (_what, records, status, commands) => {
    expect(read({ messages: records }).conversations).toMatchObject([{ status, commands }])
  })

  it('show rich links, choices and unknown kinds in words', () => {
    const { messages } = read({
      messages: [
        other('richLink', { richLinkData: { url: 'https://lamp.example/1', title: 'Lamp' } }),
        other('interactive', { interactiveData: { data: { replyMessage: { title: 'Tuesday', subtitle: '10:00' } } } }),
        other('tapback', { tapback: { type: 'love' } }),
        other('close'),
      ],
    })
    expect(messages.map((each) => [each.kind, each.bodyText])).toEqual([
      ['reply', 'Lamp\nhttps://lamp.example/1'],
      ['reply', 'Tuesday\n10:00'],
      ['event', 'tapback'],
      ['event', 'The customer ended the conversation'],
    ])
    expect(messages[2]?.vendor).toMatchObject({ tapback: { type: 'love' } })
  })

  it('are told apart from answers of a machine', () => {
    const [message] = read([{ ...sent, headers: { ...sent.headers, 'auto-reply': 'true' } }]).messages
    expect(message?.author.role).toBe('system')
  })
})

describe('a payload', () => {
  it('is a message in Apple’s own form, where a time comes along', () => {
    expect(read({ ...received.body, at: received.at }).messages).toMatchObject([
      { vendorId: 'a1', createdAt: at(received.at) },
    ])
    const { id: _id, sourceId: _source, destinationId: _destination, ...bare } = received.body
    expect(read({ ...received, body: bare }).messages).toMatchObject([{ vendorId: 'a1', direction: 'in' }])
    expect(read(received.body)).toMatchObject({ messages: [], quarantined: [{ path: 'at' }] })
  })

  it('is read record by record: what cannot be read is set aside with its path', () => {
    const file = { ...received.body.attachments[0], url: 'ftp://x' }
    const { messages, quarantined } = read({
      messages: [
        received,
        { ...sent, at: 'soon' },
        { ...sent, body: { ...sent.body, sourceId: 'nobody' } },
        { ...received, body: { ...received.body, id: 'a2', attachments: [file] } },
      ],
    })
    expect(messages.map((each) => each.vendorId)).toEqual(['a1', 'a2'])
    expect(quarantined.map((each) => each.path)).toEqual([
      'messages[1].at',
      'messages[2].body.sourceId',
      'messages[3].body.attachments[0].url',
    ])
  })

  it.each([null, 'x', 5, {}, { orders: [] }])('%j is refused with the path', (payload) => {
    expect(() => read(payload)).toThrow(
      expect.objectContaining({ code: 'vendor_bad_answer', detail: expect.stringMatching(/^(messages|payload): /) }),
    )
  })

  it('of any kind never makes reading fail in another way', () => {
    fc.assert(
      fc.property(fc.jsonValue(), fc.constantFrom(...Object.keys(received.body)), (value, field) => {
        for (const payload of [
          value,
          [value],
          { messages: [value, { ...received, body: { ...received.body, [field]: value } }] },
        ]) {
          try {
            const { messages, quarantined } = read(payload)
            if (typeof payload === 'object' && payload !== null && !Array.isArray(payload) && 'messages' in payload)
              expect(messages.length + quarantined.length).toBeGreaterThan(0)
          } catch (error) {
            expect(error).toMatchObject({ code: 'vendor_bad_answer' })
          }
        }
      }),
    )
  })
})

describe('a reply', () => {
  it.each([
    ['Hello', [{ type: 'text', body: 'Hello' }]],
    ['https://a.example/x', [{ type: 'richLink', url: 'https://a.example/x' }]],
    [
      'See https://a.example/x.',
      [
        { type: 'text', body: 'See' },
        { type: 'richLink', url: 'https://a.example/x' },
      ],
    ],
    [
      '(https://a.example) and https://b.example/?q=1!',
      [
        { type: 'richLink', url: 'https://a.example' },
        { type: 'text', body: ') and' },
        { type: 'richLink', url: 'https://b.example/?q=1' },
      ],
    ],
    ['   ', []],
    ['👍', [{ type: 'text', body: '👍' }]],
  ])('%s is cut into texts and rich links', (text, parts) => {
    expect(partsOf(text)).toEqual(parts)
  })

  it('never has a plain address in a text, and loses no word', () => {
    const words = fc.array(fc.oneof(fc.webUrl(), fc.lorem({ maxCount: 3 })), { maxLength: 6 })
    fc.assert(
      fc.property(words, (list) => {
        const parts = partsOf(list.join(' '))
        for (const part of parts) if (part.type === 'text') expect(part.body).not.toMatch(/https?:\/\/\w/)
        const said = parts.map((part) => (part.type === 'text' ? part.body : part.url)).join(' ')
        for (const word of list.flatMap((each) => each.split(' ')))
          expect(said).toContain(word.replace(/['.,;:!?)\]}/]+$/, ''))
      }),
    )
  })

  it('has the same id when it is sent again in the same state, and another in any other', () => {
    const [conversation] = read([received]).conversations
    const of = (change: Partial<Conversation> = {}, text = 'Yes', place = 0) =>
      partId(site, { ...(conversation as Conversation), ...change }, text, place)
    expect(of()).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/)
    expect(of()).toBe(of())
    expect(new Set([of(), of({ version: 1 }), of({ vendorId: 'x' }), of({}, 'No'), of({}, 'Yes', 1)]).size).toBe(5)
  })
})

describe('a file', () => {
  it('is decrypted with the key of its message, the leading zero byte taken off', async () => {
    const cipher = createCipheriv('aes-256-ctr', Buffer.from('ab'.repeat(32), 'hex'), Buffer.alloc(16))
    const secret = new Uint8Array(Buffer.concat([cipher.update('picture'), cipher.final()]))
    const { ctx, calls } = scripted(appleMessages, site, ({ url }) => {
      if (url.pathname === '/v1/preDownload') return { body: { 'download-url': 'https://files.example/1' } }
      return url.hostname === 'files.example' ? { body: secret } : { body: { messages: [received] } }
    })
    const [file] = read([received]).messages[0]?.attachments ?? []
    if (file === undefined) throw new Error('no file')
    expect(Buffer.from(await appleMessages.download(ctx, file)).toString()).toBe('picture')
    expect(calls.map(({ url }) => `${url.hostname}${url.pathname}`)).toEqual([
      'messages.provider.example/v1/messages',
      'messages.provider.example/v1/preDownload',
      'files.example/1',
    ])
  })

  it('is not fetched from an address that is not https', async () => {
    const { ctx } = scripted(appleMessages, site, ({ url }) => ({
      body:
        url.pathname === '/v1/preDownload' ? { 'download-url': 'http://files.example/1' } : { messages: [received] },
    }))
    const [file] = read([received]).messages[0]?.attachments ?? []
    if (file === undefined) throw new Error('no file')
    await expect(appleMessages.download(ctx, file)).rejects.toMatchObject({ code: 'vendor_bad_answer' })
  })
})

describe('the shared secret', () => {
  const secret = Buffer.from('a secret of thirty-two bytes ...').toString('base64')

  it('signs with its bytes, not with its Base64 text', () => {
    const { authorization = '' } = authorize(secret, { site, now: 1_770_000_000_999 })
    const [header, claims, signature] = authorization.replace('Bearer ', '').split('.')
    expect(JSON.parse(Buffer.from(claims ?? '', 'base64url').toString())).toEqual({ iss: 'msp-1', iat: 1_770_000_000 })
    const made = createHmac('sha256', 'a secret of thirty-two bytes ...')
      .update(`${header}.${claims}`)
      .digest('base64url')
    expect(signature).toBe(made)
    expect(authorization).not.toContain(secret)
  })

  it('is checked without the network', () => {
    expect(signIn.normalise(` ${secret.slice(0, 10)}\n${secret.slice(10)} `)).toBe(secret)
    for (const wrong of ['', 'short', 'not base64 at all!', business])
      expect(() => signIn.normalise(wrong)).toThrow(expect.objectContaining({ code: 'bad_request' }))
  })

  it('is honestly called no sign-in', () => {
    expect(signIn).toMatchObject({ kind: 'key', note: expect.stringContaining('not a sign-in') })
    expect(signIn.registration.steps.length).toBeGreaterThanOrEqual(4)
  })
})

describe('what people type', () => {
  const normalise = (key: string, text: string) => signIn.fields.find((field) => field.key === key)?.normalise(text)

  it.each([
    ['gateway', ' HTTPS://Messages.Provider.com/v1 ', 'messages.provider.com'],
    ['businessId', 'URN:BIZ:11112222-3333-4444-5555-666677778888', business],
    ['businessId', '11112222-3333-4444-5555-666677778888', business],
    ['mspId', ' msp-1 ', 'msp-1'],
  ])('%s %s', (key, text, expected) => {
    expect(normalise(key, text)).toBe(expected)
  })

  it.each([
    ['gateway', 'localhost'],
    ['gateway', 'http://messages.provider.com'],
    ['gateway', '127.0.0.1'],
    ['gateway', 'messages.provider.com:8443'],
    ['gateway', ''],
    ['mspId', 'a b'],
    ['businessId', 'urn:mbid:AQAA'],
  ])('%s %s is refused', (key, text) => {
    expect(() => normalise(key, text)).toThrow(expect.objectContaining({ code: 'site_invalid' }))
  })
})
