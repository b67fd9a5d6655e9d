import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import type { Conversation } from '../../../main/connectors/model.ts'
import { aboutCustomer } from '../../../main/connectors/shopify/customer.ts'
import { shopify } from '../../../main/connectors/shopify/index.ts'
import { covered } from '../coverage.ts'
import { type Connected, connect, open, Shelf } from './connected.ts'

const site = 'acme-gear.myshopify.com'
const shop = { shop: 'acme-gear' }
const rosa = { site, email: 'rosa.weber@acme-gear.example' }
const graphql = { host: site, path: '/admin/api' }
let account: Connected
const shelf = new Shelf()

beforeAll(async () => {
  account = await open(shopify, shop, rosa, 300)
  await shelf.fill(shopify, account.ctx)
}, 120_000)
afterEach(() => account.sandbox.control.clearFaults())
afterAll(() => account.close())

const control = () => account.sandbox.control
const rows = () => [...shelf.rows.values()]
const base = 5_500_000_000_000
const sortOf = (id: string) => (Number(id) - base) % 8
const openNote = (skip = 0) =>
  rows().filter((row) => row.status === 'open' && row.vendorStatus.id === 'open' && sortOf(row.vendorId) < 3)[skip]
    ?.vendorId ?? ''

async function fresh(id: string): Promise<Conversation> {
  const { conversation } = await shopify.thread(account.ctx, id)
  if (conversation === null) throw new Error('a thread tells its order')
  return conversation
}

describe('Shopify against the sandbox', () => {
  it('knows the shop that signed in', () => {
    expect(account.ctx.account.identity).toMatchObject({
      siteKey: site,
      name: 'Acme Gear Shop',
      email: 'shop@acme-gear.example',
      vendorUserId: expect.stringMatching(/^shop:\d+$/),
    })
    covered('shopify', 'exercised', ['shop'])
  })

  it('reads every order that is a query once, and no mere sale', async () => {
    const known = await control().conversationIds(site, { limit: 100_000 })
    expect(known.length).toBeGreaterThan(250)
    const late = (id: string) => shelf.rows.get(id)?.createdAt ?? 0
    const expected = await Promise.all(
      known.map(async (id) => {
        if (sortOf(id) === 7) return []
        const state = await control().conversation(site, id)
        if (sortOf(id) !== 6) return [id]
        return state.statusKind === 'open' && Date.now() - state.createdAt > 3 * 86_400_000 ? [id] : []
      }),
    )
    expect([...shelf.rows.keys()].sort()).toEqual(expected.flat().sort())
    expect(rows().some((row) => sortOf(row.vendorId) === 6 && late(row.vendorId) > 0)).toBe(true)
    expect(shelf.pages.flatMap((page) => page.quarantined)).toEqual([])
    covered('shopify', 'exercised', ['orders'])
  })

  it('shows the newest first, each with the address a reply goes to', async () => {
    const known = await control().conversationIds(site, { limit: 15 })
    const wanted = known.filter((id) => shelf.rows.has(id))
    expect(shelf.pages[0]?.conversations.map((one) => one.vendorId)).toEqual(wanted)
    expect(rows().every((row) => row.customer.email?.includes('@'))).toBe(true)
    expect(rows().every((row) => row.url.startsWith('https://admin.shopify.com/store/acme-gear/orders/'))).toBe(true)
  })

  it('keeps disputes with their deadline, and asks for them with the same reading', () => {
    const disputed = rows().filter((row) => sortOf(row.vendorId) === 5)
    expect(disputed.length).toBeGreaterThan(10)
    for (const row of disputed) {
      const waits = row.vendorStatus.label.includes('dispute needs response')
      expect(row.status).toBe(waits ? 'open' : 'closed')
      expect(row.dueAt !== null).toBe(waits)
    }
    expect(disputed.some((row) => row.status === 'open')).toBe(true)
    covered('shopify', 'exercised', ['disputes'])
  })

  it('pauses when it is current, and one call with nothing in it is enough then', async () => {
    await control().clearRequests()
    const before = shelf.pages.length
    await shelf.fill(shopify, account.ctx)
    expect(shelf.pages.length - before).toBe(1)
    expect(await control().requests(graphql)).toHaveLength(1)
  })

  it('finds what changed since, and nothing else has to be read again', async () => {
    const quiet = (await control().conversationIds(site, { limit: 40 }))[30] ?? ''
    await control().customerWrites(site, quiet, 'One of them is scratched, can I send it back?')
    const before = shelf.pages.length
    await shelf.fill(shopify, account.ctx)
    const read = shelf.pages.slice(before).flatMap((page) => page.conversations)
    // The newest order of before lies within the overlap.
    expect(read.length).toBeLessThanOrEqual(2)
    expect(read.find((one) => one.vendorId === quiet)).toMatchObject({
      status: 'open',
      vendorStatus: { label: expect.stringContaining('return requested') },
      lastMessageBy: 'customer',
      preview: expect.stringContaining('scratched'),
      commands: ['note', 'tags'],
    })
  })

  it('takes in a new order with a note', async () => {
    const id = await control().customerOpens(site, 'Tent Fjord 2', 'Please ring twice')
    await shelf.fill(shopify, account.ctx)
    expect(shelf.rows.get(id)).toMatchObject({ preview: 'Please ring twice', status: 'open', channel: 'web' })
  })

  it('finds an order that became late while nothing in it changed, and lets it go when it was sent', async () => {
    const later = { ...account.ctx, now: () => Date.now() + 3 * 86_400_000 }
    const known = await control().conversationIds(site, { limit: 100_000 })
    const states = await Promise.all(
      known.filter((id) => sortOf(id) === 6).map((id) => control().conversation(site, id)),
    )
    const [coming] = states.filter(
      (state) =>
        state.statusKind === 'open' && Date.now() - state.createdAt < 3 * 86_400_000 && !shelf.rows.has(state.id),
    )
    if (coming === undefined) throw new Error('no young order waits to be sent')
    await shelf.fill(shopify, later)
    expect(shelf.rows.get(coming.id)).toMatchObject({ status: 'open' })
    await control().change(site, coming.id, { status: 'closed' })
    await shelf.fill(shopify, later)
    expect(shelf.rows.has(coming.id)).toBe(false)
  })

  it('starts over from a damaged cursor, and a page cursor that died costs one round', async () => {
    const { cursor } = await shopify.pull(account.ctx, 'damaged')
    expect(JSON.parse(cursor)).toMatchObject({ phase: 'newest' })
    await control().fail({ kind: 'status', status: 400, body: '{"errors":"bad cursor"}', times: 1 })
    const page = await shopify.pull(account.ctx, cursor)
    expect(page.conversations.length).toBeGreaterThan(0)
  })

  it('reads a thread in order of time: note, return, comments with files, shipment, refund', async () => {
    const both = rows().find((row) => sortOf(row.vendorId) === 4 && row.status === 'closed')
    const { messages, conversation } = await shopify.thread(account.ctx, both?.vendorId ?? '')
    expect(messages.map((each) => each.createdAt)).toEqual(messages.map((each) => each.createdAt).sort((a, b) => a - b))
    expect(messages.find((each) => each.vendorId === `note:${both?.vendorId}`)).toMatchObject({
      kind: 'reply',
      direction: 'in',
      author: { role: 'customer', email: both?.customer.email },
    })
    const kinds = new Set(messages.map((each) => each.vendorId.split(':')[0]))
    expect([...kinds].sort()).toEqual(['event', 'fulfillment', 'note', 'refund', 'return'])
    expect(conversation?.vendorId).toBe(both?.vendorId)
    expect(messages.find((each) => each.vendorId.startsWith('fulfillment:'))?.bodyText).toMatch(
      /^Shipment \(delivered\): Parcel Post SBX\d+ https:/,
    )
    covered('shopify', 'exercised', ['order'])
  })

  it('shows comments of staff as notes and fetches their files', async () => {
    const id = rows().find((row) => Number(row.vendorId) % 2 === 0 && sortOf(row.vendorId) < 3)?.vendorId ?? ''
    await control().agentWrites(site, id, rosa.email, 'note', 'Asked the carrier')
    const { messages } = await shopify.thread(account.ctx, id)
    const comment = messages.find((each) => each.bodyText === 'Asked the carrier')
    expect(comment).toMatchObject({ kind: 'note', direction: 'out', author: { role: 'agent' }, bodyHtml: null })
    const [file] = comment?.attachments ?? []
    if (file === undefined) throw new Error('the file is missing')
    expect((await shopify.download(account.ctx, file)).byteLength).toBe(file.size)
    const [asked] = await control().requests({ host: 'cdn.shopify.com' })
    expect(asked?.headers['x-shopify-access-token']).toBeUndefined()
  })

  it('adds a note below what is there, losing nothing, and finds it again by looking', async () => {
    const id = openNote()
    const conversation = await fresh(id)
    const before = (await shopify.thread(account.ctx, id)).messages.find((each) => each.vendorId === `note:${id}`)
    const command = { kind: 'note', bodyText: 'Called her, it is with the neighbour', bodyHtml: '<p>x</p>' } as const
    const sentAt = Date.now()
    const receipt = await shopify.execute(account.ctx, conversation, command)
    expect(receipt.message).toMatchObject({ kind: 'note', direction: 'out', author: { name: 'Acme Gear Shop' } })
    await shopify.execute(account.ctx, conversation, { ...command, bodyText: 'And told her so' })
    expect(await control().received(site, id)).toHaveLength(2)
    const { messages } = await shopify.thread(account.ctx, id)
    expect(messages.find((each) => each.vendorId === `note:${id}`)?.bodyText).toBe(before?.bodyText)
    expect(messages.filter((each) => each.vendor.source === 'order note').map((each) => each.bodyText)).toEqual([
      before?.bodyText,
      command.bodyText,
      'And told her so',
    ])
    const found = await shopify.probe(account.ctx, conversation, command, sentAt)
    expect(found).toMatchObject({ messageVendorId: receipt.messageVendorId })
    expect(await shopify.probe(account.ctx, conversation, { ...command, bodyText: 'Never said' }, sentAt)).toBe(
      'absent',
    )
    covered('shopify', 'exercised', ['note', 'order_update'])
  })

  it('says "unknown" when the line is cut after the note was written, and looking finds it', async () => {
    const id = openNote(1)
    const conversation = await fresh(id)
    const command = { kind: 'note', bodyText: 'Once is enough', bodyHtml: '<p>Once is enough</p>' } as const
    const sentAt = Date.now()
    // The first request only reads the note.
    await control().fail({ kind: 'delay', ms: 1, times: 1, target: graphql })
    await control().clearRequests()
    const sending = shopify.execute(account.ctx, conversation, command)
    await until(async () => (await control().requests(graphql)).length > 0)
    await control().fail({ kind: 'reset-after', times: 1, target: graphql })
    await expect(sending).rejects.toMatchObject({ outcome: 'unknown' })
    expect((await control().received(site, id)).filter((each) => each.text.includes('Once is enough'))).toHaveLength(1)
    expect(await shopify.probe(account.ctx, conversation, command, sentAt)).toMatchObject({
      message: { bodyText: 'Once is enough' },
    })
  })

  it('knows that nothing was written when reading the note failed', async () => {
    const id = openNote(2)
    const conversation = await fresh(id)
    await control().fail({ kind: 'status', status: 500, times: 5, target: graphql })
    const command = { kind: 'note', bodyText: 'Not yet', bodyHtml: '<p>Not yet</p>' } as const
    await expect(shopify.execute(account.ctx, conversation, command)).rejects.toMatchObject({ outcome: 'not_sent' })
    expect((await control().received(site, id)).some((each) => each.text.includes('Not yet'))).toBe(false)
  }, 30_000)

  it('closes and reopens an order, and adds and removes tags', async () => {
    const id = openNote(2)
    const conversation = await fresh(id)
    const closed = await shopify.execute(account.ctx, conversation, {
      kind: 'status',
      status: 'closed',
      vendorStatusId: 'closed',
    })
    expect(closed.conversation).toMatchObject({ status: 'closed', vendorStatus: { id: 'closed' } })
    expect((await control().conversation(site, id)).statusKind).toBe('closed')
    const status = { kind: 'status', status: 'closed', vendorStatusId: null } as const
    expect(await shopify.probe(account.ctx, conversation, status, 0)).toMatchObject({ messageVendorId: null })
    expect(await shopify.probe(account.ctx, conversation, { ...status, status: 'open' }, 0)).toBe('absent')
    await shopify.execute(account.ctx, conversation, { ...status, status: 'open' })
    expect(await fresh(id)).toMatchObject({ status: 'open' })
    const tags = { kind: 'tags', add: ['call back', 'angry'], remove: conversation.tags } as const
    const tagged = await shopify.execute(account.ctx, conversation, {
      ...tags,
      add: [...tags.add],
      remove: [...tags.remove],
    })
    expect(tagged.conversation?.tags).toEqual(['call back', 'angry'])
    expect((await control().conversation(site, id)).tags).toEqual(['call back', 'angry'])
    expect(
      await shopify.probe(account.ctx, conversation, { kind: 'tags', add: ['angry'], remove: [] }, 0),
    ).toMatchObject({
      conversation: { vendorId: id },
    })
    covered('shopify', 'exercised', ['status', 'tags', 'order_close', 'order_open', 'tags_add', 'tags_remove'])
  })

  it('offers no reply, and refuses what an order cannot be before anything is sent', async () => {
    expect(shopify.capabilities).toMatchObject({ repliesByMail: true, commands: ['note', 'status', 'tags'] })
    const conversation = await fresh(openNote())
    await control().clearRequests()
    for (const command of [
      { kind: 'reply', bodyText: 'Hi', bodyHtml: '<p>Hi</p>' },
      { kind: 'status', status: 'pending', vendorStatusId: null },
      { kind: 'priority', priority: 'high' },
      { kind: 'assign', assigneeVendorId: null },
    ] as const)
      await expect(shopify.execute(account.ctx, conversation, command)).rejects.toMatchObject({
        code: 'not_supported',
        outcome: 'refused',
      })
    expect(await control().requests(graphql)).toEqual([])
  })

  it('tells the newest orders of a customer who writes somewhere else', async () => {
    const someone = rows()[3]?.customer ?? { email: null, phone: null, name: null, vendorId: null }
    const { people, conversations } = await aboutCustomer(account.ctx, someone)
    expect(people).toMatchObject([{ name: someone.name, email: someone.email }])
    expect(conversations.length).toBeGreaterThan(0)
    expect(conversations.every((one) => one.customer.email === someone.email)).toBe(true)
    const nobody = await aboutCustomer(account.ctx, { email: 'nobody@nowhere.example', phone: null })
    expect([nobody.people, nobody.conversations]).toEqual([[], []])
    covered('shopify', 'exercised', ['customers'])
  })

  it('says that an order is gone', async () => {
    const id = await control().customerOpens(site, 'Lamp', 'Wrong colour?')
    await control().hide(site, id, 'deleted')
    await expect(shopify.thread(account.ctx, id)).rejects.toMatchObject({ code: 'vendor_not_found' })
  })

  it('sets aside an order that cannot be read, and goes on with the rest', async () => {
    const node = (id: number, createdAt: string) => ({
      id: `gid://shopify/Order/${id}`,
      name: '#1',
      note: 'x',
      createdAt,
    })
    const nodes = [node(1, '2026-03-01T09:00:00Z'), node(2, 'yesterday'), node(3, '2026-03-01T09:00:00Z')]
    const body = JSON.stringify({ data: { orders: { nodes, pageInfo: { hasNextPage: false, endCursor: null } } } })
    await control().fail({
      kind: 'status',
      status: 200,
      body,
      times: 1,
      headers: { 'content-type': 'application/json' },
    })
    const page = await shopify.pull(account.ctx, null)
    expect(page.conversations.map((one) => one.vendorId)).toEqual(['1', '3'])
    expect(page.quarantined).toMatchObject([{ path: 'orders.nodes[1].createdAt' }])
  })

  it('turns "throttled", which comes with HTTP 200, into a wait', async () => {
    await control().setRateLimit(site, 'shopify.points', { max: 700, windowMs: 60_000 })
    const other = await connect(account.sandbox, shopify, shop, rosa)
    try {
      const failed = await shopify.pull(other.ctx, null).then(
        () => shopify.pull(other.ctx, null).catch((error: unknown) => error),
        (error: unknown) => error,
      )
      expect(failed).toMatchObject({ code: 'rate_limited', outcome: 'not_sent' })
      expect((failed as { retryAfterMs: number }).retryAfterMs).toBeGreaterThan(5000)
    } finally {
      await control().setRateLimit(site, 'shopify.points', { max: 100_000, windowMs: 60_000 })
      await other.close()
    }
  })

  it('says which right is missing when an app may only read', async () => {
    const reader = await connect(account.sandbox, shopify, shop, {
      ...rosa,
      scopes: ['read_orders', 'read_customers', 'read_returns'],
    })
    const [one] = (await shopify.pull(reader.ctx, null)).conversations
    if (one === undefined) throw new Error('nothing was read')
    const command = { kind: 'note', bodyText: 'No', bodyHtml: '<p>No</p>' } as const
    await expect(shopify.execute(reader.ctx, one, command)).rejects.toMatchObject({
      code: 'vendor_forbidden',
      outcome: 'refused',
      detail: expect.stringContaining('write_orders'),
    })
    await reader.close()
  })

  it('asks to sign in again when the app was uninstalled in the shop', async () => {
    const other = await connect(
      account.sandbox,
      shopify,
      { shop: 'nova-vinyl' },
      {
        site: 'nova-vinyl.myshopify.com',
        email: 'emi.tanaka@nova-vinyl.example',
      },
    )
    expect((await shopify.pull(other.ctx, null)).conversations.length).toBeGreaterThan(0)
    await control().revoke({ site: 'nova-vinyl.myshopify.com' })
    await expect(shopify.pull(other.ctx, null)).rejects.toMatchObject({ code: 'needs_sign_in' })
    await other.close()
  })
})

async function until(condition: () => Promise<boolean>): Promise<void> {
  for (let turn = 0; turn < 500; turn += 1) {
    if (await condition()) return
    await new Promise((resolve) => setTimeout(resolve, 2))
  }
  throw new Error('it did not come to that')
}
