import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Conversation } from '../../../main/connectors/model.ts'
import { zendesk } from '../../../main/connectors/zendesk/index.ts'
import { covered } from '../coverage.ts'
import { type Connected, connect, open, Shelf } from './connected.ts'

const site = 'acme.zendesk.com'
const mia = { site, email: 'mia.berg@acme.example' }
let account: Connected
const shelf = new Shelf()

beforeAll(async () => {
  account = await open(zendesk, { subdomain: 'acme' }, mia, 2067)
  await shelf.fill(zendesk, account.ctx)
}, 120_000)
afterAll(() => account.close())

const control = () => account.sandbox.control
const openIds = () => control().conversationIds(site, { statusKind: 'open', limit: 20 })

async function fresh(id: string): Promise<Conversation> {
  const { conversation } = await zendesk.thread(account.ctx, id)
  if (conversation === null) throw new Error('a thread tells its ticket')
  return conversation
}

describe('Zendesk against the sandbox', () => {
  it('knows who signed in', () => {
    expect(account.ctx.account.identity).toMatchObject({
      siteKey: site,
      name: 'Mia Berg',
      email: mia.email,
      role: 'agent',
    })
  })

  it('reads every conversation once and in full', async () => {
    const known = await control().conversationIds(site, { limit: 100_000 })
    expect(known.length).toBeGreaterThanOrEqual(2000)
    expect([...shelf.rows.keys()].sort()).toEqual([...known].sort())
    expect(shelf.pages.flatMap((page) => page.quarantined)).toEqual([])
    covered('zendesk', 'exercised', ['list_tickets', 'show_self'])
  })

  it('shows the newest conversations first', async () => {
    const [first] = shelf.pages
    const newest = await control().conversationIds(site, { limit: 100 })
    expect(first?.conversations.map((one) => one.vendorId)).toEqual(newest)
    expect(first?.conversations.every((one) => one.customer.email?.includes('@'))).toBe(true)
  })

  it('remembers that the export is for administrators only, and does not ask again', async () => {
    await control().clearRequests()
    await shelf.fill(zendesk, account.ctx)
    expect(await control().requests({ path: '/api/v2/incremental/tickets/cursor' })).toEqual([])
  })

  it('finds what changed since, and nothing else has to be read again', async () => {
    const [id = ''] = await control().conversationIds(site, { statusKind: 'pending' })
    await control().customerWrites(site, id, 'Is there any news about my tent?')
    const before = shelf.pages.length
    await shelf.fill(zendesk, account.ctx)
    expect(shelf.pages.slice(before).flatMap((page) => page.conversations.map((one) => one.vendorId))).toContain(id)
    expect(shelf.pages.length - before).toBe(1)
  })

  it('reads a thread oldest first, with notes kept apart and files that can be fetched', async () => {
    const [id = ''] = await openIds()
    await control().customerWrites(site, id, 'Here is a picture', { picture: true })
    await control().agentWrites(site, id, 'jonas.keller@acme.example', 'note', 'Looks like a seam')
    const { messages, conversation } = await zendesk.thread(account.ctx, id)
    expect(messages.map((each) => each.createdAt)).toEqual(messages.map((each) => each.createdAt).sort((a, b) => a - b))
    expect(messages[0]).toMatchObject({ direction: 'in', kind: 'reply', author: { role: 'customer' } })
    expect(messages.at(-1)).toMatchObject({
      kind: 'note',
      direction: 'out',
      author: { name: 'Jonas Keller', role: 'agent' },
    })
    const picture = messages.at(-2)?.attachments[0]
    if (picture === undefined) throw new Error('the picture is missing')
    expect((await zendesk.download(account.ctx, picture)).byteLength).toBe(picture.size)
    expect(conversation).toMatchObject({ vendorId: id, lastMessageBy: 'customer' })
    covered('zendesk', 'exercised', ['show_ticket', 'ticket_comments'])
  })

  it('sends a reply that arrives exactly once, and finds it again by looking', async () => {
    const [id = ''] = await openIds()
    const conversation = await fresh(id)
    const command = {
      kind: 'reply',
      bodyText: 'Your tent is on its way.\nMia',
      bodyHtml: '<p>Your tent is on its way.<br>Mia</p>',
    } as const
    const sentAt = Date.now()
    const receipt = await zendesk.execute(account.ctx, conversation, command)
    const arrived = await control().received(site, id)
    expect(arrived).toHaveLength(1)
    expect(arrived[0]).toMatchObject({ kind: 'reply', author: mia.email, html: command.bodyHtml })
    expect(receipt.messageVendorId).toBe(arrived[0]?.messageId)
    expect(receipt.message).toMatchObject({ kind: 'reply', direction: 'out', author: { name: 'Mia Berg' } })
    const found = await zendesk.probe(account.ctx, conversation, command, sentAt)
    expect(found).toMatchObject({ messageVendorId: receipt.messageVendorId })
    expect(await zendesk.probe(account.ctx, conversation, { ...command, kind: 'note' }, sentAt)).toBe('absent')
    covered('zendesk', 'exercised', ['reply', 'update_ticket'])
  })

  it('says "unknown" when the line is cut after the vendor has acted, and looking finds the reply', async () => {
    const [, id = ''] = await openIds()
    const conversation = await fresh(id)
    const command = { kind: 'reply', bodyText: 'Once is enough', bodyHtml: '<p>Once is enough</p>' } as const
    const sentAt = Date.now()
    await control().fail({ kind: 'reset-after', times: 1, target: { method: 'PUT' } })
    await expect(zendesk.execute(account.ctx, conversation, command)).rejects.toMatchObject({ outcome: 'unknown' })
    expect(await control().received(site, id)).toHaveLength(1)
    expect(await zendesk.probe(account.ctx, conversation, command, sentAt)).toMatchObject({
      message: { bodyText: 'Once is enough' },
    })
  })

  it('adds a note, and changes status, priority, assignee and tags', async () => {
    const [, , id = ''] = await openIds()
    const conversation = await fresh(id)
    const { ctx } = account
    const { agents, statuses } = await zendesk.directory(ctx)
    const jonas = agents.find((agent) => agent.name === 'Jonas Keller')
    const pending = statuses.find((status) => status.status === 'pending')
    await zendesk.execute(ctx, conversation, { kind: 'note', bodyText: 'VIP', bodyHtml: '<p>VIP</p>' })
    await zendesk.execute(ctx, conversation, { kind: 'status', status: 'pending', vendorStatusId: pending?.id ?? null })
    await zendesk.execute(ctx, conversation, { kind: 'priority', priority: 'urgent' })
    await zendesk.execute(ctx, conversation, { kind: 'assign', assigneeVendorId: jonas?.vendorId ?? null })
    await zendesk.execute(ctx, conversation, { kind: 'tags', add: ['Very Important'], remove: conversation.tags })
    const after = await fresh(id)
    expect(after).toMatchObject({
      status: 'pending',
      priority: 'urgent',
      assigneeVendorId: jonas?.vendorId,
      tags: ['very_important'],
    })
    expect(after.vendorStatus.label).toBe(pending?.label)
    expect(await control().received(site, id)).toMatchObject([{ kind: 'note' }])
    await zendesk.execute(ctx, after, { kind: 'assign', assigneeVendorId: null })
    expect((await fresh(id)).assigneeVendorId).toBeNull()
    expect(await zendesk.probe(ctx, after, { kind: 'priority', priority: 'urgent' }, 0)).toMatchObject({
      messageVendorId: null,
    })
    expect(await zendesk.probe(ctx, after, { kind: 'priority', priority: 'low' }, 0)).toBe('absent')
    covered('zendesk', 'exercised', ['note', 'status', 'priority', 'assign', 'tags'])
  })

  it('has the macros that the agent may use, and leaves out those that do nothing here', async () => {
    const { macros = [], brands, groups, agents, statuses } = await zendesk.directory(account.ctx)
    const me = account.ctx.account.identity.vendorUserId
    expect(macros.map((macro) => macro.name)).toEqual(['Parcel::On its way', 'Take over', 'Known fault'])
    expect(macros[0]?.commands).toMatchObject([
      {
        kind: 'reply',
        bodyText: 'Hello {{ticket.requester.first_name}},\nyour parcel left us today.\n{{current_user.name}}',
      },
      { kind: 'tags', add: ['shipped', 'informed'], remove: [] },
      { kind: 'status', status: 'pending', vendorStatusId: null },
    ])
    expect(macros[1]?.commands).toMatchObject([
      { kind: 'note' },
      { kind: 'assign', assigneeVendorId: me },
      { kind: 'priority', priority: 'urgent' },
    ])
    expect(brands.map((brand) => brand.name)).toEqual(['Acme Outdoor', 'Acme Rentals'])
    expect(groups).toHaveLength(3)
    expect(agents.map((agent) => agent.name)).toEqual(expect.arrayContaining(['Mia Berg', 'Jonas Keller']))
    expect(statuses.length).toBeGreaterThan(3)
    expect(statuses.every((status) => /^\d+$/.test(status.id))).toBe(true)
    covered('zendesk', 'exercised', ['list_macros', 'list_brands', 'list_groups', 'list_users', 'list_custom_statuses'])
  })

  it('lets the vendor fill in a macro for one conversation, and carries it out', async () => {
    const [, , , , id = ''] = await openIds()
    const conversation = await fresh(id)
    const { macros = [] } = await zendesk.directory(account.ctx)
    const commands = (await zendesk.applyMacro?.(account.ctx, conversation, macros[2]?.id ?? '')) ?? []
    expect(commands).toMatchObject([
      { kind: 'reply', bodyText: 'We know of this fault and are at it.' },
      { kind: 'tags', add: ['known_fault'], remove: conversation.tags },
      { kind: 'status', status: 'solved' },
    ])
    for (const command of commands) await zendesk.execute(account.ctx, conversation, command)
    expect(await fresh(id)).toMatchObject({ status: 'solved', tags: ['known_fault'], lastMessageBy: 'agent' })
    const [filled] = (await zendesk.applyMacro?.(account.ctx, conversation, macros[0]?.id ?? '')) ?? []
    const first = conversation.customer.name?.split(' ')[0]
    expect(filled).toMatchObject({ kind: 'reply', bodyText: expect.stringContaining(`Hello ${first}`) })
    expect(filled).toMatchObject({ bodyText: expect.stringContaining('Mia Berg') })
    covered('zendesk', 'exercised', ['apply_macro'])
  })

  it('says so when a macro does not exist any more', async () => {
    const [id = ''] = await openIds()
    const applied = zendesk.applyMacro?.(account.ctx, await fresh(id), '1')
    await expect(applied).rejects.toMatchObject({ code: 'vendor_not_found' })
  })

  it('fills in a macro itself, with what it knows, where the vendor will not', async () => {
    const [id = ''] = await openIds()
    const conversation = await fresh(id)
    const { macros = [] } = await zendesk.directory(account.ctx)
    await control().fail({ kind: 'status', status: 403, times: 1, target: { path: `/api/v2/tickets/${id}/macros` } })
    const [reply] = (await zendesk.applyMacro?.(account.ctx, conversation, macros[0]?.id ?? '')) ?? []
    expect(reply).toMatchObject({
      bodyText: `Hello ${conversation.customer.name?.split(' ')[0]},\nyour parcel left us today.\nMia Berg`,
    })
  })

  it('tells a light agent that the customer did not get the reply', async () => {
    const lena = await connect(
      account.sandbox,
      zendesk,
      { subdomain: 'acme' },
      { site, email: 'lena.light@acme.example' },
    )
    const [, , , id = ''] = await openIds()
    const { conversation } = await zendesk.thread(lena.ctx, id)
    if (conversation === null) throw new Error('a thread tells its ticket')
    const sent = zendesk.execute(lena.ctx, conversation, { kind: 'reply', bodyText: 'Hi', bodyHtml: '<p>Hi</p>' })
    await expect(sent).rejects.toMatchObject({ code: 'vendor_forbidden', outcome: 'refused' })
    expect(await control().received(site, id)).toMatchObject([{ kind: 'note' }])
    await lena.close()
  })

  it("gives a refusal the vendor's own words", async () => {
    const [closed = ''] = await control().conversationIds(site, { statusKind: 'closed' })
    const refused = zendesk.execute(account.ctx, await fresh(closed), { kind: 'priority', priority: 'low' })
    await expect(refused).rejects.toMatchObject({
      code: 'vendor_rejected',
      outcome: 'refused',
      message: expect.stringContaining('closed'),
    })
  })

  it('lets an administrator read the export too, without skipping or repeating in the result', async () => {
    const ada = await connect(
      account.sandbox,
      zendesk,
      { subdomain: 'acme' },
      { site, email: 'ada.okafor@acme.example' },
    )
    const all = new Shelf()
    await all.fill(zendesk, ada.ctx)
    await all.fill(zendesk, ada.ctx)
    expect(all.rows.size).toBe((await control().conversationIds(site, { limit: 100_000 })).length)
    expect((await control().requests({ path: '/api/v2/incremental/tickets/cursor' })).length).toBeGreaterThan(1)
    await ada.close()
    covered('zendesk', 'exercised', ['incremental_tickets'])
  })

  it('revokes its own token', async () => {
    await zendesk.revoke?.({ http: account.ctx.http, signal: account.ctx.signal, site: { subdomain: 'acme' } })
    await expect(zendesk.pull(account.ctx, null)).rejects.toMatchObject({ code: 'needs_sign_in' })
  })
})
