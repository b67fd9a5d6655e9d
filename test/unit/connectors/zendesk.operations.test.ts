import { describe, expect, it } from 'vitest'
import { zendesk } from '../../../main/connectors/zendesk/index.ts'
import * as own from './fixtures.ts'

function read(name: string, payload: unknown) {
  const operation = zendesk.operations.find((each) => each.name === name)
  if (operation === undefined) throw new Error(`no operation ${name}`)
  return operation.read(payload, { subdomain: 'acme' })
}

const phoneTicket = {
  ...own.zendeskTicket,
  via: { channel: 'voice', source: { from: { phone: '+46 8 111', name: 'Rosa Lind' }, to: {}, rel: 'inbound' } },
}

describe('payloads of Zendesk', () => {
  it('a deleted ticket of the export is removed, and what is unreadable of it does not matter', () => {
    const gone = { id: 9, status: 'deleted' }
    const result = read('incremental_tickets', { tickets: [own.zendeskTicket, gone], end_of_stream: true })
    expect(result).toMatchObject({ removedVendorIds: ['9'], quarantined: [] })
    expect(result.conversations.map((one) => one.vendorId)).toEqual(['81'])
  })

  it('the customer is known from the people, else from what the channel tells of the sender', () => {
    const named = read('show_ticket', { ticket: own.zendeskTicket, users: own.zendeskUsers })
    expect(named.conversations[0]?.customer).toMatchObject({ name: 'Rosa Lind', phone: '+46 8 000' })
    const mail = read('show_ticket', { ticket: own.zendeskTicket })
    expect(mail.conversations[0]?.customer).toEqual({
      ...{ vendorId: '900', name: 'Rosa Lind', email: 'rosa@customer.example', phone: null },
    })
    const call = read('show_ticket', { ticket: phoneTicket })
    expect(call.conversations[0]).toMatchObject({
      channel: 'phone',
      customer: { name: 'Rosa Lind', email: null, phone: '+46 8 111' },
    })
  })

  it('a search is parted into tickets and people, and leaves organisations out', () => {
    const [user] = own.zendeskUsers
    const result = read('search_tickets', {
      results: [
        { ...own.zendeskTicket, result_type: 'ticket' },
        { ...user, result_type: 'user' },
        { id: 5, name: 'Acme', result_type: 'organization' },
      ],
    })
    expect(result.conversations).toHaveLength(1)
    expect(result.people.map((person) => person.email)).toEqual(['rosa@customer.example'])
    expect(result.quarantined).toEqual([])
  })

  it('people that cannot be read are told with their path, and the ticket is there all the same', () => {
    const result = read('show_ticket', { ticket: own.zendeskTicket, users: [{ name: 'nobody' }] })
    expect(result.conversations).toHaveLength(1)
    expect(result.quarantined).toMatchObject([{ path: 'users[0].id' }])
  })

  it('an audit that cannot be read is told with its path', () => {
    const audit = { created_at: 'now', author_id: 501, events: [] }
    expect(read('update_ticket', { ticket: own.zendeskTicket, audit }).quarantined).toMatchObject([
      { path: 'audit.created_at' },
    ])
  })

  it('comments tell their ticket by the addresses of their pages, and who begins a mail is the customer', () => {
    const answer = { ...own.zendeskComment, id: 3302, author_id: 501, via: { channel: 'web' } }
    const links = { next: 'https://acme.zendesk.com/api/v2/tickets/81/comments.json?page%5Bafter%5D=x' }
    const result = read('ticket_comments', { comments: [own.zendeskComment, answer], links })
    expect(result.messages.map((message) => [message.conversationVendorId, message.author.role])).toEqual([
      ['81', 'customer'],
      ['81', 'agent'],
    ])
    const web = { ...own.zendeskComment, via: { channel: 'web' } }
    expect(read('ticket_comments', { comments: [web] }).messages[0]?.direction).toBe('out')
  })

  it('files that cannot be fetched stay beside the message as they came', () => {
    const [message] = read('ticket_comments', { comments: [own.zendeskComment] }).messages
    expect(message?.attachments.map((file) => file.vendorId)).toEqual(['61'])
    expect(message?.vendor.attachments).toMatchObject([{ id: 62, deleted: true }])
  })

  it('tags that are no words are left out, and the others stay', () => {
    const ticket = { ...own.zendeskTicket, tags: ['tent', null, 7, 'zip'] }
    expect(read('show_ticket', { ticket }).conversations[0]?.tags).toEqual(['tent', 'zip'])
  })

  it('the plain statuses of a site are those its ticket fields name, in its words', () => {
    const field = {
      ...{ id: 1, type: 'status' },
      system_field_options: [
        { name: 'Offen', value: 'open' },
        { name: 'Angehalten', value: 'hold' },
      ],
    }
    expect(read('list_ticket_fields', { ticket_fields: [field] }).directory.statuses).toEqual([
      { id: 'open', label: 'Offen', status: 'open' },
      { id: 'hold', label: 'Angehalten', status: 'on_hold' },
    ])
  })

  it('groups that were deleted are none', () => {
    const groups = [
      { id: 1, name: 'Care' },
      { id: 2, name: 'Old', deleted: true },
    ]
    expect(read('list_groups', { groups }).directory.groups).toEqual([{ vendorId: '1', name: 'Care' }])
  })
})
