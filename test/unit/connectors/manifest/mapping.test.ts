import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { createManifestConnector } from '../../../../main/connectors/manifest/connector.ts'
import type { ManifestInput } from '../../../../main/connectors/manifest/schema.ts'
import type { Unified } from '../../../../main/connectors/model.ts'
import { isAppError } from '../../../../main/errors.ts'
import { manifestOf, site } from './small.ts'

const readList = (payload: unknown, change?: (manifest: ManifestInput) => unknown): Unified => {
  const operation = createManifestConnector(manifestOf(change)).operations.find((each) => each.name === 'list')
  if (operation === undefined) throw new Error('no list')
  return operation.read(payload, site)
}
const readOne = (record: Record<string, unknown>, change?: (manifest: ManifestInput) => unknown) => {
  const { conversations, quarantined } = readList(
    { questions: [{ id: 7, changed: '2026-03-01T10:00:00Z', ...record }] },
    change,
  )
  expect(quarantined).toEqual([])
  return conversations[0]
}
const fields = (part: Partial<ManifestInput['conversations']['fields']>) => (m: ManifestInput) =>
  Object.assign(m.conversations.fields, part)

describe('a record', () => {
  it('is mapped field by field, and what no field takes is kept', () => {
    const one = readOne(
      {
        title: 'Lost hours',
        status: 'odd',
        tags: ['a', 'b', 'a'],
        made: '2026-02-01',
        who: { id: 5, name: 'Kim', mail: 'kim@x.example' },
        extra: { deep: 1 },
        empty: null,
        due: '2026-03-02 08:30',
      },
      fields({
        customer: { id: '$.who.id', name: '$.who.name', email: '$.who.mail' },
        dueAt: '$.due',
        url: 'https://tallybook.example/q/<%= $.id %>?t=<%= account.note %>',
      }),
    )
    expect(one).toMatchObject({
      vendorId: '7',
      subject: 'Lost hours',
      status: 'open',
      vendorStatus: { id: 'odd', label: 'Odd' },
      tags: ['a', 'b'],
      customer: { vendorId: '5', name: 'Kim', email: 'kim@x.example', phone: null },
      createdAt: Date.UTC(2026, 1, 1),
      updatedAt: Date.UTC(2026, 2, 1, 10),
      dueAt: Date.UTC(2026, 2, 2, 8, 30),
      url: 'https://tallybook.example/q/7?t=hello',
    })
    expect(one?.vendor).toEqual({
      status: 'odd',
      extra: { deep: 1 },
      who: { id: 5, name: 'Kim', mail: 'kim@x.example' },
    })
  })

  it('is composed of several members, and of none when none is there', () => {
    const change = fields({ subject: '<%= $.project.name %>: <%= $.reason %>' })
    expect(readOne({ project: { name: 'Shop' }, reason: 'late' }, change)?.subject).toBe('Shop: late')
    expect(readOne({ reason: 'late' }, change)?.subject).toBe(': late')
    expect(readOne({}, change)?.subject).toBe('')
  })

  it("translates the vendor's words, and keeps those it does not know", () => {
    const change = fields({
      status: { from: '$.state', values: { '2': 'pending', true: 'solved' } },
      priority: { from: '$.level', values: { hot: 'urgent' }, otherwise: 'low' },
      channel: 'chat',
    })
    expect(readOne({ state: 2, level: 'hot' }, change)).toMatchObject({
      status: 'pending',
      priority: 'urgent',
      channel: 'chat',
      vendorStatus: { id: '2' },
    })
    expect(readOne({ state: true, level: 'mild' }, change)).toMatchObject({ status: 'solved', priority: 'low' })
    const strange = readOne({ state: 'constructor' }, change)
    expect(strange).toMatchObject({ status: 'open', vendor: { status: 'constructor' } })
  })

  it.each([
    ['iso', '2026-03-01T10:00:00Z', Date.UTC(2026, 2, 1, 10)],
    ['iso', '2026-03-01T10:00:00+02:00', Date.UTC(2026, 2, 1, 8)],
    ['iso', '2026-03-01T10:00:00-0130', Date.UTC(2026, 2, 1, 11, 30)],
    ['iso', '2026-03-01 10:00', Date.UTC(2026, 2, 1, 10)],
    ['iso', '2026-03-01T10:00:00.250Z', Date.UTC(2026, 2, 1, 10) + 250],
    ['seconds', 1_772_359_200, 1_772_359_200_000],
    ['seconds', '1772359200.5', 1_772_359_200_500],
    ['milliseconds', 1_772_359_200_123, 1_772_359_200_123],
  ] as const)('has times as %s: %j', (times, value, ms) => {
    const { conversations } = readList({ questions: [{ id: 1, changed: value }] }, (m) =>
      Object.assign(m.api, { times }),
    )
    expect(conversations[0]?.updatedAt).toBe(ms)
  })

  it.each(['', 'yesterday', '03/01/2026', null, {}, [], 9e99, 'Infinity', '1772359200'])(
    'with %j for a time is quarantined at its field, and the rest goes on',
    (changed) => {
      const { conversations, quarantined } = readList({
        questions: [{ id: 1, changed }, { id: 2, changed: '2026-01-01' }, 'x', null, { changed: '2026-01-01' }],
      })
      expect(conversations.map((one) => one.vendorId)).toEqual(['2'])
      expect(quarantined).toEqual([
        { vendorId: '1', path: 'questions[0].changed', reason: 'not a time' },
        { vendorId: null, path: 'questions[2]', reason: 'not an object' },
        { vendorId: null, path: 'questions[3]', reason: 'not an object' },
        { vendorId: null, path: 'questions[4].id', reason: 'no id' },
      ])
    },
  )

  it('that is gone is told as gone, even when it cannot be read', () => {
    const change = (m: ManifestInput) => Object.assign(m.conversations, { removed: '$.dropped' })
    expect(
      readList(
        {
          questions: [
            { id: 1, dropped: true },
            { id: 2, changed: '2026-01-01', dropped: false },
          ],
        },
        change,
      ),
    ).toMatchObject({
      removedVendorIds: ['1'],
      conversations: [{ vendorId: '2' }],
      quarantined: [],
    })
  })

  it('never gets an address that is not https', () => {
    for (const link of [
      'javascript:alert(1)',
      'http://a.example',
      'file:///etc/passwd',
      '//a.example',
      'https://u:p@a.example',
      '',
      7,
      null,
    ])
      expect(readOne({ link }, fields({ url: '$.link' }))?.url).toBe('https://acme.tallybook.example/')
    expect(readOne({ link: 'https://a.example/1' }, fields({ url: '$.link' }))?.url).toBe('https://a.example/1')
  })
})

describe('a payload', () => {
  const good = { id: 1, changed: '2026-01-01' }
  it.each([
    ['the envelope', { questions: [good] }],
    ['a list of envelopes', [{ questions: [good] }, { questions: [] }]],
    ['the list alone', [good]],
    ['one record alone', good],
  ])('may be %s', (_what, payload) => {
    expect(readList(payload).conversations.map((one) => one.vendorId)).toEqual(['1'])
  })

  it.each([null, 3, 'x', true, {}, { questions: null }, { questions: { a: 1 } }, { others: [] }])(
    '%j is not of this kind',
    (payload) => {
      expect(() => readList(payload)).toThrow(
        expect.objectContaining({ code: 'vendor_bad_answer', detail: expect.stringContaining('answer') }),
      )
    },
  )

  it('with a path of many branches may be empty', () => {
    const change = (m: ManifestInput) => Object.assign(m.conversations, { records: '$.groups[*].items[*]' })
    expect(
      readList({ groups: [{ items: [good] }, { items: [{ ...good, id: 2 }] }] }, change).conversations,
    ).toHaveLength(2)
    expect(readList({ groups: [] }, change).conversations).toEqual([])
  })

  it('never makes the mapping throw anything but "not of this kind", and every field has its type', () => {
    const connector = createManifestConnector(
      manifestOf((m) => {
        Object.assign(m.conversations.fields, {
          customer: { id: '$.who.id', name: '$..name', email: 'x<%= $.who.mail %>', phone: '$.who[*]' },
          status: { from: '$.status', values: { a: 'closed' }, otherwise: 'pending' },
          preview: '$.who',
          dueAt: { from: '$.due', time: 'seconds' },
          url: '$.link',
        })
        Object.assign(m.conversations, {
          removed: '$.gone',
          total: '$.total',
          description: { id: '<%= $.id %>-0', createdAt: '$.changed', html: '$.html', role: '$.role' },
        })
        Object.assign(m.thread.messages?.fields ?? {}, {
          kind: { from: '$.private', values: { true: 'note' } },
          html: '$.html',
          attachments: { records: '$.files[*]', fields: { url: '$.url', size: '$.size', name: '$.name' } },
        })
      }),
    )
    const word = fc.constantFrom(
      'id',
      'changed',
      'status',
      'tags',
      'who',
      'mail',
      'name',
      'due',
      'link',
      'gone',
      'html',
      'role',
      'files',
      'url',
      'at',
      'private',
      'text',
    )
    const scalar = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.integer(),
      fc.double(),
      fc.boolean(),
      fc.constant(null),
      fc.constantFrom('2026-01-01', 'a', 'true', 'https://a.example'),
    )
    const thing = fc.letrec((tie) => ({
      any: fc.oneof(
        { depthSize: 'small' },
        scalar,
        fc.array(tie('any'), { maxLength: 4 }),
        fc.dictionary(word, tie('any'), { maxKeys: 6 }),
      ),
    })).any
    const text = (value: unknown) => typeof value === 'string'
    fc.assert(
      fc.property(fc.array(thing, { maxLength: 4 }), thing, (records, other) => {
        for (const operation of connector.operations) {
          for (const payload of [{ questions: records, comments: records }, records, other]) {
            try {
              const read = operation.read(payload, site)
              for (const one of read.conversations) {
                expect(
                  [one.vendorId, one.subject, one.preview, one.url, one.vendorStatus.id, one.vendorStatus.label].every(
                    text,
                  ),
                ).toBe(true)
                expect(one.url).toMatch(/^https:/)
                expect(Number.isFinite(one.updatedAt) && Number.isFinite(one.createdAt)).toBe(true)
                expect(one.tags.every(text)).toBe(true)
              }
              for (const message of read.messages) {
                expect(text(message.bodyText) && Number.isFinite(message.createdAt)).toBe(true)
                for (const file of message.attachments) expect(file.url).toMatch(/^https:/)
              }
              for (const bad of read.quarantined) expect(text(bad.path) && text(bad.reason)).toBe(true)
            } catch (error) {
              if (!isAppError(error, 'vendor_bad_answer')) throw error
              expect(error.detail).not.toBe('')
            }
          }
        }
      }),
      { numRuns: 300 },
    )
  })
})

describe('a message', () => {
  const read = (comment: Record<string, unknown>, part: object) => {
    const change = (m: ManifestInput) => Object.assign(m.thread.messages?.fields ?? {}, part)
    const operation = createManifestConnector(manifestOf(change)).operations.find((each) => each.name === 'comments')
    return operation?.read({ comments: [{ id: 1, at: '2026-01-01', text: 'hi', ...comment }] }, site).messages[0]
  }

  it('of an unknown kind is a note, so that nothing private looks as if it had been sent', () => {
    const kind = { kind: { from: '$.private', values: { false: 'reply', true: 'note' } } }
    expect(read({ private: false }, kind)?.kind).toBe('reply')
    expect(read({ private: true }, kind)?.kind).toBe('note')
    expect(read({ private: 'maybe' }, kind)).toMatchObject({ kind: 'note', vendor: { kind: 'maybe' } })
    expect(read({}, kind)?.kind).toBe('note')
    expect(read({}, {})?.kind).toBe('reply')
  })

  it('of an unknown author is nobody speaking to us', () => {
    const role = { role: { from: '$.by', values: { staff: 'agent', client: 'customer' } } }
    expect(read({ by: 'client' }, role)).toMatchObject({ direction: 'in', author: { role: 'customer' } })
    expect(read({ by: 'staff' }, role)).toMatchObject({ direction: 'out', author: { role: 'agent' } })
    expect(read({ by: 'robot' }, role)).toMatchObject({ direction: 'out', author: { role: 'system' } })
  })

  it('has its text from HTML where there is no other', () => {
    expect(read({ text: undefined, html: '<p>One<br>two</p>' }, { html: '$.html' })).toMatchObject({
      bodyHtml: '<p>One<br>two</p>',
      bodyText: 'One\ntwo',
    })
  })
})
