import { describe, expect, it } from 'vitest'
import * as freshservice from '../../../main/connectors/freshservice/map.ts'
import * as hubspot from '../../../main/connectors/hubspot/map.ts'
import * as hubspotMessages from '../../../main/connectors/hubspot/map-messages.ts'
import { readRecords } from '../../../main/connectors/read-records.ts'
import * as zendesk from '../../../main/connectors/zendesk/map.ts'
import { vendorData } from '../sandbox/described.ts'

/** Real payloads, read in place; what they must become is written by hand from the vendors' documentation. */

type Json = Record<string, unknown>

function sample(file: string, key: string): unknown[] | undefined {
  const text = vendorData(`samples/${file}.json`)
  if (text === undefined) return undefined
  const data = JSON.parse(text) as Json | Json[]
  return (Array.isArray(data) ? data : [data]).flatMap((each) => {
    const found = each[key]
    return found === undefined ? [each] : Array.isArray(found) ? found : [found]
  })
}

const utc = (text: string) => Date.parse(text)

describe('samples of Zendesk', () => {
  const people = zendesk.peopleOf(
    readRecords(zendesk.userSchema, sample('zendesk/list_users', 'users') ?? [], 'users').values,
  )
  const world = { host: 'site.zendesk.com', people, labels: new Map<string, string>() }
  const read = (file: string, key: string) => {
    const records = sample(file, key)
    if (records === undefined) return undefined
    const { values, quarantined } = readRecords(zendesk.ticketSchema, records, key)
    expect(quarantined).toEqual([])
    expect(values).toHaveLength(records.length)
    return values.map((ticket) => zendesk.toConversation(ticket, world))
  }

  it('tickets of lists, exports, searches and writes', () => {
    for (const [file, key] of [
      ['list_tickets', 'tickets'],
      ['incremental_tickets', 'tickets'],
      ['search_tickets', 'results'],
      ['search_tickets', 'tickets'],
      ['show_ticket', 'ticket'],
      ['create_ticket', 'ticket'],
      ['update_ticket', 'ticket'],
    ] as const) {
      const text = vendorData(`samples/zendesk/${file}.json`)
      if (text === undefined || !(key in (JSON.parse(text) as Json))) continue
      for (const one of read(`zendesk/${file}`, key) ?? []) {
        expect(one).toMatchObject({
          groupVendorId: '46406158244625',
          brandKey: '46406158162961',
          assigneeVendorId: '46406145565073',
        })
        expect(one.vendorStatus.id).toMatch(/^464061582/)
      }
    }
  })

  it('one by one: status, priority, channel and times', () => {
    const rows = read('zendesk/incremental_tickets', 'tickets')
    if (rows === undefined) return
    expect(rows.map((one) => [one.vendorId, one.status, one.priority, one.channel, one.updatedAt])).toEqual([
      ['2', 'open', 'low', 'web', utc('2026-05-06T08:16:33Z')],
      ['3', 'open', 'normal', 'api', utc('2026-05-06T08:46:02Z')],
      ['1', 'open', 'normal', 'other', utc('2026-05-06T08:47:45Z')],
      ['4', 'solved', 'normal', 'api', utc('2026-05-06T09:09:29Z')],
    ])
    expect(rows[2]?.customer).toMatchObject({
      vendorId: '46406156914577',
      name: 'Customer',
      email: 'example@zendesk.com',
    })
    expect(rows[0]?.vendor).toMatchObject({ type: 'question', satisfaction_rating: { score: 'unoffered' } })
  })

  it('a change mark that never falls behind the change itself', () => {
    const [updated] = read('zendesk/update_ticket', 'ticket') ?? []
    if (updated) expect(updated.version).toBe(utc('2026-05-06T08:47:45Z'))
  })

  it('comments: who wrote, and what the customer may see', () => {
    const records = sample('zendesk/ticket_comments', 'comments')
    if (records === undefined) return
    const { values, quarantined } = readRecords(zendesk.commentSchema, records, 'comments')
    expect(quarantined).toEqual([])
    const messages = values.map((comment) => zendesk.toMessage(comment, '1', '46406156914577', people))
    expect(messages.map((message) => `${message.kind} ${message.direction}`)).toEqual([
      ...[
        'reply in',
        'reply out',
        'reply out',
        'reply out',
        'reply out',
        'reply out',
        'reply out',
        'note out',
        'reply out',
      ],
    ])
    expect(messages.every((message) => message.bodyText.length > 0 && message.bodyHtml !== null)).toBe(true)
  })

  it('people: agents and administrators work for us, end users do not', () => {
    if (people.size === 0) return
    expect([...people.values()].map((user) => user.role)).toContain('end-user')
    expect([...people.values()].map((user) => user.role)).toContain('admin')
  })
})

describe('samples of Freshservice', () => {
  it('tickets', () => {
    const records = sample('freshservice/list_tickets', 'tickets')
    if (records === undefined) return
    const { values, quarantined } = readRecords(freshservice.ticketSchema, records, 'tickets')
    expect(quarantined).toEqual([])
    const rows = values.map((ticket) =>
      freshservice.toConversation(ticket, { host: 'site.freshservice.com', labels: new Map() }),
    )
    expect(rows.map((one) => [one.vendorId, one.status, one.vendorStatus.label, one.priority, one.channel])).toEqual([
      ['6', 'open', 'Open', 'low', 'phone'],
      ['5', 'open', 'Open', 'low', 'phone'],
      ['4', 'open', 'Open', 'low', 'web'],
      ['3', 'open', 'Open', 'normal', 'web'],
      ['2', 'open', 'Open', 'normal', 'web'],
      ['1', 'open', 'Open', 'low', 'web'],
    ])
    expect(rows[0]).toMatchObject({
      preview: 'test ticket (group only)',
      groupVendorId: '21000061289',
      assigneeVendorId: null,
      dueAt: utc('2022-07-20T21:00:00Z'),
    })
    expect(rows[1]?.assigneeVendorId).toBe('21000049726')
    expect(rows[2]).toMatchObject({ preview: '', vendor: { is_escalated: true } })
    expect(rows[0]?.customer).toEqual({ vendorId: '21000062811', name: null, email: null, phone: null })
  })

  it('replies and notes: a public note is a reply to the reader', () => {
    const records = sample('freshservice/list_ticket_conversations', 'conversations')
    if (records === undefined) return
    const { values, quarantined } = readRecords(freshservice.entrySchema, records, 'conversations')
    expect(quarantined).toEqual([])
    const messages = values.map((entry) => freshservice.toMessage(entry, '6', new Map()))
    expect(messages.map((message) => message.kind)).toEqual([
      ...['reply', 'reply', 'reply', 'note', 'reply', 'note', 'reply', 'reply', 'reply'],
    ])
    expect(messages.every((message) => message.direction === 'out' && message.author.role === 'agent')).toBe(true)
    // The address an agent's mail leaves from is the site's, not the agent's.
    expect(messages[0]?.author).toMatchObject({ vendorId: '21001397559', email: null })
  })
})

describe('samples of HubSpot', () => {
  const portal: hubspot.Portal = {
    id: '147893286',
    stages: new Map([['1', { label: 'New', status: 'new', pipeline: '0' }]]),
    userOfOwner: new Map(),
  }
  const contacts = new Map(
    readRecords(hubspot.contactSchema, sample('hubspot/list_contacts', 'results') ?? [], 'results').values.map(
      (each) => [each.id, each],
    ),
  )

  it('tickets of lists, searches and writes', () => {
    for (const file of ['list_tickets', 'search_tickets', 'get_ticket', 'update_ticket']) {
      const records = sample(`hubspot/${file}`, 'results')
      if (records === undefined) continue
      const { values, quarantined } = readRecords(hubspot.ticketSchema, records, 'results')
      expect(quarantined).toEqual([])
      expect(values).toHaveLength(records.length)
      for (const ticket of values) {
        const one = hubspot.toTicketConversation(ticket, portal, contacts, null)
        expect(one).toMatchObject({ vendorId: `ticket:${ticket.id}`, brandKey: 'pipeline:0', version: one.updatedAt })
        expect(one.url).toBe(`https://app-eu1.hubspot.com/contacts/147893286/record/0-5/${ticket.id}`)
      }
    }
  })

  it('one by one: stage, priority and times', () => {
    const records = sample('hubspot/search_tickets', 'results')
    if (records === undefined) return
    const rows = readRecords(hubspot.ticketSchema, records, 'results').values.map((ticket) =>
      hubspot.toTicketConversation(ticket, portal, contacts, null),
    )
    expect(
      rows.slice(0, 3).map((one) => [one.vendorId, one.status, one.vendorStatus.label, one.priority, one.updatedAt]),
    ).toEqual([
      ['ticket:395332939975', 'new', 'New', null, utc('2026-02-25T15:18:03.214Z')],
      ['ticket:394413098217', 'new', 'New', 'normal', utc('2026-03-12T07:37:06.773Z')],
      ['ticket:395349161170', 'new', 'New', 'high', utc('2026-02-25T16:17:09.792Z')],
    ])
  })

  it('threads: with and without a ticket', () => {
    const records = sample('hubspot/conversation_threads', 'results')
    if (records === undefined) return
    const threads = readRecords(hubspot.threadSchema, records, 'results').values
    expect(threads.map((thread) => thread.threadAssociations?.associatedTicketId ?? null)).toEqual(['57774743', null])
    const rows = threads.map((thread) => hubspot.toThreadConversation(thread, portal, contacts, null))
    expect(rows.map((one) => [one.vendorId, one.status, one.channel, one.assigneeVendorId, one.lastMessageBy])).toEqual(
      [
        ['thread:176347007', 'closed', 'chat', '2620022', 'customer'],
        ['thread:176350633', 'closed', 'chat', '2620022', 'agent'],
      ],
    )
  })

  it('messages: the visitor is the customer, the greeting comes from the vendor', () => {
    const records = sample('hubspot/conversation_messages', 'results')
    if (records === undefined) return
    const { values, quarantined } = readRecords(hubspotMessages.messageSchema, records, 'results')
    expect(quarantined).toEqual([])
    const messages = values.map((message) => hubspotMessages.toMessage(message, 'thread:176347007', new Map()))
    expect(
      messages.map((message) => [message.kind, message.direction, message.author.role, message.author.vendorId]),
    ).toEqual([
      ['reply', 'in', 'customer', 'V-1401'],
      ['reply', 'out', 'system', 'S-hubspot'],
    ])
  })

  it('contacts: names and addresses', () => {
    if (contacts.size === 0) return
    expect(hubspot.toCustomer('713492963559', contacts)).toEqual({
      vendorId: '713492963559',
      name: 'Updated Contact',
      email: 'test-contact-2026@example.com',
      phone: '+1234567890',
    })
  })
})
