import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { freshservice } from '../../../main/connectors/freshservice/index.ts'
import type { Conversation } from '../../../main/connectors/model.ts'
import { totalFor } from '../sandbox/api.ts'
import { type Connected, open, Shelf } from './connected.ts'

const site = 'acme-it.freshservice.com'
const tom = { site, email: 'tom.reuter@acme.example' }
let account: Connected
const shelf = new Shelf()

beforeAll(async () => {
  account = await open(freshservice, { subdomain: 'acme-it', organisation: 'acme' }, tom, totalFor(site, 2080))
  await shelf.fill(freshservice, account.ctx)
}, 120_000)
afterAll(() => account.close())

const control = () => account.sandbox.control
const openIds = () => control().conversationIds(site, { statusKind: 'open', limit: 20 })

async function fresh(id: string): Promise<Conversation> {
  const { conversation } = await freshservice.thread(account.ctx, id)
  if (conversation === null) throw new Error('a thread tells its ticket')
  return conversation
}

describe('Freshservice against the sandbox', () => {
  it('knows who signed in', () => {
    expect(account.ctx.account.identity).toMatchObject({ siteKey: site, name: 'Tom Reuter', email: tom.email })
  })

  it('reads every conversation, the newest first, and none of the spam', async () => {
    const known = await control().conversationIds(site, { limit: 100_000 })
    expect(known.length).toBeGreaterThanOrEqual(2000)
    const removed = new Set(shelf.pages.flatMap((page) => page.removedVendorIds))
    expect([...shelf.rows.keys(), ...removed].sort()).toEqual([...known].sort())
    expect(shelf.pages.flatMap((page) => page.quarantined)).toEqual([])
    const created = shelf.pages[0]?.conversations.map((one) => one.createdAt) ?? []
    expect(created).toEqual([...created].sort((a, b) => b - a))
    expect(shelf.pages[0]?.conversations.every((one) => one.customer.email?.includes('@'))).toBe(true)
  })

  it("names the site's own statuses", () => {
    const own = [...shelf.rows.values()].find((one) => one.vendorStatus.id === '8')
    expect(own).toMatchObject({ vendorStatus: { label: 'Waiting for supplier' } })
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
  })

  it('sends a reply that arrives exactly once, and finds it again by looking', async () => {
    const [id = ''] = await openIds()
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
  })

  it('adds a note, and changes status, priority, assignee and tags', async () => {
    const [, , id = ''] = await openIds()
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
