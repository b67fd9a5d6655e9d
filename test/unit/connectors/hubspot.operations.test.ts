import { describe, expect, it } from 'vitest'
import { hubspot } from '../../../main/connectors/hubspot/index.ts'
import * as own from './fixtures.ts'

function read(name: string, payload: unknown) {
  const operation = hubspot.operations.find((each) => each.name === name)
  if (operation === undefined) throw new Error(`no operation ${name}`)
  return operation.read(payload, {})
}

const ticket = (properties: object, more: object = {}) => ({
  ...own.hubspotTicket,
  ...more,
  properties: { ...own.hubspotTicket.properties, ...properties },
})

describe('payloads of HubSpot', () => {
  it.each([
    [{ hs_pipeline_stage: '1' }, 'new', 'New'],
    [{ hs_pipeline_stage: '2' }, 'pending', 'Waiting on contact'],
    [{ hs_pipeline_stage: '4' }, 'closed', 'Closed'],
    [{ hs_pipeline: '77', hs_pipeline_stage: '4' }, 'open', 'Stage 4'],
    [{ hs_pipeline: '77', hs_pipeline_stage: '901', hs_is_closed: 'true' }, 'closed', 'Stage 901'],
  ])('a ticket with %j, where the pipelines are not known, is %s', (properties, status, label) => {
    const [one] = read('get_ticket', ticket(properties)).conversations
    expect(one).toMatchObject({ status, vendorStatus: { label } })
  })

  it.each([
    [
      'without a thread takes notes only',
      { hs_conversations_originating_thread_id: null },
      ['note', 'status', 'priority', 'assign'],
    ],
    ['made from a thread can be answered', { hs_conversations_originating_thread_id: '615' }, undefined],
    ['of which nobody told can do all', {}, undefined],
  ])('a ticket %s', (_name, properties, commands) => {
    expect(read('get_ticket', ticket(properties)).conversations[0]?.commands).toEqual(commands)
  })

  it('an archived ticket is gone', () => {
    const result = read('list_tickets', { results: [ticket({}, { archived: true })] })
    expect(result).toMatchObject({ conversations: [], removedVendorIds: ['ticket:9001'] })
  })

  it('a channel that is not known is kept as it came', () => {
    const [one] = read('get_ticket', ticket({ source_type: 'HOLOGRAM' })).conversations
    expect(one).toMatchObject({ channel: 'other', vendor: { source_type: 'HOLOGRAM' } })
    const thread = { ...own.hubspotThread, originalChannelId: '4242' }
    const [talk] = read('get_thread', thread).conversations
    expect(talk).toMatchObject({ channel: 'other', vendor: { originalChannelId: '4242', associatedTicketId: '9001' } })
  })

  it('spam is gone, unless a ticket was made of it', () => {
    const results = [
      { ...own.hubspotThread, id: '1', spam: true },
      { ...own.hubspotThread, id: '2', spam: true, threadAssociations: null },
    ]
    expect(read('conversation_threads', { results })).toMatchObject({
      ...{ conversations: [], removedVendorIds: ['thread:2'] },
    })
  })

  it('a message tells its thread, its files by their names, and keeps what else was attached', () => {
    const [message] = read('send_message', own.hubspotMessage).messages
    expect(message).toMatchObject({
      conversationVendorId: 'thread:6155979',
      attachments: [{ vendorId: '123', name: 'card.png', contentType: 'image/png', size: null }],
      vendor: { subject: 'Booking 77', attachments: [{ type: 'QUICK_REPLIES' }] },
    })
    expect(message?.vendor).not.toHaveProperty('truncationStatus')
  })

  it('a message that the list has cut says so', () => {
    const cut = { ...own.hubspotMessage, truncationStatus: 'TRUNCATED' }
    expect(read('conversation_messages', { results: [cut] }).messages[0]?.vendor).toMatchObject({
      truncationStatus: 'TRUNCATED',
    })
  })

  it('pipelines are told apart by the scope of their stages', () => {
    const stage = (id: string, label: string, metadata: object) => ({ id, label, displayOrder: Number(id), metadata })
    const results = [
      {
        id: 'b',
        label: 'Repairs',
        displayOrder: 1,
        stages: [stage('9', 'Done', { ticketState: 'CLOSED' }), stage('8', 'In', {})],
      },
      { id: 'a', label: 'Support', displayOrder: 0, stages: [stage('1', 'New', {}), { label: 'no id' }] },
      { id: 'c', label: 'Old', archived: true, stages: [stage('5', 'x', {})] },
    ]
    const { directory, quarantined } = read('list_ticket_pipelines', { results })
    expect(directory.statuses).toEqual([
      { id: '1', label: 'New', status: 'new', scope: 'a' },
      { id: '8', label: 'In', status: 'new', scope: 'b' },
      { id: '9', label: 'Done', status: 'closed', scope: 'b' },
    ])
    expect(directory.brands?.map((brand) => brand.key)).toEqual(['pipeline:a', 'pipeline:b'])
    expect(quarantined).toMatchObject([{ path: 'results[1].stages[1].id' }])
  })

  it('an owner is an agent by the id of the user, and a queue is nobody', () => {
    const results = [
      { id: '41', userId: 501, email: 'mia@brand.example', firstName: 'Mia', lastName: 'Berg', type: 'PERSON' },
      { id: '42', email: 'queue@brand.example', type: 'QUEUE' },
    ]
    expect(read('list_owners', { results }).directory.agents).toEqual([
      { vendorId: '501', name: 'Mia Berg', email: 'mia@brand.example', active: true },
    ])
  })
})
