import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { freshdesk } from '../../../main/connectors/freshdesk/index.ts'
import type { Unified } from '../../../main/connectors/model.ts'
import * as own from './freshdesk.fixtures.ts'

const site = { subdomain: 'acme' }

function read(name: string, payload: unknown): Unified {
  const operation = freshdesk.operations.find((each) => each.name === name)
  if (operation === undefined) throw new Error(`no operation ${name}`)
  return operation.read(payload, site)
}

const conversation = (change: object = {}) => read('list_tickets', [{ ...own.ticket, ...change }]).conversations[0]
const message = (change: object = {}) => read('list_conversations', [{ ...own.entry, ...change }]).messages[0]

describe('a Freshdesk ticket', () => {
  it('becomes a conversation', () => {
    expect(conversation()).toEqual({
      vendorId: '5120',
      version: Date.UTC(2026, 10, 3, 9, 30),
      subject: 'The red car has three wheels',
      preview: 'One wheel is missing.',
      status: 'on_hold',
      vendorStatus: { id: '7', label: 'Waiting on Third Party' },
      priority: 'high',
      channel: 'web',
      customer: { vendorId: '43010000077', name: 'Mara Lind', email: 'mara@customer.example', phone: '4670000000' },
      assigneeVendorId: '43010000501',
      groupVendorId: '12',
      tags: ['wheel', 'gift'],
      brandKey: '61000003',
      createdAt: Date.UTC(2026, 10, 2, 7),
      updatedAt: Date.UTC(2026, 10, 3, 9, 30),
      lastMessageBy: 'customer',
      dueAt: Date.UTC(2026, 10, 5, 16),
      url: 'https://acme.freshdesk.com/a/tickets/5120',
      vendor: {
        type: 'Problem',
        stats: own.ticket.stats,
        fr_due_by: '2026-11-03T16:00:00Z',
        spam: false,
        custom_fields: { cf_model: 'R-3' },
      },
    })
  })

  it.each([
    [2, 'open', 'Open'],
    [3, 'pending', 'Pending'],
    [4, 'solved', 'Resolved'],
    [5, 'closed', 'Closed'],
    [6, 'pending', 'Waiting on Customer'],
    [7, 'on_hold', 'Waiting on Third Party'],
    ['2', 'open', 'Open'],
    [14, 'open', 'Status 14'],
  ])('with status %j is %s, labelled %s', (status, ours, label) => {
    expect(conversation({ status })).toMatchObject({ status: ours, vendorStatus: { id: String(status), label } })
  })

  it.each([
    [1, 'email'],
    [2, 'web'],
    [3, 'phone'],
    [4, 'web'],
    [5, 'social'],
    [6, 'social'],
    [7, 'chat'],
    [9, 'web'],
    [10, 'email'],
  ])('with source %d came by %s', (source, channel) => {
    expect(conversation({ source })?.channel).toBe(channel)
    expect(conversation({ source })?.vendor).not.toHaveProperty('source')
  })

  it('keeps numbers that it does not know, or that something depends on', () => {
    expect(conversation({ source: 13 })).toMatchObject({ channel: 'other', vendor: { source: 13 } })
    expect(conversation({ source: 15 })).toMatchObject({ channel: 'chat', vendor: { source: 15 } })
    expect(conversation({ priority: 9 })).toMatchObject({ priority: null, vendor: { priority: 9 } })
    expect(conversation({ tags: ['a', { b: 1 }] })).toMatchObject({ tags: ['a'], vendor: { tags: ['a', { b: 1 }] } })
  })

  it('does without everything but its id, status and times', () => {
    const { id, status, created_at, updated_at } = own.ticket
    const bare = read('list_tickets', [{ id, status, created_at, updated_at }]).conversations[0]
    expect(bare).toMatchObject({
      ...{ subject: '', preview: '', priority: null, channel: 'other', tags: [], brandKey: null, dueAt: null },
      ...{ customer: { vendorId: null, name: null, email: null, phone: null }, lastMessageBy: null, vendor: {} },
    })
  })

  it.each([
    [{ agent_responded_at: null, requester_responded_at: null }, 1, 'customer'],
    [{ agent_responded_at: null, requester_responded_at: null }, 10, 'agent'],
    [{ agent_responded_at: '2026-11-03T08:00:00Z', requester_responded_at: null }, 1, 'agent'],
    [{ agent_responded_at: null, requester_responded_at: '2026-11-03T08:00:00Z' }, 10, 'customer'],
    [{ first_responded_at: null, closed_at: null }, 1, null],
    [undefined, 1, null],
  ])('with stats %j from source %d was last written by %s', (stats, source, by) => {
    expect(conversation({ stats, source })?.lastMessageBy).toBe(by)
  })

  it('shows its own text as the first message, with its files', () => {
    const { messages, people } = read('get_ticket', own.ticket)
    expect(messages).toEqual([
      {
        ...{ vendorId: 'description-5120', conversationVendorId: '5120', kind: 'reply', direction: 'in', vendor: {} },
        author: { ...conversation()?.customer, role: 'customer' },
        createdAt: Date.UTC(2026, 10, 2, 7),
        ...{ bodyHtml: own.ticket.description, bodyText: 'One wheel is missing.' },
        attachments: [
          {
            ...{
              vendorId: '5',
              name: 'car.jpg',
              contentType: 'image/jpeg',
              size: 4096,
              inline: false,
              contentId: null,
            },
            url: 'https://files.example/car.jpg?Signature=x',
          },
        ],
      },
    ])
    expect(people).toEqual([conversation()?.customer])
  })

  it('that an agent began by mail has a first message of ours', () => {
    expect(read('get_ticket', { ...own.ticket, source: 10 }).messages[0]).toMatchObject({
      ...{ direction: 'out', author: { role: 'agent', vendorId: null, email: null } },
    })
  })

  it('brings the entries that were included, with the name of the customer', () => {
    const { messages, quarantined } = read('get_ticket', {
      ...own.ticket,
      conversations: [
        { ...own.entry, from_email: null },
        { id: 3, created_at: 'x' },
      ],
    })
    expect(messages.map(({ vendorId }) => vendorId)).toEqual(['description-5120', '9000000001'])
    expect(messages[1]?.author).toMatchObject({ name: 'Mara Lind', email: 'mara@customer.example' })
    expect(quarantined).toMatchObject([{ vendorId: '3', path: 'conversations[1].created_at' }])
  })

  it('that was deleted or marked as spam is gone from a list', () => {
    const list = [own.ticket, { ...own.ticket, id: 2, deleted: true }, { ...own.ticket, id: 3, spam: true }]
    const { conversations, removedVendorIds } = read('list_tickets', list)
    expect([conversations.map(({ vendorId }) => vendorId), removedVendorIds]).toEqual([['5120'], ['2', '3']])
    expect(read('list_deleted_tickets', list).removedVendorIds).toEqual(['5120', '2', '3'])
  })
})

describe('an entry of a Freshdesk ticket', () => {
  it('of the customer is a reply that came in', () => {
    expect(message()).toEqual({
      ...{ vendorId: '9000000001', conversationVendorId: '5120', kind: 'reply', direction: 'in', attachments: [] },
      author: {
        ...{ vendorId: '43010000077', name: 'Mara Lind', email: 'mara@customer.example', phone: null },
        role: 'customer',
      },
      createdAt: Date.UTC(2026, 10, 3, 9),
      ...{ bodyHtml: '<div>Any news?</div>', bodyText: 'Any news?' },
      vendor: {
        ...{ source: 0, from_email: own.entry.from_email, support_email: 'help@brand.example' },
        ...{ to_emails: ['help@brand.example'], updated_at: '2026-11-03T09:00:00Z' },
      },
    })
  })

  it.each([
    [{ incoming: false }, 'reply', 'out', 'agent'],
    [{ incoming: false, private: true, source: 2 }, 'note', 'out', 'agent'],
    [{ incoming: false, private: false, source: 2 }, 'reply', 'out', 'agent'],
    [{ incoming: false, private: null, source: 2 }, 'note', 'out', 'agent'],
    [{ incoming: true, private: false, source: 2 }, 'reply', 'in', 'customer'],
    [{ incoming: false, private: undefined, source: undefined }, 'reply', 'out', 'agent'],
  ])('reads %j as %s, %s, by the %s', (change, kind, direction, role) => {
    expect(message(change)).toMatchObject({ kind, direction, author: { role } })
  })

  it('takes its text from the HTML where there is no other, and either name of the size of a file', () => {
    expect(message({ body_text: null, body: '<p>One<br>two</p>' })?.bodyText).toBe('One\ntwo')
    const file = { id: 1, attachment_url: 'https://files.example/a', file_size: 7 }
    expect(
      message({ attachments: [file, { ...file, id: 2, file_size: undefined, size: 8, name: 'b' }] })?.attachments,
    ).toMatchObject([
      { size: 7, name: 'file', contentType: 'application/octet-stream' },
      { size: 8, name: 'b' },
    ])
  })

  it('keeps what it cannot read as a file', () => {
    const strange = [{ id: 1, attachment_url: 'javascript:alert(1)' }, 'x']
    expect(message({ attachments: strange })).toMatchObject({ attachments: [], vendor: { attachments: strange } })
  })

  it('that does not say which ticket it belongs to is set aside', () => {
    const { messages, quarantined } = read('list_conversations', [own.entry, { ...own.entry, ticket_id: undefined }])
    expect(messages).toHaveLength(1)
    expect(quarantined).toMatchObject([{ vendorId: '9000000001', path: 'conversations[1].ticket_id' }])
  })
})

describe('the directory of Freshdesk', () => {
  it('has agents, who are inactive when deactivated or never verified', () => {
    const list = [
      own.agent,
      { ...own.agent, id: 2, deactivated: true },
      { ...own.agent, id: 3, contact: { ...own.agent.contact, active: false, name: '' } },
      { id: 4, name: 'Suggested', email: 's@brand.example' },
    ]
    expect(read('list_agents', list).directory.agents).toEqual([
      { vendorId: '43010000501', name: 'Rita Vale', email: 'rita@brand.example', active: true },
      { vendorId: '2', name: 'Rita Vale', email: 'rita@brand.example', active: false },
      { vendorId: '3', name: 'rita@brand.example', email: 'rita@brand.example', active: false },
      { vendorId: '4', name: 'Suggested', email: 's@brand.example', active: true },
    ])
  })

  it('names statuses as agents see them, and takes a renamed one at its word', () => {
    expect(
      read('list_ticket_fields', [{ id: 1, name: 'x', choices: ['2'] }, own.statusField]).directory.statuses,
    ).toEqual([
      { id: '2', label: 'Open', status: 'open' },
      { id: '5', label: 'Done for good', status: 'closed' },
      { id: '6', label: 'Waiting on Customer', status: 'pending' },
      { id: '7', label: 'In the workshop', status: 'open' },
      { id: '8', label: 'On hold', status: 'on_hold' },
    ])
  })

  it('has groups, products as brands, and contacts as people', () => {
    expect(read('list_groups', [{ id: 1, name: 'Care' }]).directory).toEqual({
      groups: [{ vendorId: '1', name: 'Care' }],
    })
    expect(read('list_products', [{ id: 1, name: 'Toys' }]).directory).toEqual({ brands: [{ key: '1', name: 'Toys' }] })
    const contact = { id: 9, name: 'Mara', email: null, other_emails: ['m@customer.example'], phone: '', mobile: 46 }
    expect(read('get_contact', contact).people).toEqual([
      { vendorId: '9', name: 'Mara', email: 'm@customer.example', phone: '46' },
    ])
    expect(read('search_contacts', { total: 1, results: [contact] }).people).toHaveLength(1)
  })
})

describe('payloads of Freshdesk', () => {
  it('are taken bare, wrapped, as one record, and as several pages', () => {
    const one = own.ticket
    for (const payload of [
      [one],
      one,
      { ticket: one },
      { tickets: [one] },
      { total: 1, results: [one] },
      [[one]],
      [{ results: [one] }],
    ])
      expect(read('list_tickets', payload).conversations.map(({ vendorId }) => vendorId)).toEqual(['5120'])
    expect(read('list_tickets', []).conversations).toEqual([])
  })

  it.each([
    [[own.ticket, { ...own.ticket, updated_at: 'soon' }], 'tickets[1].updated_at'],
    [{ results: [{ ...own.ticket, status: null }] }, 'results[0].status'],
    [{ ...own.ticket, created_at: null }, 'ticket.created_at'],
    [[[own.ticket], [{ ...own.ticket, id: true }]], 'pages[1].tickets[0].id'],
    [[7], 'tickets[0]'],
  ])('%# are set aside with the path of the field', (payload, path) => {
    expect(read('list_tickets', payload).quarantined.map((each) => each.path)).toEqual([path])
  })

  it.each([null, undefined, 3, 'x', {}, { message: 'no' }, { tickets: 3 }])('%j is no list of tickets', (payload) => {
    for (const { name } of freshdesk.operations) {
      let thrown: unknown = null
      try {
        read(name, payload)
      } catch (error) {
        thrown = error
      }
      expect(thrown).toMatchObject({ code: 'vendor_bad_answer', detail: expect.stringMatching(/^answer/) })
    }
  })

  /** Replaces what is at a random place of a payload. */
  function mutate(value: unknown, route: number[], put: unknown): unknown {
    const [head, ...rest] = route
    if (head === undefined || typeof value !== 'object' || value === null) return put
    const entries = Object.entries(value)
    const [key, inner] = entries[head % Math.max(1, entries.length)] ?? []
    if (key === undefined) return put
    const changed = mutate(inner, rest, put)
    if (Array.isArray(value)) return value.map((each, at) => (String(at) === key ? changed : each))
    return { ...value, [key]: changed }
  }

  it.each([
    ['list_tickets', [own.ticket]],
    ['get_ticket', { ...own.ticket, conversations: [own.entry] }],
    ['list_conversations', [own.entry]],
    ['list_agents', [own.agent]],
    ['list_ticket_fields', [own.statusField]],
    ['list_contacts', [own.ticket.requester]],
  ])('%s: whatever a payload holds, it is mapped, set aside or refused', (name, payload) => {
    const anything = fc.oneof(fc.jsonValue(), fc.constant(undefined), fc.string({ unit: 'binary' }), fc.double())
    fc.assert(
      fc.property(fc.array(fc.nat(40), { maxLength: 5 }), anything, (route, put) => {
        try {
          const result = read(name, mutate(payload, route, put))
          for (const one of result.conversations) expect(Number.isFinite(one.version)).toBe(true)
          for (const one of result.messages) expect(Number.isFinite(one.createdAt)).toBe(true)
          for (const one of [...result.conversations, ...result.messages]) expect(one.vendorId).not.toBe('')
          JSON.stringify(result)
        } catch (error) {
          expect(error).toMatchObject({ code: 'vendor_bad_answer' })
        }
      }),
      { numRuns: 300 },
    )
  })
})
