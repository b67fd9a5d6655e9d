import { describe, expect, it } from 'vitest'
import { freshsales } from '../../../main/connectors/freshsales/index.ts'
import type { Unified } from '../../../main/connectors/model.ts'
import { covered } from '../coverage.ts'
import { vendorData } from '../sandbox/described.ts'

/** Real payloads, read in place; what they must become is written by hand from the vendor's documentation. */
const site = { subdomain: 'site', organisation: 'site', dealsView: '', contactsView: '' }

function read(file: string): Unified | undefined {
  const text = vendorData(`samples/freshsales/${file}.json`)
  if (text === undefined) return undefined
  const operation = freshsales.operations.find((each) => each.name === file)
  if (operation === undefined) throw new Error(`no operation is called ${file}`)
  const unified = operation.read(JSON.parse(text), site)
  expect(unified.quarantined).toEqual([])
  return unified
}

const utc = (text: string) => Date.parse(text)

describe('samples of Freshsales', () => {
  it('deals: stage, pipeline, due date and times; no token is kept', () => {
    const result = read('list_deals')
    if (result === undefined) return
    expect(result.conversations).toMatchObject([
      {
        vendorId: 'deal:5001264008',
        version: utc('2019-09-19T10:46:24Z'),
        subject: 'test deal 2',
        preview: '',
        status: 'open',
        vendorStatus: { id: '5000122285', label: 'Stage 5000122285' },
        statusScope: '5000017375',
        commands: ['note', 'status', 'assign', 'tags'],
        priority: null,
        channel: 'other',
        customer: { vendorId: null, name: null, email: null, phone: null },
        assigneeVendorId: null,
        groupVendorId: null,
        tags: [],
        brandKey: 'pipeline:5000017375',
        createdAt: utc('2019-09-18T06:57:37Z'),
        updatedAt: utc('2019-09-19T10:46:24Z'),
        lastMessageBy: null,
        dueAt: utc('2019-09-18T00:00:00Z'),
        url: 'https://site.myfreshworks.com/crm/sales/deals/5001264008',
        vendor: { amount: '2.0', probability: 100, expected_deal_value: '2.0' },
      },
      { vendorId: 'deal:5001264006', subject: 'test deal 1', vendorStatus: { id: '5000122280' } },
    ])
    expect(result.conversations[0]?.vendor.custom_field).toMatchObject({ cf_currency: 'KES' })
    expect(JSON.stringify(result)).not.toContain('convo_token')
    covered('freshsales', 'sampled', ['list_deals'])
  })

  it('a deal that came under the name of a lead, with its owner beside it', () => {
    const result = read('list_leads')
    if (result === undefined) return
    expect(result.conversations).toMatchObject([
      { vendorId: 'deal:5001264008', assigneeVendorId: '5000031046', status: 'open' },
    ])
    expect(result.directory.agents).toEqual([
      { vendorId: '5000031046', name: 'Jo oge', email: 'name@name.com', active: true },
    ])
    covered('freshsales', 'sampled', ['list_leads'])
  })

  it('contacts: people, and threads that wait', () => {
    const result = read('list_contacts')
    if (result === undefined) return
    expect(result.conversations).toMatchObject([
      {
        vendorId: 'contact:5005390567',
        subject: 'test contact 2 contact2',
        status: 'open',
        commands: ['note', 'assign', 'tags'],
      },
      {
        vendorId: 'contact:5005386510',
        subject: 'test joshua test1',
        vendorStatus: { id: 'contact', label: 'Contact' },
        statusScope: 'contact',
        customer: { vendorId: '5005386510', name: 'test joshua test1', email: null, phone: '0700000000' },
        createdAt: utc('2019-09-17T14:24:31Z'),
        updatedAt: utc('2019-09-17T14:24:31Z'),
        brandKey: null,
        dueAt: null,
        url: 'https://site.myfreshworks.com/crm/sales/contacts/5005386510',
        vendor: { lead_quality: 'Cold' },
      },
    ])
    expect(result.people.map((person) => [person.vendorId, person.phone])).toEqual([
      ['5005390567', null],
      ['5005386510', '0700000000'],
    ])
    covered('freshsales', 'sampled', ['list_contacts'])
  })

  it('tasks', () => {
    const result = read('list_tasks')
    if (result === undefined) return
    expect(result.conversations).toMatchObject([
      {
        vendorId: 'task:5',
        subject: 'Finish Singer.io Tap',
        preview: '',
        status: 'open',
        vendorStatus: { id: '0', label: 'Open' },
        statusScope: 'task',
        commands: ['status', 'assign'],
        assigneeVendorId: '6',
        dueAt: utc('2019-03-06T13:30:00Z'),
        createdAt: utc('2019-03-05T13:02:14Z'),
        vendor: { creater_id: '7' },
      },
    ])
    expect(result.directory.agents).toMatchObject([
      { vendorId: '5000014853', name: 'Ivo Castellan', email: 'me@myself.com' },
    ])
    covered('freshsales', 'sampled', ['list_tasks'])
  })

  it('owners and companies', () => {
    const owners = read('list_owners')
    const accounts = read('list_sales_accounts')
    if (owners === undefined || accounts === undefined) return
    expect(owners.directory.agents).toEqual([
      { vendorId: '5000031046', name: 'Jo oge', email: 'name@name.com', active: true },
    ])
    expect(accounts.people).toEqual([{ vendorId: 'account:5', name: 'Howard-Lawrence', email: null, phone: null }])
    expect(accounts.conversations).toEqual([])
    covered('freshsales', 'sampled', ['list_owners', 'list_sales_accounts'])
  })

  it('pushed tasks and appointments: words for the status, and appointments as entries of what they are about', () => {
    const result = read('event_task_appointment')
    if (result === undefined) return
    expect(
      result.conversations.map((one) => [
        one.vendorId,
        one.subject,
        one.status,
        one.vendorStatus.id,
        one.assigneeVendorId,
        one.dueAt,
      ]),
    ).toEqual([
      ['task:117596', 'sample task', 'open', '0', '1', utc('2019-09-10T11:00:00Z')],
      ['task:117596', 'sample task check for central', 'solved', '1', '37', utc('2019-09-15T14:00:00Z')],
    ])
    expect(result.conversations[1]).toMatchObject({
      preview: 'task on september 15',
      customer: { vendorId: '1012478' },
      updatedAt: utc('2019-09-24T09:42:12Z'),
      url: 'https://site.myfreshworks.com/crm/sales/leads/1012478',
      vendor: { completed_date: '2019-09-24T09:42:12Z', targetable_type: 'Lead' },
    })
    expect(
      result.messages.map((each) => [each.vendorId, each.conversationVendorId, each.kind, each.author.name]),
    ).toEqual([
      ['appointment:120540', 'lead:1012473', 'event', 'Sales Agent'],
      ['appointment:120540', 'lead:1012470', 'event', 'Sales Agent'],
    ])
    expect(result.messages[0]?.bodyText).toBe(
      'Sample appointment\nAppointment from sept 10 to sept 12\n2019-09-10T11:00:00Z – 2019-09-12T11:00:00Z\nIndia',
    )
    expect(result.directory.agents?.map((agent) => agent.vendorId).sort()).toEqual(['1', '37'])
    covered('freshsales', 'sampled', ['event_task_appointment'])
  })

  it('a pushed company', () => {
    const result = read('event_sales_account')
    if (result === undefined) return
    expect(new Set(result.people.map((person) => person.vendorId))).toEqual(new Set(['account:1094']))
    expect(result.people[0]).toMatchObject({ name: 'Freshservice', phone: '3424232323' })
    expect(result.directory.agents?.map((agent) => agent.name).sort()).toEqual(['Sales Agent', 'dong lee'])
    expect(result.removedVendorIds).toEqual([])
    covered('freshsales', 'sampled', ['event_sales_account'])
  })
})
