import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { outlook } from '../../../main/connectors/outlook/index.ts'
import { toConversation, visibleMails } from '../../../main/connectors/outlook/map.ts'
import { type MailboxContext, toMessage } from '../../../main/connectors/outlook/map-messages.ts'
import { readMails } from '../../../main/connectors/outlook/records.ts'
import { aboveQuote, ownWords, saysTheSame } from '../../../main/connectors/outlook/sending.ts'
import { isAppError } from '../../../main/errors.ts'

const us = 'support@brand.example'
const mailbox: MailboxContext = {
  address: us,
  path: `users/${us}`,
  folders: {
    inbox: 'f-in',
    sent: 'f-sent',
    archive: 'f-arch',
    drafts: 'f-draft',
    outbox: 'f-out',
    hidden: new Set(['f-trash', 'f-draft', 'f-out']),
  },
  agent: { vendorUserId: 'agent-7', email: 'Mia@brand.example' },
}
const person = (address: string, name = address) => ({ emailAddress: { name, address } })

/** A mail from a customer in the Inbox, changed as a test wants it. */
const raw = (change: Record<string, unknown> = {}) => ({
  id: 'm1',
  conversationId: 'c1',
  subject: 'Broken cup',
  bodyPreview: 'Hello,\r\nmy cup is broken.',
  body: { contentType: 'html', content: '<p>Hello,</p><p>my cup is broken.</p>' },
  from: person('Ann@Customers.example', 'Ann Lee'),
  sender: person('Ann@Customers.example', 'Ann Lee'),
  toRecipients: [person(us)],
  receivedDateTime: '2026-11-02T10:00:00Z',
  lastModifiedDateTime: '2026-11-02T10:05:00Z',
  isRead: false,
  isDraft: false,
  flag: { flagStatus: 'notFlagged' },
  categories: [],
  importance: 'normal',
  parentFolderId: 'f-in',
  webLink: 'https://outlook.office365.com/owa/?ItemID=1',
  ...change,
})
const answer = (change: Record<string, unknown> = {}) =>
  raw({
    id: 'm2',
    from: person(us, 'Brand'),
    sender: person('mia@brand.example', 'Mia Berg'),
    toRecipients: [person('ann@customers.example')],
    parentFolderId: 'f-sent',
    receivedDateTime: '2026-11-02T11:00:00Z',
    lastModifiedDateTime: '2026-11-02T11:00:00Z',
    bodyPreview: 'We send another.',
    subject: 'RE: Broken cup',
    ...change,
  })

const mails = (...records: unknown[]) => readMails(records).mails
function conversation(...records: unknown[]) {
  const all = mails(...records)
  return toConversation(all, visibleMails(all, mailbox), mailbox, true)
}
/** The customer again, a day later. */
const second = raw({
  id: 'm3',
  receivedDateTime: '2026-11-03T09:00:00Z',
  lastModifiedDateTime: '2026-11-03T09:00:00Z',
})

describe('a conversation made of mails', () => {
  it('takes from each mail what it is about', () => {
    expect(conversation(raw(), answer())).toMatchObject({
      vendorId: 'c1',
      subject: 'Broken cup',
      preview: 'We send another.',
      customer: { vendorId: 'ann@customers.example', name: 'Ann Lee', email: 'Ann@Customers.example', phone: null },
      createdAt: Date.parse('2026-11-02T10:00:00Z'),
      updatedAt: Date.parse('2026-11-02T11:00:00Z'),
      version: Date.parse('2026-11-02T11:00:00Z') + 1,
      lastMessageBy: 'agent',
      brandKey: us,
      status: 'open',
      priority: 'normal',
      vendor: { isRead: false },
    })
  })

  it('does not depend on the order in which the mails come', () => {
    const records = [raw(), answer(), second, raw({ id: 'm4', categories: ['Late'] })]
    fc.assert(
      fc.property(fc.shuffledSubarray(records, { minLength: 4 }), (order) => {
        expect({ ...conversation(...order), tags: [] }).toEqual({ ...conversation(...records), tags: [] })
      }),
    )
  })

  it.each([
    ['nothing', {}, 'open', 'Open'],
    ['a flag for follow-up', { flag: { flagStatus: 'flagged' } }, 'open', 'Open'],
    ['a flag marked complete', { flag: { flagStatus: 'complete' } }, 'solved', 'Completed'],
    ['the category', { categories: ['pending'] }, 'pending', 'Pending'],
    ['both', { categories: ['Pending'], flag: { flagStatus: 'complete' } }, 'solved', 'Completed'],
    ['the archive', { parentFolderId: 'f-arch' }, 'closed', 'Archived'],
    ['a folder of its own', { parentFolderId: 'f-orders', flag: { flagStatus: 'complete' } }, 'closed', 'Archived'],
    ['a flag nobody knows', { flag: { flagStatus: 'sparkling' } }, 'open', 'Open'],
  ])('has the status that %s on the newest mail that came in says', (_what, change, status, label) => {
    expect(conversation(raw(change), answer())).toMatchObject({ status, vendorStatus: { id: status, label } })
  })

  it('is open again when the customer writes into one that was solved or archived', () => {
    expect(conversation(raw({ flag: { flagStatus: 'complete' }, parentFolderId: 'f-arch' }), second)?.status).toBe(
      'open',
    )
  })

  it('has the categories of all mails as tags, each once, without the one that is a status', () => {
    const tags = conversation(
      raw({ categories: ['Late', 'Pending'] }),
      answer({ categories: ['late', ' VIP ', 7, null, ''] }),
    )?.tags
    // Spelled as on the newest mail.
    expect(tags).toEqual(['late', 'VIP'])
  })

  it('does not count drafts, deleted and junk mail, and is gone when nothing else is left', () => {
    expect(conversation(raw(), answer({ isDraft: true }), { ...second, parentFolderId: 'f-trash' })).toMatchObject({
      preview: 'Hello, my cup is broken.',
      lastMessageBy: 'customer',
    })
    expect(conversation(raw({ parentFolderId: 'f-trash' }))).toBeNull()
    // What was deleted still is a change.
    const version = conversation(raw(), { ...second, parentFolderId: 'f-trash' })?.version
    expect(version).toBe(Date.parse('2026-11-03T09:00:00Z') + 1)
  })

  it('has the first we wrote to as its customer where nobody wrote to us', () => {
    expect(conversation(answer())).toMatchObject({
      customer: { vendorId: 'ann@customers.example' },
      lastMessageBy: 'agent',
      status: 'open',
    })
    expect(conversation(answer({ toRecipients: [] }))?.customer).toEqual({
      vendorId: null,
      name: null,
      email: null,
      phone: null,
    })
  })

  it.each([
    [
      'the mailbox',
      { toRecipients: [person('boss@brand.example')], ccRecipients: [person('SUPPORT@brand.example')] },
      us,
    ],
    [
      'an alias or a list of ours',
      { toRecipients: [person('x@elsewhere.example'), person('Sales@brand.example')] },
      'sales@brand.example',
    ],
    ['nobody we know, in blind copy', { toRecipients: [person('x@elsewhere.example')] }, us],
  ])('belongs to the brand of the address it came to: %s', (_what, change, key) =>
    expect(conversation(raw(change))?.brandKey).toBe(key),
  )

  it.each([
    [
      { flagStatus: 'flagged', dueDateTime: { dateTime: '2026-11-09T16:00:00.0000000', timeZone: 'UTC' } },
      Date.parse('2026-11-09T16:00:00Z'),
    ],
    [
      {
        flagStatus: 'flagged',
        dueDateTime: { dateTime: '2026-11-09T16:00:00.0000000', timeZone: 'Tokyo Standard Time' },
      },
      null,
    ],
    [{ flagStatus: 'flagged', dueDateTime: { dateTime: 'soon', timeZone: 'UTC' } }, null],
    [{ flagStatus: 'flagged' }, null],
  ])('is due when the flag says so: %j', (flag, dueAt) => {
    const one = conversation(raw({ flag }))
    expect(one?.dueAt).toBe(dueAt)
    if ('dueDateTime' in flag) expect(one?.vendor.flag).toEqual(flag)
  })

  it.each([
    ['low', 'low'],
    ['high', 'high'],
    ['urgent!', null],
  ])('has the priority of importance %j, and keeps a word it does not know', (importance, priority) => {
    const one = conversation(raw({ importance }))
    expect(one?.priority).toBe(priority)
    expect(one?.vendor.importance).toBe(priority === null ? importance : undefined)
  })

  it('links to Outlook only by https', () => {
    expect(conversation(raw({ webLink: 'javascript:alert(1)' }))?.url).toBe('https://outlook.office.com/mail/')
  })
})

describe('a mail as a message', () => {
  const message = (record: unknown) => {
    const [mail] = mails(record)
    return mail && toMessage(mail, mailbox)
  }

  it('from a customer', () => {
    expect(message(raw())).toMatchObject({
      ...{ vendorId: 'm1', conversationVendorId: 'c1', kind: 'reply', direction: 'in' },
      author: { vendorId: 'ann@customers.example', name: 'Ann Lee', role: 'customer' },
      bodyText: 'Hello,\nmy cup is broken.',
      bodyHtml: '<p>Hello,</p><p>my cup is broken.</p>',
    })
  })

  it('names the agent behind the mailbox, by the user id where it is the one signed in', () => {
    expect(message(answer())?.author).toEqual({
      vendorId: 'agent-7',
      name: 'Mia Berg',
      email: 'mia@brand.example',
      phone: null,
      role: 'agent',
    })
    expect(message(answer({ sender: person('jo@brand.example', 'Jo') }))?.author).toMatchObject({
      vendorId: 'jo@brand.example',
      name: 'Jo',
    })
  })

  it('takes a contact form that writes in our name for the customer it names, but not a mail we sent', () => {
    const form = { from: person(us), sender: person(us), replyTo: [person('ann@customers.example', 'Ann')] }
    expect(message(raw(form))).toMatchObject({
      direction: 'in',
      author: { email: 'ann@customers.example', role: 'customer' },
    })
    expect(message(raw({ ...form, parentFolderId: 'f-sent' }))).toMatchObject({ direction: 'out' })
  })

  it('in plain text has no HTML', () => {
    const body = { contentType: 'text', content: 'One\r\nTwo <b>\r\n' }
    expect(message(raw({ body }))).toMatchObject({ bodyHtml: null, bodyText: 'One\nTwo <b>' })
  })

  it('keeps what the model has no place for', () => {
    const extra = {
      ccRecipients: [person('c@d.example')],
      internetMessageId: '<x@y>',
      somethingNew: { deep: [1] },
      sender: person('pa@customers.example'),
    }
    expect(message(raw(extra))?.vendor).toMatchObject(extra)
    expect(message(raw())?.vendor).not.toHaveProperty('sender')
    expect(message(raw())?.vendor).not.toHaveProperty('flag')
  })

  it('names the sender where there is no "from"', () => {
    expect(message(raw({ from: null }))?.author.email).toBe('Ann@Customers.example')
    expect(message(raw({ from: null, sender: 'x' }))).toMatchObject({ direction: 'in', author: { email: null } })
  })

  it('has its expanded files, each with an address in the mailbox', () => {
    const attachments = [
      {
        '@odata.type': '#microsoft.graph.fileAttachment',
        id: 'a/1',
        name: 'logo.png',
        contentType: 'image/png',
        size: 3,
        isInline: true,
        contentId: '<logo@x>',
      },
      { '@odata.type': '#microsoft.graph.itemAttachment', id: 'a2', name: 'Older mail', size: 9, isInline: false },
      { name: 'no id' },
    ]
    expect(message(raw({ attachments }))?.attachments).toEqual([
      {
        vendorId: 'a/1',
        name: 'logo.png',
        contentType: 'image/png',
        size: 3,
        inline: true,
        contentId: 'logo@x',
        url: `https://graph.microsoft.com/v1.0/users/${us}/messages/m1/attachments/a%2F1/$value`,
      },
      expect.objectContaining({
        vendorId: 'a2',
        name: 'Older mail.eml',
        contentType: 'message/rfc822',
        contentId: null,
      }),
    ])
  })
})

describe('rows of a delta answer', () => {
  it('are mails, removals, or no more than a changed field, and only what is broken is set aside', () => {
    const {
      mails: read,
      partial,
      quarantined,
    } = readMails([
      raw(),
      { id: 'm7', '@removed': { reason: 'deleted' } },
      { '@odata.type': '#microsoft.graph.message', id: 'm8', isRead: true },
      { '@odata.type': '#microsoft.graph.message', id: 'm9' },
      raw({ id: 'm10', conversationId: undefined }),
      { id: 'm11', subject: 'half' },
      null,
      7,
      raw({ id: 'm12', receivedDateTime: '99999-01-01T00:00:00Z' }),
      raw({ lastModifiedDateTime: '2026-11-02T10:06:00Z', subject: 'newer' }),
    ])
    expect(read.map((mail) => [mail.id, mail.subject])).toEqual([['m1', 'newer']])
    expect(partial.map((row) => row.id)).toEqual(['m7', 'm8', 'm9'])
    expect(quarantined.map(({ vendorId, path }) => [vendorId, path])).toEqual([
      ['m10', 'value[4].conversationId'],
      ['m11', 'value[5].conversationId'],
      [null, 'value[6]'],
      [null, 'value[7]'],
      ['m12', 'value[8].receivedDateTime'],
    ])
  })
})

describe('what somebody wrote above a quoted mail', () => {
  const draft = (content: string, contentType = 'html') => mails(raw({ body: { contentType, content } }))[0] ?? never()
  const quote =
    '<html><head><title>x</title></head><body lang="en"><hr tabindex="-1" style="width:98%"><div id="divRplyFwdMsg">From: Ann</div><p>Quoted</p></body></html>'

  it('is put into the body the vendor prepared, and found again', () => {
    const words = { bodyText: 'Hello Ann,\nit is sent.', bodyHtml: '<p>Hello Ann,<br>it is sent.</p>' }
    const content = aboveQuote(words.bodyHtml, quote)
    expect(content).toContain('<body lang="en"><p>Hello Ann,')
    expect(content).toContain('<p>Quoted</p>')
    expect(ownWords(draft(content))).toBe('Hello Ann,\nit is sent.')
    expect(saysTheSame(draft(content), words)).toBe(true)
    expect(saysTheSame(draft(content), { bodyText: 'Hello Ann', bodyHtml: '<p>Hello Ann</p>' })).toBe(false)
    expect(saysTheSame(draft(quote), words)).toBe(false)
  })

  it('is everything where nothing is quoted, and ends at the line in plain text', () => {
    expect(ownWords(draft('<p>All of it</p>'))).toBe('All of it')
    expect(ownWords(draft('Mine\r\n________________________________\r\nFrom: Ann', 'text')).trim()).toBe('Mine')
    expect(aboveQuote('<p>Hi</p>', '')).toContain('<p>Hi</p>')
  })

  it('is the same for any words, with any quote below', () => {
    fc.assert(
      fc.property(
        fc.array(fc.constantFrom('Hi', 'ä', '<', '&', '  ', '\n', 'From:', '____'), { minLength: 1 }),
        (parts) => {
          const bodyText = parts.join(' ')
          const bodyHtml = `<p>${bodyText.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('\n', '<br>')}</p>`
          return saysTheSame(draft(aboveQuote(bodyHtml, quote)), { bodyText, bodyHtml })
        },
      ),
    )
  })
})

describe('operations of Microsoft 365', () => {
  it('have names of their own and say what they read', () => {
    expect(new Set(outlook.operations.map((each) => each.name)).size).toBe(outlook.operations.length)
    for (const { summary } of outlook.operations) expect(summary.length).toBeGreaterThan(10)
  })

  it.each(outlook.operations.map((each) => [each.name, each] as const))(
    '%s: reads or refuses anything, with words',
    (_name, operation) => {
      fc.assert(
        fc.property(
          fc.oneof(
            fc.anything(),
            fc.array(
              fc.dictionary(
                fc.constantFrom('id', 'value', 'receivedDateTime', 'from', '@odata.context'),
                fc.anything(),
              ),
            ),
          ),
          (payload) => {
            try {
              const read = operation.read(payload, {})
              return Array.isArray(read.messages)
            } catch (error) {
              return isAppError(error, 'vendor_bad_answer') && (error.detail ?? '').startsWith('answer')
            }
          },
        ),
      )
    },
  )

  it('say where the fault is, in a list, in pages and in a single record', () => {
    const read = (payload: unknown) =>
      outlook.operations
        .find((each) => each.name === 'list_messages')
        ?.read(payload, {})
        .quarantined.map((each) => each.path)
    const bad = raw({ receivedDateTime: 'never' })
    expect(read({ value: [raw(), bad] })).toEqual(['value[1].receivedDateTime'])
    expect(read([{ value: [] }, { value: [bad] }])).toEqual(['[1].value[0].receivedDateTime'])
    expect(read([bad])).toEqual(['[0].receivedDateTime'])
    expect(read(bad)).toEqual(['answer.receivedDateTime'])
    expect(() => read({ value: 'x' })).toThrow(
      expect.objectContaining({ code: 'vendor_bad_answer', detail: expect.stringContaining('answer.value') }),
    )
    expect(() => read({ error: { code: 'x' } })).toThrow(expect.objectContaining({ code: 'vendor_bad_answer' }))
  })

  it('get_user: the agent, the statuses and the addresses mail may come to', () => {
    const user = {
      id: 'u1',
      displayName: 'Mia Berg',
      mail: 'Mia@brand.example',
      userPrincipalName: 'mia@brand.example',
      proxyAddresses: ['smtp:help@brand.example', 'SMTP:Mia@brand.example', 'x500:abc'],
    }
    expect(outlook.operations.find((each) => each.name === 'get_user')?.read(user, {}).directory).toMatchObject({
      agents: [{ vendorId: 'u1', name: 'Mia Berg', email: 'Mia@brand.example', active: true }],
      statuses: [{ id: 'open' }, { id: 'pending' }, { id: 'solved' }, { id: 'closed' }],
      brands: [{ key: 'mia@brand.example' }, { key: 'help@brand.example' }],
    })
  })
})

function never(): never {
  throw new Error('it must be readable')
}
