import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { freshchat } from '../../../main/connectors/freshchat/index.ts'
import type { Command, Conversation } from '../../../main/connectors/model.ts'
import { covered } from '../coverage.ts'
import { type Connected, open, Shelf } from './connected.ts'
import { doEverything } from './everything.ts'

const site = 'acme-chat.freshchat.com'
const place = { subdomain: 'acme-chat', organisation: 'acme' }
const zoe = { site, email: 'zoe.marsh@acme.example' }
let account: Connected
let ctx: Connected['ctx']
/** The connector's clock: rounds come once a minute. */
let now = Date.now()
const shelf = new Shelf()

beforeAll(async () => {
  account = await open(freshchat, place, zoe, 275)
  ctx = { ...account.ctx, now: () => now }
  await shelf.fill(freshchat, ctx)
}, 120_000)
afterAll(() => account.close())
beforeEach(() => {
  now = Math.max(now + 61_000, Date.now())
})

const control = () => account.sandbox.control
const idsOf = (statusKind: string, limit = 20) => control().conversationIds(site, { statusKind, limit })
const hello = (text: string) => ({ bodyText: text, bodyHtml: `<p>${text}</p>` })

async function fresh(id: string): Promise<Conversation> {
  const { conversation } = await freshchat.thread(ctx, id)
  if (conversation === null) throw new Error('a thread tells its conversation')
  return conversation
}

async function paths(): Promise<string[]> {
  return (await control().requests({ host: site })).map((request) => `${request.method} ${request.path}`)
}

describe('Freshchat against the sandbox', () => {
  it('knows who signed in, by the list of agents', () => {
    expect(ctx.account.identity).toMatchObject({
      siteKey: site,
      name: 'Zoe Marsh',
      email: zoe.email,
      vendorUserId: expect.stringMatching(/^e/),
    })
  })

  it('reads every conversation through its customers, the newest first, and sets nothing aside', async () => {
    const known = await control().conversationIds(site, { limit: 100_000 })
    expect(known.length).toBeGreaterThan(200)
    expect([...shelf.rows.keys()].sort()).toEqual([...known].sort())
    expect(shelf.pages.flatMap((page) => page.quarantined)).toEqual([])
    const filled = shelf.pages.filter((page) => page.conversations.length > 0)
    const newestOf = (page: (typeof filled)[number]) => Math.max(...page.conversations.map((one) => one.updatedAt))
    expect(newestOf(filled[0] as (typeof filled)[number])).toBe(Math.max(...filled.map(newestOf)))
    const half = Math.floor(filled.length / 2)
    const middle = (pages: typeof filled) => pages.reduce((sum, page) => sum + newestOf(page), 0) / pages.length
    expect(middle(filled.slice(0, half))).toBeGreaterThan(middle(filled.slice(half)))
  })

  it('tells status, topic, customer, last text and who wrote it', async () => {
    for (const id of (await control().conversationIds(site, { limit: 12 })).slice(0, 12)) {
      const truth = await control().conversation(site, id)
      const row = shelf.rows.get(id)
      const spoken = truth.messages.findLast((message) => message.kind === 'reply')
      expect(row?.vendorStatus.id).toBe(truth.status)
      expect(row?.customer).toMatchObject({ email: truth.customer.email })
      expect(row?.lastMessageBy).toBe(spoken?.by === 'customer' ? 'customer' : 'agent')
      expect(row?.brandKey).toMatch(/^b/)
      expect(row?.subject).not.toBe('')
      expect(row?.url).toMatch(/^https:\/\/acme-chat\.myfreshworks\.com\/crm\/messaging/)
    }
    const statuses = new Set([...shelf.rows.values()].map((row) => row.status))
    expect([...statuses].sort()).toEqual(['new', 'on_hold', 'open', 'pending', 'solved'])
  })

  it('finds what customers wrote since, with few calls, and reads no chat again that nobody touched', async () => {
    const [a = ''] = await idsOf('pending')
    await control().customerWrites(site, a, 'Are you still there?')
    const b = await control().customerOpens(site, 'New', 'My canoe leaks')
    await control().clearRequests()
    now = Date.now() + 62_000
    const before = shelf.pages.length
    await shelf.fill(freshchat, ctx)
    const news = shelf.pages.slice(before).flatMap((page) => page.conversations)
    expect(news.map((one) => one.vendorId)).toEqual(expect.arrayContaining([a, b]))
    expect(shelf.rows.get(a)).toMatchObject({
      preview: 'Are you still there?',
      lastMessageBy: 'customer',
      status: 'open',
    })
    expect(shelf.rows.get(b)).toMatchObject({ preview: 'My canoe leaks', status: 'new', assigneeVendorId: null })
    const listed = (await paths()).filter((path) => path === 'GET /v2/users')
    expect(listed.length).toBeLessThan(12)
    covered('freshchat', 'exercised', [
      'list_users',
      'get_conversation',
      'conversation_messages',
      'list_agents',
      'list_channels',
    ])
  })

  it('notices in turn what colleagues did to an open chat, although no customer moved', async () => {
    const [id = ''] = await idsOf('open', 60).then((ids) => ids.slice(-1))
    await control().change(site, id, { status: 'resolved' })
    for (let round = 0; round < 40 && shelf.rows.get(id)?.status !== 'solved'; round += 1) {
      now += 61_000
      await shelf.fill(freshchat, ctx)
    }
    expect(shelf.rows.get(id)?.status).toBe('solved')
  })

  it('takes a chat away that was deleted', async () => {
    const [id = ''] = await idsOf('open', 1)
    expect(shelf.rows.has(id)).toBe(true)
    await control().hide(site, id, 'deleted')
    for (let round = 0; round < 40 && shelf.rows.has(id); round += 1) {
      now += 61_000
      await shelf.fill(freshchat, ctx)
    }
    expect(shelf.rows.has(id)).toBe(false)
    await control().hide(site, id, null)
  })

  it('misses nobody who writes while the first reading goes on, which takes many pages', async () => {
    const again = new Shelf()
    const ids = await control().conversationIds(site, { limit: 1000 })
    const touched: string[] = []
    await again.fill(freshchat, ctx, async (page) => {
      now += 20_000
      if (page % 5 !== 0 || touched.length >= 25) return
      const id = ids[(page * 17 + 3) % ids.length] ?? ''
      await control().customerWrites(site, id, `While reading ${page}`)
      touched.push(id)
    })
    now = Math.max(now, Date.now()) + 61_000
    await again.fill(freshchat, ctx)
    const known = await control().conversationIds(site, { limit: 100_000 })
    expect(known.filter((id) => !again.rows.has(id))).toEqual([])
    expect(touched.length).toBeGreaterThan(5)
    for (const id of touched) expect(again.rows.get(id)?.preview, id).toMatch(/^While reading/)
  })

  it('goes on after every page from its cursor alone, and a damaged cursor starts over', async () => {
    const page = await freshchat.pull(ctx, null)
    const second = await freshchat.pull(ctx, page.cursor)
    expect(second.cursor).not.toBe(page.cursor)
    expect(await freshchat.pull(ctx, page.cursor)).toMatchObject({
      conversations: second.conversations.map((one) => ({ vendorId: one.vendorId })),
    })
    expect((await freshchat.pull(ctx, '{"broken"')).conversations.length).toBe(page.conversations.length)
  })

  it('reads a thread, oldest first: what was said, private notes, steps and files', async () => {
    const [id = ''] = await idsOf('open')
    await control().customerWrites(site, id, 'See the picture', { picture: true })
    await control().agentWrites(site, id, 'tom.reuter@acme.example', 'note', 'Known trouble')
    const { messages, people } = await freshchat.thread(ctx, id)
    const truth = await control().conversation(site, id)
    expect(messages).toHaveLength(truth.messages.length)
    expect(messages.map((each) => each.createdAt)).toEqual(messages.map((each) => each.createdAt).sort((a, b) => a - b))
    expect(messages[0]).toMatchObject({ direction: 'in', author: { role: 'customer', email: truth.customer.email } })
    expect(messages.at(-1)).toMatchObject({ kind: 'note', direction: 'out', author: { name: 'Tom Reuter' } })
    const picture = messages.at(-2)?.attachments[0]
    if (picture === undefined) throw new Error('the picture is missing')
    expect(picture.contentType).toBe('image/png')
    expect((await freshchat.download(ctx, picture)).byteLength).toBeGreaterThan(100)
    const [asked] = await control().requests({ host: new URL(picture.url).hostname })
    expect(asked?.headers.authorization).toBeUndefined()
    expect(people.map((each) => each.email)).toContain(truth.customer.email)
    covered('freshchat', 'exercised', ['get_user'])
  })

  it('reads a thread of more than one page whole', async () => {
    const [, id = ''] = await idsOf('open')
    for (let count = 0; count < 60; count += 1) await control().customerWrites(site, id, `Line ${count}`)
    const { messages } = await freshchat.thread(ctx, id)
    expect(messages.map((each) => each.bodyText).slice(-60)).toEqual(Array.from({ length: 60 }, (_, i) => `Line ${i}`))
    expect(new Set(messages.map((each) => each.vendorId)).size).toBe(messages.length)
  })

  it('sends a reply that arrives exactly once, and finds it again by looking', async () => {
    const [id = ''] = await idsOf('open')
    const conversation = await fresh(id)
    const command = { kind: 'reply', ...hello('Please dry it first.') } as const
    const sentAt = Date.now()
    const receipt = await freshchat.execute(ctx, conversation, command)
    const arrived = await control().received(site, id)
    expect(arrived).toMatchObject([{ kind: 'reply', author: zoe.email, text: command.bodyText }])
    expect(receipt).toMatchObject({
      messageVendorId: arrived[0]?.messageId,
      message: { direction: 'out', kind: 'reply' },
    })
    expect(await freshchat.probe(ctx, conversation, command, sentAt)).toMatchObject({
      messageVendorId: receipt.messageVendorId,
    })
    expect(await freshchat.probe(ctx, conversation, { kind: 'reply', ...hello('Other') }, sentAt)).toBe('absent')
    expect(await freshchat.probe(ctx, conversation, { ...command, kind: 'note' }, sentAt)).toBe('absent')
    covered('freshchat', 'exercised', ['send_message', 'reply'])
  })

  it('answers a mail conversation with a mail, under its subject', async () => {
    const mail = [...shelf.rows.values()].find((row) => row.channel === 'email' && row.status !== 'solved')
    if (mail === undefined) throw new Error('no mail conversation in the content')
    expect(mail.subject).not.toMatch(/^Acme (Shop|Rentals)$/)
    await control().clearRequests()
    await freshchat.execute(ctx, mail, { kind: 'reply', ...hello('By mail') })
    const [sent] = await control().requests({ host: site, method: 'POST' })
    expect(JSON.parse(sent?.body ?? '{}').message_parts).toEqual([
      { email: { subject: `Re: ${mail.subject}`, content: '<p>By mail</p>' } },
    ])
    expect(await freshchat.probe(ctx, mail, { kind: 'reply', ...hello('By mail') }, Date.now())).toMatchObject({
      conversation: null,
    })
  })

  it('does not know after a cut line, and finds out by looking', async () => {
    const [, , id = ''] = await idsOf('open')
    const conversation = await fresh(id)
    const command = { kind: 'reply', ...hello('Cut off') } as const
    await control().fail({ kind: 'reset-after', target: { host: site, method: 'POST' } })
    await expect(freshchat.execute(ctx, conversation, command)).rejects.toMatchObject({ outcome: 'unknown' })
    expect(await freshchat.probe(ctx, conversation, command, Date.now())).toMatchObject({
      messageVendorId: expect.any(String),
    })
    await control().fail({ kind: 'reset', target: { host: site, method: 'POST' } })
    const other = { kind: 'note', ...hello('Never arrived') } as const
    await expect(freshchat.execute(ctx, conversation, other)).rejects.toMatchObject({ code: expect.any(String) })
    expect(await freshchat.probe(ctx, conversation, other, Date.now())).toBe('absent')
    expect(await control().received(site, id)).toHaveLength(1)
  })

  it('adds a private note, assigns, sets every status, and takes priority where there is one', async () => {
    const row = [...shelf.rows.values()].find((one) => one.status === 'open' && one.priority !== null)
    if (row === undefined) throw new Error('no chat with a priority in the content')
    const { agents, groups, brands, statuses } = await freshchat.directory(ctx)
    expect([agents.length, groups.length, brands.length]).toEqual([3, 2, 2])
    const tom = agents.find((agent) => agent.name === 'Tom Reuter')?.vendorId ?? ''
    const id = row.vendorId
    await freshchat.execute(ctx, row, { kind: 'note', ...hello('Careful') })
    expect(await control().received(site, id)).toMatchObject([{ kind: 'note', text: 'Careful' }])
    const assign: Command = { kind: 'assign', assigneeVendorId: tom }
    const assigned = await freshchat.execute(ctx, row, assign)
    expect(assigned.conversation).toMatchObject({ assigneeVendorId: tom, customer: row.customer, subject: row.subject })
    expect(await freshchat.probe(ctx, row, assign, 0)).toMatchObject({ messageVendorId: null })
    const priority: Command = { kind: 'priority', priority: row.priority === 'urgent' ? 'low' : 'urgent' }
    expect(await freshchat.probe(ctx, row, priority, 0)).toBe('absent')
    await freshchat.execute(ctx, row, priority)
    expect(await fresh(id)).toMatchObject({ priority: priority.priority, assigneeVendorId: tom })
    for (const option of statuses.filter((each) => each.id !== 'new')) {
      const command: Command = { kind: 'status', status: option.status, vendorStatusId: option.id }
      const receipt = await freshchat.execute(ctx, await fresh(id), command)
      expect(receipt.conversation).toMatchObject({ status: option.status, vendorStatus: { label: option.label } })
      expect(await freshchat.probe(ctx, row, command, 0)).not.toBe('absent')
    }
    expect((await control().conversation(site, id)).status).toBe('resolved')
    const { messages } = await freshchat.thread(ctx, id)
    expect(messages.at(-1)).toMatchObject({ kind: 'event', author: { role: 'system' } })
    await freshchat.execute(ctx, await fresh(id), { kind: 'status', status: 'open', vendorStatusId: null })
    expect(await control().conversation(site, id)).toMatchObject({
      status: 'assigned',
      assignee: 'tom.reuter@acme.example',
    })
    covered('freshchat', 'exercised', ['note', 'status', 'assign', 'priority', 'update_conversation', 'list_groups'])
  })

  it('says before sending what the API has no way to do', async () => {
    const row = [...shelf.rows.values()].find((one) => one.status === 'open' && one.priority === null)
    if (row === undefined) throw new Error('no chat without a priority in the content')
    expect(row.commands).toEqual(['reply', 'note', 'status', 'assign'])
    await control().clearRequests()
    const impossible: Command[] = [
      { kind: 'tags', add: ['x'], remove: [] },
      { kind: 'assign', assigneeVendorId: null },
      { kind: 'priority', priority: 'high' },
    ]
    for (const command of impossible) {
      await expect(freshchat.execute(ctx, row, command)).rejects.toMatchObject({
        code: 'not_supported',
        outcome: 'refused',
      })
    }
    expect((await paths()).filter((path) => !path.startsWith('GET'))).toEqual([])
  })

  it('carries out every command without a call that Freshchat does not know', async () => {
    await control().clearRequests()
    await doEverything(freshchat, ctx, place, [(row) => row.channel === 'chat'])
    const answers = await control().requests({ host: site })
    expect(answers.filter((request) => (request.status ?? 0) >= 400)).toEqual([])
  }, 60_000)

  it.each(['malformed', 'empty'] as const)('does not take a %s answer for data', async (kind) => {
    const other = await open(freshchat, place, zoe, 20)
    await other.sandbox.control.fail({ kind, times: 1, target: { path: '/v2/users' } })
    await expect(freshchat.pull(other.ctx, null)).rejects.toMatchObject({ code: 'vendor_bad_answer' })
    await expect(freshchat.pull(other.ctx, null)).resolves.toMatchObject({ quarantined: [] })
    await other.close()
  })

  it('sets a conversation it cannot read aside with the path of the field, and reads the rest', async () => {
    const other = await open(freshchat, place, zoe, 20)
    const body = JSON.stringify({ conversation_id: 'x', status: 'new', created_time: 'yesterday' })
    const target = { host: site, path: '/v2/conversations/' }
    await other.sandbox.control.fail({ kind: 'status', status: 200, body, target })
    const again = new Shelf()
    await again.fill(freshchat, other.ctx)
    const aside = again.pages.flatMap((page) => page.quarantined)
    expect(aside).toMatchObject([
      { vendorId: expect.stringMatching(/^c/), path: expect.stringMatching(/created_time$/) },
    ])
    expect(again.rows.size).toBe((await other.sandbox.control.conversationIds(site, { limit: 1000 })).length - 1)
    await other.close()
  })

  it('says that it waits when Freshchat refuses for too many calls, until the reset it names', async () => {
    const other = await open(freshchat, place, zoe, 20)
    const [id = ''] = await other.sandbox.control.conversationIds(site, { limit: 1 })
    const { conversation } = await freshchat.thread(other.ctx, id)
    await other.sandbox.control.setRateLimit(site, 'freshchat.api', { max: 0, windowMs: 60_000 })
    const note = { kind: 'note', ...hello('x') } as const
    const error: unknown = await freshchat
      .execute(other.ctx, conversation as Conversation, note)
      .catch((e: unknown) => e)
    expect(error).toMatchObject({ code: 'rate_limited', outcome: 'not_sent' })
    expect((error as { retryAfterMs: number }).retryAfterMs).toBeGreaterThan(20_000)
    await other.close()
  })

  it('with a token that has run out asks to sign in', async () => {
    await control().expireAccessTokens({ user: zoe.email })
    await expect(freshchat.thread(ctx, [...shelf.rows.keys()][0] ?? '')).rejects.toMatchObject({
      code: 'needs_sign_in',
    })
  })
})
