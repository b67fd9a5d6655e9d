import { describe, expect, it } from 'vitest'
import { zendesk } from '../../../main/connectors/zendesk/index.ts'
import { covered } from '../coverage.ts'
import { readSample } from './samples.ts'

/** Real payloads, read in place; what they must become is written by hand from the vendor's documentation. */

const read = (operation: string) => readSample(zendesk, operation, { subdomain: 'nango-1049' })
const utc = (text: string) => Date.parse(text)

const agent = '46406145565073'
const sampleCustomer = '46406156914577'

describe('samples of Zendesk', () => {
  it.each([
    ['list_tickets', ['1', '2', '3', '4']],
    ['incremental_tickets', ['2', '3', '1', '4']],
    ['search_tickets', ['1', '2', '3', '4']],
    ['show_ticket', ['1']],
    ['create_ticket', ['4']],
    ['update_ticket', ['1']],
  ])('%s: every ticket, with its group, brand, agent and address', (operation, ids) => {
    const result = read(operation)
    if (result === undefined) return
    expect(result.quarantined).toEqual([])
    expect(result.removedVendorIds).toEqual([])
    expect(result.conversations.map((one) => one.vendorId).sort()).toEqual([...ids].sort())
    for (const one of result.conversations) {
      expect(one).toMatchObject({
        groupVendorId: '46406158244625',
        brandKey: '46406158162961',
        assigneeVendorId: agent,
        dueAt: null,
        url: `https://nango-1049.zendesk.com/agent/tickets/${one.vendorId}`,
      })
      expect(one.vendorStatus.id).toMatch(/^464061582/)
      expect(one.version).toBeGreaterThanOrEqual(one.updatedAt)
    }
    covered('zendesk', 'sampled', [operation])
  })

  it('incremental_tickets: status, priority, channel, words and times one by one', () => {
    const rows = read('incremental_tickets')?.conversations
    if (rows === undefined) return
    expect(rows.map((one) => [one.vendorId, one.status, one.priority, one.channel, one.updatedAt])).toEqual([
      ['2', 'open', 'low', 'web', utc('2026-05-06T08:16:33Z')],
      ['3', 'open', 'normal', 'api', utc('2026-05-06T08:46:02Z')],
      ['1', 'open', 'normal', 'other', utc('2026-05-06T08:47:45Z')],
      ['4', 'solved', 'normal', 'api', utc('2026-05-06T09:09:29Z')],
    ])
    expect(rows[0]).toMatchObject({
      subject: 'TestTicket',
      preview: 'Reply to testticket to testUser',
      createdAt: utc('2026-05-06T08:16:30Z'),
      vendorStatus: { id: '46406158222353', label: 'Open' },
      customer: { vendorId: '46407218913169', name: null, email: null, phone: null },
      vendor: { type: 'question', submitter_id: Number(agent), satisfaction_rating: { score: 'unoffered' } },
    })
    expect(rows[0]?.tags).toContain('urgent')
    expect(rows[2]?.vendor).toMatchObject({ via: { channel: 'sample_ticket' }, collaborator_ids: [Number(agent)] })
  })

  it('update_ticket: the change mark never falls behind the change, and the new comment is a message', () => {
    const result = read('update_ticket')
    if (result === undefined) return
    expect(result.conversations[0]?.version).toBe(utc('2026-05-06T08:47:45Z'))
    expect(result.messages).toMatchObject([
      {
        vendorId: '46408840819217',
        conversationVendorId: '1',
        kind: 'reply',
        direction: 'out',
        author: { vendorId: agent, role: 'agent' },
        createdAt: utc('2026-05-06T08:47:45Z'),
        bodyText: 'Test update from Nango action',
      },
    ])
    expect(result.messages[0]?.bodyHtml).toContain('<p dir="auto">Test update from Nango action</p>')
  })

  it('create_ticket: who makes a ticket for themselves is its customer', () => {
    const [message] = read('create_ticket')?.messages ?? []
    if (message === undefined) return
    expect(message).toMatchObject({
      conversationVendorId: '4',
      kind: 'reply',
      direction: 'in',
      author: { vendorId: agent, role: 'customer' },
      bodyText: 'This is a test ticket created via Nango action',
    })
  })

  it('ticket_comments: who wrote, and what the customer may see', () => {
    const result = read('ticket_comments')
    if (result === undefined) return
    expect(result.quarantined).toEqual([])
    expect(result.messages.map((message) => `${message.kind} ${message.direction}`)).toEqual([
      ...['reply in', 'reply out', 'reply out', 'reply out', 'reply out', 'reply out', 'reply out'],
      ...['note out', 'reply out'],
    ])
    expect(result.messages[0]).toMatchObject({
      vendorId: '46406156941841',
      author: { vendorId: sampleCustomer, role: 'customer' },
      createdAt: utc('2026-05-06T07:46:23Z'),
      attachments: [],
    })
    expect(result.messages.every((message) => message.bodyText.length > 0 && message.bodyHtml !== null)).toBe(true)
    covered('zendesk', 'sampled', ['ticket_comments'])
  })

  it('people: agents and administrators can be assigned, end users cannot', () => {
    const listed = read('list_users')
    const exported = read('incremental_users')
    if (listed === undefined || exported === undefined) return
    for (const result of [listed, exported]) {
      expect(result.quarantined).toEqual([])
      expect(result.directory.agents).toEqual([
        { vendorId: agent, name: 'Nango API', email: 'api@nango.dev', active: true },
      ])
      expect(result.people).toContainEqual({
        vendorId: sampleCustomer,
        name: 'Customer',
        email: 'example@zendesk.com',
        phone: null,
      })
    }
    expect(listed.people).toHaveLength(6)
    covered('zendesk', 'sampled', ['list_users', 'incremental_users'])
  })

  it('lists of the site: groups, and the statuses that ticket fields name', () => {
    const groups = read('list_groups')?.directory.groups
    const statuses = read('list_ticket_fields')?.directory.statuses
    if (groups === undefined || statuses === undefined) return
    expect(groups).toEqual([{ vendorId: '46406158244625', name: 'Support' }])
    expect(statuses.map(({ label, status }) => [label, status])).toEqual([
      ['New', 'new'],
      ['Open', 'open'],
      ['In Progress', 'open'],
      ['Pending', 'pending'],
      ['Solved', 'solved'],
    ])
    covered('zendesk', 'sampled', ['list_groups', 'list_ticket_fields'])
  })

  it.each(['list_organizations', 'list_ticket_forms', 'list_views'])('%s: read, with nothing for an inbox', (name) => {
    const result = read(name)
    if (result === undefined) return
    expect(result).toEqual({
      ...{ conversations: [], messages: [], people: [], directory: {}, removedVendorIds: [], quarantined: [] },
    })
    covered('zendesk', 'sampled', [name])
  })
})
