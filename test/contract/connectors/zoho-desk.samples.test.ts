import { describe, expect, it } from 'vitest'
import type { Unified } from '../../../main/connectors/model.ts'
import { zohoDesk } from '../../../main/connectors/zoho-desk/index.ts'
import { covered } from '../coverage.ts'
import { vendorData } from '../sandbox/described.ts'

/** Real payloads, read in place; what they must become is written by hand from the vendor's documentation. */

const utc = (text: string) => Date.parse(text)

function read(name: string): Unified | undefined {
  const text = vendorData(`samples/zoho-desk/${name}.json`)
  const operation = zohoDesk.operations.find((each) => each.name === name)
  if (operation === undefined) throw new Error(`no operation ${name}`)
  return text === undefined ? undefined : operation.read(JSON.parse(text), { dc: 'us' })
}

const sampled = (name: string, result: Unified) => {
  expect(result.quarantined).toEqual([])
  covered('zoho-desk', 'sampled', [name])
}

const contact = {
  vendorId: '1329983000000410184',
  name: 'TestAgent Lawrence',
  email: 'support@zohodesk.com',
  phone: '1 888 900 9646',
}
const url = (id: string) => `https://desk.zoho.com/support/nangodesk/ShowHomePage.do#Cases/dv/${id}`

describe('samples of Zoho Desk', () => {
  it('one ticket: every field of it', () => {
    const result = read('get_ticket')
    if (!result) return
    expect(result.conversations).toHaveLength(1)
    const [one] = result.conversations
    expect(one).toMatchObject({
      vendorId: '1329983000000410241',
      version: utc('2026-06-11T15:26:11Z'),
      subject: "Here's your first ticket.",
      status: 'open',
      vendorStatus: { id: 'Open', label: 'Open' },
      priority: null,
      channel: 'email',
      // Without `include=contacts` the ticket's own address is all there is.
      customer: { vendorId: contact.vendorId, name: null, email: 'support@zohodesk.com', phone: '1 888 900 9646' },
      assigneeVendorId: '1329983000000139001',
      groupVendorId: '1329983000000006907',
      brandKey: '1329983000000006907',
      tags: [],
      createdAt: utc('2026-06-11T15:26:10Z'),
      updatedAt: utc('2026-06-11T15:26:11Z'),
      lastMessageBy: null,
      dueAt: utc('2026-06-13T15:26:10Z'),
      url: url('1329983000000410241'),
    })
    expect(one?.preview).toMatch(/^Hello Welcome to Zoho Desks new Unified Ticket Screen\. .{1,150}…$/)
    expect(one?.vendor).toMatchObject({ ticketNumber: '100', language: 'English', tagCount: '1', threadCount: '1' })
    expect(one?.vendor).not.toHaveProperty('subject')
    sampled('get_ticket', result)
  })

  it('a list of tickets: no time of change, so the newest known time counts', () => {
    const result = read('list_tickets')
    if (!result) return
    expect(
      result.conversations.map((one) => [
        one.vendorId.slice(-6),
        one.subject,
        one.channel,
        one.customer.email,
        one.updatedAt,
      ]),
    ).toEqual([
      ['425044', 'Test ticket for delete action v2', 'phone', null, utc('2026-06-11T16:31:41Z')],
      ['431001', 'Test ticket from action', 'phone', null, utc('2026-06-11T16:12:11Z')],
      ['428001', 'Test ticket for reply action', 'email', 'support@zohodesk.com', utc('2026-06-11T16:12:02Z')],
      ['425001', 'Test ticket from action', 'phone', null, utc('2026-06-11T16:11:59Z')],
      ['410241', "Here's your first ticket.", 'email', 'support@zohodesk.com', utc('2026-06-11T15:26:10Z')],
    ])
    expect(result.people.map((person) => person.vendorId)).toEqual(Array.from({ length: 5 }, () => contact.vendorId))
    sampled('list_tickets', result)
  })

  it('a search: contacts, agents, and who spoke last', () => {
    const result = read('search_tickets')
    if (!result) return
    expect(
      result.conversations.map((one) => [
        ...[one.vendorId.slice(-6), one.subject, one.channel, one.lastMessageBy, one.assigneeVendorId],
        one.updatedAt,
      ]),
    ).toEqual([
      ['425001', 'Test ticket from action', 'phone', null, null, utc('2026-06-11T16:11:59Z')],
      ['428001', 'Test ticket for reply action', 'email', null, null, utc('2026-06-11T16:12:02Z')],
      ['431001', 'Test ticket from action', 'phone', null, null, utc('2026-06-11T16:12:11Z')],
      ['447001', 'Test web ticket for reply', 'web', null, null, utc('2026-06-11T16:35:14Z')],
      ['425044', 'Updated via Nango', 'phone', null, null, utc('2026-06-11T16:36:41Z')],
      ['440002', 'Test ticket for send reply', 'email', 'agent', '1329983000000139001', utc('2026-06-11T21:38:08Z')],
    ])
    expect(result.conversations.every((one) => JSON.stringify(one.customer) === JSON.stringify(contact))).toBe(true)
    expect(result.conversations[1]?.preview).toBe(
      'This is a test ticket created to validate the send ticket reply action.',
    )
    // The ticket's own address differs from the contact's and is not lost.
    expect(result.conversations[5]?.vendor).toMatchObject({ email: 'api@nango.dev', ticketNumber: '108' })
    sampled('search_tickets', result)
  })

  it.each([
    ['create_ticket', '1329983000000431001', 'Test ticket from action', '2026-06-11T16:12:11Z'],
    ['update_ticket', '1329983000000425044', 'Updated via Nango', '2026-06-11T16:36:41Z'],
  ])('the answer of %s', (name, id, subject, at) => {
    const result = read(name)
    if (!result) return
    expect(result.conversations).toMatchObject([
      { vendorId: id, subject, version: utc(at), channel: 'phone', status: 'open', priority: null, url: url(id) },
    ])
    sampled(name, result)
  })

  it('a thread of a list: its first words', () => {
    const result = read('ticket_threads')
    if (!result) return
    expect(result.messages).toMatchObject([
      {
        vendorId: '1329983000000410293',
        kind: 'reply',
        direction: 'in',
        author: { ...contact, phone: null, role: 'customer' },
        createdAt: utc('2026-06-11T15:26:10Z'),
        bodyHtml: null,
        attachments: [],
        vendor: { channel: 'WEB', isDescriptionThread: true },
      },
    ])
    expect(result.messages[0]?.bodyText).toMatch(/^Hello Welcome to Zoho Desks new Unified Ticket Screen/)
    sampled('ticket_threads', result)
  })

  it('the reply that was sent: plain text stays plain', () => {
    const result = read('send_reply')
    if (!result) return
    expect(result.messages).toMatchObject([
      {
        vendorId: '1329983000000438002',
        kind: 'reply',
        direction: 'out',
        author: { vendorId: '1329983000000139001', name: 'Nango Developer', email: 'api@nango.dev', role: 'agent' },
        createdAt: utc('2026-06-11T21:38:07.997Z'),
        bodyHtml: null,
        bodyText: 'This is a test reply from Nango automation.',
        attachments: [],
        vendor: { status: 'PENDING', to: 'api@nango.dev' },
      },
    ])
    expect(result.people).toMatchObject([{ vendorId: '1329983000000139001' }])
    sampled('send_reply', result)
  })

  it('contacts: names, addresses and telephones', () => {
    const found = read('search_contacts')
    const made = read('create_contact')
    if (!found || !made) return
    expect(found.people[0]).toEqual(contact)
    expect(found.people[1]).toEqual({
      vendorId: '1329983000000434001',
      name: 'User Test',
      email: 'test@example.com',
      phone: null,
    })
    expect(found.people).toHaveLength(4)
    expect(made.people).toEqual([
      { vendorId: '1329983000000435001', name: 'User Test', email: 'test@example.com', phone: null },
    ])
    sampled('search_contacts', found)
    sampled('create_contact', made)
  })

  it('agents and departments', () => {
    const agents = read('list_agents')
    const departments = read('list_departments')
    if (!agents || !departments) return
    expect(agents.directory).toEqual({
      agents: [{ vendorId: '1329983000000139001', name: 'Nango Developer', email: 'api@nango.dev', active: true }],
    })
    expect(departments.directory).toEqual({
      brands: [{ key: '1329983000000006907', name: 'NangoDesk' }],
      groups: [{ vendorId: '1329983000000006907', name: 'NangoDesk' }],
    })
    sampled('list_agents', agents)
    sampled('list_departments', departments)
  })
})
