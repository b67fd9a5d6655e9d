import { describe, expect, it } from 'vitest'
import { freshservice } from '../../../main/connectors/freshservice/index.ts'
import type { Unified } from '../../../main/connectors/model.ts'
import { covered } from '../coverage.ts'
import { vendorData } from '../sandbox/described.ts'

/** Real payloads, read in place; what they must become is written by hand from the vendor's documentation. */

const utc = (text: string) => Date.parse(text)

function read(name: string): Unified | undefined {
  const text = vendorData(`samples/freshservice/${name}.json`)
  if (text === undefined) return undefined
  const operation = freshservice.operations.find((each) => each.name === name)
  if (operation === undefined) throw new Error(`no operation ${name}`)
  const result = operation.read(JSON.parse(text), { subdomain: 'acme-it', organisation: 'acme' })
  expect(result.quarantined).toEqual([])
  return result
}

const sampled = (name: string) => covered('freshservice', 'sampled', [name])

describe('samples of Freshservice, as operations', () => {
  it('a list of tickets', () => {
    const list = read('list_tickets')
    if (list === undefined) return
    expect(list.conversations.map((one) => [one.vendorId, one.priority, one.channel, one.customer.vendorId])).toEqual([
      ['6', 'low', 'phone', '21000062811'],
      ['5', 'low', 'phone', '21000062811'],
      ['4', 'low', 'web', '21000049728'],
      ['3', 'normal', 'web', '21000049727'],
      ['2', 'normal', 'web', '21000049727'],
      ['1', 'low', 'web', '21000049727'],
    ])
    expect(list.conversations[1]).toMatchObject({
      ...{ subject: 'Test ticket', preview: 'Test Description', status: 'open' },
      vendorStatus: { id: '2', label: 'Open' },
      ...{ assigneeVendorId: '21000049726', groupVendorId: '21000061290', brandKey: null, tags: [] },
      ...{ createdAt: utc('2022-07-10T16:56:09Z'), version: utc('2022-07-10T16:56:09Z') },
      ...{ dueAt: utc('2022-07-20T21:00:00Z'), lastMessageBy: null },
      url: 'https://acme-it.freshservice.com/a/tickets/5',
      vendor: { type: 'Incident', requested_for_id: 21000062811, fr_due_by: '2022-07-13T18:00:00Z' },
    })
    expect(list.conversations[5]?.preview).toBe(
      'Hi Team, I have been unable to send any emails since this morning. What’s going on? Regards, Andrea',
    )
    expect(list.removedVendorIds).toEqual([])
    sampled('list_tickets')
  })

  it('replies and notes of one ticket, in the order of the vendor', () => {
    const list = read('list_ticket_conversations')
    if (list === undefined) return
    expect(list.messages.map((one) => one.kind)).toEqual([
      ...['reply', 'reply', 'reply', 'note', 'reply', 'note', 'reply', 'reply', 'reply'],
    ])
    expect(list.messages[0]).toMatchObject({
      ...{ vendorId: '21010429932', conversationVendorId: '6', direction: 'out' },
      author: { vendorId: '21001397559', name: null, email: null, role: 'agent' },
      createdAt: utc('2023-04-13T13:55:40Z'),
      ...{ bodyText: 'Can you provide some screenshots?', bodyHtml: '<div>Can you provide some screenshots?</div>' },
      vendor: { source: 0, from_email: 'QDEV@qmasters.freshservice.com', to_emails: ['jack@freshservice.com'] },
    })
    sampled('list_ticket_conversations')
  })

  it('agents, also one without a last name', () => {
    const list = read('list_agents')
    if (list === undefined) return
    expect(list.directory.agents).toEqual([
      { vendorId: '21000049726', name: 'Hanna Lindqvist', email: 'hanna.lindqvist7730@gmail.com', active: true },
      { vendorId: '21000049729', name: 'Rachel', email: 'rachel@freshservice.com', active: false },
      { vendorId: '21000062853', name: 'test email', email: 'zofia.haddad7014@gmail.com', active: true },
    ])
    sampled('list_agents')
  })

  it('groups', () => {
    const list = read('list_groups')
    if (list === undefined) return
    expect(list.directory.groups).toHaveLength(14)
    expect(list.directory.groups?.[3]).toEqual({ vendorId: '21000061289', name: 'Hardware Team' })
    sampled('list_groups')
  })

  it('roles, of which nothing is kept', () => {
    const list = read('list_roles')
    if (list === undefined) return
    expect([list.conversations, list.people, list.directory]).toEqual([[], [], {}])
    sampled('list_roles')
  })
})
