import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { freshservice } from '../../../main/connectors/freshservice/index.ts'
import type { Conversation } from '../../../main/connectors/model.ts'
import { covered } from '../coverage.ts'
import { type Connected, connect, open, Shelf } from './connected.ts'

const site = 'acme-it.freshservice.com'
const tom = { site, email: 'tom.reuter@acme.example' }
let account: Connected
const shelf = new Shelf()
const has = (...names: string[]) => covered('freshservice', 'exercised', names)

beforeAll(async () => {
  account = await open(freshservice, { subdomain: 'acme-it', organisation: 'acme' }, tom, 2000)
  await shelf.fill(freshservice, account.ctx)
}, 120_000)
afterAll(() => account.close())

const control = () => account.sandbox.control
/** A ticket that no other test has written to. */
const openTicket = () => control().customerOpens(site, 'The VPN is down', 'Nothing opens.')
const openIds = () => control().conversationIds(site, { statusKind: 'open', limit: 20 })

async function fresh(id: string): Promise<Conversation> {
  const { conversation } = await freshservice.thread(account.ctx, id)
  if (conversation === null) throw new Error('a thread tells its ticket')
  return conversation
}

describe('Freshservice against the sandbox', () => {
  it('knows who signed in', () => {
    expect(account.ctx.account.identity).toMatchObject({ siteKey: site, name: 'Tom Reuter', email: tom.email })
    has('get_agent')
  })

  it('reads every conversation, the newest first, and none of the spam', async () => {
    const known = await control().conversationIds(site, { limit: 100_000 })
    expect(known.length).toBeGreaterThanOrEqual(2000)
    const removed = new Set(shelf.pages.flatMap((page) => page.removedVendorIds))
    expect([...shelf.rows.keys(), ...removed].sort()).toEqual([...known].sort())
    expect(shelf.pages.flatMap((page) => page.quarantined)).toEqual([])
    const created = shelf.pages[0]?.conversations.map((one) => one.createdAt) ?? []
    expect(created.length).toBeGreaterThan(50)
    expect(created).toEqual([...created].sort((a, b) => b - a))
    expect(shelf.pages[0]?.conversations.every((one) => one.customer.email?.includes('@'))).toBe(true)
    has('list_tickets')
  })

  it("names the site's own statuses", () => {
    const own = [...shelf.rows.values()].find((one) => one.vendorStatus.id === '8')
    expect(own).toMatchObject({ vendorStatus: { label: 'Waiting for supplier' } })
    has('list_ticket_form_fields')
  })

  it('finds what changed while it reads the pages', async () => {
    const again = new Shelf()
    const ids = await control().conversationIds(site, { limit: 2000 })
    let touched = 0
    await again.fill(freshservice, account.ctx, async (page) => {
      const id = ids[(page * 397) % ids.length] ?? ''
      await control().change(site, id, { priority: 'urgent' })
      await control().customerOpens(site, `New while reading ${page}`, 'Hello')
      touched += 1
    })
    await again.fill(freshservice, account.ctx)
    expect(touched).toBeGreaterThan(20)
    const known = await control().conversationIds(site, { limit: 100_000 })
    const missing = known.filter(
      (id) => !again.rows.has(id) && !again.pages.some((page) => page.removedVendorIds.includes(id)),
    )
    expect(missing).toEqual([])
    for (let page = 0; page < touched - 1; page += 1) {
      const id = ids[(page * 397) % ids.length] ?? ''
      expect(again.rows.get(id)?.priority, id).toBe('urgent')
    }
  })

  it('reads a thread: the description first, then replies and notes, with files', async () => {
    const [id = ''] = await openIds()
    await control().customerWrites(site, id, 'A screenshot of it', { picture: true })
    await control().agentWrites(site, id, 'nils.holm@acme.example', 'note', 'Known trouble')
    const { messages } = await freshservice.thread(account.ctx, id)
    expect(messages[0]).toMatchObject({ vendorId: `description-${id}`, direction: 'in', author: { role: 'customer' } })
    expect(messages.at(-1)).toMatchObject({ kind: 'note', direction: 'out', bodyText: 'Known trouble' })
    expect(messages.map((each) => each.createdAt)).toEqual(messages.map((each) => each.createdAt).sort((a, b) => a - b))
    const picture = messages.at(-2)?.attachments[0]
    if (picture === undefined) throw new Error('the picture is missing')
    expect((await freshservice.download(account.ctx, picture)).byteLength).toBe(picture.size)
    const [sent] = await control().requests({ host: new URL(picture.url).hostname })
    expect(sent?.headers.authorization).toBeUndefined()
    has('get_ticket', 'list_ticket_conversations')
  })

  it('sends a reply that arrives exactly once, and finds it again by looking', async () => {
    const id = await openTicket()
    const conversation = await fresh(id)
    const command = {
      kind: 'reply',
      bodyText: 'Please restart the VPN.',
      bodyHtml: '<p>Please restart the VPN.</p>',
    } as const
    const sentAt = Date.now()
    const receipt = await freshservice.execute(account.ctx, conversation, command)
    const arrived = await control().received(site, id)
    expect(arrived).toMatchObject([{ kind: 'reply', author: tom.email, html: command.bodyHtml }])
    expect(receipt.messageVendorId).toBe(arrived[0]?.messageId)
    expect(await freshservice.probe(account.ctx, conversation, command, sentAt)).toMatchObject({
      messageVendorId: receipt.messageVendorId,
    })
    expect(
      await freshservice.probe(account.ctx, conversation, { ...command, bodyText: 'x', bodyHtml: '<p>x</p>' }, sentAt),
    ).toBe('absent')
    has('create_reply', 'reply')
  })

  it('does not know whether a reply arrived when the line is cut, and finds out by looking', async () => {
    const id = await openTicket()
    const conversation = await fresh(id)
    const command = { kind: 'reply', bodyText: 'Cut off', bodyHtml: '<p>Cut off</p>' } as const
    const sentAt = Date.now()
    await control().fail({ kind: 'reset-after', times: 1, target: { method: 'POST' } })
    await expect(freshservice.execute(account.ctx, conversation, command)).rejects.toMatchObject({ outcome: 'unknown' })
    const arrived = await control().received(site, id)
    expect(arrived).toHaveLength(1)
    const found = await freshservice.probe(account.ctx, conversation, command, sentAt)
    expect(found).toMatchObject({ messageVendorId: arrived[0]?.messageId })
  })

  it('forgets tickets that were deleted or marked as spam, and learns of one that came back', async () => {
    const [, , , , one = '', other = ''] = await openIds()
    await control().hide(site, one, 'deleted')
    await control().hide(site, other, 'spam')
    await shelf.fill(freshservice, account.ctx)
    expect([shelf.rows.has(one), shelf.rows.has(other)]).toEqual([false, false])
    const before = await fresh(one)
    await expect(
      freshservice.execute(account.ctx, before, { kind: 'priority', priority: 'low' }),
    ).rejects.toMatchObject({ code: 'vendor_not_found', outcome: 'refused' })
    await control().hide(site, one, null)
    await shelf.fill(freshservice, account.ctx)
    expect(shelf.rows.has(one)).toBe(true)
    has('list_deleted_tickets', 'list_spam_tickets')
  })

  it('reads all workspaces of a site, and tells which one a ticket belongs to', async () => {
    const people = { site: 'acme-hr.freshservice.com', email: tom.email }
    const hr = await connect(account.sandbox, freshservice, { subdomain: 'acme-hr', organisation: 'acme' }, people)
    const found = new Shelf()
    await found.fill(freshservice, hr.ctx)
    const { brands } = await freshservice.directory(hr.ctx)
    expect(brands.map(({ name }) => name)).toEqual(['Acme People Desk', 'Acme Facilities'])
    expect(new Set([...found.rows.values()].map((one) => one.brandKey))).toEqual(new Set(brands.map(({ key }) => key)))
    const known = await control().conversationIds(people.site, { limit: 100_000 })
    expect(found.rows.size).toBe(known.length)
    await hr.close()
  })

  it('sets a ticket aside that it cannot read, and goes on with the rest', async () => {
    const good = { id: 77_001, status: 2, created_at: '2026-01-01T00:00:00Z', updated_at: '2026-01-01T00:00:00Z' }
    const body = JSON.stringify({ tickets: [good, { ...good, id: 77_002, created_at: 'soon' }] })
    await control().fail({ kind: 'status', status: 200, body, times: 1, target: { path: '/api/v2/tickets' } })
    const page = await freshservice.pull(account.ctx, shelf.cursor)
    expect(page.conversations.map((read) => read.vendorId)).toEqual(['77001'])
    expect(page.quarantined).toMatchObject([{ vendorId: '77002', path: 'tickets[1].created_at' }])
  })

  it('says how long to wait after too many calls, and asks to sign in again when the token has run out', async () => {
    const nils = { site, email: 'nils.holm@acme.example' }
    const { ctx, close } = await connect(
      account.sandbox,
      freshservice,
      { subdomain: 'acme-it', organisation: 'acme' },
      nils,
    )
    const limited = { kind: 'status', status: 429, headers: { 'retry-after': '100' } } as const
    await control().fail({ ...limited, times: 1, target: { path: '/api/v2/agents/me' } })
    const asked = freshservice.identify({ ...ctx, site: ctx.account.site, tokenAnswer: {} })
    await expect(asked).rejects.toMatchObject({ code: 'rate_limited', retryAfterMs: 100_000 })
    await close()
    const other = await connect(account.sandbox, freshservice, ctx.account.site, nils)
    await control().expireAccessTokens({ site, user: nils.email })
    await expect(freshservice.pull(other.ctx, null)).rejects.toMatchObject({ code: 'needs_sign_in' })
    await other.close()
  })

  it('adds a note, and changes status, priority, assignee and tags', async () => {
    const id = await openTicket()
    const conversation = await fresh(id)
    const { ctx } = account
    const { agents, groups, statuses, brands } = await freshservice.directory(ctx)
    expect([groups.length, brands.length]).toEqual([3, 1])
    const nils = agents.find((agent) => agent.name === 'Nils Holm')
    const supplier = statuses.find((status) => status.label === 'Waiting for supplier')
    await freshservice.execute(ctx, conversation, { kind: 'note', bodyText: 'Careful', bodyHtml: '<p>Careful</p>' })
    await freshservice.execute(ctx, conversation, {
      kind: 'status',
      status: 'on_hold',
      vendorStatusId: supplier?.id ?? null,
    })
    await freshservice.execute(ctx, conversation, { kind: 'priority', priority: 'urgent' })
    await freshservice.execute(ctx, conversation, { kind: 'assign', assigneeVendorId: nils?.vendorId ?? null })
    const receipt = await freshservice.execute(ctx, conversation, {
      kind: 'tags',
      add: ['printer'],
      remove: conversation.tags,
    })
    expect(receipt.conversation).toMatchObject({ tags: ['printer'], customer: conversation.customer })
    const after = await fresh(id)
    expect(after).toMatchObject({
      priority: 'urgent',
      assigneeVendorId: nils?.vendorId,
      tags: ['printer'],
      vendorStatus: { id: '8', label: 'Waiting for supplier' },
    })
    expect(await control().received(site, id)).toMatchObject([{ kind: 'note' }])
    expect(await freshservice.probe(ctx, after, { kind: 'tags', add: ['PRINTER'], remove: [] }, 0)).toMatchObject({
      messageVendorId: null,
    })
    has('create_note', 'update_ticket', 'list_agents', 'list_groups', 'list_workspaces')
    has('note', 'status', 'priority', 'assign', 'tags')
  })

  it('reads again when the vendor answers with a page of HTML or cuts the line once', async () => {
    for (const kind of ['html', 'reset'] as const) {
      await control().fail({ kind, times: 1, target: { path: '/api/v2/tickets' } })
      await expect(freshservice.pull(account.ctx, shelf.cursor)).resolves.toMatchObject({ quarantined: [] })
    }
  })

  it.each(['malformed', 'empty', 'huge'] as const)(
    'does not take a %s answer for data, and goes on from the same cursor later',
    async (kind) => {
      await control().fail({ kind, times: 1, target: { path: '/api/v2/tickets' } })
      await expect(freshservice.pull(account.ctx, shelf.cursor)).rejects.toMatchObject({ code: 'vendor_bad_answer' })
      await expect(freshservice.pull(account.ctx, shelf.cursor)).resolves.toMatchObject({ quarantined: [] })
    },
  )
})
