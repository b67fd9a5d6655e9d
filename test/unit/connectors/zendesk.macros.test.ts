import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { escapeHtml, htmlToText, sameText, textToHtml } from '../../../main/connectors/text.ts'
import { readApplied } from '../../../main/connectors/zendesk/apply-macro.ts'
import { zendesk } from '../../../main/connectors/zendesk/index.ts'
import { readMacros } from '../../../main/connectors/zendesk/macros.ts'
import * as own from './fixtures.ts'

const statuses = [{ id: '7001', label: 'Waiting for the workshop', status: 'on_hold' as const }]

const commandsOf = (actions: unknown[], me: string | null = '501') =>
  readMacros({ macros: [{ id: 1, title: 'One', actions }] }, { me, statuses }).values[0]?.commands

describe('a macro', () => {
  it.each([
    [
      'an answer in HTML',
      [{ field: 'comment_value_html', value: '<p>Hello<br>you</p>' }],
      [{ kind: 'reply', bodyText: 'Hello\nyou', bodyHtml: '<p>Hello<br>you</p>' }],
    ],
    [
      'an answer in plain text',
      [{ field: 'comment_value', value: 'a < b\n\nSee you' }],
      [{ kind: 'reply', bodyText: 'a < b\n\nSee you', bodyHtml: '<p>a &lt; b</p><p>See you</p>' }],
    ],
    [
      'a note for one channel',
      [
        { field: 'comment_mode_is_public', value: false },
        { field: 'comment_value', value: ['channel:all', 'Ask Jo'] },
      ],
      [{ kind: 'note', bodyText: 'Ask Jo', bodyHtml: '<p>Ask Jo</p>' }],
    ],
    [
      'the first of the answers for several channels',
      [
        { field: 'comment_value', value: ['channel:web', 'By mail'] },
        { field: 'comment_value', value: ['channel:chat', 'By chat'] },
      ],
      [{ kind: 'reply', bodyText: 'By mail', bodyHtml: '<p>By mail</p>' }],
    ],
    [
      'an answer whose words are in its plain text only',
      [
        { field: 'comment_value_html', value: '<p></p>' },
        { field: 'comment_value', value: 'Hello' },
      ],
      [{ kind: 'reply', bodyText: 'Hello', bodyHtml: '<p>Hello</p>' }],
    ],
    ['a status', [{ field: 'status', value: 'hold' }], [{ kind: 'status', status: 'on_hold', vendorStatusId: null }]],
    [
      "one of the site's own statuses",
      [{ field: 'custom_status_id', value: '7001' }],
      [{ kind: 'status', status: 'on_hold', vendorStatusId: '7001' }],
    ],
    [
      'the agent who uses it',
      [{ field: 'assignee_id', value: 'current_user' }],
      [{ kind: 'assign', assigneeVendorId: '501' }],
    ],
    ['somebody', [{ field: 'assignee_id', value: 777 }], [{ kind: 'assign', assigneeVendorId: '777' }]],
    ['nobody', [{ field: 'assignee_id', value: '' }], [{ kind: 'assign', assigneeVendorId: null }]],
    [
      'tags',
      [
        { field: 'current_tags', value: 'a b' },
        { field: 'remove_tags', value: 'c' },
      ],
      [{ kind: 'tags', add: ['a', 'b'], remove: ['c'] }],
    ],
    ['a priority', [{ field: 'priority', value: 'low' }], [{ kind: 'priority', priority: 'low' }]],
  ])('with %s', (_name, actions, commands) => {
    expect(commandsOf(actions)).toEqual(commands)
  })

  it('writes first and sets the status last, so that its reply opens nothing again', () => {
    const actions = [
      { field: 'status', value: 'solved' },
      { field: 'current_tags', value: 'done' },
      { field: 'comment_value', value: 'Bye' },
    ]
    expect(commandsOf(actions)?.map((command) => command.kind)).toEqual(['reply', 'tags', 'status'])
  })

  it.each([
    ['that is switched off', { active: false, actions: [{ field: 'status', value: 'solved' }] }],
    ['that sets only what Manydesk cannot', { actions: [{ field: 'group_id', value: '4' }] }],
    ['that takes a priority away', { actions: [{ field: 'priority', value: '' }] }],
    ['whose answer has no words', { actions: [{ field: 'comment_value_html', value: '<p>&nbsp;</p><img src="x">' }] }],
    ['with actions of another form', { actions: [null, 'status', { field: 4 }] }],
  ])('%s is not offered', (_name, part) => {
    expect(readMacros({ macros: [{ id: 1, title: 'One', ...part }] }, { me: null, statuses }).values).toEqual([])
  })

  it('that cannot be read is told with its path', () => {
    const { values, quarantined } = readMacros({ macros: [{ id: 1, title: 'One' }] }, { me: null, statuses })
    expect(values).toEqual([])
    expect(quarantined).toMatchObject([{ vendorId: '1', path: 'macros[0].actions' }])
  })
})

describe('what a macro would do, as the vendor works it out', () => {
  const operation = zendesk.operations.find((each) => each.name === 'show_ticket')
  const [conversation] = operation?.read({ ticket: own.zendeskTicket }, { subdomain: 'acme' }).conversations ?? []
  if (conversation === undefined) throw new Error('the fixture is a ticket')
  const apply = (change: object) =>
    readApplied({ result: { ticket: { ...own.zendeskTicket, ...change } } }, conversation, statuses)

  it('is nothing where the ticket would stay as it is', () => {
    expect(apply({})).toEqual([])
  })

  it('is what differs from the conversation, after the words', () => {
    const comment = { body: 'Hello Rosa', html_body: '<p>Hello Rosa</p>', public: true }
    const after = {
      status: 'solved',
      custom_status_id: 7004,
      priority: 'urgent',
      tags: ['tent', 'new'],
      assignee_id: null,
    }
    expect(apply({ comment, ...after })).toEqual([
      { kind: 'reply', bodyText: 'Hello Rosa', bodyHtml: '<p>Hello Rosa</p>' },
      { kind: 'assign', assigneeVendorId: null },
      { kind: 'priority', priority: 'urgent' },
      { kind: 'tags', add: ['new'], remove: ['warranty'] },
      { kind: 'status', status: 'solved', vendorStatusId: '7004' },
    ])
  })

  it('never takes away what the answer does not mention', () => {
    expect(readApplied({ result: { ticket: { comment: { body: 'Hi', public: false } } } }, conversation, [])).toEqual([
      { kind: 'note', bodyText: 'Hi', bodyHtml: '<p>Hi</p>' },
    ])
  })
})

describe('text as HTML', () => {
  it('shows exactly that text, whatever it holds', () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        const html = textToHtml(text)
        expect(html.replace(/<\/?p>|<br>/g, '')).not.toMatch(/[<>"']/)
        if (!/[\0\p{C}]/u.test(text)) expect(sameText(htmlToText(html), text.replaceAll('\u00a0', ' '))).toBe(true)
      }),
    )
    expect(escapeHtml(`<a href="x">'&`)).toBe('&lt;a href=&quot;x&quot;&gt;&#39;&amp;')
  })
})
