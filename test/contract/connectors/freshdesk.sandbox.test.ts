import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { ConnectorContext } from '../../../main/connectors/connector.ts'
import { freshdesk } from '../../../main/connectors/freshdesk/index.ts'
import type { Conversation } from '../../../main/connectors/model.ts'
import { covered } from '../coverage.ts'
import { type Connected, connect, open, Shelf } from './connected.ts'

const site = 'pinewood.freshdesk.com'
const omar = { site, email: 'omar.diaz@pinewood.example' }
const rita = { site, email: 'rita.vale@pinewood.example' }
let account: Connected
let ritas: Connected
const shelf = new Shelf()
const has = (...names: string[]) => covered('freshdesk', 'exercised', names)

beforeAll(async () => {
  account = await open(freshdesk, { subdomain: 'pinewood' }, omar, 1200)
  ritas = await connect(account.sandbox, freshdesk, { subdomain: 'pinewood' }, rita)
  await shelf.fill(freshdesk, account.ctx)
}, 120_000)
afterAll(async () => {
  await ritas.close()
  await account.close()
})

const control = () => account.sandbox.control
const openIds = () => control().conversationIds(site, { statusKind: 'open', limit: 40 })
/** A ticket that no other test has written to. */
const openTicket = () => control().customerOpens(site, 'A wheel is missing', 'The red car has three.')
/** The same account some minutes later, when it is time to look for what was removed. */
const later = (minutes: number): ConnectorContext => ({ ...account.ctx, now: () => Date.now() + minutes * 60_000 })

async function fresh(id: string): Promise<Conversation> {
  const { conversation } = await freshdesk.thread(account.ctx, id)
  if (conversation === null) throw new Error('a thread tells its ticket')
  return conversation
}

describe('Freshdesk against the sandbox', () => {
  it('knows whose key it is', () => {
    expect(account.ctx.account.identity).toEqual({
      ...{ siteKey: site, name: 'Omar Diaz', email: omar.email, role: 'Head of Support' },
      vendorUserId: '43000008002',
    })
    has('get_agent')
  })

  it('reads every conversation once, the newest change first', async () => {
    const known = await control().conversationIds(site, { limit: 100_000 })
    expect(known.length).toBeGreaterThan(1100)
    expect([...shelf.rows.keys()].sort()).toEqual([...known].sort())
    const read = shelf.pages.flatMap((page) => page.conversations)
    expect(read.filter((one, at) => read.findIndex((other) => other.vendorId === one.vendorId) === at)).toHaveLength(
      known.length,
    )
    expect(shelf.pages.flatMap((page) => page.quarantined)).toEqual([])
    const times = shelf.pages[0]?.conversations.map((one) => one.updatedAt) ?? []
    expect(times).toHaveLength(100)
    expect(times).toEqual([...times].sort((a, b) => b - a))
    expect(shelf.pages[0]?.conversations.every((one) => one.customer.email?.includes('@') && one.preview)).toBe(true)
    expect(shelf.pages.at(-1)?.more).toBe(false)
    has('list_tickets')
  })

  it('asks for names, text and who wrote last in the list itself, and for 100 tickets at a time', async () => {
    const [first] = await control().requests({ host: site, path: '/api/v2/tickets' })
    const query = new URLSearchParams(first?.query)
    expect(Object.fromEntries(query)).toEqual({
      ...{ order_by: 'updated_at', order_type: 'desc', updated_since: '2000-01-01T00:00:00Z' },
      ...{ include: 'requester,stats,description', page: '1', per_page: '100' },
    })
    expect(first?.headers.authorization).toBe(`Basic ${Buffer.from('oM4rD1azSandboxK3y01:X').toString('base64')}`)
  })

  it('tells who wrote last, and which product a ticket belongs to', async () => {
    const rows = [...shelf.rows.values()]
    for (const one of rows.slice(0, 20)) {
      const { messages } = await control().conversation(site, one.vendorId)
      const last = messages.findLast((message) => message.kind === 'reply')
      expect(one.lastMessageBy, one.vendorId).toBe(last?.by === 'customer' ? 'customer' : 'agent')
    }
    const { brands } = await freshdesk.directory(account.ctx)
    expect(brands.map(({ name }) => name)).toEqual(['Pinewood Toys', 'Pinewood Kids Club'])
    expect(new Set(rows.map((one) => one.brandKey))).toEqual(new Set(brands.map(({ key }) => key)))
    has('list_products')
  })

  it("names the site's own statuses", () => {
    const own = [...shelf.rows.values()].find((one) => one.vendorStatus.id === '9')
    expect(own).toMatchObject({ status: 'pending', vendorStatus: { label: 'Waiting for spare part' } })
    has('list_ticket_fields')
  })

  it('finds what changed since, and reads nothing else again', async () => {
    const [, , , id = ''] = await control().conversationIds(site, { limit: 300 })
    await control().change(site, id, { priority: 'urgent' })
    const opened = await control().customerOpens(site, 'A wheel is missing', 'The red car has three.')
    const again = new Shelf()
    again.cursor = shelf.cursor
    await again.fill(freshdesk, account.ctx)
    expect(again.rows.get(id)?.priority).toBe('urgent')
    expect(again.rows.get(opened)).toMatchObject({ subject: 'A wheel is missing', lastMessageBy: 'customer' })
    expect(again.rows.size).toBeLessThanOrEqual(4)
    expect(again.pages).toHaveLength(1)
    expect(again.pages[0]?.conversations.at(-1)?.vendorId).toBe(opened)
    shelf.cursor = again.cursor
  })

  it('finds what changed while it reads the pages', async () => {
    const again = new Shelf()
    const ids = await control().conversationIds(site, { limit: 2000 })
    const touched: string[] = []
    await again.fill(freshdesk, account.ctx, async (page) => {
      const id = ids[(page * 397) % ids.length] ?? ''
      await control().change(site, id, { subject: `Touched ${id}` })
      await control().customerOpens(site, `New while reading ${page}`, 'Hello')
      touched.push(id)
    })
    await again.fill(freshdesk, account.ctx)
    expect(touched.length).toBeGreaterThan(8)
    const known = await control().conversationIds(site, { limit: 100_000 })
    expect([...again.rows.keys()].sort()).toEqual([...known].sort())
    for (const id of touched) expect(again.rows.get(id)?.subject).toBe(`Touched ${id}`)
  })

  it('goes on from every page after a restart, and a page read twice does no harm', async () => {
    const again = new Shelf()
    for (let pages = 0; pages < 200; pages += 1) {
      await freshdesk.pull(account.ctx, again.cursor)
      const page = await freshdesk.pull(account.ctx, again.cursor)
      again.add(page)
      if (!page.more) break
    }
    const known = await control().conversationIds(site, { limit: 100_000 })
    expect(again.rows.size).toBe(known.length)
  })

  it('forgets tickets that were deleted or marked as spam, some minutes later, and learns of one that came back', async () => {
    const [, , , , , one = '', other = ''] = await openIds()
    await control().hide(site, one, 'deleted')
    await control().hide(site, other, 'spam')
    await shelf.fill(freshdesk, account.ctx)
    await shelf.fill(freshdesk, later(6))
    expect([shelf.rows.has(one), shelf.rows.has(other)]).toEqual([false, false])
    await expect(
      freshdesk.execute(account.ctx, await fresh(one), { kind: 'priority', priority: 'low' }),
    ).rejects.toMatchObject({ code: 'vendor_not_found', outcome: 'refused' })
    await control().hide(site, one, null)
    await control().hide(site, other, null)
    await shelf.fill(freshdesk, account.ctx)
    expect([shelf.rows.has(one), shelf.rows.has(other)]).toEqual([true, true])
    has('list_deleted_tickets', 'list_spam_tickets')
  })

  it('reads a thread: the description first, then replies and notes, with files', async () => {
    const [id = ''] = await openIds()
    await control().customerWrites(site, id, 'A picture of it', { picture: true })
    await control().agentWrites(site, id, rita.email, 'note', 'Known trouble')
    const { messages, conversation } = await freshdesk.thread(account.ctx, id)
    expect(conversation).toMatchObject({ vendorId: id, lastMessageBy: 'customer' })
    expect(messages[0]).toMatchObject({ vendorId: `description-${id}`, direction: 'in', author: { role: 'customer' } })
    expect(messages.at(-1)).toMatchObject({
      ...{ kind: 'note', direction: 'out', bodyText: 'Known trouble' },
      author: { name: 'Rita Vale', email: rita.email, role: 'agent' },
    })
    expect(messages.map((each) => each.createdAt)).toEqual(messages.map((each) => each.createdAt).sort((a, b) => a - b))
    const picture = messages.at(-2)?.attachments[0]
    if (picture === undefined) throw new Error('the picture is missing')
    expect((await freshdesk.download(account.ctx, picture)).byteLength).toBe(picture.size)
    const [sent] = await control().requests({ host: new URL(picture.url).hostname })
    expect(sent?.headers.authorization).toBeUndefined()
    has('get_ticket', 'list_conversations')
  })

  it('reads a long thread to the end', async () => {
    const [, , , , , , , id = ''] = await openIds()
    for (let at = 0; at < 110; at += 1) await control().customerWrites(site, id, `Message ${at}`)
    const { messages } = await freshdesk.thread(account.ctx, id)
    expect(messages.at(-1)?.bodyText).toBe('Message 109')
    expect(new Set(messages.map((message) => message.vendorId)).size).toBe(messages.length)
  })

  it('sends a reply that arrives exactly once, and finds it again by looking', async () => {
    const id = await openTicket()
    const conversation = await fresh(id)
    const bodyText = 'A new wheel is on its way.'
    const command = { kind: 'reply', bodyText, bodyHtml: `<p>${bodyText}</p>` } as const
    const sentAt = Date.now()
    const receipt = await freshdesk.execute(account.ctx, conversation, command)
    const arrived = await control().received(site, id)
    expect(arrived).toMatchObject([{ kind: 'reply', author: omar.email, html: command.bodyHtml }])
    expect(receipt.messageVendorId).toBe(arrived[0]?.messageId)
    expect(receipt.message).toMatchObject({ kind: 'reply', direction: 'out', bodyText, author: { name: 'Omar Diaz' } })
    const found = await freshdesk.probe(account.ctx, conversation, command, sentAt)
    expect(found).toMatchObject({ messageVendorId: receipt.messageVendorId })
    const another = { ...command, bodyText: 'x', bodyHtml: '<p>x</p>' }
    expect(await freshdesk.probe(account.ctx, conversation, another, sentAt)).toBe('absent')
    has('create_reply', 'reply')
  })

  it('does not know whether a reply arrived when the line is cut, and finds out by looking', async () => {
    const id = await openTicket()
    const conversation = await fresh(id)
    const command = { kind: 'reply', bodyText: 'Cut off', bodyHtml: '<p>Cut off</p>' } as const
    const sentAt = Date.now()
    await control().fail({ kind: 'reset-after', times: 1, target: { method: 'POST' } })
    await expect(freshdesk.execute(account.ctx, conversation, command)).rejects.toMatchObject({ outcome: 'unknown' })
    const arrived = await control().received(site, id)
    expect(arrived).toHaveLength(1)
    const found = await freshdesk.probe(account.ctx, conversation, command, sentAt)
    expect(found).toMatchObject({ messageVendorId: arrived[0]?.messageId })
    await control().fail({ kind: 'reset', times: 1, target: { method: 'POST' } })
    const lost = { ...command, bodyText: 'Lost', bodyHtml: '<p>Lost</p>' }
    await expect(freshdesk.execute(account.ctx, conversation, lost)).rejects.toMatchObject({ outcome: 'unknown' })
    expect(await freshdesk.probe(account.ctx, conversation, lost, sentAt)).toBe('absent')
  })

  it('adds a note that stays private, and changes status, priority, assignee and tags', async () => {
    const id = await openTicket()
    const before = await fresh(id)
    const { ctx } = account
    const { agents, groups, statuses } = await freshdesk.directory(ctx)
    expect(groups.map(({ name }) => name)).toEqual(['Customer Care', 'Spare Parts'])
    const signe = agents.find((agent) => agent.name === 'Signe Dahl')
    const waiting = statuses.find((status) => status.label === 'Waiting for spare part')
    const note = { kind: 'note', bodyText: 'Careful', bodyHtml: '<p>Careful</p>' } as const
    const written = await freshdesk.execute(ctx, before, note)
    expect(written.message).toMatchObject({ kind: 'note', direction: 'out' })
    expect(await control().received(site, id)).toMatchObject([{ kind: 'note', html: '<p>Careful</p>' }])
    const own = { kind: 'status', status: 'pending', vendorStatusId: waiting?.id ?? null } as const
    await freshdesk.execute(ctx, before, own)
    await freshdesk.execute(ctx, before, { kind: 'priority', priority: 'urgent' })
    await freshdesk.execute(ctx, before, { kind: 'assign', assigneeVendorId: signe?.vendorId ?? null })
    const tags = { kind: 'tags', add: ['wheel'], remove: before.tags } as const
    const receipt = await freshdesk.execute(ctx, before, { ...tags, add: [...tags.add] })
    expect(receipt.conversation).toMatchObject({ tags: ['wheel'], customer: before.customer })
    const after = await fresh(id)
    expect(after).toMatchObject({
      ...{ priority: 'urgent', assigneeVendorId: signe?.vendorId, tags: ['wheel'], status: 'pending' },
      vendorStatus: { id: '9', label: 'Waiting for spare part' },
    })
    expect(await freshdesk.probe(ctx, after, own, 0)).toMatchObject({ messageVendorId: null })
    expect(await freshdesk.probe(ctx, after, { kind: 'tags', add: ['WHEEL'], remove: [] }, 0)).not.toBe('absent')
    expect(await freshdesk.probe(ctx, after, { kind: 'tags', add: ['cart'], remove: [] }, 0)).toBe('absent')
    await freshdesk.execute(ctx, after, { kind: 'assign', assigneeVendorId: null })
    const onHold = { kind: 'status', status: 'on_hold', vendorStatusId: null } as const
    await freshdesk.execute(ctx, after, onHold)
    expect(await fresh(id)).toMatchObject({ assigneeVendorId: null, vendorStatus: { id: '7' }, status: 'on_hold' })
    expect(await freshdesk.probe(ctx, after, onHold, 0)).not.toBe('absent')
    has('create_note', 'update_ticket', 'list_agents', 'list_groups', 'note', 'status', 'priority', 'assign', 'tags')
  })

  it('works with the key of an agent who may not list agents and groups', async () => {
    const { ctx } = ritas
    const { agents, groups, statuses, brands } = await freshdesk.directory(ctx)
    const me = { vendorId: ctx.account.identity.vendorUserId, name: 'Rita Vale', email: rita.email, active: true }
    expect(agents).toEqual([me])
    expect([groups.length, brands.length, statuses.length]).toEqual([0, 2, 7])
    const [, , , id = ''] = await openIds()
    await control().agentWrites(site, id, omar.email, 'reply', 'From a colleague')
    const { conversation, messages } = await freshdesk.thread(ctx, id)
    expect(messages.at(-1)?.author).toEqual({
      ...{ vendorId: '43000008002', name: null, email: null, phone: null, role: 'agent' },
    })
    if (conversation === null) throw new Error('a thread tells its ticket')
    await freshdesk.execute(ctx, conversation, { kind: 'assign', assigneeVendorId: me.vendorId })
    expect((await control().conversation(site, id)).assignee).toBe(rita.email)
  })

  it('says what a collaborator may not do', async () => {
    const signes = await connect(
      account.sandbox,
      freshdesk,
      { subdomain: 'pinewood' },
      { site, email: 'signe.dahl@pinewood.example' },
    )
    const id = await openTicket()
    const reply = { kind: 'reply', bodyText: 'Hello', bodyHtml: '<p>Hello</p>' } as const
    await expect(freshdesk.execute(signes.ctx, await fresh(id), reply)).rejects.toMatchObject({
      ...{ code: 'vendor_forbidden', outcome: 'refused' },
    })
    expect(await control().received(site, id)).toEqual([])
    await signes.close()
  })

  it('asks for a new key when the vendor does not know it, and a key opens its own site only', async () => {
    await control().fail({
      kind: 'status',
      status: 401,
      body: '{"code":"invalid_credentials","message":"no"}',
      times: 2,
    })
    await expect(freshdesk.pull(account.ctx, shelf.cursor)).rejects.toMatchObject({ code: 'needs_sign_in' })
    await expect(freshdesk.pull(account.ctx, shelf.cursor)).resolves.toMatchObject({ quarantined: [] })
    const strange = connect(account.sandbox, freshdesk, { subdomain: 'saltmarsh' }, omar)
    await expect(strange).rejects.toMatchObject({ code: 'needs_sign_in' })
  })

  it('waits as long as the vendor says when there were too many calls', async () => {
    const body = '{"message":"You have exceeded the limit of requests per minute"}'
    const headers = { 'retry-after': '100' }
    await control().fail({ kind: 'status', status: 429, headers, body, times: 1, target: { method: 'PUT' } })
    const [id = ''] = await openIds()
    const raise = freshdesk.execute(ritas.ctx, await fresh(id), { kind: 'priority', priority: 'high' })
    await expect(raise).rejects.toMatchObject({ code: 'rate_limited', outcome: 'not_sent', retryAfterMs: 100_000 })
  })

  it('sets a ticket aside that it cannot read, and goes on with the rest', async () => {
    const good = { id: 77_001, status: 2, created_at: '2026-01-01T00:00:00Z', updated_at: '2026-01-01T00:00:00Z' }
    const body = JSON.stringify([good, { ...good, id: 77_002, created_at: 'soon' }, 7])
    await control().fail({ kind: 'status', status: 200, body, times: 1, target: { path: '/api/v2/tickets' } })
    const page = await freshdesk.pull(account.ctx, shelf.cursor)
    expect(page.conversations.map((one) => one.vendorId)).toEqual(['77001'])
    expect(page.quarantined).toMatchObject([
      { vendorId: '77002', path: 'tickets[1].created_at' },
      { vendorId: null, path: 'tickets[2]' },
    ])
  })

  it('reads again when the vendor answers with a page of HTML or cuts the line once', async () => {
    for (const kind of ['html', 'reset'] as const) {
      await control().fail({ kind, times: 1, target: { path: '/api/v2/tickets' } })
      await expect(freshdesk.pull(account.ctx, shelf.cursor)).resolves.toMatchObject({ quarantined: [] })
    }
  })

  it.each(['malformed', 'empty', 'huge'] as const)(
    'does not take a %s answer for data, and goes on from the same cursor later',
    async (kind) => {
      await control().fail({ kind, times: 1, target: { path: '/api/v2/tickets' } })
      await expect(freshdesk.pull(account.ctx, shelf.cursor)).rejects.toMatchObject({ code: 'vendor_bad_answer' })
      await expect(freshdesk.pull(account.ctx, shelf.cursor)).resolves.toMatchObject({ quarantined: [] })
    },
  )
})
