import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { chooseView, readPipelines, stagesOf, statusesOf } from '../../../main/connectors/freshsales/directory.ts'
import { readError } from '../../../main/connectors/freshsales/errors.ts'
import { keyOfTarget, readKey } from '../../../main/connectors/freshsales/ids.ts'
import { freshsales } from '../../../main/connectors/freshsales/index.ts'
import { stageStatus } from '../../../main/connectors/freshsales/map.ts'
import { readPayload } from '../../../main/connectors/freshsales/payload.ts'

const site = { subdomain: 'acme-sales', organisation: 'acme', dealsView: '', contactsView: '' }
const operation = (name: string) => {
  const found = freshsales.operations.find((each) => each.name === name)
  if (found === undefined) throw new Error(`no operation ${name}`)
  return found
}
const read = (name: string, payload: unknown) => operation(name).read(payload, site)

const pipelineAnswer = {
  deal_pipelines: [
    {
      id: 21,
      name: 'New Business',
      deal_stages: [
        { id: 34, name: 'Lost', position: 4, forecast_type: 'Closed Lost' },
        { id: 31, name: 'New', position: 1, forecast_type: 'Open' },
        { id: 32, name: 'Waiting for the customer', position: 2, forecast_type: 'Open' },
        { id: 33, name: 'Won', position: 3, forecast_type: 'Closed Won' },
      ],
    },
    {
      id: 22,
      name: 'Renewals',
      deal_stages: [
        { id: 41, name: 'Due', position: 1 },
        { id: 42, name: 'Talks', position: 2 },
      ],
    },
  ],
}
const world = { host: 'acme-sales.myfreshworks.com', stages: stagesOf(readPipelines(pipelineAnswer)) }
const deal = {
  id: 50001234567,
  name: 'Renewal - Blue Lamp Ltd',
  amount: '1200.0',
  deal_pipeline_id: 21,
  deal_stage_id: 32,
  sales_account_id: 400,
  owner_id: 7,
  contact_ids: [9],
  tags: ['renewal'],
  recent_note: '<p>Asked for <b>10%</b></p>',
  expected_close: '2026-03-31',
  collaboration: { id: '50001234567', convo_token: 'very-secret' },
  links: { notes: '/crm/sales/deals/50001234567/notes' },
  is_deleted: false,
  created_at: '2026-01-20T09:00:00+01:00',
  updated_at: '2026-02-01T10:11:12+01:00',
}

describe('a deal of Freshsales', () => {
  it('becomes a conversation, with the contact and company that came beside it', () => {
    const payload = {
      deals: [deal],
      contacts: [
        { id: 9, display_name: 'Kim Lee', email: null, emails: [{ value: 'kim@lamp.example' }], work_number: '123' },
      ],
      sales_accounts: [{ id: 400, name: 'Blue Lamp Ltd' }],
      users: [{ id: 7, display_name: 'Ida Berg', email: 'ida@brand.example', is_active: false }],
    }
    const result = readPayload(payload, ['deal'], world)
    expect(result.conversations).toEqual([
      {
        vendorId: 'deal:50001234567',
        version: Date.UTC(2026, 1, 1, 9, 11, 12),
        subject: 'Renewal - Blue Lamp Ltd',
        preview: 'Asked for 10%',
        status: 'pending',
        vendorStatus: { id: '32', label: 'Waiting for the customer' },
        statusScope: '21',
        commands: ['note', 'status', 'assign', 'tags'],
        priority: null,
        channel: 'other',
        customer: { vendorId: '9', name: 'Kim Lee', email: 'kim@lamp.example', phone: '123' },
        assigneeVendorId: '7',
        groupVendorId: null,
        tags: ['renewal'],
        brandKey: 'pipeline:21',
        createdAt: Date.UTC(2026, 0, 20, 8),
        updatedAt: Date.UTC(2026, 1, 1, 9, 11, 12),
        lastMessageBy: null,
        dueAt: Date.UTC(2026, 2, 31),
        url: 'https://acme-sales.myfreshworks.com/crm/sales/deals/50001234567',
        vendor: { amount: '1200.0' },
      },
    ])
    expect(result.people.map((person) => person.vendorId)).toEqual(['9', 'account:400'])
    expect(result.directory.agents).toEqual([
      { vendorId: '7', name: 'Ida Berg', email: 'ida@brand.example', active: false },
    ])
  })

  it('is of its company where no contact is known, and has no customer where neither is', () => {
    const of = (payload: object) => readPayload(payload, ['deal'], world).conversations[0]?.customer
    expect(of({ deal, sales_accounts: [{ id: 400, name: 'Blue Lamp Ltd', phone: '55' }] })).toEqual({
      vendorId: 'account:400',
      name: 'Blue Lamp Ltd',
      email: null,
      phone: '55',
    })
    expect(of({ deal })?.vendorId).toBeNull()
  })

  it('that is deleted is gone, also by an event', () => {
    expect(read('list_deals', { deals: [{ ...deal, is_deleted: true }] })).toMatchObject({
      conversations: [],
      removedVendorIds: ['deal:50001234567'],
    })
    const event = { event: 'onDealDelete', data: { deal } }
    expect(read('event_deal', event)).toMatchObject({ conversations: [], removedVendorIds: ['deal:50001234567'] })
    expect(read('event_deal', { event: 'onDealUpdate', data: { deal } }).conversations).toHaveLength(1)
  })

  it('that cannot be read is set aside with the path, in pages of pages, too', () => {
    const { conversations, quarantined } = read('list_deals', [
      { deals: [deal] },
      { deals: [{ ...deal, updated_at: 'soon' }, 'x'] },
    ])
    expect(conversations).toHaveLength(1)
    expect(quarantined.map((each) => [each.vendorId, each.path])).toEqual([
      ['deal:50001234567', '[1].deals[0].updated_at'],
      [null, '[1].deals[1]'],
    ])
  })

  it('is read in every form: the list, the record, and both without a wrapper', () => {
    for (const payload of [{ deals: [deal] }, { deal }, deal, [deal]]) {
      expect(read('list_deals', payload).conversations.map((one) => one.vendorId)).toEqual(['deal:50001234567'])
    }
  })
})

describe('stages', () => {
  it('keep the order and meaning of their pipeline, and are offered to its own deals', () => {
    const statuses = statusesOf(readPipelines(pipelineAnswer))
    expect(statuses.map((each) => [each.id, each.status, each.scope])).toEqual([
      ['31', 'new', '21'],
      ['32', 'pending', '21'],
      ['33', 'solved', '21'],
      ['34', 'closed', '21'],
      ['41', 'new', '22'],
      ['42', 'open', '22'],
      ['0', 'open', 'task'],
      ['1', 'solved', 'task'],
    ])
  })

  it.each([
    ['Anything', 'Closed Won', true, 'solved'],
    ['Anything', 'Closed Lost', false, 'closed'],
    ['Awaiting signature', 'Open', false, 'pending'],
    ['First contact', null, true, 'new'],
    ['Talks', null, false, 'open'],
  ] as const)('%s (%s, first: %s) is %s', (label, forecast, first, status) =>
    expect(stageStatus(label, forecast, first)).toBe(status),
  )

  it('a stage nobody told the name of shows its number; a closed deal in it is closed', () => {
    const [open, closed] = read('list_deals', {
      deals: [
        { ...deal, deal_stage_id: 99 },
        { ...deal, closed_date: '2026-02-01' },
      ],
    }).conversations
    expect(open).toMatchObject({ status: 'open', vendorStatus: { id: '99', label: 'Stage 99' } })
    expect(closed?.status).toBe('closed')
  })
})

describe('tasks, contacts and what is noted', () => {
  const task = {
    id: 5,
    title: 'Call back',
    description: 'About the rebate',
    status: 1,
    due_date: '2026-02-10T10:00:00Z',
    owner_id: 7,
    targetable_id: 9,
    targetable_type: 'Contact',
    created_at: '2026-01-20T09:00:00Z',
    updated_at: '2026-01-21T09:00:00Z',
  }

  it('a task knows whom it is about, and that only completing and handing over can be done', () => {
    const [row] = read('list_tasks', {
      tasks: [task],
      contacts: [{ id: 9, first_name: 'Kim', last_name: 'Lee' }],
    }).conversations
    expect(row).toMatchObject({
      vendorId: 'task:5',
      subject: 'Call back',
      preview: 'About the rebate',
      status: 'solved',
      vendorStatus: { id: '1', label: 'Completed' },
      statusScope: 'task',
      commands: ['status', 'assign'],
      customer: { vendorId: '9', name: 'Kim Lee' },
      url: 'https://acme-sales.myfreshworks.com/crm/sales/contacts/9',
    })
    expect(read('list_tasks', { tasks: [{ ...task, status: 4 }] }).conversations[0]).toMatchObject({
      status: 'open',
      vendorStatus: { id: '4' },
    })
  })

  it('notes may be HTML, and name their author from beside', () => {
    const note = { id: 3, targetable_type: 'Deal', targetable_id: 8, creater_id: 7, created_at: '2026-01-20T09:00:00Z' }
    const { messages } = read('list_notes', {
      notes: [
        { ...note, description: '<p>Tom &amp; me</p>' },
        { ...note, id: 4, description: 'a < b' },
      ],
      users: [{ id: 7, display_name: 'Ida Berg', email: 'ida@brand.example' }],
    })
    expect(messages).toMatchObject([
      {
        vendorId: 'note:3',
        conversationVendorId: 'deal:8',
        kind: 'note',
        direction: 'out',
        bodyText: 'Tom & me',
        bodyHtml: '<p>Tom &amp; me</p>',
        author: { name: 'Ida Berg', role: 'agent' },
      },
      { vendorId: 'note:4', bodyText: 'a < b', bodyHtml: null },
    ])
  })

  it('a contact that left its view waits no longer', () => {
    const contact = { id: 9, first_name: 'Kim', created_at: '2026-01-20T09:00:00Z', updated_at: '2026-01-20T09:00:00Z' }
    const row = (contactsWait: boolean) =>
      readPayload({ contact }, ['contact'], { ...world, contactsWait }).conversations[0]
    expect(row(true)).toMatchObject({ vendorId: 'contact:9', status: 'open', commands: ['note', 'assign', 'tags'] })
    expect(row(false)).toMatchObject({ status: 'solved', vendorStatus: { label: 'Left the view' } })
  })

  it('ids say which kind they are of; others are refused', () => {
    expect(readKey('deal:5')).toEqual({ kind: 'deal', id: '5' })
    expect(() => readKey('ticket:5')).toThrow(expect.objectContaining({ code: 'vendor_not_found' }))
    expect(keyOfTarget('Contact', '9')).toBe('contact:9')
    expect(keyOfTarget('SalesAccount', '9')).toBeNull()
  })
})

describe('the saved view to read', () => {
  const view = (id: string, name: string, is_default = false) => ({ id, name, is_default })
  it('is the one that was named, else "All …", else the default, and never one that is only assumed', () => {
    const views = [view('1', 'My Deals', true), view('2', 'All Deals'), view('3', 'Waiting  for us')]
    expect(chooseView(views, '')?.id).toBe('2')
    expect(chooseView(views, 'my deals')?.id).toBe('1')
    expect(chooseView(views, 'Won Deals')).toBeUndefined()
    expect(chooseView([view('1', 'Meine'), view('4', 'Alle', true)], '')?.id).toBe('4')
    expect(chooseView([], '')).toBeUndefined()
  })
})

describe('payloads that are something else', () => {
  it.each(freshsales.operations.map((each) => [each.name, each] as const))(
    '%s refuses them with the path, and never fails otherwise',
    (_, each) => {
      for (const payload of [
        null,
        7,
        'text',
        { something: 'else' },
        { deals: 'none', tasks: 'none', deal_pipelines: 'none' },
      ]) {
        expect(() => each.read(payload, site)).toThrow(
          expect.objectContaining({ code: 'vendor_bad_answer', detail: expect.stringMatching(/^answer/) }),
        )
      }
      fc.assert(
        fc.property(fc.jsonValue(), (payload) => {
          try {
            for (const row of each.read(payload, site).conversations) expect(Number.isFinite(row.version)).toBe(true)
          } catch (error) {
            expect(error).toMatchObject({ code: 'vendor_bad_answer' })
          }
        }),
        { numRuns: 40 },
      )
    },
  )

  it('records with any fields are read or set aside, one by one', () => {
    const text = fc.oneof(fc.jsonValue(), fc.constantFrom('constructor', '__proto__', '2026-01-01T00:00:00Z', 'Deal'))
    const names = [
      ...Object.keys(deal),
      'title',
      'status',
      'due_date',
      'targetable_type',
      'targetable_id',
      'emails',
      'display_name',
      'description',
    ]
    const record = fc.record(Object.fromEntries(names.map((name) => [name, text])), { requiredKeys: [] })
    fc.assert(
      fc.property(record, (each) => {
        for (const [name, key] of [
          ['list_deals', 'deals'],
          ['list_tasks', 'tasks'],
          ['list_contacts', 'contacts'],
          ['list_notes', 'notes'],
        ] as const) {
          const result = read(name, { [key]: [each] })
          const count = result.conversations.length + result.messages.length + result.removedVendorIds.length
          expect(count + result.quarantined.length).toBe(1)
        }
      }),
      { numRuns: 200 },
    )
  })
})

describe('errors of Freshsales, in words', () => {
  const none = new Headers()
  it.each([
    [
      400,
      `{"errors":{"code":400,"message":["Name can't be blank","Amount is not a number"]}}`,
      'vendor_rejected',
      "can't be blank; Amount",
    ],
    [422, '{"errors":{"message":"Deal reason is missing"}}', 'vendor_rejected', 'Deal reason'],
    [401, '{"login":"failed","message":"expired"}', 'needs_sign_in', null],
    [403, '{"errors":{"code":403,"message":["no"]}}', 'vendor_forbidden', null],
    [404, '<h1>Not found</h1>', 'vendor_not_found', null],
    [429, '', 'rate_limited', null],
    [500, 'oops', 'vendor_failed', null],
  ])('%i %s is %s', (status, body, code, words) => {
    const error = readError(status, none, body)
    expect(error.code).toBe(code)
    if (words !== null) expect(error.message).toContain(words)
  })
})
