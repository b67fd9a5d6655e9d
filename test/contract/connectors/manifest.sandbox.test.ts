import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Connector } from '../../../main/connectors/connector.ts'
import { createManifestConnector } from '../../../main/connectors/manifest/connector.ts'
import { parseManifest } from '../../../main/connectors/manifest/parse.ts'
import { shippedManifests } from '../../../main/connectors/manifest/shipped.ts'
import type { Conversation } from '../../../main/connectors/model.ts'
import { covered } from '../coverage.ts'
import { type Connected, connect, open, Shelf } from './connected.ts'

/** Connectors that are nothing but a manifest, against the vendors they describe. */

function shipped(id: string): Connector {
  const parsed = shippedManifests.map((text) => parseManifest(text).manifest).find((manifest) => manifest?.id === id)
  if (!parsed) throw new Error(`no manifest ${id}`)
  return createManifestConnector(parsed)
}

const vendors = [
  {
    id: 'autotimer',
    site: { workspace: 'acme' },
    at: 'acme.autotimer.example',
    me: { email: 'rosa.lind@acme.example', name: 'Rosa Lind', role: 'employee' },
    other: { email: 'greta.holt@acme.example', name: 'Greta Holt' },
    writes: ['reply', 'note', 'status', 'assign', 'tags'],
    open: { id: 'open', label: 'In review' },
    closed: 'rejected',
    newestFirst: true,
    list: '/api/v1/time-queries',
    numbered: false,
  },
  {
    id: 'larkdesk',
    site: { region: 'eu' },
    at: 'larkdesk-eu',
    me: { email: 'ilse.kram@lark.example', name: 'Ilse Kram', role: 'agent' },
    other: { email: 'bruno.falk@lark.example', name: 'Bruno Falk' },
    writes: ['reply', 'note', 'status', 'priority', 'assign'],
    open: { id: '2', label: 'In work' },
    closed: '6',
    newestFirst: true,
    list: '/v3/cases',
    numbered: true,
  },
  {
    id: 'kiteline',
    site: { shop: 'acme' },
    at: 'kiteline-acme',
    me: { email: 'nora.quist@acme.example', name: 'Nora Quist', role: null },
    other: { email: 'felix.arndt@acme.example', name: 'Felix Arndt' },
    writes: ['reply', 'status', 'tags'],
    open: { id: 'talking', label: 'In conversation' },
    closed: 'closed',
    newestFirst: false,
    list: '/shops/acme/questions',
    numbered: false,
  },
] as const

describe.each(vendors)('$id by its manifest', (vendor) => {
  const connector = shipped(vendor.id)
  const shelf = new Shelf()
  let account: Connected

  beforeAll(async () => {
    account = await open(connector, vendor.site, { site: vendor.at, email: vendor.me.email }, 350)
    await shelf.fill(connector, account.ctx)
  }, 120_000)
  afterAll(() => account.close())

  const control = () => account.sandbox.control
  const openIds = () => control().conversationIds(vendor.at, { statusKind: 'open', limit: 20 })
  const can = (kind: string) => (vendor.writes as readonly string[]).includes(kind)
  async function fresh(id: string): Promise<Conversation> {
    const { conversation } = await connector.thread(account.ctx, id)
    if (conversation === null) throw new Error('a thread tells its conversation')
    return conversation
  }
  const reply = (text: string) => ({ kind: 'reply', bodyText: text, bodyHtml: `<p>${text}</p>` }) as const

  it('knows who signed in', () => {
    const { identity } = account.ctx.account
    expect(identity).toMatchObject({ email: vendor.me.email, name: vendor.me.name, role: vendor.me.role })
    expect(identity.siteKey).not.toBe('')
  })

  it('reads every conversation once and in full', async () => {
    const known = await control().conversationIds(vendor.at, { limit: 100_000 })
    expect(known.length).toBeGreaterThan(300)
    expect([...shelf.rows.keys()].sort()).toEqual([...known].sort())
    expect(shelf.pages.flatMap((page) => page.quarantined)).toEqual([])
    expect(shelf.pages.length).toBeGreaterThan(3)
    const read = shelf.pages.flatMap((page) => page.conversations.map((one) => one.vendorId))
    expect(read.length).toBe(known.length)
  })

  it('maps a conversation as the manifest says', async () => {
    const [id = ''] = await openIds()
    const truth = await control().conversation(vendor.at, id)
    const row = shelf.rows.get(id)
    expect(row).toMatchObject({
      vendorId: id,
      status: 'open',
      vendorStatus: vendor.open,
      customer: { name: truth.customer.name, email: truth.customer.email },
    })
    expect(row?.subject).toContain(truth.subject)
    expect(row?.tags.toSorted()).toEqual(truth.tags.toSorted())
    expect(Math.abs((row?.updatedAt ?? 0) - truth.updatedAt)).toBeLessThan(1000)
    expect(row?.url).toMatch(/^https:\/\//)
  })

  // A vendor that lists the oldest first has nothing newest to show before the end.
  if (vendor.newestFirst)
    it('shows the newest conversations first', async () => {
      const [first] = shelf.pages
      const newest = await control().conversationIds(vendor.at, { limit: first?.conversations.length ?? 0 })
      expect(first?.conversations.map((one) => one.vendorId)).toEqual(newest)
    })

  it('finds what changed since, and does not read everything again', async () => {
    const ids = await control().conversationIds(vendor.at, { limit: 100_000 })
    const id = ids.at(-3) ?? ''
    await control().customerWrites(vendor.at, id, 'Is there any news?')
    const before = shelf.pages.length
    await shelf.fill(connector, account.ctx)
    const found = shelf.pages.slice(before).flatMap((page) => page.conversations.map((one) => one.vendorId))
    expect(found).toContain(id)
    expect(shelf.pages.length - before).toBeLessThanOrEqual(2)
  })

  it('loses nothing that changes while it reads', async () => {
    const all = new Shelf()
    const written: string[] = []
    const ids = await control().conversationIds(vendor.at, { limit: 100_000 })
    await all.fill(connector, account.ctx, async (page) => {
      const id = ids[(page * 37 + 11) % ids.length]
      if (id === undefined || page > 5) return
      written.push(id)
      await control().customerWrites(vendor.at, id, `While you were reading ${page}`)
    })
    await all.fill(connector, account.ctx)
    expect([...all.rows.keys()].sort()).toEqual([...ids].sort())
    for (const id of written) {
      const { updatedAt } = await control().conversation(vendor.at, id)
      expect(Math.abs((all.rows.get(id)?.updatedAt ?? 0) - updatedAt)).toBeLessThan(1000)
    }
  })

  it('goes on after a page whose cursor died or that was refused, and starts over with a cursor it cannot read', async () => {
    const first = await connector.pull(account.ctx, null)
    expect(first.more).toBe(true)
    await control().fail({ kind: 'status', status: 400, body: '{}', times: 1, target: { path: vendor.list } })
    // The number of a page is our own and cannot die: that the vendor refuses it is told, and the page asked for again.
    const refused = { code: 'vendor_rejected' }
    if (vendor.numbered) await expect(connector.pull(account.ctx, first.cursor)).rejects.toMatchObject(refused)
    const again = await connector.pull(account.ctx, first.cursor)
    expect(again.conversations.length).toBeGreaterThan(0)
    const anew = await connector.pull(account.ctx, '{"half":')
    expect(anew.conversations.length).toBeGreaterThan(0)
  })

  it('reads a thread oldest first, with the first message and who wrote', async () => {
    const [id = ''] = await openIds()
    await control().customerWrites(vendor.at, id, 'Here is a picture', { picture: true })
    await control().agentWrites(vendor.at, id, vendor.other.email, 'note', 'Looks fine to me')
    const { messages, conversation, quarantined } = await connector.thread(account.ctx, id)
    const truth = await control().conversation(vendor.at, id)
    expect(quarantined).toEqual([])
    expect(conversation?.vendorId).toBe(id)
    expect(messages[0]).toMatchObject({
      direction: 'in',
      kind: 'reply',
      author: { role: 'customer', name: truth.customer.name },
    })
    expect(messages.map((each) => each.createdAt)).toEqual(messages.map((each) => each.createdAt).sort((a, b) => a - b))
    const spoken = truth.messages.filter((each) => each.kind !== 'event')
    expect(messages.filter((each) => each.kind !== 'event').length).toBe(spoken.length)
    expect(messages.at(-1)).toMatchObject({
      kind: 'note',
      direction: 'out',
      bodyText: 'Looks fine to me',
      author: { name: vendor.other.name, role: 'agent' },
    })
    if (!connector.capabilities.attachments) return
    const picture = messages.at(-2)?.attachments[0]
    if (picture === undefined) throw new Error('the picture is missing')
    expect((await connector.download(account.ctx, picture)).byteLength).toBe(picture.size)
  })

  it('sends a reply that arrives exactly once, and finds it again by looking', async () => {
    const [, id = ''] = await openIds()
    const conversation = await fresh(id)
    const command = reply('It is on its way.')
    const sentAt = Date.now()
    const receipt = await connector.execute(account.ctx, conversation, command)
    const arrived = await control().received(vendor.at, id)
    expect(arrived).toMatchObject([{ kind: 'reply', author: vendor.me.email, text: command.bodyText }])
    expect(receipt.messageVendorId).toBe(arrived[0]?.messageId)
    expect(receipt.message).toMatchObject({ direction: 'out', author: { name: vendor.me.name } })
    expect(await connector.probe(account.ctx, conversation, command, sentAt)).toMatchObject({
      messageVendorId: receipt.messageVendorId,
    })
    expect(await connector.probe(account.ctx, conversation, reply('Something else'), sentAt)).toBe('absent')
  })

  it('says "unknown" when the line is cut after the vendor has acted, and looking finds the reply', async () => {
    const [, , id = ''] = await openIds()
    const conversation = await fresh(id)
    const command = reply('Once is enough')
    const sentAt = Date.now()
    await control().fail({ kind: 'reset-after', times: 1, target: { method: 'POST' } })
    await expect(connector.execute(account.ctx, conversation, command)).rejects.toMatchObject({ outcome: 'unknown' })
    expect(await control().received(vendor.at, id)).toHaveLength(1)
    expect(await connector.probe(account.ctx, conversation, command, sentAt)).toMatchObject({
      message: { bodyText: 'Once is enough' },
    })
  })

  it('does all the other writes the manifest describes, and sees them done', async () => {
    const [, , , id = ''] = await openIds()
    const { ctx } = account
    const { agents, statuses } = await connector.directory(ctx)
    const pending = statuses.find((status) => status.status === 'pending')
    const bruno = agents.find((agent) => agent.name === vendor.other.name)
    let now = await fresh(id)
    if (can('note')) {
      await connector.execute(ctx, now, { kind: 'note', bodyText: 'VIP', bodyHtml: '<p>VIP</p>' })
      expect(await control().received(vendor.at, id)).toMatchObject([{ kind: 'note', text: 'VIP' }])
    }
    const status = { kind: 'status', status: 'pending', vendorStatusId: pending?.id ?? null } as const
    const { conversation } = await connector.execute(ctx, now, status)
    expect(conversation).toMatchObject({
      status: 'pending',
      vendorStatus: pending && { id: pending.id, label: pending.label },
    })
    expect(await connector.probe(ctx, now, status, 0)).toMatchObject({ conversation: { status: 'pending' } })
    expect(await connector.probe(ctx, now, { ...status, status: 'closed', vendorStatusId: vendor.closed }, 0)).toBe(
      'absent',
    )
    if (can('priority')) await connector.execute(ctx, now, { kind: 'priority', priority: 'urgent' })
    if (can('assign')) {
      expect(bruno).toBeDefined()
      await connector.execute(ctx, now, { kind: 'assign', assigneeVendorId: bruno?.vendorId ?? null })
    }
    if (can('tags')) await connector.execute(ctx, now, { kind: 'tags', add: ['important'], remove: now.tags })
    now = await fresh(id)
    if (can('priority')) expect(now.priority).toBe('urgent')
    if (can('assign')) expect(now.assigneeVendorId).toBe(bruno?.vendorId)
    if (can('tags')) expect(now.tags).toEqual(['important'])
    if (can('assign')) {
      await connector.execute(ctx, now, { kind: 'assign', assigneeVendorId: null })
      expect((await fresh(id)).assigneeVendorId).toBeNull()
    }
    expect(connector.capabilities.commands).toEqual(vendor.writes)
    covered(vendor.id, 'exercised', [...vendor.writes, ...connector.operations.map((each) => each.name)])
  })

  it("gives a refusal the vendor's own words", async () => {
    const [closed = ''] = await control().conversationIds(vendor.at, { statusKind: 'closed' })
    const refused =
      vendor.id === 'kiteline'
        ? connector.execute(account.ctx, await fresh(closed), {
            kind: 'status',
            status: 'solved',
            vendorStatusId: 'nonsense',
          })
        : connector.execute(
            account.ctx,
            await fresh(closed),
            vendor.id === 'larkdesk' ? reply('Hello') : { kind: 'tags', add: ['x'], remove: [] },
          )
    await expect(refused).rejects.toMatchObject({
      code: 'vendor_rejected',
      outcome: 'refused',
      message: expect.stringMatching(/no such state|takes no entries|closed for good/),
    })
  })

  it('waits when it is told to, and says when a sign-in has ended', async () => {
    await control().setRateLimit(vendor.at, `${vendor.id}.api`, { max: 0, windowMs: 120_000 })
    await expect(connector.pull(account.ctx, null)).rejects.toMatchObject({ code: 'rate_limited', outcome: 'not_sent' })
    await control().setRateLimit(vendor.at, `${vendor.id}.api`, { max: 100_000, windowMs: 60_000 })
    const other = await connect(account.sandbox, connector, vendor.site, { site: vendor.at, email: vendor.other.email })
    await control().expireAccessTokens({ site: vendor.at, user: vendor.other.email })
    await expect(connector.pull(other.ctx, null)).rejects.toMatchObject({ code: 'needs_sign_in' })
    await other.close()
  })

  it('quarantines a record it cannot read, and the rest of the page goes on', async () => {
    const other = await connect(account.sandbox, connector, vendor.site, { site: vendor.at, email: vendor.other.email })
    const { payload, path } = damaged[vendor.id]
    await control().fail({
      kind: 'status',
      status: 200,
      body: JSON.stringify(payload),
      headers: { 'content-type': 'application/json' },
      times: 1,
      target: { path: vendor.list },
    })
    const page = await connector.pull(other.ctx, null)
    expect(page.quarantined).toMatchObject([{ path }])
    expect(page.conversations).toHaveLength(1)
    await other.close()
  })

  it('sees that a conversation is gone', async () => {
    const other = await connect(account.sandbox, connector, vendor.site, { site: vendor.at, email: vendor.other.email })
    const all = new Shelf()
    await all.fill(connector, other.ctx)
    const [id = ''] = await openIds()
    expect(all.rows.has(id)).toBe(true)
    await control().hide(vendor.at, id, 'deleted')
    await all.fill(connector, other.ctx)
    expect(all.rows.has(id)).toBe(false)
    await other.close()
  })

  it('every read request is an operation, and refuses what is not of its kind', () => {
    expect(connector.operations.length).toBeGreaterThanOrEqual(3)
    for (const operation of connector.operations) {
      for (const payload of [null, 3, 'text', { strange: 1 }])
        expect(() => operation.read(payload, vendor.site)).toThrow(
          expect.objectContaining({ code: 'vendor_bad_answer' }),
        )
    }
  })
})

const damaged: Record<(typeof vendors)[number]['id'], { payload: unknown; path: string }> = {
  autotimer: {
    payload: {
      queries: [
        {
          id: 'tq_1',
          state: 'open',
          title: 'Fine',
          updated_at: '2026-03-01T10:00:00Z',
          created_at: '2026-03-01T09:00:00Z',
          reason: 'x',
        },
        { id: 'tq_2', state: 'open', title: 'Not fine', updated_at: { day: 1 } },
      ],
      paging: { next: null },
    },
    path: 'queries[1].updated_at',
  },
  larkdesk: {
    payload: {
      cases: [
        { number: null, topic: 'Nameless', changed: 1 },
        { number: 9, topic: 'Fine', changed: 1_772_000_000_000 },
      ],
    },
    path: 'cases[0].number',
  },
  kiteline: {
    payload: { data: [{ id: 'q-1', attributes: { changed: 1_772_000_000 } }, 'q-2'] },
    path: 'data[1]',
  },
}
