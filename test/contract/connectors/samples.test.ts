import { describe, expect, it } from 'vitest'
import * as freshservice from '../../../main/connectors/freshservice/map.ts'
import { readRecords } from '../../../main/connectors/read-records.ts'
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
