import { describe, expect, it } from 'vitest'
import { freshchat } from '../../../main/connectors/freshchat/index.ts'
import type { Unified } from '../../../main/connectors/model.ts'
import { covered } from '../coverage.ts'
import { vendorData } from '../sandbox/described.ts'

/** Real payloads, read in place; what they must become is written by hand from the vendor's documentation. */
const site = { subdomain: 'site', organisation: 'site' }

function read(file: string): Unified | undefined {
  const text = vendorData(`samples/freshchat/${file}.json`)
  if (text === undefined) return undefined
  const operation = freshchat.operations.find((each) => each.name === file)
  if (operation === undefined) throw new Error(`no operation is called ${file}`)
  const unified = operation.read(JSON.parse(text), site)
  expect(unified.quarantined).toEqual([])
  return unified
}

const utc = (text: string) => Date.parse(text)

describe('samples of Freshchat', () => {
  it('a conversation recorded on a live account', () => {
    const result = read('get_conversation')
    if (result === undefined) return
    expect(result.conversations).toEqual([
      {
        vendorId: '7e673110-64fc-461f-bcec-cc8e9a47a568',
        version: utc('2025-07-10T19:47:55.536Z'),
        subject: '',
        preview: '',
        status: 'new',
        vendorStatus: { id: 'new', label: 'New' },
        commands: ['reply', 'note', 'status', 'assign', 'priority'],
        priority: 'low',
        channel: 'chat',
        customer: { vendorId: 'd108c12a-7e7d-474c-94d2-be08551c8400', name: null, email: null, phone: null },
        assigneeVendorId: null,
        groupVendorId: null,
        tags: [],
        brandKey: '1aaf075f-9c7f-4a71-bf8f-a4e98f47d658',
        createdAt: utc('2025-07-03T21:31:59.088Z'),
        updatedAt: utc('2025-07-10T19:47:55.536Z'),
        lastMessageBy: null,
        dueAt: null,
        url: expect.stringMatching(
          /^https:\/\/pipedream-\d+\.myfreshworks\.com\/crm\/messaging\/a\/\d+\/inbox\/open\/0\/conversation\/\d+$/,
        ),
        vendor: {
          conversation_internal_id: '1019183591791880',
          app_id: 'd62390fd-87cd-4921-b52a-982245e0656c',
          skill_id: 0,
          properties: { priority: 'Low' },
          org_contact_id: '1940890452607479808',
        },
      },
    ])
    covered('freshchat', 'sampled', ['get_conversation'])
  })

  it('answers of changes, which tell no times', () => {
    const rows = read('update_conversation')?.conversations
    if (rows === undefined) return
    expect(
      rows.map((one) => [one.vendorId, one.status, one.vendorStatus.label, one.assigneeVendorId, one.groupVendorId]),
    ).toEqual([
      ['1', 'open', 'Assigned', '<asigned-agent-id>', null],
      ['1', 'open', 'Assigned', null, '<asigned-group-id>'],
      ['1', 'new', 'New', null, null],
    ])
    expect(rows.every((one) => one.version === 0 && one.priority === null && !one.commands?.includes('priority'))).toBe(
      true,
    )
    covered('freshchat', 'sampled', ['update_conversation'])
  })

  it('messages: what the customer sees, private notes, and steps of the system', () => {
    const messages = read('conversation_messages')?.messages
    if (messages === undefined) return
    expect(messages.map((each) => [each.kind, each.direction, each.author.role, each.bodyText])).toEqual([
      ['reply', 'out', 'agent', 'hi there'],
      ['reply', 'out', 'agent', 'hi there'],
      ['reply', 'out', 'agent', 'hi there, second message here.'],
      ['reply', 'out', 'agent', 'hi there'],
      ['event', 'out', 'system', 'Conversation was resolved by agent.'],
      ['reply', 'in', 'customer', 'hello'],
      ['event', 'out', 'system', 'Conversation was marked resolved by Emil Haddad'],
      ['note', 'out', 'agent', 'Private note by agent here'],
    ])
    expect(messages[5]).toMatchObject({
      vendorId: 'b8b75687-4a41-4e61-a3cb-583fa9043dea',
      conversationVendorId: '1389644d-c961-4dc7-9e93-ae95bd6ca3b0',
      author: { vendorId: '8f6d3642-4d4d-4206-84ab-f6df3331713a' },
      createdAt: utc('2020-05-25T06:34:25.501Z'),
      bodyHtml: null,
      attachments: [],
    })
    expect(messages[4]?.vendor).toMatchObject({ message_source: 'system', meta_data: { isResolved: true } })
    covered('freshchat', 'sampled', ['conversation_messages'])
  })

  it('a pushed message: its conversation under the name of its topic, with the customer who was told beside it', () => {
    const result = read('event_message_create')
    if (result === undefined) return
    expect(result.conversations).toMatchObject([
      {
        vendorId: '0a90e91d-6b83-4c75-bdfb-1f61050ecb2b',
        subject: 'Inbox',
        preview: 'hi',
        status: 'new',
        customer: { vendorId: 'dad3036a-09b1-4aa7-b072-0c52e6a3bc4b', name: 'Kofi Marsh' },
        brandKey: '6ae7cb7a-68cb-4713-9f3d-16db9a177d76',
        createdAt: utc('2020-04-03T08:26:55.782Z'),
        updatedAt: utc('2020-04-06T05:01:40.601Z'),
        lastMessageBy: 'agent',
        vendor: { response_due_type: 'NO_RESPONSE_DUE', reopened_time: '2020-04-05T16:58:52.806Z' },
      },
    ])
    // The message names no author: the event's actor, an agent, wrote it.
    expect(result.messages).toMatchObject([
      {
        vendorId: '8f1939ae-f87f-4b12-80f0-d0f7f38f8540',
        conversationVendorId: '0a90e91d-6b83-4c75-bdfb-1f61050ecb2b',
        kind: 'reply',
        direction: 'out',
        author: { vendorId: '652ac361-304e-47af-9c8f-598e649570a6', name: 'Emil Haddad', role: 'agent' },
        bodyText: 'hi',
      },
    ])
    expect(result.people).toMatchObject([
      { vendorId: 'dad3036a-09b1-4aa7-b072-0c52e6a3bc4b', name: 'Kofi Marsh', email: null },
    ])
    covered('freshchat', 'sampled', ['event_message_create'])
  })

  it('a customer and an agent', () => {
    const user = read('get_user')
    const agent = read('get_agent')
    if (user === undefined || agent === undefined) return
    expect(user.people).toEqual([{ vendorId: '1', name: 'Kofi', email: null, phone: null }])
    expect(agent.directory.agents).toMatchObject([
      {
        vendorId: 'bc26517a-4d92-4c35-a496-f506fe32ba40',
        name: 'Emil Haddad',
        email: expect.stringMatching(/^emil\.haddad\+/),
        active: true,
      },
    ])
    covered('freshchat', 'sampled', ['get_user', 'get_agent'])
  })

  it('every file has an operation of its name', () => {
    const names = freshchat.operations.map((operation) => operation.name)
    expect(names).toEqual(
      expect.arrayContaining([
        'get_conversation',
        'update_conversation',
        'conversation_messages',
        'event_message_create',
        'get_user',
        'get_agent',
      ]),
    )
    expect(new Set(names).size).toBe(names.length)
  })
})
