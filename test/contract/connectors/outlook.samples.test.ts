import { describe, expect, it } from 'vitest'
import type { Unified } from '../../../main/connectors/model.ts'
import { outlook } from '../../../main/connectors/outlook/index.ts'
import { covered } from '../coverage.ts'
import { vendorData } from '../sandbox/described.ts'

/** Real payloads, read in place. What they must become is written by hand from Microsoft's documentation of the message resource. */

const owner = 'oskar.tanaka5786@outlook.com'
const utc = (text: string) => Date.parse(text)

function read(name: string, site: Record<string, string> = {}): Unified | null {
  const text = vendorData(`samples/outlook/${name}.json`)
  const operation = outlook.operations.find((each) => each.name === name)
  if (operation === undefined) throw new Error(`there is no operation ${name}`)
  if (text === undefined) return null
  const result = operation.read(JSON.parse(text), site)
  expect(result.quarantined).toEqual([])
  return result
}

const proven = (...names: string[]) => covered('outlook', 'sampled', names)

describe('samples of Microsoft 365', () => {
  it('list_messages: two mails that are two conversations', () => {
    const result = read('list_messages')
    if (result === null) return
    expect(result.conversations.map((one) => [one.subject, one.status, one.priority, one.updatedAt])).toEqual([
      ['New app(s) connected to your Microsoft account', 'open', 'normal', utc('2026-05-04T08:32:46Z')],
      ['Microsoft account security info was added', 'open', 'normal', utc('2026-05-04T07:49:42Z')],
    ])
    const [first] = result.conversations
    expect(first).toMatchObject({
      vendorId: 'AQQkADAwATNiZmYAZS1hZGNjAC0zNzY5LTAwAi0wMAoAEADmbu3L6wfYQ4CwplBvha45',
      version: utc('2026-05-04T08:32:46Z'),
      createdAt: utc('2026-05-04T08:32:46Z'),
      vendorStatus: { id: 'open', label: 'Open' },
      channel: 'email',
      customer: {
        vendorId: 'account-security-noreply@accountprotection.microsoft.com',
        name: 'Microsoft account team',
        email: 'account-security-noreply@accountprotection.microsoft.com',
        phone: null,
      },
      assigneeVendorId: null,
      groupVendorId: null,
      tags: [],
      brandKey: owner,
      lastMessageBy: 'customer',
      dueAt: null,
    })
    expect(first?.preview).toMatch(/^Microsoft account New app\(s\) have access to your data NangoAPI connected/)
    expect(first?.preview).not.toContain('\n')
    expect(Array.from(first?.preview ?? '').length).toBeLessThanOrEqual(200)
    expect(first?.url).toMatch(/^https:\/\/outlook\.live\.com\/owa\/\?ItemID=/)
    expect(first?.vendor).toMatchObject({ isRead: true, hasAttachments: false, inferenceClassification: 'focused' })
    const [message] = result.messages
    expect(message).toMatchObject({
      conversationVendorId: first?.vendorId,
      kind: 'reply',
      direction: 'in',
      author: { name: 'Microsoft account team', role: 'customer' },
      createdAt: utc('2026-05-04T08:32:46Z'),
      attachments: [],
      vendor: { internetMessageId: '<C85LYDND6TU4.3O4EX7CSHCON2@bl02epf00024f2f>' },
    })
    expect(message?.bodyHtml).toContain('<html dir="ltr">')
    expect(message?.bodyText).toContain('New app(s) have access to your data')
    expect(message?.bodyText).not.toMatch(/<td|style=/)
    proven('list_messages', 'thread_messages')
  })

  it('messages_delta: eleven mails on two pages are nine conversations', () => {
    const result = read('messages_delta')
    if (result === null) return
    expect(result.messages).toHaveLength(11)
    expect(result.conversations).toHaveLength(9)
    expect(result.removedVendorIds).toEqual([])
    const [talk] = result.conversations
    expect(talk).toMatchObject({
      subject: 'RE: Test email from Nango',
      preview: expect.stringMatching(/^Thank you for your email\. This is a test reply from Nango\./),
      createdAt: utc('2026-05-04T09:47:12Z'),
      updatedAt: utc('2026-05-04T09:47:53Z'),
      version: utc('2026-05-04T09:47:54Z'),
      customer: { email: owner, name: 'Nango Dev' },
      vendor: { isRead: false },
    })
    expect(result.messages.filter((message) => message.conversationVendorId === talk?.vendorId)).toHaveLength(3)
    // A flag for follow-up is work to do.
    const flagged = result.conversations.find((one) => one.subject === 'Microsoft account security info verification')
    expect(flagged).toMatchObject({
      status: 'open',
      updatedAt: utc('2026-05-04T07:49:41Z'),
      version: utc('2026-05-04T09:05:51Z'),
    })
    proven('messages_delta')
  })

  it('messages_delta: knows its own mail once the mailbox is known', () => {
    const result = read('messages_delta', { mailbox: owner })
    if (result === null) return
    const own = result.messages.filter((message) => message.author.email === owner)
    expect(own.map((message) => [message.direction, message.author.role])).toEqual(Array(3).fill(['out', 'agent']))
    expect(result.messages.filter((message) => message.direction === 'in')).toHaveLength(8)
  })

  it('get_message: a draft in plain text, to a customer', () => {
    const result = read('get_message')
    if (result === null) return
    expect(result.conversations).toMatchObject([
      {
        subject: 'Test Message for Get Action',
        preview: 'This is a test message created to validate the get-message action.',
        status: 'open',
        customer: { email: 'test@example.com', name: null },
        lastMessageBy: 'agent',
        brandKey: owner,
        createdAt: utc('2026-05-04T09:23:10Z'),
      },
    ])
    expect(result.messages).toMatchObject([
      {
        direction: 'out',
        author: { email: owner, role: 'agent' },
        bodyHtml: null,
        bodyText: 'This is a test message created to validate the get-message action.',
        vendor: { isDraft: true },
      },
    ])
    proven('get_message', 'move_message')
  })

  it('create_draft and update_message: what was written, and its category', () => {
    const draft = read('create_draft')
    const updated = read('update_message')
    if (draft === null || updated === null) return
    expect(draft.conversations).toMatchObject([
      { subject: 'Test Draft Message', tags: [], customer: { email: 'test@example.com' } },
    ])
    expect(updated.conversations).toMatchObject([
      {
        subject: 'Test Draft for Update',
        preview: 'Initial content',
        tags: ['TestCategory'],
        customer: { vendorId: null, name: null, email: null },
        version: utc('2026-05-04T09:26:00Z'),
        createdAt: utc('2026-05-04T09:25:36Z'),
      },
    ])
    proven('create_draft', 'update_message')
  })

  it('create_reply_all: one draft in two states is one message, the newer one', () => {
    const result = read('create_reply_all')
    if (result === null) return
    expect(result.messages).toMatchObject([
      { direction: 'out', bodyText: 'Test reply all', bodyHtml: null, author: { name: 'Nango Dev', email: owner } },
    ])
    expect(result.conversations).toMatchObject([
      {
        subject: 'RE: Test email from Nango action',
        preview: 'Test reply all',
        customer: { name: 'Test Recipient', email: 'test@example.com' },
        version: utc('2026-05-04T09:31:39Z'),
      },
    ])
    proven('create_reply_all', 'create_reply')
  })

  it('list_attachments: files with size, kind and address, in the mail the answer names', () => {
    const result = read('list_attachments')
    if (result === null) return
    const [message] = result.messages
    expect(message?.vendorId).toMatch(/^AQMkADAwATNiZmYAZS1hZGNjAC0z/)
    expect(message?.attachments).toHaveLength(2)
    expect(message?.attachments[0]).toMatchObject({
      name: 'test.txt',
      contentType: 'text/plain',
      size: 170,
      inline: false,
      contentId: null,
    })
    const url = new URL(message?.attachments[0]?.url ?? '')
    expect(url.origin).toBe('https://graph.microsoft.com')
    expect(url.pathname).toMatch(
      /^\/v1\.0\/users\/oskar\.tanaka5786@outlook\.com\/messages\/AQMk.+\/attachments\/AQMk.+\/\$value$/,
    )
    proven('list_attachments')
  })

  it('list_mail_folders: read without a fault', () => {
    const result = read('list_mail_folders')
    if (result === null) return
    expect(result).toMatchObject({ conversations: [], messages: [] })
    proven('list_mail_folders', 'get_mail_folder')
  })
})
