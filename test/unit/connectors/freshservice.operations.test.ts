import { describe, expect, it } from 'vitest'
import { freshservice } from '../../../main/connectors/freshservice/index.ts'
import type { Unified } from '../../../main/connectors/model.ts'
import * as own from './fixtures.ts'

const site = { subdomain: 'acme-it', organisation: 'acme' }

function read(name: string, payload: unknown): Unified {
  const operation = freshservice.operations.find((each) => each.name === name)
  if (operation === undefined) throw new Error(`no operation ${name}`)
  return operation.read(payload, site)
}

describe('payloads of Freshservice', () => {
  it('are taken in their envelope, and also bare', () => {
    const one = own.freshserviceTicket
    for (const payload of [{ tickets: [one] }, { ticket: one }, [one], one, [{ tickets: [one] }, { tickets: [] }]]) {
      expect(read('list_tickets', payload).conversations).toMatchObject([{ vendorId: '4021', brandKey: '3' }])
    }
  })

  it('of one ticket are the ticket, its text and the entries that were included', () => {
    const ticket = { ...own.freshserviceTicket, conversations: [own.freshserviceEntry, { id: 8 }] }
    const { conversations, messages, people, quarantined } = read('get_ticket', { ticket })
    expect(conversations[0]).toMatchObject({ vendorId: '4021', status: 'open', vendorStatus: { label: 'Status 6' } })
    expect(conversations[0]?.vendor).not.toHaveProperty('conversations')
    expect(messages.map(({ vendorId }) => vendorId)).toEqual(['description-4021', '90001'])
    expect(people).toEqual([{ vendorId: '7700', name: 'Jon Aas', email: 'jon@staff.example', phone: '4790000000' }])
    expect(quarantined).toMatchObject([{ vendorId: '8', path: 'conversations[1].created_at' }])
  })

  it('of deleted tickets and spam are ids that are gone', () => {
    const list = { tickets: [{ ...own.freshserviceTicket, deleted: true }] }
    expect(read('list_tickets', list)).toMatchObject({ conversations: [], people: [], removedVendorIds: ['4021'] })
    expect(read('list_spam_tickets', list).removedVendorIds).toEqual(['4021'])
  })

  it('of requesters are people, with whatever address and number there is', () => {
    const requester = {
      ...{ id: 7700, first_name: 'Jon', last_name: 'Aas', primary_email: null },
      ...{ secondary_emails: ['aas@staff.example'], work_phone_number: '', mobile_phone_number: '+47 90' },
    }
    const jon = { vendorId: '7700', name: 'Jon Aas', email: 'aas@staff.example', phone: '+47 90' }
    expect(read('list_requesters', { requesters: [requester] }).people).toEqual([jon])
    expect(read('get_requester', { requester }).people).toEqual([jon])
    expect(read('list_requesters', { requesters: [{ first_name: 'X' }] }).quarantined).toMatchObject([
      { path: 'requesters[0].id' },
    ])
  })

  it('of the directory: agents, groups under either name, workspaces, statuses in either form', () => {
    const agent = { id: 5, first_name: 'Ada', last_name: null, email: 'ada@brand.example', active: true }
    const ada = { vendorId: '5', name: 'Ada', email: 'ada@brand.example', active: true }
    expect(read('get_agent', { agent }).directory.agents).toEqual([ada])
    const care = { vendorId: '1', name: 'Care' }
    for (const key of ['groups', 'agent_groups'])
      expect(read('list_groups', { [key]: [{ id: 1, name: 'Care' }] }).directory.groups).toEqual([care])
    expect(read('list_workspaces', { workspaces: [{ id: 2, name: 'IT' }] }).directory.brands).toEqual([
      { key: '2', name: 'IT' },
    ])
    const choices = [
      { id: 2, value: 'Open' },
      { id: 9, value: 'Waiting for supplier' },
    ]
    const statuses = [
      { id: '2', label: 'Open', status: 'open' },
      { id: '9', label: 'Waiting for supplier', status: 'on_hold' },
    ]
    for (const form of [choices, { '2': ['Open', 'Open'], '9': ['Waiting for supplier', 'Waiting'] }]) {
      const fields = { ticket_fields: [{ id: 1, name: 'status', field_type: 'default_status', choices: form }] }
      expect(read('list_ticket_form_fields', fields).directory.statuses).toEqual(statuses)
    }
  })

  it.each([null, 5, 'x', {}, { code: 'access_denied' }, { tickets: {} }])('%j is none of them', (payload) => {
    for (const { name } of freshservice.operations) {
      expect(() => read(name, payload), name).toThrow(expect.objectContaining({ code: 'vendor_bad_answer' }))
    }
  })

  it('say where the fault is', () => {
    const list = { tickets: [own.freshserviceTicket, { ...own.freshserviceTicket, updated_at: 'soon' }] }
    expect(read('list_tickets', list)).toMatchObject({
      conversations: [{ vendorId: '4021' }],
      quarantined: [{ vendorId: '4021', path: 'tickets[1].updated_at', reason: 'not a time' }],
    })
    const entries = { conversations: [{ ...own.freshserviceEntry, ticket_id: null }] }
    expect(read('list_ticket_conversations', entries).quarantined).toMatchObject([
      { path: 'conversations[0].ticket_id' },
    ])
  })
})
