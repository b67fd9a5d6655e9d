import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { gmail } from '../../../main/connectors/gmail/index.ts'
import { readStatus, statusOptions, tagsOf } from '../../../main/connectors/gmail/labels.ts'
import {
  mailToAnswer,
  nothingKnown,
  readThread,
  toConversation,
  toMessages,
  type World,
} from '../../../main/connectors/gmail/map.ts'
import { readContent } from '../../../main/connectors/gmail/parts.ts'
import { isAppError } from '../../../main/errors.ts'
import { base64, hour, type MailWish, mail, part, text, thread } from './gmail.fixtures.ts'

const labels = new Map(
  [
    { id: 'INBOX', name: 'INBOX', type: 'system' },
    { id: 'Label_1', name: 'Support/Waiting', type: 'user' },
    { id: 'Label_2', name: 'Warranty', type: 'user' },
    { id: 'Label_3', name: 'On hold', type: 'user' },
  ].map((label) => [label.id, label]),
)
const world: World = {
  labels,
  own: new Set(['help@brand.example', 'rent@brand.example']),
  self: { vendorUserId: '77', name: 'Brand', email: 'help@brand.example' },
}

function read(...mails: unknown[]) {
  const { thread: found } = readThread(thread(...mails), 'thread')
  if (found === null) throw new Error('the fixture cannot be read')
  return found
}
const conversation = (...wishes: MailWish[]) =>
  toConversation(read(...wishes.map((wish, place) => mail({ id: `m${place}`, at: hour(place), ...wish }))), world)
const ours = { from: 'Brand <help@brand.example>', to: 'nia@buyers.example', labels: ['SENT'] }

describe('the status of a Gmail thread', () => {
  it.each([
    ['in the inbox is open', [{ labels: ['INBOX', 'UNREAD'] }], 'open', 'Inbox'],
    ['without the inbox is solved', [{ labels: ['IMPORTANT'] }], 'solved', 'Archived'],
    ['with a waiting label is pending, in the inbox or not', [{ labels: ['Label_1'] }], 'pending', 'Support/Waiting'],
    ['with a label that says so is on hold', [{ labels: ['INBOX', 'Label_3'] }], 'on_hold', 'On hold'],
    ['stays pending after our own answer', [{ labels: ['INBOX', 'Label_1'] }, ours], 'pending', 'Support/Waiting'],
    [
      'opens again with a new mail of the customer',
      [{ labels: ['Label_1'] }, ours, { labels: ['INBOX'] }],
      'open',
      'Inbox',
    ],
    ['is solved where only we wrote', [ours], 'solved', 'Archived'],
  ] as const)('%s', (_, wishes, status, label) => {
    const one = conversation(...(wishes as unknown as MailWish[]))
    expect([one.status, one.vendorStatus.label]).toEqual([status, label])
  })

  it('offers a waiting status even where the mailbox has no label for it yet', () => {
    expect(statusOptions(new Map()).map((option) => option.id)).toEqual(['INBOX', 'WAITING', 'ARCHIVED'])
    expect(statusOptions(labels).map((option) => option.id)).toEqual(['INBOX', 'Label_1', 'Label_3', 'ARCHIVED'])
  })

  it('takes the labels people made for tags, by name where it is known', () => {
    expect(tagsOf(['INBOX', 'CATEGORY_UPDATES', 'YELLOW_STAR', 'Label_1', 'Label_2', 'Label_9'], labels)).toEqual([
      'Warranty',
      'Label_9',
    ])
  })

  it('is one of its options, whatever the labels', () => {
    fc.assert(
      fc.property(
        fc.array(fc.string()),
        fc.array(fc.constantFrom('INBOX', 'Label_1', 'Label_3', 'SENT')),
        (strange, known) => {
          const { id } = readStatus(new Set([...strange, ...known]), known, labels)
          expect(statusOptions(labels).map((option) => option.id)).toContain(id)
        },
      ),
    )
  })
})

describe('a Gmail thread', () => {
  it('is of the first who wrote from outside, and of the alias that was written to', () => {
    const one = conversation({ to: 'Rentals <rent@brand.example>', labels: ['INBOX', 'Label_2'] }, ours, {
      from: 'colleague@buyers.example',
    })
    expect(one).toMatchObject({
      customer: { vendorId: 'nia@buyers.example', name: 'Nia Okoye', email: 'nia@buyers.example' },
      ...{ brandKey: 'help@brand.example', tags: ['Warranty'], lastMessageBy: 'customer', version: 900 },
      ...{ createdAt: hour(0), updatedAt: hour(2) },
    })
    expect(conversation({ to: 'Rentals <rent@brand.example>' }).brandKey).toBe('rent@brand.example')
  })

  it('that we began is of the one we wrote to', () => {
    expect(conversation(ours)).toMatchObject({ customer: { email: 'nia@buyers.example' }, lastMessageBy: 'agent' })
  })

  it('of a form that sends in our own name is of the one it asks to answer', () => {
    const form = { from: 'Website <help@brand.example>', headers: { 'Reply-To': 'Ola <ola@buyers.example>' } }
    expect(conversation(form)).toMatchObject({
      customer: { name: 'Ola', email: 'ola@buyers.example' },
      lastMessageBy: 'customer',
    })
    const answered = mailToAnswer(read(mail(form)), world)
    expect(answered?.to).toEqual([{ name: 'Ola', address: 'ola@buyers.example' }])
  })

  it('is answered at its newest mail from outside, never at a daemon or a draft', () => {
    const found = read(
      mail({ id: 'a', at: hour(1) }),
      mail({ id: 'b', at: hour(2), headers: { 'Reply-To': 'orders@buyers.example' } }),
      mail({ id: 'c', at: hour(3), from: 'Mail Delivery Subsystem <mailer-daemon@googlemail.com>' }),
      mail({ id: 'd', at: hour(4), labels: ['DRAFT'], from: 'help@brand.example', to: 'somebody@else.example' }),
    )
    const answered = mailToAnswer(found, world)
    expect(answered?.mail.record.id).toBe('b')
    expect(answered?.to).toEqual([{ name: null, address: 'orders@buyers.example' }])
  })

  it('leaves drafts out, and is none itself where there is nothing else to be read', () => {
    const found = read(mail({ id: 'a' }), mail({ id: 'b', at: hour(1), labels: ['DRAFT'], subject: 'unsaid' }))
    expect(toMessages(found, world).map((message) => message.vendorId)).toEqual(['a'])
    expect(toConversation(found, world).updatedAt).toBe(hour(0))
  })

  it('decodes names and subjects in any script, folded or not', () => {
    const one = conversation({
      from: '=?UTF-8?B?5bGx55Sw6Iqx5a2Q?= <hanako@buyers.example>',
      subject: '=?iso-8859-1?Q?Gr=FC=DFe_aus?=\r\n =?utf-8?Q?_K=C3=B6ln?=',
    })
    expect(one).toMatchObject({ customer: { name: '山田花子' }, subject: 'Grüße aus Köln' })
  })

  it('has an empty subject rather than none, and no customer where the headers say nothing', () => {
    const one = toConversation(read({ ...mail(), payload: undefined }), world)
    expect(one).toMatchObject({ subject: '', customer: { vendorId: null, name: null, email: null } })
  })

  it('keeps one invisible character and cuts a row of fillers', () => {
    expect(conversation({ words: `Hi 👩‍🔧${' \u034f \u200c'.repeat(40)}` }).preview).toBe('Hi 👩‍🔧')
  })

  it('keeps what it does not know', () => {
    const found = readThread(
      { ...thread({ ...mail(), classification: { level: 3 } }), confidential: true },
      'thread',
    ).thread
    if (found === null) throw new Error('unreadable')
    expect(toConversation(found, world).vendor).toEqual({ confidential: true })
    expect(toMessages(found, world)[0]?.vendor).toMatchObject({ classification: { level: 3 } })
  })

  it('sets a mail it cannot read aside, and is itself unreadable only when all are', () => {
    const good = mail({ id: 'good' })
    const one = readThread(thread({ ...mail(), internalDate: 'noon' }, good), 'threads[4]')
    expect(one.quarantined).toEqual([
      { vendorId: 'm1', path: 'threads[4].messages[0].internalDate', reason: 'not a time' },
    ])
    expect(one.thread?.mails).toHaveLength(1)
    expect(readThread(thread({ id: 'x' }), 'thread').thread).toBeNull()
    expect(readThread({ id: 't1', historyId: '1' }, 'threads[0]').quarantined).toMatchObject([
      { path: 'threads[0].messages' },
    ])
    expect(readThread(thread(), 'threads[0]').quarantined).toMatchObject([
      { vendorId: 't1', path: 'threads[0].messages' },
    ])
  })
})

describe('the parts of a mail', () => {
  const multipart = (kind: string, ...parts: object[]) => part(`multipart/${kind}`, { size: 0 }, {}, { parts })

  it('are text, HTML, a picture inside it and a file', () => {
    const picture = part(
      'image/png',
      { attachmentId: 'A1', size: 9 },
      { 'Content-ID': '<logo@x>', 'Content-Disposition': 'attachment; filename="logo.png"' },
      { partId: '0.1', filename: 'logo.png' },
    )
    const html = part('text/html', { size: 3, data: base64('<p>Hi <img src="cid:logo@x"></p>') })
    const file = part(
      'application/pdf',
      { attachmentId: 'A2', size: 88 },
      { 'Content-Disposition': 'inline' },
      { partId: '1', filename: 'Größe.pdf' },
    )
    const content = readContent(
      'm 1',
      multipart('mixed', multipart('related', multipart('alternative', text('Hi\r\n'), html), picture), file),
    )
    expect(content).toMatchObject({ text: 'Hi', html: '<p>Hi <img src="cid:logo@x"></p>' })
    expect(content.attachments).toEqual([
      {
        ...{ vendorId: '0.1', name: 'logo.png', contentType: 'image/png', size: 9, inline: true, contentId: 'logo@x' },
        url: 'https://gmail.googleapis.com/gmail/v1/users/me/messages/m%201?format=full#0.1',
      },
      {
        ...{
          vendorId: '1',
          name: 'Größe.pdf',
          contentType: 'application/pdf',
          size: 88,
          inline: false,
          contentId: null,
        },
        url: 'https://gmail.googleapis.com/gmail/v1/users/me/messages/m%201?format=full#1',
      },
    ])
  })

  it('of a forwarded mail are a file, and not what was said here', () => {
    const forwarded = part(
      'message/rfc822',
      { attachmentId: 'A3', size: 500 },
      {},
      { partId: '1', parts: [text('Not mine')] },
    )
    const content = readContent('m1', multipart('mixed', text('See below'), forwarded))
    expect(content.text).toBe('See below')
    expect(content.attachments).toMatchObject([{ name: 'message.eml', contentType: 'message/rfc822' }])
  })

  it('are read in the charset they name where they are not UTF-8, in either alphabet of base64', () => {
    const latin = part(
      'text/plain',
      { size: 4, data: base64('Gr\xfc\xdfe', 'latin1') },
      { 'Content-Type': 'text/plain; charset="iso-8859-1"' },
    )
    expect(readContent('m1', latin).text).toBe('Grüße')
    const standard = part('text/plain', { size: 4, data: Buffer.from('>>>???ÿ').toString('base64') })
    expect(readContent('m1', standard).text).toBe('>>>???ÿ')
  })

  it('of HTML alone give a text, too', () => {
    const found = read({
      ...mail(),
      payload: part('text/html', { size: 1, data: base64('<p>One</p><p>Two &amp; three</p>') }),
    })
    expect(toMessages(found, world)[0]?.bodyText).toBe('One\nTwo & three')
  })

  it('of any shape and depth are read without a crash', () => {
    let deep: object = text('bottom')
    for (let level = 0; level < 5_000; level += 1) deep = multipart('mixed', deep)
    expect(readContent('m1', deep).text).toBeNull()
    fc.assert(fc.property(fc.anything(), (payload) => void readContent('m1', payload)))
  })
})

describe('operations of Gmail', () => {
  const read = (name: string, payload: unknown) =>
    gmail.operations.find((each) => each.name === name)?.read(payload, {})

  it('take one thread, a list, and an envelope for the same', () => {
    const one = thread(mail())
    for (const payload of [one, [one], { threads: [one] }]) {
      expect(read('get_thread_full', payload)).toMatchObject({
        conversations: [{ vendorId: 't1' }],
        messages: [{ vendorId: 'm1' }],
      })
    }
  })

  it('say which threads are gone', () => {
    expect(read('get_thread_full', thread(mail({ labels: ['TRASH'] })))).toMatchObject({
      conversations: [],
      removedVendorIds: ['t1'],
    })
    expect(read('get_thread_full', thread(mail({ labels: ['SPAM'] })))?.removedVendorIds).toEqual(['t1'])
  })

  it('map a whole envelope and name the record and field that is wrong', () => {
    expect(read('list_threads', { threads: [{ id: 'a' }, { snippet: 'no id' }] })).toMatchObject({
      ...{ conversations: [{ vendorId: 'a' }], quarantined: [{ path: 'threads[1].id' }] },
    })
    expect(
      read('list_send_as', {
        sendAs: [{ sendAsEmail: 'Help@Brand.example', isPrimary: true }, { sendAsEmail: 'x@y.z' }],
      }),
    ).toMatchObject({
      directory: { brands: [{ key: 'help@brand.example', name: 'Help@Brand.example' }] },
    })
    expect(read('get_message_full', [mail(), { id: 'm2', threadId: 't1' }])).toMatchObject({
      ...{ messages: [{ vendorId: 'm1' }], quarantined: [{ vendorId: 'm2', path: 'messages[1].internalDate' }] },
    })
  })

  it.each(gmail.operations.map((operation) => operation.name))(
    '%s takes any payload: it reads it or says where it is wrong',
    (name) => {
      fc.assert(
        fc.property(fc.anything(), (payload) => {
          try {
            expect(read(name, payload)).toHaveProperty('quarantined')
          } catch (error) {
            expect(isAppError(error, 'vendor_bad_answer')).toBe(true)
          }
        }),
      )
    },
  )

  it('know nothing of the mailbox around, and are read all the same', () => {
    expect(toConversation(readThreadOf(thread(mail())), nothingKnown).customer.email).toBe('nia@buyers.example')
  })
})

function readThreadOf(record: unknown) {
  const { thread: found } = readThread(record, 'thread')
  if (found === null) throw new Error('unreadable')
  return found
}
