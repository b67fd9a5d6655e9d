import { describe, expect, it } from 'vitest'
import { freshdesk } from '../../../main/connectors/freshdesk/index.ts'
import type { Unified } from '../../../main/connectors/model.ts'
import { covered } from '../coverage.ts'
import { vendorData } from '../sandbox/described.ts'

/** Real payloads, read in place; what they must become is written by hand from the vendor's documentation. */

const utc = (text: string) => Date.parse(text)

function read(name: string): Unified | undefined {
  const text = vendorData(`samples/freshdesk/${name}.json`)
  if (text === undefined) return undefined
  const operation = freshdesk.operations.find((each) => each.name === name)
  if (operation === undefined) throw new Error(`no operation ${name}`)
  const result = operation.read(JSON.parse(text), { subdomain: 'acme' })
  expect(result.quarantined).toEqual([])
  return result
}

const sampled = (name: string) => covered('freshdesk', 'sampled', [name])

describe('samples of Freshdesk', () => {
  it('a list of tickets, without text and people', () => {
    const list = read('list_tickets')
    if (list === undefined) return
    const common = {
      ...{ preview: '', status: 'open', vendorStatus: { id: '2', label: 'Open' }, priority: 'low', channel: 'phone' },
      ...{ assigneeVendorId: '501001202520', groupVendorId: null, tags: [], brandKey: '501000018903' },
      ...{ lastMessageBy: null, dueAt: utc('2024-10-23T21:00:00Z') },
    }
    expect(list.conversations).toMatchObject([
      {
        ...{ ...common, vendorId: '2', subject: 'Second urgent ticket', url: 'https://acme.freshdesk.com/a/tickets/2' },
        customer: { vendorId: '501001204168', name: null, email: null, phone: null },
        ...{ createdAt: utc('2024-10-21T11:19:18Z'), updatedAt: utc('2024-10-21T11:19:18Z') },
        vendor: { email_config_id: 501000020526, fr_due_by: '2024-10-21T21:00:00Z' },
      },
      {
        ...{ ...common, vendorId: '1', subject: 'Urgent', version: utc('2024-10-21T11:19:01Z') },
        ...{ createdAt: utc('2024-10-21T11:19:00Z'), updatedAt: utc('2024-10-21T11:19:01Z') },
        customer: { vendorId: '501001204047' },
      },
    ])
    expect(list.people.map(({ vendorId }) => vendorId)).toEqual(['501001204168', '501001204047'])
    expect([list.messages, list.removedVendorIds]).toEqual([[], []])
    sampled('list_tickets')
  })

  it('single tickets, of several times and plans', () => {
    const four = read('get_ticket')
    if (four === undefined) return
    expect(
      four.conversations.map((one) => [one.vendorId, one.status, one.vendorStatus.label, one.priority, one.channel]),
    ).toEqual([
      ['1', 'open', 'Open', 'low', 'web'],
      ['1', 'solved', 'Resolved', 'high', 'web'],
      ['1', 'open', 'Open', 'low', 'web'],
      ['49548', 'open', 'Open', 'normal', 'web'],
    ])
    expect(four.conversations[0]).toMatchObject({
      ...{ subject: 'This is a sample ticket', preview: 'This is a sample ticket, feel free to delete it.' },
      customer: { vendorId: '6012691534', name: 'Dummyname', email: 'dummyname@example.com', phone: null },
      ...{ assigneeVendorId: '6010396333', groupVendorId: null, brandKey: null, tags: ['foo', 'bar'] },
      ...{ createdAt: utc('2016-05-18T04:36:04Z'), updatedAt: utc('2016-05-18T23:42:50Z') },
      // The agent answered an hour after the customer.
      ...{ lastMessageBy: 'agent', dueAt: utc('2016-05-18T23:36:04Z') },
      vendor: { type: 'Question', cc_emails: ['test2@example.com'], stats: { resolved_at: '2020-07-24T15:35:21Z' } },
    })
    expect(four.conversations[3]).toMatchObject({
      ...{ assigneeVendorId: null, dueAt: null, tags: ['test-tag'], lastMessageBy: null, vendor: { form_id: 298 } },
    })
    expect(four.messages).toHaveLength(4)
    expect(four.messages[0]).toMatchObject({
      ...{ vendorId: 'description-1', conversationVendorId: '1', kind: 'reply', direction: 'in' },
      author: { name: 'Dummyname', role: 'customer' },
      createdAt: utc('2016-05-18T04:36:04Z'),
      bodyHtml: '<div>This is a sample ticket, feel free to delete it.</div>',
      bodyText: 'This is a sample ticket, feel free to delete it.',
      attachments: [{ vendorId: '1', name: 'attachment.txt', contentType: 'text/plain', size: 44_115, inline: false }],
    })
    sampled('get_ticket')
  })

  it('conversations of two tickets, page by page', () => {
    const pages = read('list_conversations')
    if (pages === undefined) return
    expect(pages.messages.map((one) => `${one.conversationVendorId} ${one.kind} ${one.direction}`)).toEqual([
      // Public notes are read by the customer.
      ...['99 reply out', '99 reply out', '99 reply out', '99 note out', '99 note out', '99 reply out'],
      ...['99 reply in', '99 reply in', '99 reply in', '99 reply in', '99 reply in', '99 reply in'],
      ...['1 note out', '1 reply out'],
    ])
    expect(pages.messages[1]).toMatchObject({
      ...{ vendorId: '11000010332094', createdAt: utc('2024-12-18T19:31:18Z') },
      author: { vendorId: '3043178672118', name: null, email: null, role: 'agent' },
      bodyText: 'Hi Felix, What is the status of this ticket?',
      attachments: [
        { vendorId: '11000003511128', name: 'docker-compose.yml', contentType: 'application/octet-stream', size: 616 },
        { vendorId: '11000003511130', name: 'Dockerfile', size: 1447 },
      ],
      vendor: { category: 3, last_edited_at: '2024-12-18T19:41:45Z', to_emails: ['tomas.hart6120@example-beacon.com'] },
    })
    // The address a reply leaves from is the site's, not the agent's; who did not get it is kept.
    expect(pages.messages[2]).toMatchObject({
      author: { name: null, email: null },
      vendor: {
        support_email: 'support@sandboxhelp.freshdesk.com',
        delivery_details: { failed_emails: expect.any(Array) },
      },
    })
    expect(pages.messages.every(({ bodyHtml, bodyText }) => bodyHtml !== null && bodyText !== '')).toBe(true)
    sampled('list_conversations')
  })

  it('agents: who was never verified is not active', () => {
    const list = read('list_agents')
    if (list === undefined) return
    expect(list.directory.agents).toEqual([
      { vendorId: '501001204047', name: 'John Doe', email: 'john@doe.com', active: false },
      { vendorId: '501001202520', name: 'Johnny Great', email: 'johnny@some-company.com', active: true },
      { vendorId: '1', name: 'Support', email: 'abc@xyz.com', active: true },
      { vendorId: '432', name: 'Clark Kent', email: 'superman@freshdesk.com', active: false },
    ])
    sampled('list_agents')
  })

  it('groups', () => {
    const list = read('list_groups')
    if (list === undefined) return
    expect(list.directory.groups).toEqual([
      { vendorId: '1', name: 'Entertainers' },
      { vendorId: '2', name: 'Helpdesk' },
    ])
    sampled('list_groups')
  })

  it('contacts, listed and found', () => {
    const rachel = { vendorId: '1', name: 'Rachel', email: 'rachel@freshdesk.com', phone: null }
    const list = read('list_contacts')
    const found = read('search_contacts')
    if (list === undefined || found === undefined) return
    const john = { vendorId: '501001204038', name: 'John Doe', email: 'john1@doe.com', phone: null }
    expect(list.people).toEqual([john, rachel, rachel])
    expect(found.people).toEqual([rachel, rachel])
    sampled('list_contacts')
    sampled('search_contacts')
  })

  it('companies, of which nothing is kept', () => {
    const list = read('list_companies')
    if (list === undefined) return
    expect([list.conversations, list.people, list.directory]).toEqual([[], [], {}])
    sampled('list_companies')
  })
})
