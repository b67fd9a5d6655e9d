import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { product as freshservice } from '../../../main/connectors/freshservice/map.ts'
import { toConversation as toTicketConversation } from '../../../main/connectors/freshworks/tickets-map.ts'
import { toMessage as toEntryMessage, toFirstMessage } from '../../../main/connectors/freshworks/tickets-messages.ts'
import { entrySchema, ticketSchema } from '../../../main/connectors/freshworks/tickets-schema.ts'
import * as hubspot from '../../../main/connectors/hubspot/map.ts'
import * as hubspotMessages from '../../../main/connectors/hubspot/map-messages.ts'
import { readRecord, readRecords } from '../../../main/connectors/read-records.ts'
import * as zendesk from '../../../main/connectors/zendesk/map.ts'
import * as own from './fixtures.ts'

const people = zendesk.peopleOf(own.zendeskUsers.map((user) => zendesk.userSchema.parse(user)))
const zendeskWorld = { host: 'acme.zendesk.com', people, labels: new Map([['7001', 'Waiting for parts']]) }
const freshWorld = { host: 'acme-it.freshservice.com', labels: new Map([['6', 'Waiting for supplier']]) }
const portal: hubspot.Portal = {
  id: '4400',
  stages: new Map([['2', { label: 'Waiting on contact', status: 'pending', pipeline: '0' }]]),
  userOfOwner: new Map([['41', '501']]),
}
const contacts = new Map([['251', hubspot.contactSchema.parse(own.hubspotContact)]])

const toZendesk = (ticket: unknown) => zendesk.toConversation(zendesk.ticketSchema.parse(ticket), zendeskWorld)
const toFreshservice = (ticket: unknown) => toTicketConversation(ticketSchema.parse(ticket), freshservice, freshWorld)
const toHubspot = (ticket: unknown, thread: unknown = null) =>
  hubspot.toTicketConversation(
    hubspot.ticketSchema.parse(ticket),
    portal,
    contacts,
    thread === null ? null : hubspot.threadSchema.parse(thread),
  )

const talk = { ticketId: '81', requesterId: '900', people }

describe('a Zendesk ticket', () => {
  it('becomes a conversation', () => {
    expect(toZendesk(own.zendeskTicket)).toEqual({
      vendorId: '81',
      version: Date.UTC(2026, 10, 3, 9, 30, 10),
      subject: 'The zip of my tent is stuck',
      preview: 'Hello, the zip does not move any more.',
      status: 'on_hold',
      vendorStatus: { id: '7001', label: 'Waiting for parts' },
      priority: 'high',
      channel: 'email',
      customer: { vendorId: '900', name: 'Rosa Lind', email: 'rosa@customer.example', phone: '+46 8 000' },
      assigneeVendorId: '501',
      groupVendorId: '31',
      tags: ['tent', 'warranty'],
      brandKey: '11',
      createdAt: Date.UTC(2026, 10, 2, 8),
      updatedAt: Date.UTC(2026, 10, 3, 9, 30),
      lastMessageBy: null,
      dueAt: null,
      url: 'https://acme.zendesk.com/agent/tickets/81',
      vendor: {
        type: 'problem',
        via: own.zendeskTicket.via,
        custom_fields: [{ id: 1, value: 'A-17' }],
        is_public: true,
      },
    })
  })

  it('keeps a status, priority and channel it does not know, and stays in sight as open', () => {
    const strange = toZendesk({
      ...own.zendeskTicket,
      status: 'thinking',
      priority: 'cosmic',
      via: { channel: 'telepathy' },
      custom_status_id: null,
    })
    expect(strange).toMatchObject({
      status: 'open',
      vendorStatus: { id: 'thinking', label: 'Thinking' },
      priority: null,
      channel: 'other',
    })
    expect(strange.vendor).toMatchObject({ status: 'thinking', priority: 'cosmic', via: { channel: 'telepathy' } })
  })

  it.each(['constructor', '__proto__', 'toString'])('is not confused by the word %s', (word) => {
    expect(toZendesk({ ...own.zendeskTicket, status: word, priority: word, via: { channel: word } })).toMatchObject({
      status: 'open',
      priority: null,
      channel: 'other',
    })
  })

  it('turns a comment into a message with its files, without the deleted ones', () => {
    const message = zendesk.toMessage(zendesk.commentSchema.parse(own.zendeskComment), talk)
    expect(message).toMatchObject({
      vendorId: '3301',
      kind: 'reply',
      direction: 'in',
      bodyText: 'Here it is',
      author: { role: 'customer', name: 'Rosa Lind' },
    })
    expect(message.attachments).toEqual([
      {
        vendorId: '61',
        name: 'zip.jpg',
        contentType: 'image/jpeg',
        size: 4821,
        url: 'https://acme.zendesk.com/attachments/token/abc/?name=zip.jpg',
        inline: false,
        contentId: null,
      },
    ])
  })

  it('keeps a comment private unless it says that it is public', () => {
    const { public: _public, ...silent } = own.zendeskComment
    for (const comment of [silent, { ...silent, public: false }, { ...silent, public: 'yes' }]) {
      expect(zendesk.toMessage(zendesk.commentSchema.parse(comment), talk).kind).toBe('note')
    }
  })
})

describe('a Freshservice ticket', () => {
  it('becomes a conversation', () => {
    expect(toFreshservice(own.freshserviceTicket)).toMatchObject({
      vendorId: '4021',
      version: Date.UTC(2026, 10, 3, 9, 30),
      preview: 'The wall socket is dead.',
      status: 'on_hold',
      vendorStatus: { id: '6', label: 'Waiting for supplier' },
      priority: 'high',
      channel: 'other',
      customer: { vendorId: '7700', name: 'Jon Aas', email: 'jon@staff.example', phone: '4790000000' },
      assigneeVendorId: '501',
      groupVendorId: '12',
      brandKey: '3',
      createdAt: Date.UTC(2026, 10, 2, 7),
      dueAt: Date.UTC(2026, 10, 5, 16),
      url: 'https://acme-it.freshservice.com/a/tickets/4021',
      vendor: { source: 9, custom_fields: { floor: 3 }, type: 'Incident' },
    })
  })

  it('shows its own text as the first message, with its files', () => {
    const first = toFirstMessage(ticketSchema.parse(own.freshserviceTicket), freshservice)
    expect(first).toMatchObject({
      vendorId: 'description-4021',
      kind: 'reply',
      direction: 'in',
      bodyText: 'The wall socket is dead.',
    })
    expect(first.attachments).toMatchObject([{ name: 'socket.png', size: 99 }])
  })

  it.each([
    [{}, 'reply', 'in'],
    [{ incoming: false }, 'reply', 'out'],
    [{ incoming: false, private: true, source: 2 }, 'note', 'out'],
    [{ incoming: false, private: false, source: 2 }, 'reply', 'out'],
    [{ incoming: false, source: 4 }, 'event', 'out'],
  ])('reads %j as %s, %s', (change, kind, direction) => {
    const entry = entrySchema.parse({ ...own.freshserviceEntry, ...change })
    expect(toEntryMessage(entry, '4021', new Map(), freshservice)).toMatchObject({ kind, direction })
  })

  it('takes the name from the address when the person is not known', () => {
    const entry = entrySchema.parse(own.freshserviceEntry)
    expect(toEntryMessage(entry, '4021', new Map(), freshservice).author).toEqual({
      vendorId: '7700',
      name: 'Jon Aas',
      email: 'jon@staff.example',
      phone: null,
      role: 'customer',
    })
  })
})

describe('a HubSpot ticket', () => {
  it('becomes a conversation, joined with its thread', () => {
    expect(toHubspot(own.hubspotTicket, own.hubspotThread)).toEqual({
      vendorId: 'ticket:9001',
      version: Date.UTC(2026, 10, 3, 11),
      subject: 'Booking 77 was charged twice',
      preview: 'My card shows two payments.',
      status: 'pending',
      vendorStatus: { id: '2', label: 'Waiting on contact' },
      priority: 'normal',
      channel: 'email',
      customer: { vendorId: '251', name: 'Ann Roe', email: 'ann@customer.example', phone: null },
      assigneeVendorId: '501',
      groupVendorId: null,
      tags: [],
      brandKey: 'pipeline:0',
      statusScope: '0',
      createdAt: Date.UTC(2026, 10, 2, 8),
      updatedAt: Date.UTC(2026, 10, 3, 11),
      lastMessageBy: 'customer',
      dueAt: null,
      url: 'https://app-eu1.hubspot.com/contacts/4400/record/0-5/9001',
      vendor: { hs_ticket_category: 'BILLING_ISSUE' },
    })
  })

  it('never takes an address from the payload that is not https', () => {
    expect(toHubspot({ ...own.hubspotTicket, url: 'javascript:alert(1)' }).url).toBe(
      'https://app.hubspot.com/contacts/4400/record/0-5/9001',
    )
  })

  it('leaves a thread without a ticket a conversation of its own', () => {
    const thread = hubspot.threadSchema.parse({ ...own.hubspotThread, threadAssociations: null })
    const newest = hubspotMessages.messageSchema.parse(own.hubspotMessage)
    expect(hubspot.toThreadConversation(thread, portal, contacts, newest)).toMatchObject({
      vendorId: 'thread:6155979',
      subject: 'Booking 77',
      preview: 'Hello',
      status: 'open',
      assigneeVendorId: '501',
      brandKey: 'inbox:431',
      url: 'https://app.hubspot.com/live-messages/4400/inbox/6155979',
    })
    expect(hubspot.toThreadConversation(thread, portal, contacts, null).subject).toBe('Conversation with Ann Roe')
  })

  it.each([
    [{ label: 'Closed', closed: true, first: false }, 'closed'],
    [{ label: 'Anything', closed: true, first: true }, 'closed'],
    [{ label: 'Eingang', closed: false, first: true }, 'new'],
    [{ label: 'Waiting on contact', closed: false, first: false }, 'pending'],
    [{ label: 'On hold', closed: false, first: false }, 'on_hold'],
    [{ label: 'In Arbeit', closed: false, first: false }, 'open'],
  ])('reads the stage %j as %s', (stage, status) => {
    expect(hubspot.stageStatus(stage)).toBe(status)
  })

  it.each([
    [{}, 'reply', 'in', 'customer', 'Hello'],
    [{ direction: 'OUTGOING', senders: [{ actorId: 'A-501', name: 'Mia' }] }, 'reply', 'out', 'agent', 'Hello'],
    [{ type: 'COMMENT', direction: null, senders: [{ actorId: 'A-501' }] }, 'note', 'out', 'agent', 'Hello'],
    [
      { type: 'WELCOME_MESSAGE', direction: null, senders: [{ actorId: 'S-hubspot' }] },
      'reply',
      'out',
      'system',
      'Hello',
    ],
    [
      {
        type: 'THREAD_STATUS_CHANGE',
        direction: null,
        text: null,
        newStatus: 'CLOSED',
        senders: [],
        createdBy: 'A-501',
      },
      'event',
      'out',
      'system',
      'The conversation was closed.',
    ],
    [
      { type: 'HOLOGRAM', direction: null, text: null, senders: [], createdBy: 'S-x' },
      'event',
      'out',
      'system',
      'HubSpot: HOLOGRAM',
    ],
  ])('reads the message %j as %s, %s, by a %s', (change, kind, direction, role, bodyText) => {
    const message = hubspotMessages.messageSchema.parse({ ...own.hubspotMessage, ...change })
    expect(hubspotMessages.toMessage(message, 'ticket:9001', new Map())).toMatchObject({
      kind,
      direction,
      bodyText,
      author: { role },
    })
  })
})

describe('bad records', () => {
  const bad = { ...own.zendeskTicket, created_at: 'yesterday' }

  it('are set aside with the path of the field, and the rest of the page goes on', () => {
    const { values, quarantined } = readRecords(
      zendesk.ticketSchema,
      [own.zendeskTicket, bad, null, own.zendeskTicket],
      'tickets',
    )
    expect(values).toHaveLength(2)
    expect(quarantined).toMatchObject([
      { vendorId: '81', path: 'tickets[1].created_at', reason: 'not a time' },
      { vendorId: null, path: 'tickets[2]' },
    ])
  })

  const kinds = {
    'Zendesk ticket': [own.zendeskTicket, zendesk.ticketSchema, toZendesk],
    'Zendesk comment': [
      own.zendeskComment,
      zendesk.commentSchema,
      (value: unknown) => zendesk.toMessage(zendesk.commentSchema.parse(value), talk),
    ],
    'Freshservice ticket': [own.freshserviceTicket, ticketSchema, toFreshservice],
    'Freshservice entry': [
      own.freshserviceEntry,
      entrySchema,
      (value: unknown) => toEntryMessage(entrySchema.parse(value), '1', new Map(), freshservice),
    ],
    'HubSpot ticket': [
      own.hubspotTicket,
      hubspot.ticketSchema,
      (value: unknown) => toHubspot(value, own.hubspotThread),
    ],
    'HubSpot thread': [
      own.hubspotThread,
      hubspot.threadSchema,
      (value: unknown) => hubspot.toThreadConversation(hubspot.threadSchema.parse(value), portal, contacts, null),
    ],
    'HubSpot message': [
      own.hubspotMessage,
      hubspotMessages.messageSchema,
      (value: unknown) => hubspotMessages.toMessage(hubspotMessages.messageSchema.parse(value), 'x', new Map()),
    ],
  } as const

  /** Replaces or removes what is at a random place of a payload. */
  function mutate(value: unknown, route: number[], put: unknown): unknown {
    const [head, ...rest] = route
    if (head === undefined || typeof value !== 'object' || value === null) return put
    const entries = Object.entries(value)
    if (entries.length === 0) return put
    const [key] = entries[head % entries.length] ?? ['']
    const inner: unknown = Object(value)[key]
    const changed = mutate(inner, rest, put)
    if (Array.isArray(value)) return value.map((each, at) => (String(at) === key ? changed : each))
    return { ...value, [key]: changed }
  }

  it.each(Object.entries(kinds))(
    '%s: whatever a payload holds, it is mapped or set aside, never a crash',
    (_name, [payload, schema, map]) => {
      const anything = fc.oneof(fc.jsonValue(), fc.constant(undefined), fc.string({ unit: 'binary' }), fc.double())
      fc.assert(
        fc.property(fc.array(fc.nat(40), { maxLength: 4 }), anything, (route, put) => {
          const mutated = mutate(payload, route, put)
          const read = readRecord<unknown>(schema, mutated, 'record')
          if ('bad' in read) {
            expect(read.bad.path.startsWith('record')).toBe(true)
            return
          }
          const mapped = map(mutated)
          expect(mapped.vendorId).not.toBe('')
          expect(Number.isFinite('version' in mapped ? mapped.version : mapped.createdAt)).toBe(true)
          JSON.stringify(mapped)
        }),
        { numRuns: 400 },
      )
    },
  )

  it('and good ones together account for every record of a page', () => {
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.array(fc.nat(40), { maxLength: 3 }), fc.jsonValue()), { maxLength: 30 }),
        (changes) => {
          const page = changes.map(([route, put]) => mutate(own.zendeskTicket, route, put))
          const { values, quarantined } = readRecords(zendesk.ticketSchema, page, 'tickets')
          expect(values.length + quarantined.length).toBe(page.length)
        },
      ),
    )
  })
})
