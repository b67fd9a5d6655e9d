import { describe, expect, it } from 'vitest'
import { gmail } from '../../../main/connectors/gmail/index.ts'
import type { Unified } from '../../../main/connectors/model.ts'
import { covered } from '../coverage.ts'
import { vendorData } from '../sandbox/described.ts'

/** Real payloads, read in place; what they must become is written by hand from Google's documentation. */
function read(name: string): Unified | undefined {
  const text = vendorData(`samples/gmail/${name}.json`)
  const operation = gmail.operations.find((each) => each.name === name)
  if (operation === undefined) throw new Error(`there is no operation ${name}`)
  return text === undefined ? undefined : operation.read(JSON.parse(text), {})
}

describe('samples of Gmail', () => {
  it('threads: subject, customer, who spoke last, inbox or archive, times', () => {
    const found = read('get_thread_metadata')
    if (found === undefined) return
    expect(found.quarantined).toEqual([])
    expect(
      found.conversations.map((one) => [
        one.vendorId,
        one.version,
        one.subject,
        one.status,
        one.lastMessageBy,
        one.customer.email,
      ]),
    ).toEqual([
      ['19ddaaa45f6506b0', 87948, 'Find Attached', 'solved', 'agent', 'marek.lunde4580@nango.dev'],
      [
        '19dda884fb80bc9b',
        87918,
        'Delivery Status Notification (Failure)',
        'open',
        'customer',
        'mailer-daemon@googlemail.com',
      ],
      ['19dda7d63c5b23bd', 87109, 'nango-seed-1777487140249 thread', 'open', 'agent', 'api@nango.dev'],
      ['19dda3e3a25601ee', 85768, 'nango-seed-1777483001922 thread', 'open', 'agent', 'api@nango.dev'],
      ['19dda5cb6f806160', 86431, 'Test message for trash', 'open', 'customer', 'test@example.com'],
      [
        '19dd9f7ed3e8db8a',
        85519,
        'Learn Airtable by building your first AI app',
        'open',
        'customer',
        'team@mail.airtable.com',
      ],
      ['19dda5eba6976e6b', 86552, 'Test Draft', 'solved', 'agent', 'recipient@example.com'],
    ])
    const [first, , , exchange] = found.conversations
    expect(first).toMatchObject({
      ...{
        preview: 'This email has an attachment',
        channel: 'email',
        brandKey: 'api@nango.dev',
        tags: [],
        priority: null,
      },
      vendorStatus: { id: 'ARCHIVED', label: 'Archived' },
      customer: { vendorId: 'marek.lunde4580@nango.dev', name: 'Victor Langat', phone: null },
      url: 'https://mail.google.com/mail/#all/19ddaaa45f6506b0',
    })
    expect(exchange).toMatchObject({
      ...{
        createdAt: Date.parse('2026-04-29T17:16:44Z'),
        updatedAt: Date.parse('2026-04-29T17:16:46Z'),
        preview: 'reply',
      },
    })
    expect(found.messages).toHaveLength(9)
    covered('gmail', 'sampled', ['get_thread_metadata'])
  })

  it('threads: a daemon is nobody’s customer, and what Gmail knows besides is kept', () => {
    const found = read('get_thread_metadata')
    if (found === undefined) return
    const bounce = found.messages.find((message) => message.vendorId === '19dda8857c0f5d6d')
    expect(bounce).toMatchObject({
      ...{ direction: 'in', kind: 'reply', createdAt: 1777487861000 },
      author: { role: 'system', name: 'Mail Delivery Subsystem' },
      vendor: { sizeEstimate: 15469, messageId: '<69f24ff5.050a0220.1f77f2.2bfa.GMR@mx.google.com>' },
    })
    expect(bounce?.bodyText).toMatch(/^Address not found Your message wasn't delivered to nobody\.here2024@gmail\.com/)
    expect(found.conversations[5]?.vendor).toEqual({ labelIds: ['CATEGORY_PROMOTIONS', 'UNREAD'] })
  })

  it('messages with their parts: text, HTML, author and times', () => {
    const found = read('get_message_full')
    if (found === undefined) return
    expect(found.quarantined).toEqual([])
    expect(found.messages).toMatchObject([
      {
        ...{ vendorId: '19dda5f53af7ee19', conversationVendorId: '19dda5f53af7ee19', direction: 'out' },
        ...{
          bodyText: 'This is a test draft for validation.',
          bodyHtml: null,
          attachments: [],
          createdAt: 1777485173000,
        },
        author: { email: 'api@nango.dev', role: 'agent' },
      },
      {
        ...{ vendorId: 'a1b2c3d4e5f6g7h8', direction: 'in', createdAt: Date.parse('2024-12-05T13:30:00Z') },
        bodyText: 'This is an example message. Thank you for shopping with us.',
        bodyHtml:
          "<div style='font-family: Arial, sans-serif;'>This is an example html message. <b>Thank you for shopping with us.</b></div>",
        author: { name: 'Holiday Deals', email: 'promo@promotion.example.com', role: 'customer' },
        vendor: { to: ['exampleuser@gmail.com'], messageId: '<12345abc67890@promotion.example.com>' },
      },
    ])
    expect(found.conversations[1]).toMatchObject({
      ...{ subject: 'Exclusive Holiday Discounts!', status: 'open', vendorStatus: { id: 'INBOX', label: 'Inbox' } },
      ...{ brandKey: 'exampleuser@gmail.com', version: 54321, lastMessageBy: 'customer' },
    })
    expect(found.people).toContainEqual({
      ...{
        vendorId: 'promo@promotion.example.com',
        name: 'Holiday Deals',
        email: 'promo@promotion.example.com',
        phone: null,
      },
    })
    covered('gmail', 'sampled', ['get_message_full'])
  })

  it('messages with headers only: the first words stand for the text, without the fillers behind them', () => {
    const found = read('get_message_metadata')
    if (found === undefined) return
    expect(found.quarantined).toEqual([])
    expect(found.messages).toHaveLength(8)
    expect(found.conversations.map((one) => [one.customer.name, one.preview.slice(0, 43)])).toEqual([
      ['Mail Delivery Subsystem', "Address not found Your message wasn't deliv"],
      ['The Airtable Team', "Here's how to get started fast Welcome to A"],
      ['Asana', 'Start working with your teammates in Asana'],
      ['Atlassian Jira', "Atlassian This doesn't have to be goodbye H"],
      [null, 'draft body'],
      ['Asana', 'How you can take charge of your own day'],
      ['Atlassian', "Don't miss out on recent progress Get more "],
      ['Stripe', 'Advanced analytics, automated tax complianc'],
    ])
    expect(found.conversations[0]).toMatchObject({
      vendorId: '19dda876469e886b',
      subject: 'Delivery Status Notification (Failure)',
    })
    expect(found.messages[1]?.vendor.subject).toBe('Welcome to Airtable! Let’s start building')
    covered('gmail', 'sampled', ['get_message_metadata'])
  })

  it('a draft, which reading the inbox leaves out', () => {
    const found = read('get_draft')
    if (found === undefined) return
    expect(found.conversations).toMatchObject([{ subject: 'Test Draft', vendor: { labelIds: ['DRAFT'] } }])
    expect(found.messages).toMatchObject([
      { bodyText: 'This is a test draft for validation.', vendor: { systemLabels: ['DRAFT'] } },
    ])
    covered('gmail', 'sampled', ['get_draft'])
  })

  it('a list of threads: ids, first words and when they began', () => {
    const found = read('list_threads')
    if (found === undefined) return
    expect(found.conversations).toHaveLength(15)
    expect(found.conversations[1]).toMatchObject({
      ...{ vendorId: '19ddaaa45f6506b0', version: 87948, preview: 'This email has an attachment' },
    })
    // The thread's first mail is of 19:15:33 UTC, in `get_thread_metadata`; the draft it grew from is a little older.
    expect(new Date(found.conversations[1]?.createdAt ?? 0).toISOString()).toMatch(/^2026-04-29T19:1\d/)
    covered('gmail', 'sampled', ['list_threads'])
  })

  it('labels and the profile: statuses, and the one who answers', () => {
    const [labels, profile] = [read('list_labels'), read('get_profile')]
    if (labels === undefined || profile === undefined) return
    expect(labels.directory.statuses?.map((option) => [option.id, option.status])).toEqual([
      ['INBOX', 'open'],
      ['WAITING', 'pending'],
      ['ARCHIVED', 'solved'],
    ])
    expect(profile.directory.agents).toEqual([
      { vendorId: 'api@nango.dev', name: 'api@nango.dev', email: 'api@nango.dev', active: true },
    ])
    covered('gmail', 'sampled', ['list_labels', 'get_profile'])
  })

  it('what holds only ids or bytes is understood, and nothing is made of it', () => {
    for (const name of ['list_messages', 'send_message', 'get_attachment']) {
      const found = read(name)
      if (found === undefined) continue
      expect(found).toMatchObject({ conversations: [], messages: [], quarantined: [] })
      covered('gmail', 'sampled', [name])
    }
  })
})
