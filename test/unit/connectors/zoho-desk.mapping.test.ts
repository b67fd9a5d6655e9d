import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { zohoDesk } from '../../../main/connectors/zoho-desk/index.ts'
import { readStatus } from '../../../main/connectors/zoho-desk/map.ts'
import { addressesOf } from '../../../main/connectors/zoho-desk/reply.ts'
import { isAppError } from '../../../main/errors.ts'

/** Payloads in our own words and values, written from the vendor's documentation. */

const ticket = {
  id: '7100000000000042',
  ticketNumber: '812',
  subject: 'Two cups arrived broken',
  description: '<div>Hello,<br>two of six cups are <b>broken</b>.</div>',
  status: 'In repair',
  statusType: 'On Hold',
  priority: 'Medium',
  channel: 'Email',
  email: 'ann@customer.example',
  phone: null,
  departmentId: '7100000000000007',
  contactId: '7100000000000900',
  contact: { id: '7100000000000900', firstName: 'Ann', lastName: 'Lee', email: 'ann@customer.example', phone: '+44 1' },
  assigneeId: '7100000000000501',
  teamId: '7100000000000031',
  createdTime: '2026-11-02T08:00:00.000Z',
  modifiedTime: '2026-11-03T09:30:00.000Z',
  customerResponseTime: '2026-11-03T09:00:00.000Z',
  dueDate: '1793898000000',
  webUrl: 'https://desk.zoho.eu/support/tea/ShowHomePage.do#Cases/dv/7100000000000042',
  lastThread: { channel: 'EMAIL', direction: 'in', isDraft: false, isForward: false },
  isSpam: false,
  threadCount: '3',
  commentCount: '0',
  cf: { cf_plan: 'gold' },
  customFields: { Plan: 'gold' },
  category: null,
}

const thread = {
  id: '7100000000001001',
  channel: 'EMAIL',
  direction: 'in',
  visibility: 'public',
  status: 'SUCCESS',
  summary: 'Hello',
  content: '<div>Hello <b>there</b></div>',
  contentType: 'text/html',
  author: {
    id: '7100000000000900',
    firstName: 'Ann',
    lastName: 'Lee',
    email: 'ann@customer.example',
    type: 'END_USER',
  },
  fromEmailAddress: '"Ann"<ann@customer.example>',
  to: 'help@brand.example',
  createdTime: '2026-11-02T08:00:00.000Z',
  attachments: [
    { id: '71', name: 'cup.JPG', size: '2321', href: 'https://desk.zoho.eu/api/v1/files/71' },
    { id: '72', name: 'list.xyz' },
    'rubbish',
  ],
}

const comment = {
  id: '7100000000002001',
  content: '<p>zsu[@user:70010001]zsu please look</p>',
  contentType: 'html',
  isPublic: false,
  commenterId: '7100000000000501',
  commenter: { id: '7100000000000501', name: 'Mia Berg', email: 'mia@brand.example', type: 'AGENT' },
  commentedTime: '2026-11-02T09:00:00.000Z',
  attachments: [],
}

const site = { dc: 'eu', portal: '' }
const read = (name: string, payload: unknown) => {
  const operation = zohoDesk.operations.find((each) => each.name === name)
  if (!operation) throw new Error(`no operation ${name}`)
  return operation.read(payload, site)
}
const conversation = (change: object = {}) => read('get_ticket', { ...ticket, ...change }).conversations[0]
const message = (change: object = {}) => read('get_thread', { ...thread, ...change }).messages[0]

describe('a ticket of Zoho Desk', () => {
  it('becomes a conversation', () => {
    expect(conversation()).toEqual({
      vendorId: '7100000000000042',
      version: Date.UTC(2026, 10, 3, 9, 30),
      subject: 'Two cups arrived broken',
      preview: 'Hello, two of six cups are broken.',
      status: 'on_hold',
      vendorStatus: { id: 'In repair', label: 'In repair' },
      priority: 'normal',
      channel: 'email',
      customer: { vendorId: '7100000000000900', name: 'Ann Lee', email: 'ann@customer.example', phone: '+44 1' },
      assigneeVendorId: '7100000000000501',
      groupVendorId: '7100000000000031',
      tags: [],
      brandKey: '7100000000000007',
      createdAt: Date.UTC(2026, 10, 2, 8),
      updatedAt: Date.UTC(2026, 10, 3, 9, 30),
      lastMessageBy: 'customer',
      dueAt: 1793898000000,
      url: ticket.webUrl,
      vendor: {
        ticketNumber: '812',
        channel: 'Email',
        customerResponseTime: '2026-11-03T09:00:00.000Z',
        lastThread: ticket.lastThread,
        isSpam: false,
        threadCount: '3',
        commentCount: '0',
        cf: { cf_plan: 'gold' },
        customFields: { Plan: 'gold' },
      },
    })
  })

  it('keeps a status type, priority and channel it does not know, and stays in sight as open', () => {
    const strange = conversation({ status: 'Musing', statusType: 'Thinking', priority: 'Cosmic', channel: 'Telepathy' })
    expect(strange).toMatchObject({
      status: 'open',
      vendorStatus: { id: 'Musing', label: 'Musing' },
      priority: null,
      channel: 'other',
      vendor: { statusType: 'Thinking', priority: 'Cosmic', channel: 'Telepathy' },
    })
  })

  it('keeps what should be a time and is none', () => {
    const strange = conversation({ dueDate: 'at noon', customerResponseTime: 'yesterday' })
    expect(strange).toMatchObject({ dueAt: null, vendor: { dueDate: 'at noon', customerResponseTime: 'yesterday' } })
  })

  it.each(['constructor', '__proto__', 'toString'])('is not confused by the word %s', (word) => {
    expect(conversation({ status: word, statusType: word, priority: word, channel: word })).toMatchObject({
      status: 'open',
      priority: null,
      channel: 'other',
    })
  })

  it.each([
    ['Open', 'Open', 'open'],
    ['Escalated', 'Open', 'open'],
    ['New', 'Open', 'new'],
    ['On Hold', 'On Hold', 'on_hold'],
    ['On Hold', 'ONHOLD', 'on_hold'],
    ['Waiting for customer', 'On Hold', 'pending'],
    ['Waiting for supplier', 'On Hold', 'on_hold'],
    ['Pending', 'On Hold', 'pending'],
    ['Closed', 'Closed', 'closed'],
    ['Resolved', 'CLOSED', 'solved'],
    ['Open', null, 'open'],
    ['Closed', null, 'closed'],
    ['Erledigt', 'Closed', 'closed'],
    [null, null, 'open'],
  ])('of status %s and type %s counts as %s', (name, type, expected) => {
    expect(readStatus(name, type)).toBe(expected)
  })

  it('of a list without the time of change is as new as the newest time it tells', () => {
    const { modifiedTime: _, ...item } = ticket
    expect(read('list_tickets', { data: [item] }).conversations[0]?.version).toBe(Date.UTC(2026, 10, 3, 9))
  })

  it('with fields that the profile hides still is one', () => {
    const bare = { id: '5', ticketNumber: '1', createdTime: '2026-11-02T08:00:00.000Z' }
    expect(read('list_tickets', { data: [bare] })).toMatchObject({
      conversations: [{ vendorId: '5', subject: '', status: 'open', customer: { vendorId: null }, tags: [] }],
      quarantined: [],
    })
  })

  it('in the recycle bin or marked as spam is taken away', () => {
    for (const change of [{ isTrashed: true }, { isDeleted: true }, { isSpam: true }]) {
      expect(read('search_tickets', { data: [{ ...ticket, ...change }], count: 1 })).toMatchObject({
        conversations: [],
        removedVendorIds: [ticket.id],
      })
    }
  })

  it('that cannot be read is set aside with the path of the field, and the rest goes on', () => {
    const payload = { data: [ticket, { ...ticket, id: '3', createdTime: 'soon' }, { ...ticket, id: null }, 7] }
    const result = read('list_tickets', payload)
    expect(result.conversations).toHaveLength(1)
    expect(result.quarantined.map(({ vendorId, path }) => [vendorId, path])).toEqual([
      ['3', 'data[1].createdTime'],
      [null, 'data[2].id'],
      [null, 'data[3]'],
    ])
  })

  it.each([
    ['an envelope', { data: [ticket] }],
    ['one record', ticket],
    ['a bare list', [ticket]],
    ['a list of envelopes', [{ data: [ticket] }, { data: [] }]],
  ])('is found in %s', (_shape, payload) => {
    expect(read('list_tickets', payload).conversations.map((one) => one.vendorId)).toEqual([ticket.id])
  })

  it.each([
    ['a text', 'tickets', 'answer: not a ticket or a list of them'],
    ['a list that is none', { data: { id: 1 } }, 'answer.data: not a list'],
    ['an error', { errorCode: 'FORBIDDEN', message: 'no' }, 'answer: not a ticket'],
    ['agents', { data: [{ id: '1', emailId: 'a@b.example' }] }, 'answer.data[0]: not a ticket'],
    ['a number in a list of lists', [{ data: 5 }], 'answer[0].data: not a list'],
  ])('is not seen in %s', (_what, payload, detail) => {
    expect(() => read('list_tickets', payload)).toThrow(expect.objectContaining({ code: 'vendor_bad_answer', detail }))
  })

  it('whose address is not https is opened on its own site', () => {
    for (const webUrl of ['javascript:alert(1)', null, 'http://desk.zoho.eu/x']) {
      expect(conversation({ webUrl })?.url).toBe(
        'https://desk.zoho.eu/support/ShowHomePage.do#Cases/dv/7100000000000042',
      )
    }
  })
})

describe('what was said in a ticket of Zoho Desk', () => {
  it('a thread becomes a message, with its files', () => {
    expect(message()).toEqual({
      vendorId: '7100000000001001',
      conversationVendorId: '',
      kind: 'reply',
      direction: 'in',
      author: {
        vendorId: '7100000000000900',
        name: 'Ann Lee',
        email: 'ann@customer.example',
        phone: null,
        role: 'customer',
      },
      createdAt: Date.UTC(2026, 10, 2, 8),
      bodyHtml: '<div>Hello <b>there</b></div>',
      bodyText: 'Hello there',
      attachments: [
        {
          vendorId: '71',
          name: 'cup.JPG',
          contentType: 'image/jpeg',
          size: 2321,
          url: 'https://desk.zoho.eu/api/v1/files/71',
          inline: false,
          contentId: null,
        },
        {
          vendorId: '72',
          name: 'list.xyz',
          contentType: 'application/octet-stream',
          size: null,
          url: 'https://desk.zoho.eu/api/v1/tickets//threads/7100000000001001/attachments/72/content',
          inline: false,
          contentId: null,
        },
      ],
      vendor: {
        channel: 'EMAIL',
        status: 'SUCCESS',
        fromEmailAddress: '"Ann"<ann@customer.example>',
        to: 'help@brand.example',
      },
    })
  })

  it('plain text stays plain, and a list entry has its first words', () => {
    expect(message({ contentType: 'text/plain', content: 'a < b' })).toMatchObject({
      bodyHtml: null,
      bodyText: 'a < b',
    })
    expect(message({ content: undefined })).toMatchObject({ bodyHtml: null, bodyText: 'Hello' })
    expect(message({ plainText: 'Hello, plainly' })?.bodyText).toBe('Hello, plainly')
  })

  it('private threads and drafts stay inside', () => {
    expect(message({ visibility: 'private' })?.kind).toBe('note')
    expect(message({ status: 'DRAFT', direction: 'out' })).toMatchObject({ kind: 'note', vendor: { status: 'DRAFT' } })
  })

  it('tells who speaks by the author, and by the direction where there is none', () => {
    expect(message({ author: null })).toMatchObject({ direction: 'in', author: { role: 'customer', vendorId: null } })
    expect(message({ author: null, direction: 'out' })).toMatchObject({ direction: 'out', author: { role: 'agent' } })
    const strange = message({ author: { ...thread.author, type: 'ROBOT' }, direction: 'sideways' })
    expect(strange?.vendor).toMatchObject({ direction: 'sideways', author: { type: 'ROBOT' } })
  })

  it('a comment is a note unless it says that the customer sees it', () => {
    const [note] = read('list_comments', { data: [comment] }).messages
    expect(note).toMatchObject({ kind: 'note', direction: 'out', bodyText: '@70010001 please look' })
    const [shown] = read('create_comment', { ...comment, isPublic: true }).messages
    expect(shown?.kind).toBe('reply')
    const { isPublic: _, ...silent } = comment
    expect(read('create_comment', silent).messages[0]?.kind).toBe('note')
  })

  it('both are told apart where they are mixed', () => {
    const mixed = { data: [{ ...comment, type: 'comment' }, { ...thread, type: 'thread' }, thread, comment] }
    const { messages } = read('list_conversations', mixed)
    expect(messages.map((each) => each.kind)).toEqual(['note', 'reply', 'reply', 'note'])
    const broken = read('list_conversations', { data: [thread, { ...comment, type: 'comment', commentedTime: 'x' }] })
    expect(broken.quarantined).toEqual([{ vendorId: comment.id, path: 'data[1].commentedTime', reason: 'not a time' }])
  })

  it('addresses are found in header lines', () => {
    expect(addressesOf('"Lee, Ann"<ann@example.com>, help@example.com;x@y.example')).toEqual([
      'ann@example.com',
      'help@example.com',
      'x@y.example',
    ])
    expect(addressesOf(null)).toEqual([])
  })
})

describe('the lists of a portal', () => {
  it('statuses are the values of a field', () => {
    const fields = {
      data: [
        { apiName: 'subject', type: 'Text' },
        {
          apiName: 'status',
          allowedValues: [
            { value: 'Open', statusType: 'OPEN' },
            { value: 'Parked', statusType: 'ONHOLD' },
            'Closed',
            5,
          ],
        },
      ],
    }
    expect(read('list_fields', fields).directory).toEqual({
      statuses: [
        { id: 'Open', label: 'Open', status: 'open' },
        { id: 'Parked', label: 'Parked', status: 'on_hold' },
        { id: 'Closed', label: 'Closed', status: 'closed' },
      ],
    })
  })

  it('an agent who left is not active', () => {
    const agents = [
      { id: '1', emailId: 'a@brand.example', firstName: 'A', lastName: 'B', status: 'ACTIVE' },
      { id: '2', emailId: 'c@brand.example', status: 'DISABLED' },
    ]
    expect(read('list_agents', { data: agents }).directory.agents).toEqual([
      { vendorId: '1', name: 'A B', email: 'a@brand.example', active: true },
      { vendorId: '2', name: 'c@brand.example', email: 'c@brand.example', active: false },
    ])
  })

  it('of the recycle bin only tickets are gone', () => {
    const bin = [
      { id: '1', type: 'Tickets', deletedTime: '2026-11-02T08:00:00.000Z' },
      { id: '2', type: ['Tickets'], deletedTime: null },
      { id: '3', type: 'Contacts', deletedTime: null },
    ]
    expect(read('list_recycle_bin', { data: bin }).removedVendorIds).toEqual(['1', '2'])
  })
})

describe('anything at all', () => {
  it('is read, set aside or refused, and never breaks', () => {
    const damaged = fc
      .tuple(fc.constantFrom(ticket, thread, comment), fc.dictionary(fc.string(), fc.jsonValue()))
      .map(([good, bad]) => ({
        ...good,
        ...Object.fromEntries(
          Object.keys(good)
            .slice(1, 12)
            .map((key, at) => [key, Object.values(bad)[at]]),
        ),
      }))
    const anything = fc.oneof(
      fc.jsonValue(),
      damaged,
      fc.array(damaged).map((data) => ({ data })),
    )
    fc.assert(
      fc.property(fc.constantFrom(...zohoDesk.operations), anything, (operation, payload) => {
        try {
          const result = operation.read(payload, site)
          for (const { path } of result.quarantined) expect(path).not.toBe('')
          for (const one of result.conversations) expect(Number.isFinite(one.version)).toBe(true)
        } catch (error) {
          expect(isAppError(error, 'vendor_bad_answer')).toBe(true)
        }
      }),
      { numRuns: 600 },
    )
  })
})
