import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { hubspot } from '../../../main/connectors/hubspot/index.ts'
import type { Conversation } from '../../../main/connectors/model.ts'
import { covered } from '../coverage.ts'
import { type Connected, open, Shelf } from './connected.ts'

const site = '62515002'
const grace = { site, email: 'grace.hill@novapro.example' }
let account: Connected
const shelf = new Shelf()

beforeAll(async () => {
  account = await open(hubspot, {}, grace, 2067)
  await shelf.fill(hubspot, account.ctx)
}, 240_000)
afterAll(() => account.close())

const control = () => account.sandbox.control
const conversations = () => [...shelf.rows.values()]
const ticketsOf = (status: string) =>
  conversations().filter((one) => one.vendorId.startsWith('ticket:') && one.status === status)

function pick(found: Conversation[], at: number): Conversation {
  const one = found[at]
  if (one === undefined) throw new Error('the seed has no such conversation')
  return one
}

/** The sandbox names conversations by thread; a ticket's thread is its originating one. */
async function threadIdOf(one: Conversation): Promise<string> {
  if (one.vendorId.startsWith('thread:')) return one.vendorId.slice(7)
  const { messages } = await hubspot.thread(account.ctx, one.vendorId)
  const asked = await control().requests({ method: 'GET' })
  const path = asked.map((request) => request.path).findLast((each) => /threads\/\d+\/messages/.test(each)) ?? ''
  expect(messages.length).toBeGreaterThan(0)
  return /threads\/(\d+)\//.exec(path)?.[1] ?? ''
}

describe('HubSpot against the sandbox', () => {
  it('knows who signed in, and at which portal', () => {
    expect(account.ctx.account.identity).toMatchObject({ siteKey: site, name: 'Grace Hill', email: grace.email })
  })

  it('makes one conversation of a ticket and its thread, and reads all of them', async () => {
    const known = await control().conversationIds(site, { limit: 100_000 })
    expect(known.length).toBeGreaterThanOrEqual(2000)
    const spam = new Set(shelf.pages.flatMap((page) => page.removedVendorIds))
    expect(conversations().filter((one) => one.vendorId.startsWith('thread:')).length).toBeGreaterThan(20)
    expect(shelf.rows.size).toBe(known.length - spam.size)
    expect(shelf.pages.flatMap((page) => page.quarantined)).toEqual([])
    expect(conversations().filter((one) => one.customer.email === null)).toEqual([])
    const read = ['list_tickets', 'search_tickets', 'read_tickets', 'conversation_threads', 'read_contacts']
    covered('hubspot', 'exercised', read)
  })

  it('shows the newest tickets first', () => {
    const times = shelf.pages[0]?.conversations.map((one) => one.updatedAt) ?? []
    expect(times.length).toBeGreaterThan(100)
    expect(times).toEqual([...times].sort((a, b) => b - a))
  })

  it('is current with one look at both lists when nothing happened', async () => {
    const before = shelf.pages.length
    await shelf.fill(hubspot, account.ctx)
    expect(shelf.pages.length - before).toBe(2)
  })

  it('finds a new message, a changed ticket and a new conversation', async () => {
    const written = pick(
      conversations().filter((one) => one.vendorId.startsWith('ticket:') && one.lastMessageBy === 'agent'),
      0,
    )
    await control().customerWrites(site, await threadIdOf(written), 'The amplifier hums again')
    const opened = await control().customerOpens(site, 'A crackling speaker', 'It crackles.')
    const ticket = pick(ticketsOf('open'), 5)
    await control().change(site, await threadIdOf(ticket), { subject: 'The hum is back' })
    const before = shelf.pages.length
    await shelf.fill(hubspot, account.ctx)
    const seen = shelf.pages.slice(before).flatMap((page) => page.conversations)
    expect(shelf.rows.get(written.vendorId)?.lastMessageBy).toBe('customer')
    expect(seen.find((one) => one.vendorId === ticket.vendorId)).toMatchObject({ subject: 'The hum is back' })
    expect(seen.some((one) => one.subject.includes('crackling') || one.vendorId === `thread:${opened}`)).toBe(true)
  })

  it('keeps the pipelines side by side: each conversation moves in the stages of its own', async () => {
    const { statuses, brands, agents } = await hubspot.directory(account.ctx)
    const scopeOf = new Map(statuses.map((status) => [status.id, status.scope]))
    expect(statuses.find((status) => status.label === 'In repair')?.scope).toBe('90021')
    expect(new Set(statuses.map((status) => status.scope))).toEqual(new Set(['0', '90021', 'thread']))
    expect(brands.map((brand) => brand.key)).toEqual(expect.arrayContaining(['pipeline:0', 'pipeline:90021']))
    expect(agents.map((agent) => agent.vendorId)).toContain(account.ctx.account.identity.vendorUserId)
    expect(new Set(conversations().map((one) => one.statusScope))).toEqual(new Set(['0', '90021', 'thread']))
    expect(conversations().filter((one) => scopeOf.get(one.vendorStatus.id) !== one.statusScope)).toEqual([])
    covered('hubspot', 'exercised', ['list_ticket_pipelines', 'list_owners', 'list_inboxes'])
  })

  it('changes a stage within the pipeline of its ticket only', async () => {
    const repair = pick(
      ticketsOf('open').filter((one) => one.statusScope === '90021'),
      0,
    )
    const { statuses } = await hubspot.directory(account.ctx)
    const moved = await hubspot.execute(account.ctx, repair, { kind: 'status', status: 'solved', vendorStatusId: null })
    expect(moved.conversation).toMatchObject({ status: 'closed', statusScope: '90021' })
    const stage = statuses.find((status) => status.scope === '90021' && status.status === 'open')
    const back = await hubspot.execute(account.ctx, repair, {
      ...{ kind: 'status', status: 'open', vendorStatusId: stage?.id ?? null },
    })
    expect(back.conversation?.vendorStatus).toEqual({ id: stage?.id, label: stage?.label })
  })

  it('offers no reply on a ticket that nobody has written to, and takes a note for the CRM', async () => {
    const properties = { subject: 'Call back', content: 'Customer rang.', hs_pipeline: '0', hs_pipeline_stage: '1' }
    const { id } = await account.ctx.http
      .post('crm/v3/objects/tickets', { json: { properties } })
      .json<{ id: string }>()
    await shelf.fill(hubspot, account.ctx)
    const listed = shelf.rows.get(`ticket:${id}`)
    const { conversation, messages } = await hubspot.thread(account.ctx, `ticket:${id}`)
    if (conversation === null || listed === undefined) throw new Error('the new ticket was not read')
    for (const one of [listed, conversation]) expect(one.commands).toEqual(['note', 'status', 'priority', 'assign'])
    expect(messages).toMatchObject([{ direction: 'in', bodyText: 'Customer rang.' }])
    const reply = hubspot.execute(account.ctx, conversation, { kind: 'reply', bodyText: 'Hi', bodyHtml: '<p>Hi</p>' })
    await expect(reply).rejects.toMatchObject({ code: 'not_supported', outcome: 'refused' })
    await hubspot.execute(account.ctx, conversation, { kind: 'note', bodyText: 'Rang', bodyHtml: '<p>Rang</p>' })
    expect((await control().received(site)).at(-1)).toMatchObject({ kind: 'note', text: 'Rang' })
    const changed = await hubspot.execute(account.ctx, conversation, { kind: 'priority', priority: 'high' })
    expect(changed.conversation).toMatchObject({ priority: 'high', commands: conversation.commands })
  })

  it('sends a reply into the thread of a ticket, exactly once, and finds it again by looking', async () => {
    const one = pick(ticketsOf('open'), 0)
    const command = { kind: 'reply', bodyText: 'We found the fault.', bodyHtml: '<p>We found the fault.</p>' } as const
    const sentAt = Date.now()
    const receipt = await hubspot.execute(account.ctx, one, command)
    const arrived = (await control().received(site)).filter((message) => message.text.includes('We found the fault'))
    expect(arrived).toMatchObject([{ kind: 'reply', author: grace.email }])
    expect(receipt.messageVendorId).toBe(arrived[0]?.messageId)
    expect(await hubspot.probe(account.ctx, one, command, sentAt)).toMatchObject({
      messageVendorId: receipt.messageVendorId,
    })
    const { messages, conversation } = await hubspot.thread(account.ctx, one.vendorId)
    expect(messages.at(-1)).toMatchObject({
      kind: 'reply',
      direction: 'out',
      author: { name: 'Grace Hill', role: 'agent' },
    })
    expect(conversation?.vendorId).toBe(one.vendorId)
    const done = ['reply', 'send_message', 'get_ticket', 'conversation_messages', 'read_actors']
    covered('hubspot', 'exercised', done)
  })

  it('says "unknown" when the line is cut after HubSpot has acted, and looking finds the reply', async () => {
    const one = pick(ticketsOf('open'), 3)
    const command = { kind: 'reply', bodyText: 'Once is enough', bodyHtml: '<p>Once is enough</p>' } as const
    const sentAt = Date.now()
    await control().fail({
      kind: 'reset-after',
      times: 1,
      target: { method: 'POST', path: '/conversations/v3/conversations/threads/' },
    })
    await expect(hubspot.execute(account.ctx, one, command)).rejects.toMatchObject({ outcome: 'unknown' })
    const arrived = (await control().received(site)).filter((message) => message.text.includes('Once is enough'))
    expect(arrived).toHaveLength(1)
    expect(await hubspot.probe(account.ctx, one, command, sentAt)).toMatchObject({
      messageVendorId: arrived[0]?.messageId,
    })
  })

  it('fetches a file through a signed link that carries no token', async () => {
    const one = pick(ticketsOf('open'), 1)
    await control().customerWrites(site, await threadIdOf(one), 'A picture of the board', { picture: true })
    const { messages } = await hubspot.thread(account.ctx, one.vendorId)
    const file = messages.at(-1)?.attachments[0]
    if (file === undefined) throw new Error('the file is missing')
    expect((await hubspot.download(account.ctx, file)).byteLength).toBeGreaterThan(10)
    const asked = await control().requests({ host: 'f.hubspotusercontent-eu1.net' })
    expect(asked.map((request) => request.headers.authorization)).toEqual([undefined])
  })

  it('changes stage, priority and owner of a ticket', async () => {
    const one = pick(ticketsOf('open'), 2)
    const { ctx } = account
    const me = ctx.account.identity.vendorUserId
    const moved = await hubspot.execute(ctx, one, { kind: 'status', status: 'pending', vendorStatusId: null })
    expect(moved.conversation?.status === 'pending' || moved.conversation?.status === 'on_hold').toBe(true)
    await hubspot.execute(ctx, one, { kind: 'priority', priority: 'urgent' })
    const assigned = await hubspot.execute(ctx, one, { kind: 'assign', assigneeVendorId: me })
    expect(assigned.conversation).toMatchObject({ assigneeVendorId: me, priority: 'urgent', customer: one.customer })
    expect(await hubspot.probe(ctx, one, { kind: 'assign', assigneeVendorId: me }, 0)).toMatchObject({
      messageVendorId: null,
    })
    await hubspot.execute(ctx, one, { kind: 'assign', assigneeVendorId: null })
    expect((await hubspot.thread(ctx, one.vendorId)).conversation?.assigneeVendorId).toBeNull()
    covered('hubspot', 'exercised', ['status', 'priority', 'assign', 'update_ticket'])
  })

  it('comments on, closes and assigns a thread without a ticket', async () => {
    const one = pick(
      conversations().filter((each) => each.vendorId.startsWith('thread:') && each.status === 'open'),
      0,
    )
    const { ctx } = account
    const note = await hubspot.execute(ctx, one, {
      kind: 'note',
      bodyText: 'Ask Haruto',
      bodyHtml: '<p>Ask Haruto</p>',
    })
    expect(note.message).toMatchObject({ kind: 'note', conversationVendorId: one.vendorId })
    await hubspot.execute(ctx, one, { kind: 'assign', assigneeVendorId: ctx.account.identity.vendorUserId })
    await hubspot.execute(ctx, one, { kind: 'status', status: 'solved', vendorStatusId: null })
    const { conversation, messages } = await hubspot.thread(ctx, one.vendorId)
    expect(conversation).toMatchObject({ status: 'closed', assigneeVendorId: ctx.account.identity.vendorUserId })
    expect(messages.map((message) => message.bodyText)).toContain('The conversation was closed.')
    expect(conversation?.commands).toEqual(['reply', 'note', 'status', 'assign'])
    await expect(hubspot.execute(ctx, one, { kind: 'priority', priority: 'low' })).rejects.toMatchObject({
      outcome: 'refused',
    })
    covered('hubspot', 'exercised', ['note', 'get_thread'])
  })
})
