import { describe, expect, it } from 'vitest'
import { hubspot } from '../../../main/connectors/hubspot/index.ts'
import { covered } from '../coverage.ts'
import { readSample } from './samples.ts'

/** Real payloads, read in place; what they must become is written by hand from the vendor's documentation. */

const read = (operation: string) => readSample(hubspot, operation, {})
const utc = (text: string) => Date.parse(text)

describe('samples of HubSpot', () => {
  it.each([
    ['list_tickets', 12],
    ['search_tickets', 10],
    ['get_ticket', 1],
    ['update_ticket', 1],
  ])('%s: every ticket, in its pipeline and at its own address', (operation, count) => {
    const result = read(operation)
    if (result === undefined) return
    expect(result.quarantined).toEqual([])
    expect(result.conversations).toHaveLength(count)
    for (const one of result.conversations) {
      const id = one.vendorId.replace('ticket:', '')
      expect(one).toMatchObject({ brandKey: 'pipeline:0', statusScope: '0', version: one.updatedAt, tags: [] })
      expect(one.url).toBe(`https://app-eu1.hubspot.com/contacts/147893286/record/0-5/${id}`)
    }
    covered('hubspot', 'sampled', [operation])
  })

  it('search_tickets: stage, priority and times one by one', () => {
    const rows = read('search_tickets')?.conversations
    if (rows === undefined) return
    expect(
      rows.slice(0, 3).map((one) => [one.vendorId, one.status, one.vendorStatus.label, one.priority, one.updatedAt]),
    ).toEqual([
      ['ticket:395332939975', 'new', 'New', null, utc('2026-02-25T15:18:03.214Z')],
      ['ticket:394413098217', 'new', 'New', 'normal', utc('2026-03-12T07:37:06.773Z')],
      ['ticket:395349161170', 'new', 'New', 'high', utc('2026-02-25T16:17:09.792Z')],
    ])
    expect(rows[0]).toMatchObject({ subject: 'HubSpot - New Issue (Sample Ticket)', preview: '', channel: 'other' })
    expect(rows[0]?.createdAt).toBe(utc('2026-02-25T15:17:58.426Z'))
  })

  it('update_ticket: what a ticket tells and Manydesk has no place for is kept', () => {
    const [one] = read('update_ticket')?.conversations ?? []
    if (one === undefined) return
    expect(one).toMatchObject({
      subject: 'Test Ticket Updated via Nango Action Save',
      vendor: { hs_last_email_activity: 'ORIGINAL_FROM_CONTACT', hs_object_source: 'INTEGRATION' },
    })
  })

  it('conversation_threads: open or closed, who was assigned, who spoke last', () => {
    const rows = read('conversation_threads')?.conversations
    if (rows === undefined) return
    expect(rows.map((one) => [one.vendorId, one.status, one.channel, one.assigneeVendorId, one.lastMessageBy])).toEqual(
      [
        ['thread:176347007', 'closed', 'chat', '2620022', 'customer'],
        ['thread:176350633', 'closed', 'chat', '2620022', 'agent'],
      ],
    )
    expect(rows[0]).toMatchObject({
      subject: 'Chat with a visitor',
      vendorStatus: { id: 'CLOSED', label: 'Closed' },
      statusScope: 'thread',
      commands: ['reply', 'note', 'status', 'assign'],
      brandKey: 'inbox:481939',
      customer: { vendorId: '1401' },
      createdAt: utc('2019-11-18T18:47:59.865Z'),
      updatedAt: utc('2019-11-18T18:50:00.279Z'),
      vendor: { associatedTicketId: '57774743' },
    })
    covered('hubspot', 'sampled', ['conversation_threads'])
  })

  it('conversation_messages: the visitor is the customer, the greeting comes from the vendor', () => {
    const result = read('conversation_messages')
    if (result === undefined) return
    expect(result.quarantined).toEqual([])
    expect(
      result.messages.map(({ kind, direction, author, bodyText }) => [
        ...[kind, direction, author.role, author.vendorId, bodyText],
      ]),
    ).toEqual([
      ['reply', 'in', 'customer', 'V-1401', 'hi yes hello'],
      ['reply', 'out', 'system', 'S-hubspot', "Got any questions? I'm happy to help."],
    ])
    expect(result.messages[0]).toMatchObject({
      createdAt: utc('2019-11-18T18:47:59.949Z'),
      bodyHtml: '<div>hi yes hello</div>',
      vendor: { channelId: '1000', status: { statusType: 'RECEIVED' } },
    })
    covered('hubspot', 'sampled', ['conversation_messages'])
  })

  it('list_contacts: names, addresses and telephone numbers', () => {
    const people = read('list_contacts')?.people
    if (people === undefined) return
    expect(people).toHaveLength(13)
    expect(people).toContainEqual({
      vendorId: '713492963559',
      name: 'Updated Contact',
      email: 'test-contact-2026@example.com',
      phone: '+1234567890',
    })
    covered('hubspot', 'sampled', ['list_contacts'])
  })

  it('list_owners: agents by the id of the user', () => {
    const agents = read('list_owners')?.directory.agents
    if (agents === undefined) return
    expect(agents[0]).toEqual({
      vendorId: '32900489',
      name: 'Test Delete',
      email: 'test-delete-action@example.com',
      active: true,
    })
    expect(agents).toHaveLength(2)
    covered('hubspot', 'sampled', ['list_owners'])
  })

  it('list_deal_pipelines: stages in the order and the list of their pipeline', () => {
    const directory = read('list_deal_pipelines')?.directory
    if (directory === undefined) return
    expect(directory.brands).toEqual([{ key: 'pipeline:default', name: 'Sales Pipeline' }])
    expect(directory.statuses?.map(({ id, scope, status }) => [id, scope, status])).toEqual([
      ['appointmentscheduled', 'default', 'new'],
      ['qualifiedtobuy', 'default', 'open'],
      ['presentationscheduled', 'default', 'open'],
      ['decisionmakerboughtin', 'default', 'open'],
      ['contractsent', 'default', 'open'],
      ['closedwon', 'default', 'closed'],
      ['closedlost', 'default', 'closed'],
    ])
    covered('hubspot', 'sampled', ['list_deal_pipelines'])
  })

  it('list_companies: read, with nothing for an inbox', () => {
    const result = read('list_companies')
    if (result === undefined) return
    expect(result).toMatchObject({ conversations: [], people: [], directory: {}, quarantined: [] })
    covered('hubspot', 'sampled', ['list_companies'])
  })
})
