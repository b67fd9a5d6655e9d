import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { freshsales } from '../../../main/connectors/freshsales/index.ts'
import type { Command, Conversation } from '../../../main/connectors/model.ts'
import { covered } from '../coverage.ts'
import { type Connected, open, Shelf } from './connected.ts'
import { doEverything } from './everything.ts'

const site = 'acme-crm.myfreshworks.com'
const place = { subdomain: 'acme-crm', organisation: 'acme', dealsView: '', contactsView: 'Waiting for us' }
const vera = { site, email: 'vera.lindqvist@acme.example' }
const minute = 60_000
let account: Connected
let ctx: Connected['ctx']
let now = Date.now()
const shelf = new Shelf()

beforeAll(async () => {
  account = await open(freshsales, place, vera, 450)
  ctx = { ...account.ctx, now: () => now }
  await shelf.fill(freshsales, ctx)
}, 120_000)
afterAll(() => account.close())

const control = () => account.sandbox.control
const rowsOf = (kind: string) => [...shelf.rows.values()].filter((row) => row.vendorId.startsWith(`${kind}:`))
const hello = (text: string) => ({ bodyText: text, bodyHtml: `<p>${text}</p>` })
const round = async (later = minute) => {
  now += later
  const before = shelf.pages.length
  await shelf.fill(freshsales, ctx)
  return shelf.pages.slice(before)
}

function dealIn(pipeline: string): Conversation {
  const found = rowsOf('deal').find((row) => row.statusScope === pipeline && ['open', 'new'].includes(row.status))
  if (found === undefined) throw new Error('no open deal in the content')
  return found
}

async function fresh(id: string): Promise<Conversation> {
  const { conversation } = await freshsales.thread(ctx, id)
  if (conversation === null) throw new Error('a thread tells its record')
  return conversation
}

const calls = async (path: string) =>
  (await control().requests({ host: site })).filter((request) => request.path.startsWith(`/crm/sales/api/${path}`))

describe('Freshsales against the sandbox', () => {
  it('knows who signed in, by the list of owners', () => {
    expect(ctx.account.identity).toMatchObject({ siteKey: site, name: 'Vera Lindqvist', email: vera.email })
  })

  it('reads all deals of both pipelines, all open tasks and the contacts of the view, and sets nothing aside', async () => {
    const known = await control().conversationIds(site, { limit: 100_000 })
    const deals = known.filter((id) => id.startsWith('deal:'))
    expect(
      rowsOf('deal')
        .map((row) => row.vendorId)
        .sort(),
    ).toEqual(deals.sort())
    expect(new Set(rowsOf('deal').map((row) => row.statusScope)).size).toBe(2)
    const tasks = known.filter((id) => id.startsWith('task:'))
    const states = await Promise.all(tasks.map((id) => control().conversation(site, id)))
    const openTasks = states.filter((one) => !['solved', 'closed'].includes(one.statusKind)).map((one) => one.id)
    expect(openTasks.length).toBeGreaterThan(5)
    expect(
      rowsOf('task')
        .map((row) => row.vendorId)
        .sort(),
    ).toEqual(openTasks.sort())
    expect(rowsOf('contact').length).toBeGreaterThan(3)
    expect(shelf.pages.flatMap((page) => page.quarantined)).toEqual([])
    expect(shelf.pages[0]?.total).toBeGreaterThan(100)
  })

  it('reads the deals that changed last first', () => {
    const changed = shelf.pages[0]?.conversations.map((one) => one.updatedAt) ?? []
    expect(changed.length).toBe(100)
    expect(changed).toEqual([...changed].sort((a, b) => b - a))
  })

  it('tells stage, pipeline, owner, customer, tags and due date of a deal', async () => {
    for (const row of rowsOf('deal').slice(0, 30)) {
      const truth = await control().conversation(site, row.vendorId)
      expect(row).toMatchObject({ subject: truth.subject, tags: truth.tags, vendorStatus: { id: truth.status } })
      expect(row.vendorStatus.label).not.toMatch(/^Stage/)
      expect(row.customer.email).toBe(truth.customer.email)
      const owner = (await freshsales.directory(ctx)).agents.find((agent) => agent.vendorId === row.assigneeVendorId)
      expect(owner?.email ?? null).toBe(truth.assignee)
      expect(row.url).toBe(`https://${site}/crm/sales/deals/${row.vendorId.slice(5)}`)
      expect(JSON.stringify(row)).not.toContain('signed.conversation.token')
    }
  })

  it('offers stages by pipeline, and only what can be done to each kind of record', async () => {
    const { statuses, brands } = await freshsales.directory(ctx)
    const scopes = new Set(statuses.map((status) => status.scope))
    expect([...scopes]).toHaveLength(3)
    expect(brands.map((brand) => brand.name)).toEqual(['New Business', 'Renewals'])
    for (const deal of rowsOf('deal').slice(0, 20)) {
      const own = statuses.filter((status) => status.scope === deal.statusScope)
      expect(own.map((status) => status.id)).toContain(deal.vendorStatus.id)
      expect(brands.map((brand) => brand.key)).toContain(deal.brandKey)
    }
    expect(rowsOf('deal')[0]?.commands).toEqual(['note', 'status', 'assign', 'tags'])
    expect(rowsOf('task')[0]?.commands).toEqual(['status', 'assign'])
    expect(rowsOf('contact')[0]?.commands).toEqual(['note', 'assign', 'tags'])
    expect(statuses.filter((status) => status.scope === 'task').map((status) => status.label)).toEqual([
      'Open',
      'Completed',
    ])
  })

  it('finds the deal that changed with one call for its list, and reads no other again', async () => {
    await round()
    await control().clearRequests()
    const [, , deal] = rowsOf('deal').filter((row) => row.status !== 'closed' && row.updatedAt < now - 60 * minute)
    const [id = ''] = [deal?.vendorId]
    const pipelines = (await freshsales.directory(ctx)).brands
    const inView = rowsOf('deal').find((row) => row.brandKey === pipelines[0]?.key && row.updatedAt < now - 60 * minute)
    await control().change(site, inView?.vendorId ?? id, { tags: ['vip'] })
    const pages = await round()
    expect(shelf.rows.get(inView?.vendorId ?? '')?.tags).toEqual(['vip'])
    expect((await calls('deals/view')).length).toBe(1)
    expect((await calls('filtered_search')).length).toBe(0)
    expect((await calls('deals/5')).length).toBe(0)
    expect(pages.at(-1)?.more).toBe(false)
    covered('freshsales', 'exercised', [
      'list_deals',
      'list_tasks',
      'list_contacts',
      'list_owners',
      'list_deal_pipelines',
    ])
  })

  it('finds what changed in the pipeline that no view shows, within half an hour', async () => {
    const brands = (await freshsales.directory(ctx)).brands
    const other = rowsOf('deal').find((row) => row.brandKey === brands[1]?.key)
    if (other === undefined) throw new Error('no deal in the second pipeline')
    await control().change(site, other.vendorId, { subject: 'Renewal moved' })
    await round()
    expect(shelf.rows.get(other.vendorId)?.subject).not.toBe('Renewal moved')
    await control().clearRequests()
    await round(31 * minute)
    expect(shelf.rows.get(other.vendorId)).toMatchObject({ subject: 'Renewal moved', customer: other.customer })
    expect((await calls('deals/5')).length).toBeLessThan(10)
    covered('freshsales', 'exercised', ['search_deals', 'get_deal'])
  })

  it('notices that a task was completed by a colleague, and that another was deleted', async () => {
    const [done, gone] = rowsOf('task').filter((row) => row.status === 'open')
    if (done === undefined || gone === undefined) throw new Error('too few open tasks')
    await control().change(site, done.vendorId, { status: '50000000105' })
    await control().hide(site, gone.vendorId, 'deleted')
    const pages = await round()
    expect(shelf.rows.get(done.vendorId)).toMatchObject({ status: 'solved', vendorStatus: { label: 'Completed' } })
    expect(pages.flatMap((page) => page.removedVendorIds)).toEqual([gone.vendorId])
    covered('freshsales', 'exercised', ['get_task'])
  })

  it('notices within a day that a deal was deleted', async () => {
    const [gone] = rowsOf('deal').filter(
      (row) => row.status === 'open' && row.brandKey === dealIn(row.statusScope ?? '').brandKey,
    )
    const inView = (await freshsales.directory(ctx)).brands[0]?.key
    const deal = rowsOf('deal').find((row) => row.brandKey === inView && row.status === 'open') ?? gone
    if (deal === undefined) throw new Error('no open deal')
    await control().hide(site, deal.vendorId, 'deleted')
    await round()
    expect(shelf.rows.has(deal.vendorId)).toBe(true)
    await round(25 * 60 * minute)
    expect(shelf.rows.has(deal.vendorId)).toBe(false)
    await expect(freshsales.thread(ctx, deal.vendorId)).rejects.toMatchObject({ code: 'vendor_not_found' })
  })

  it('takes a contact for answered when it leaves the view, and for waiting when it comes back', async () => {
    const [row] = rowsOf('contact').filter((each) => each.status === 'open')
    const known = await control().conversationIds(site, { limit: 100_000 })
    const own = (await Promise.all(known.map((id) => control().conversation(site, id)))).find(
      (one) => one.customer.email === row?.customer.email,
    )
    if (row === undefined || own === undefined) throw new Error('no contact that waits')
    await control().agentWrites(site, own.id, 'tom.reuter@acme.example', 'reply', 'Done')
    await round(11 * minute)
    expect(shelf.rows.get(row.vendorId)).toMatchObject({ status: 'solved', vendorStatus: { label: 'Left the view' } })
    await control().customerWrites(site, own.id, 'Still open')
    await round(11 * minute)
    expect(shelf.rows.get(row.vendorId)).toMatchObject({ status: 'open' })
    covered('freshsales', 'exercised', ['get_contact'])
  })

  it('misses no deal that changes while the pages are read', async () => {
    const again = new Shelf()
    const brand = (await freshsales.directory(ctx)).brands[0]?.key
    const ids = rowsOf('deal')
      .filter((row) => row.brandKey === brand)
      .map((row) => row.vendorId)
    const touched: string[] = []
    await again.fill(freshsales, ctx, async (page) => {
      const id = ids[(page * 31 + 7) % ids.length] ?? ''
      await control().change(site, id, { tags: [`while-${page}`] })
      touched.push(id)
    })
    now += minute
    await again.fill(freshsales, ctx)
    expect(touched.length).toBeGreaterThan(4)
    for (const id of ids) expect(again.rows.has(id), id).toBe(true)
    for (const id of touched) expect(again.rows.get(id)?.tags[0], id).toMatch(/^while-/)
  })

  it('reads the thread of a deal: notes and logged mails of colleagues, oldest first', async () => {
    const deal = rowsOf('deal').find((row) => row.preview !== '')
    if (deal === undefined) throw new Error('no deal with a note')
    await control().agentWrites(site, deal.vendorId, 'tom.reuter@acme.example', 'note', 'Called them')
    await control().agentWrites(site, deal.vendorId, 'ada.okafor@acme.example', 'reply', 'Our offer')
    const { messages, quarantined } = await freshsales.thread(ctx, deal.vendorId)
    expect(quarantined).toEqual([])
    const last = (kind: string) => messages.findLast((each) => each.kind === kind)
    expect(last('note')).toMatchObject({
      kind: 'note',
      direction: 'out',
      bodyText: 'Called them',
      author: { name: 'Tom Reuter', role: 'agent' },
    })
    expect(last('event')).toMatchObject({
      kind: 'event',
      bodyText: 'E-mail\nOur offer',
      author: { name: 'Ada Okafor' },
    })
    expect(messages.every((each) => each.conversationVendorId === deal.vendorId)).toBe(true)
    expect(messages.map((each) => each.createdAt)).toEqual(messages.map((each) => each.createdAt).sort((a, b) => a - b))
    covered('freshsales', 'exercised', ['list_notes', 'list_sales_activities'])
  })

  it('reads the thread of a task and of a contact', async () => {
    const [task] = rowsOf('task').filter((row) => row.status === 'open')
    const read = await freshsales.thread(ctx, task?.vendorId ?? '')
    expect(read.messages).toMatchObject([
      { kind: 'note', vendorId: task?.vendorId, author: { name: 'Vera Lindqvist' } },
    ])
    expect(read.conversation?.customer.email).toContain('@')
    const [contact] = rowsOf('contact')
    expect((await freshsales.thread(ctx, contact?.vendorId ?? '')).conversation).toMatchObject({
      vendorId: contact?.vendorId,
    })
  })

  it('adds a note to a deal and to a contact, exactly once, and finds it again by looking', async () => {
    for (const one of [dealIn(rowsOf('deal')[0]?.statusScope ?? ''), rowsOf('contact')[0]]) {
      if (one === undefined) throw new Error('nothing to note')
      const command = { kind: 'note', ...hello(`They want a rebate on ${one.subject}`) } as const
      const sentAt = Date.now()
      const receipt = await freshsales.execute(ctx, one, command)
      expect(receipt.message).toMatchObject({
        kind: 'note',
        bodyText: command.bodyText,
        author: { name: 'Vera Lindqvist' },
      })
      const { messages } = await freshsales.thread(ctx, one.vendorId)
      expect(messages.filter((each) => each.bodyText === command.bodyText).map((each) => each.vendorId)).toEqual([
        receipt.messageVendorId,
      ])
      expect(await freshsales.probe(ctx, one, command, sentAt)).toMatchObject({
        messageVendorId: receipt.messageVendorId,
      })
      expect(await freshsales.probe(ctx, one, { kind: 'note', ...hello('Other') }, sentAt)).toBe('absent')
    }
    covered('freshsales', 'exercised', ['create_note', 'note'])
  })

  it('does not know after a cut line, and finds out by looking', async () => {
    const deal = dealIn(rowsOf('deal')[0]?.statusScope ?? '')
    const command = { kind: 'note', ...hello('Cut off') } as const
    await control().fail({ kind: 'reset-after', target: { host: site, method: 'POST' } })
    await expect(freshsales.execute(ctx, deal, command)).rejects.toMatchObject({ outcome: 'unknown' })
    expect(await freshsales.probe(ctx, deal, command, Date.now())).toMatchObject({
      messageVendorId: expect.any(String),
    })
    const assign: Command = { kind: 'assign', assigneeVendorId: ctx.account.identity.vendorUserId }
    await control().fail({ kind: 'reset', target: { host: site, method: 'PUT' } })
    const before = await fresh(deal.vendorId)
    await expect(freshsales.execute(ctx, before, assign)).rejects.toMatchObject({ code: expect.any(String) })
    const done = before.assigneeVendorId === ctx.account.identity.vendorUserId
    expect((await freshsales.probe(ctx, before, assign, Date.now())) === 'absent').toBe(!done)
  })

  it('moves a deal through the stages of its own pipeline', async () => {
    const { statuses } = await freshsales.directory(ctx)
    for (const scope of new Set(rowsOf('deal').map((row) => row.statusScope ?? ''))) {
      const deal = dealIn(scope)
      for (const option of statuses.filter((status) => status.scope === scope)) {
        const command: Command = { kind: 'status', status: option.status, vendorStatusId: option.id }
        const receipt = await freshsales.execute(ctx, deal, command)
        expect(receipt.conversation).toMatchObject({
          status: option.status,
          vendorStatus: { label: option.label },
          customer: deal.customer,
        })
        expect(await freshsales.probe(ctx, deal, command, 0)).toMatchObject({ messageVendorId: null })
      }
      await freshsales.execute(ctx, deal, { kind: 'status', status: 'solved', vendorStatusId: null })
      expect((await control().conversation(site, deal.vendorId)).statusKind).toBe('solved')
    }
    const renewal = rowsOf('deal').find((row) => row.vendorStatus.label === 'Renewal due')
    const wrong: Command = { kind: 'status', status: 'on_hold', vendorStatusId: null }
    await expect(freshsales.execute(ctx, renewal as Conversation, wrong)).rejects.toMatchObject({
      code: 'not_supported',
      outcome: 'refused',
    })
    covered('freshsales', 'exercised', ['status', 'update_deal'])
  })

  it('shows what Freshsales says when it refuses a change', async () => {
    const deal = dealIn(rowsOf('deal')[0]?.statusScope ?? '')
    const other: Command = { kind: 'status', status: 'open', vendorStatusId: '777' }
    await expect(freshsales.execute(ctx, deal, other)).rejects.toMatchObject({
      code: 'vendor_rejected',
      message: expect.stringContaining('does not belong to the pipeline'),
      outcome: 'refused',
    })
  })

  it('completes a task, opens it again and hands it over', async () => {
    const [task] = rowsOf('task').filter((row) => row.status === 'open')
    if (task === undefined) throw new Error('no open task')
    const done: Command = { kind: 'status', status: 'solved', vendorStatusId: null }
    expect((await freshsales.execute(ctx, task, done)).conversation).toMatchObject({
      status: 'solved',
      customer: task.customer,
    })
    expect(await freshsales.probe(ctx, task, done, 0)).toMatchObject({ messageVendorId: null })
    const again: Command = { kind: 'status', status: 'open', vendorStatusId: '0' }
    expect((await freshsales.execute(ctx, task, again)).conversation).toMatchObject({ status: 'open' })
    const { agents } = await freshsales.directory(ctx)
    const tom = agents.find((agent) => agent.name === 'Tom Reuter')?.vendorId ?? ''
    await freshsales.execute(ctx, task, { kind: 'assign', assigneeVendorId: tom })
    expect(await control().conversation(site, task.vendorId)).toMatchObject({ assignee: 'tom.reuter@acme.example' })
    covered('freshsales', 'exercised', ['update_task', 'assign'])
  })

  it('changes tags and owner of deals and contacts, and keeps the tags of others', async () => {
    const deal = dealIn(rowsOf('deal')[0]?.statusScope ?? '')
    await control().change(site, deal.vendorId, { tags: ['theirs', 'old'] })
    const command: Command = { kind: 'tags', add: ['Mine', 'THEIRS'], remove: ['OLD'] }
    expect((await freshsales.execute(ctx, deal, command)).conversation).toMatchObject({ tags: ['theirs', 'Mine'] })
    expect(await freshsales.probe(ctx, deal, command, 0)).toMatchObject({ messageVendorId: null })
    const [contact] = rowsOf('contact')
    if (contact === undefined) throw new Error('no contact')
    await freshsales.execute(ctx, contact, { kind: 'tags', add: ['vip'], remove: [] })
    const receipt = await freshsales.execute(ctx, contact, { kind: 'assign', assigneeVendorId: null })
    expect(receipt.conversation).toMatchObject({ tags: ['vip'], assigneeVendorId: null, status: contact.status })
    covered('freshsales', 'exercised', ['tags', 'update_contact'])
  })

  it('says before sending what the API has no way to do', async () => {
    const [deal, task, contact] = [rowsOf('deal')[0], rowsOf('task')[0], rowsOf('contact')[0]]
    await control().clearRequests()
    const impossible: [Conversation | undefined, Command][] = [
      [deal, { kind: 'reply', ...hello('x') }],
      [deal, { kind: 'priority', priority: 'high' }],
      [task, { kind: 'note', ...hello('x') }],
      [task, { kind: 'tags', add: ['x'], remove: [] }],
      [contact, { kind: 'status', status: 'solved', vendorStatusId: null }],
    ]
    for (const [one, command] of impossible) {
      await expect(freshsales.execute(ctx, one as Conversation, command)).rejects.toMatchObject({
        code: 'not_supported',
        outcome: 'refused',
      })
    }
    expect((await control().requests({ host: site })).filter((request) => request.method !== 'GET')).toEqual([])
    expect(freshsales.capabilities.limits?.length).toBeGreaterThan(4)
  })

  it('goes on after every page from its cursor alone, and a damaged cursor starts over', async () => {
    const page = await freshsales.pull(ctx, null)
    const second = await freshsales.pull(ctx, page.cursor)
    expect((await freshsales.pull(ctx, page.cursor)).conversations.map((one) => one.vendorId)).toEqual(
      second.conversations.map((one) => one.vendorId),
    )
    expect((await freshsales.pull(ctx, '{"broken"')).conversations.length).toBe(page.conversations.length)
  })

  it.each(['malformed', 'empty', 'huge'] as const)('does not take a %s answer for data', async (kind) => {
    await control().fail({ kind, times: 1, target: { path: '/crm/sales/api/deals/view' } })
    await expect(freshsales.pull(ctx, null)).rejects.toMatchObject({ code: 'vendor_bad_answer' })
    await expect(freshsales.pull(ctx, null)).resolves.toMatchObject({ quarantined: [] })
  })

  it('sets a deal it cannot read aside with the path of the field, and reads the rest', async () => {
    const deals = [
      { id: 1, name: 'Fine', created_at: '2026-01-01T00:00:00Z', updated_at: '2026-01-01T00:00:00Z' },
      { id: 2, updated_at: 'soon' },
    ]
    const body = JSON.stringify({ deals, meta: { total_pages: 1, total: 2 } })
    await control().fail({ kind: 'status', status: 200, body, target: { path: '/crm/sales/api/deals/view' } })
    const page = await freshsales.pull(ctx, null)
    expect(page.conversations.map((one) => one.vendorId)).toEqual(['deal:1'])
    expect(page.quarantined).toMatchObject([{ vendorId: 'deal:2', path: expect.stringMatching(/^deals\[1\]\./) }])
  })

  it('goes on with deals and tasks where contacts were not granted', async () => {
    const scopes = freshsales.signIn.kind === 'oauth' ? freshsales.signIn.scopes : []
    const granted = scopes.filter((scope) => !scope.optional).map((scope) => scope.id)
    const other = await open(freshsales, { ...place, contactsView: '' }, { ...vera, scopes: granted }, 30)
    const limited = { ...other.ctx, account: { ...other.ctx.account, site: place } }
    const again = new Shelf()
    await again.fill(freshsales, limited)
    const kinds = new Set([...again.rows.keys()].map((id) => id.split(':')[0]))
    expect([...kinds].sort()).toEqual(['deal', 'task'])
    await other.close()
  })

  it('reads no contacts where no view was named', async () => {
    const plain = { ...ctx, account: { ...ctx.account, site: { ...place, contactsView: '' } } }
    const again = new Shelf()
    await again.fill(freshsales, plain)
    expect([...again.rows.keys()].filter((id) => id.startsWith('contact:'))).toEqual([])
  })

  it('carries out every command without a call that Freshsales does not know', async () => {
    await control().clearRequests()
    const sorts = ['deal', 'task', 'contact'].map((kind) => (row: Conversation) => row.vendorId.startsWith(kind))
    await doEverything(freshsales, ctx, place, sorts)
    const answers = await control().requests({ host: site })
    expect(answers.filter((request) => request.status === 404 || request.status === 400)).toEqual([])
  }, 60_000)

  it('waits as long as Freshsales says when the hour is used up, and asks to sign in when the token has run out', async () => {
    const other = await open(freshsales, place, vera, 30)
    await other.sandbox.control.setRateLimit(site, 'freshsales.api', { max: 0, windowMs: 3_600_000 })
    await expect(freshsales.pull(other.ctx, null)).rejects.toMatchObject({ code: 'rate_limited' })
    await other.close()
    await control().expireAccessTokens({ user: vera.email })
    await expect(freshsales.thread(ctx, rowsOf('deal')[0]?.vendorId ?? '')).rejects.toMatchObject({
      code: 'needs_sign_in',
    })
  })
})
