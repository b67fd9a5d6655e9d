import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { readError, untilReset } from '../../../main/connectors/freshchat/errors.ts'
import { freshchat } from '../../../main/connectors/freshchat/index.ts'
import type { Unified } from '../../../main/connectors/model.ts'

const site = { subdomain: 'acme-chat', organisation: 'acme' }
const read = (name: string, payload: unknown): Unified => {
  const operation = freshchat.operations.find((each) => each.name === name)
  if (operation === undefined) throw new Error(`no operation ${name}`)
  return operation.read(payload, site)
}
const message = (more: object) => ({
  id: 'm1',
  conversation_id: 'c1',
  actor_type: 'user',
  actor_id: 'u1',
  message_type: 'normal',
  message_source: 'web',
  created_time: '2026-01-05T09:12:11.431Z',
  message_parts: [{ text: { content: 'Where is my parcel?' } }],
  ...more,
})
const one = (more: object) => {
  const [found] = read('conversation_messages', { messages: [message(more)] }).messages
  if (found === undefined) throw new Error('not read')
  return found
}

describe('a conversation of Freshchat', () => {
  it.each([
    ['new', 'new', 'New'],
    ['assigned', 'open', 'Assigned'],
    ['reopened', 'open', 'Reopened'],
    ['reopen', 'open', 'Reopened'],
    ['waiting on customer', 'pending', 'Waiting on customer'],
    ['Waiting_on_internal_team', 'on_hold', 'Waiting on internal team'],
    ['resolved', 'solved', 'Resolved'],
    ['parked', 'open', 'parked'],
  ])('with the status %s is %s', (text, status, label) => {
    const [row] = read('get_conversation', { conversation_id: 'c1', status: text }).conversations
    expect(row).toMatchObject({ status, vendorStatus: { label } })
  })

  it('has a priority only as a property, and only then offers to change it', () => {
    const of = (properties: object | undefined) =>
      read('get_conversation', { conversation_id: 'c1', status: 'new', properties }).conversations[0]
    expect(of({ priority: 'Urgent' })).toMatchObject({
      priority: 'urgent',
      commands: expect.arrayContaining(['priority']),
    })
    expect(of({ priority: 'Medium' })?.priority).toBe('normal')
    expect(of({ priority: 'P1' })).toMatchObject({ priority: null, vendor: { properties: { priority: 'P1' } } })
    expect(of({ cf_type: 'Refund' })?.commands).not.toContain('priority')
    expect(of(undefined)?.commands).not.toContain('priority')
  })

  it('takes its customer, times and address with care', () => {
    const [row] = read('get_conversation', {
      conversation_id: 'c1',
      status: 'assigned',
      users: [{ id: 'u9' }],
      assigned_agent_id: 'a1',
      assigned_group_id: 'g1',
      channel_id: 't1',
      created_time: '2026-01-05T09:12:11.431Z',
      updated_time: '2026-01-05T10:00:02.120Z',
      url: 'javascript:alert(1)',
      source: 'WHATSAPP',
    }).conversations
    expect(row).toMatchObject({
      customer: { vendorId: 'u9' },
      assigneeVendorId: 'a1',
      groupVendorId: 'g1',
      brandKey: 't1',
      channel: 'social',
      url: 'https://acme-chat.freshchat.com/',
      version: Date.UTC(2026, 0, 5, 10, 0, 2, 120),
      vendor: { source: 'WHATSAPP' },
    })
  })

  it('that cannot be read is set aside with the path, and the others are read', () => {
    const good = { conversation_id: 'c1', status: 'new', created_time: '2026-01-05T09:12:11.431Z' }
    const { conversations, quarantined } = read('get_conversation', {
      conversations: [good, { ...good, created_time: 'soon' }, { status: 'new' }, 7],
    })
    expect(conversations).toHaveLength(1)
    expect(quarantined.map((each) => each.path)).toEqual([
      'conversations[1].created_time',
      'conversations[2].conversation_id',
      'conversations[3]',
    ])
  })
})

describe('a message of Freshchat', () => {
  it.each([
    [{}, 'reply', 'in', 'customer'],
    [{ actor_type: 'agent', actor_id: 'a1' }, 'reply', 'out', 'agent'],
    [{ actor_type: 'agent', message_type: 'private' }, 'note', 'out', 'agent'],
    [{ actor_type: 'bot', actor_id: 'b1' }, 'reply', 'out', 'system'],
    [{ actor_type: 'system', message_type: 'system' }, 'event', 'out', 'system'],
    [{ actor_type: 'agent', message_source: 'system', message_type: undefined }, 'event', 'out', 'system'],
    [{ actor_type: 'agent', message_type: 'normal', meta_data: { isReopen: true } }, 'event', 'out', 'system'],
    [{ actor_type: 'agent', message_type: 'whisper' }, 'note', 'out', 'agent'],
    [{ actor_type: undefined, actor_id: undefined, user_id: 'u1' }, 'reply', 'in', 'customer'],
  ])('%j is a %s %s by %s', (more, kind, direction, role) => {
    expect(one(more)).toMatchObject({ kind, direction, author: { role } })
  })

  it('keeps what is new: an unknown type stays with it', () => {
    expect(one({ message_type: 'whisper', shiny: 1 }).vendor).toMatchObject({ message_type: 'whisper', shiny: 1 })
  })

  it('reads its parts: texts as lines, buttons by their labels, and a placeholder for what is unknown', () => {
    const { bodyText, attachments } = one({
      message_parts: [
        { text: { content: 'First' } },
        { collection: { sub_parts: [{ text: { content: 'Inside' } }, { quick_reply_button: { label: 'Yes' } }] } },
        { url_button: { label: 'Shop', url: 'https://shop.example' } },
        { template_content: { type: 'carousel', sections: [] } },
        { image: { url: 'https://files.example/pictures/canoe%20two.jpg?sig=1' } },
        {
          file: {
            name: 'bill.pdf',
            url: 'https://files.example/1',
            file_size_in_bytes: '98213',
            content_type: 'application/pdf',
          },
        },
        { file: { name: 'late.pdf', file_hash: 'h' } },
        { image: { url: 'javascript:alert(1)' } },
      ],
    })
    expect(bodyText).toBe('First\nInside\nYes\nShop: https://shop.example\n[template content]\n[file]\n[image]')
    expect(attachments).toEqual([
      {
        vendorId: 'm1-0',
        name: 'canoe two.jpg',
        contentType: 'image/jpeg',
        size: null,
        url: 'https://files.example/pictures/canoe%20two.jpg?sig=1',
        inline: false,
        contentId: null,
      },
      {
        vendorId: 'm1-1',
        name: 'bill.pdf',
        contentType: 'application/pdf',
        size: 98213,
        url: 'https://files.example/1',
        inline: false,
        contentId: null,
      },
    ])
  })

  it('of the mail channel has HTML and gives the conversation its subject', () => {
    expect(one({ message_parts: [{ email: { subject: 'Leak', content: '<p>It <b>leaks</b></p>' } }] })).toMatchObject({
      bodyHtml: '<p>It <b>leaks</b></p>',
      bodyText: 'It leaks',
      vendor: { subject: 'Leak' },
    })
  })
})

describe('pushed events of Freshchat', () => {
  it('a webhook names the author in the message, and the parts of a resolution hold the conversation', () => {
    const said = read('event_message_create', {
      actor: { actor_type: 'user', actor_id: 'u1' },
      action: 'message_create',
      data: { message: message({}) },
    })
    expect(said.messages).toMatchObject([{ vendorId: 'm1', direction: 'in', author: { vendorId: 'u1' } }])
    const resolved = read('event_conversation_resolution', {
      actor: { actor_type: 'agent', actor_id: 'a1' },
      action: 'conversation_resolution',
      data: {
        resolve: {
          resolver: 'agent',
          conversation: { conversation_id: 'c1', status: 'resolved', assigned_agent_id: 'a1' },
        },
      },
    })
    expect(resolved.conversations).toMatchObject([{ vendorId: 'c1', status: 'solved', assigneeVendorId: 'a1' }])
  })
})

describe('payloads that are something else', () => {
  const strange = [null, 7, 'text', {}, { tickets: [] }, { messages: 'none' }, { users: 5 }]
  it.each(freshchat.operations.map((operation) => [operation.name, operation] as const))(
    '%s refuses them with the path, and never fails otherwise',
    (_, operation) => {
      for (const payload of strange) {
        expect(() => operation.read(payload, site), JSON.stringify(payload)).toThrow(
          expect.objectContaining({
            code: 'vendor_bad_answer',
            detail: expect.stringMatching(/^answer|^users|^messages/),
          }),
        )
      }
      expect(() => operation.read({ something: 'else' }, site)).toThrow(
        expect.objectContaining({ code: 'vendor_bad_answer' }),
      )
      fc.assert(
        fc.property(fc.jsonValue(), (payload) => {
          try {
            const read = operation.read(payload, site)
            for (const row of read.conversations) expect(Number.isFinite(row.version)).toBe(true)
          } catch (error) {
            expect(error).toMatchObject({ code: 'vendor_bad_answer' })
          }
        }),
        { numRuns: 60 },
      )
    },
  )

  it('records with any fields are read or set aside, and a readable time always tells when', () => {
    const any = fc.record(
      {
        id: fc.oneof(fc.string(), fc.integer(), fc.constant(null)),
        conversation_id: fc.oneof(fc.string({ minLength: 1 }), fc.constant(null)),
        created_time: fc.oneof(
          fc.date({ noInvalidDate: true }).map((date) => date.toISOString()),
          fc.string(),
          fc.constant(null),
        ),
        status: fc.oneof(fc.constantFrom('new', 'resolved', 'constructor', '__proto__'), fc.jsonValue()),
        message_parts: fc.oneof(fc.array(fc.jsonValue()), fc.jsonValue()),
        actor_type: fc.oneof(fc.constantFrom('user', 'agent', 'toString'), fc.jsonValue()),
        properties: fc.jsonValue(),
        meta_data: fc.jsonValue(),
      },
      { requiredKeys: [] },
    )
    fc.assert(
      fc.property(any, (record) => {
        for (const [name, key] of [
          ['get_conversation', 'conversations'],
          ['conversation_messages', 'messages'],
        ] as const) {
          const result = read(name, { [key]: [record] })
          expect(result.conversations.length + result.messages.length + result.quarantined.length).toBe(1)
          for (const said of result.messages) expect(Number.isFinite(said.createdAt)).toBe(true)
        }
      }),
      { numRuns: 300 },
    )
  })
})

describe('errors of Freshchat, in words', () => {
  const none = new Headers()
  it.each([
    [404, '{"code":404,"status":"AGENT_NOT_FOUND","message":"Agent does not exist"}', 'vendor_not_found'],
    [400, '{"code":400,"status":"INVALID_VALUE","message":"Conversation payload not valid"}', 'vendor_rejected'],
    [401, '', 'needs_sign_in'],
    [401, 'Unauthorized', 'needs_sign_in'],
    [403, '{"message":"no"}', 'vendor_forbidden'],
    [503, '<html>', 'vendor_failed'],
  ])('%i %s is %s', (status, body, code) => expect(readError(status, none, body)).toMatchObject({ code }))

  it('shows what to change, and waits until the reset on the clock of the server', () => {
    expect(readError(400, none, '{"message":"Conversation payload not valid"}').message).toContain('payload not valid')
    const headers = new Headers({
      'x-ratelimit-reset': String(Date.UTC(2026, 0, 1, 0, 1) / 1000),
      date: 'Thu, 01 Jan 2026 00:00:30 GMT',
    })
    expect(untilReset(headers)).toBe(30_000)
    expect(readError(429, headers, '').retryAfterMs).toBe(30_000)
    expect(untilReset(new Headers({ 'x-ratelimit-reset': '5' }))).toBeNull()
  })
})
