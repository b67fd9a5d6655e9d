import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Command, Conversation } from '../../../main/connectors/model.ts'
import { zohoDesk } from '../../../main/connectors/zoho-desk/index.ts'
import { covered } from '../coverage.ts'
import { type Connected, open, Shelf } from './connected.ts'

const site = '20081100'
const wiebke = { site, email: 'wiebke.janssen@harbour.example' }
let account: Connected
const shelf = new Shelf()

beforeAll(async () => {
  account = await open(zohoDesk, { dc: 'eu', portal: '' }, wiebke, 525)
  await shelf.fill(zohoDesk, account.ctx)
}, 120_000)
afterAll(() => account.close())

const control = () => account.sandbox.control
const openIds = () => control().conversationIds(site, { statusKind: 'open', limit: 30 })
const exercised = (...names: string[]) => covered('zoho-desk', 'exercised', names)

async function fresh(id: string): Promise<Conversation> {
  const { conversation } = await zohoDesk.thread(account.ctx, id)
  if (conversation === null) throw new Error('a thread tells its ticket')
  return conversation
}

/** What an account that is current tells next. */
async function changes(): Promise<Shelf> {
  const next = new Shelf()
  next.cursor = shelf.cursor
  await next.fill(zohoDesk, account.ctx)
  shelf.cursor = next.cursor
  return next
}

/** The recycle bin is looked at every few minutes only. */
const later = () => ({ ...account.ctx, now: () => Date.now() + 6 * 60_000 })

const reply = (text: string) => ({ kind: 'reply', bodyText: text, bodyHtml: `<p>${text}</p>` }) as const

describe('Zoho Desk against the sandbox', () => {
  it('knows who signed in, and to which portal', () => {
    expect(account.ctx.account.identity).toMatchObject({
      siteKey: site,
      name: 'Wiebke Janssen',
      email: wiebke.email,
      role: 'Custom',
    })
    exercised('my_info')
  })

  it('reads every conversation once, the last changed first', async () => {
    const known = await control().conversationIds(site, { limit: 100_000 })
    expect(known.length).toBeGreaterThanOrEqual(400)
    expect([...shelf.rows.keys()].sort()).toEqual([...known].sort())
    expect(shelf.pages.flatMap((page) => page.quarantined)).toEqual([])
    expect(shelf.pages[0]?.total).toBe(known.length)
    const told = shelf.pages.flatMap((page) => page.conversations)
    // A page begins in the second in which the last one ended.
    expect(told.length - known.length).toBeLessThan(shelf.pages.length)
    const updated = (shelf.pages[0]?.conversations ?? []).map((one) => one.updatedAt)
    expect(updated.length).toBeGreaterThan(50)
    expect(updated).toEqual([...updated].sort((a, b) => b - a))
    expect(told.every((one) => one.customer.email?.includes('@') && one.brandKey !== null)).toBe(true)
    exercised('search_tickets')
  })

  it('knows the tags of open tickets from the first fill', async () => {
    const open = [...shelf.rows.values()].filter((one) => !['closed', 'solved'].includes(one.status))
    const [tagged] = open.filter((one) => one.tags.length > 0)
    expect(tagged).toBeDefined()
    for (const one of open.slice(0, 30))
      expect(one.tags).toEqual((await control().conversation(site, one.vendorId)).tags)
  })

  it('finds what changed, and nothing else is read again', async () => {
    await changes()
    const quiet = await changes()
    expect(quiet.rows.size).toBe(0)
    const [one = '', two = ''] = await openIds()
    await control().change(site, one, { status: 'Waiting for customer', tags: ['gift-card'] })
    await control().customerWrites(site, two, 'Anything new?')
    const three = await control().customerOpens(site, 'A cup is missing', 'Only five of six arrived.')
    const next = await changes()
    expect([...next.rows.keys()].sort()).toEqual([one, two, three].sort())
    expect(next.rows.get(one)).toMatchObject({
      status: 'pending',
      vendorStatus: { id: 'Waiting for customer', label: 'Waiting for customer' },
      tags: ['gift-card'],
    })
    expect(next.rows.get(two)?.lastMessageBy).toBe('customer')
    expect(next.rows.get(three)).toMatchObject({ subject: 'A cup is missing', channel: 'email' })
  })

  it('finds new words that the search index does not show yet', async () => {
    const [, , , id = ''] = await openIds()
    await changes()
    await control().setExportLag(10 * 60_000)
    await control().customerWrites(site, id, 'It is urgent now')
    const next = await changes()
    await control().setExportLag(0)
    expect([...next.rows.keys()]).toEqual([id])
    expect(next.rows.get(id)).toMatchObject({ lastMessageBy: 'customer' })
    exercised('list_tickets', 'get_ticket')
  })

  it('finds what changes while it reads the pages', async () => {
    const again = new Shelf()
    const ids = await control().conversationIds(site, { limit: 400 })
    const touched: string[] = []
    await again.fill(zohoDesk, account.ctx, async (page) => {
      const id = ids[(page * 97) % ids.length] ?? ''
      await control().change(site, id, { priority: 'urgent' })
      touched.push(id, await control().customerOpens(site, `New while reading ${page}`, 'Hello'))
    })
    await again.fill(zohoDesk, account.ctx)
    const known = await control().conversationIds(site, { limit: 100_000 })
    expect(known.filter((id) => !again.rows.has(id))).toEqual([])
    for (const id of touched) expect(again.rows.has(id), id).toBe(true)
    expect(again.rows.get(touched[0] ?? '')?.priority).toBe('urgent')
    shelf.cursor = again.cursor
  })

  it('takes away what became spam or was deleted', async () => {
    await changes()
    const [, , , , spam = '', gone = ''] = await openIds()
    await control().hide(site, spam, 'spam')
    await control().hide(site, gone, 'deleted')
    const next = new Shelf()
    next.cursor = shelf.cursor
    await next.fill(zohoDesk, later())
    expect(next.pages.flatMap((page) => page.removedVendorIds).sort()).toEqual([spam, gone].sort())
    await expect(zohoDesk.thread(account.ctx, gone)).rejects.toMatchObject({ code: 'vendor_not_found' })
    await control().hide(site, gone, null)
    await control().hide(site, spam, null)
    expect([...(await changes()).rows.keys()]).toEqual(expect.arrayContaining([spam, gone]))
    exercised('list_recycle_bin')
  })

  it('reads a thread: mails, replies and comments in order, with files', async () => {
    const [id = ''] = await openIds()
    await control().customerWrites(site, id, 'A photo of it', { picture: true })
    await control().agentWrites(site, id, 'rafael.moya@harbour.example', 'note', 'Known batch')
    const { messages, people, conversation } = await zohoDesk.thread(account.ctx, id)
    expect(messages.map((each) => each.createdAt)).toEqual(messages.map((each) => each.createdAt).sort((a, b) => a - b))
    expect(messages[0]).toMatchObject({ direction: 'in', kind: 'reply', author: { role: 'customer' } })
    expect(messages.at(-1)).toMatchObject({
      kind: 'note',
      direction: 'out',
      bodyText: 'Known batch',
      author: { name: 'Rafael Moya', role: 'agent' },
    })
    expect(messages.every((each) => each.bodyHtml !== null && each.bodyText !== '')).toBe(true)
    expect(people.map((person) => person.name)).toContain('Rafael Moya')
    expect(conversation?.lastMessageBy).toBe('customer')
    const picture = messages.at(-2)?.attachments[0]
    if (picture === undefined) throw new Error('the picture is missing')
    expect(picture).toMatchObject({ contentType: 'image/png', name: 'image001.png' })
    expect((await zohoDesk.download(account.ctx, picture)).byteLength).toBe(picture.size)
    exercised('list_conversations', 'get_thread')
  })

  it('asks for the body of a message once only', async () => {
    const [, id = ''] = await openIds()
    await zohoDesk.thread(account.ctx, id)
    await control().clearRequests()
    await zohoDesk.thread(account.ctx, id)
    const asked = await control().requests({ path: '/api/v1/tickets/' })
    expect(asked.filter((request) => /\/threads\/\d+$/.test(request.path))).toEqual([])
  })

  it('sends a reply that arrives exactly once, from the address the customer wrote to, and finds it by looking', async () => {
    const [id = ''] = await openIds()
    const conversation = await fresh(id)
    const command = reply('Your tea is on its way.')
    const sentAt = Date.now()
    const receipt = await zohoDesk.execute(account.ctx, conversation, command)
    const arrived = await control().received(site, id)
    expect(arrived).toMatchObject([{ kind: 'reply', author: wiebke.email, html: command.bodyHtml }])
    expect(receipt).toMatchObject({
      messageVendorId: arrived[0]?.messageId,
      message: { kind: 'reply', direction: 'out', author: { role: 'agent' } },
    })
    const [sent] = await control().requests({ method: 'POST', path: `/api/v1/tickets/${id}/sendReply` })
    expect(JSON.parse(sent?.body ?? '')).toMatchObject({
      channel: 'EMAIL',
      contentType: 'html',
      fromEmailAddress: 'hello@harbour-tea.example',
      to: conversation.customer.email,
    })
    expect(sent?.headers).toMatchObject({ orgid: site, authorization: expect.stringMatching(/^Zoho-oauthtoken /) })
    const found = await zohoDesk.probe(account.ctx, conversation, command, sentAt)
    expect(found).toMatchObject({ messageVendorId: receipt.messageVendorId })
    expect(await zohoDesk.probe(account.ctx, conversation, reply('Never sent'), sentAt)).toBe('absent')
    exercised('reply', 'send_reply', 'latest_thread', 'ticket_threads')
  })

  it('does not know of a reply whose answer was cut off, and finds that it arrived', async () => {
    const [, , id = ''] = await openIds()
    const conversation = await fresh(id)
    const command = reply('One more minute, please.')
    const sentAt = Date.now()
    await control().fail({ kind: 'reset-after', times: 1, target: { method: 'POST' } })
    await expect(zohoDesk.execute(account.ctx, conversation, command)).rejects.toMatchObject({ outcome: 'unknown' })
    expect(await control().received(site, id)).toHaveLength(1)
    expect(await zohoDesk.probe(account.ctx, conversation, command, sentAt)).toMatchObject({
      message: { bodyText: command.bodyText },
    })
  })

  it('adds a private comment and finds it by looking', async () => {
    const [, , , id = ''] = await openIds()
    const conversation = await fresh(id)
    const command = { kind: 'note', bodyText: 'Careful, fragile', bodyHtml: '<p>Careful, fragile</p>' } as const
    const receipt = await zohoDesk.execute(account.ctx, conversation, command)
    expect(receipt.message).toMatchObject({ kind: 'note', direction: 'out' })
    expect(await control().received(site, id)).toMatchObject([{ kind: 'note', html: command.bodyHtml }])
    expect(await zohoDesk.probe(account.ctx, conversation, command, Date.now())).toMatchObject({
      messageVendorId: receipt.messageVendorId,
    })
    exercised('note', 'create_comment', 'list_comments')
  })

  it('changes status, priority, assignee and tags, and sees that they are changed', async () => {
    const [, , , , id = ''] = await openIds()
    const before = await fresh(id)
    const { ctx } = account
    const { agents, groups, statuses, brands } = await zohoDesk.directory(ctx)
    expect(agents.map((agent) => agent.name)).toEqual(['Wiebke Janssen', 'Rafael Moya', 'Sille Lund'])
    expect(groups.map((group) => group.name)).toEqual([
      'Shop Care',
      'Wholesale',
      'Harbour Tea',
      'Harbour Tea Wholesale',
    ])
    expect(brands.map((brand) => brand.name)).toEqual(['Harbour Tea', 'Harbour Tea Wholesale'])
    expect(statuses.map(({ id: name, status }) => [name, status])).toEqual([
      ['Open', 'open'],
      ['On Hold', 'on_hold'],
      ['Escalated', 'open'],
      ['Closed', 'closed'],
      ['Waiting for customer', 'pending'],
      ['Resolved', 'solved'],
    ])
    const rafael = agents[1]?.vendorId ?? null
    const commands: Command[] = [
      { kind: 'status', status: 'solved', vendorStatusId: null },
      { kind: 'priority', priority: 'urgent' },
      { kind: 'assign', assigneeVendorId: rafael },
      { kind: 'tags', add: ['Grün tee'], remove: before.tags },
    ]
    for (const command of commands) {
      const { conversation } = await zohoDesk.execute(ctx, await fresh(id), command)
      expect(conversation?.customer).toEqual(before.customer)
      expect(await zohoDesk.probe(ctx, before, command, 0)).not.toBe('absent')
    }
    expect(await fresh(id)).toMatchObject({
      status: 'solved',
      vendorStatus: { id: 'Resolved', label: 'Resolved' },
      priority: 'urgent',
      assigneeVendorId: rafael,
      tags: ['Grün tee'],
    })
    await zohoDesk.execute(ctx, await fresh(id), { kind: 'assign', assigneeVendorId: null })
    expect((await fresh(id)).assigneeVendorId).toBeNull()
    expect(await zohoDesk.probe(ctx, before, { kind: 'assign', assigneeVendorId: rafael }, 0)).toBe('absent')
    exercised('status', 'priority', 'assign', 'tags', 'update_ticket')
    exercised('list_agents', 'list_departments', 'list_teams', 'list_fields')
  })

  it.each([
    ['a tag of two letters', { kind: 'tags', add: ['ab'], remove: [] }],
    ['a note that is too long', { kind: 'note', bodyText: 'x', bodyHtml: `<p>${'x'.repeat(32_000)}</p>` }],
  ] as const)('refuses %s before anything is sent', async (_what, command) => {
    const [id = ''] = await openIds()
    const conversation = await fresh(id)
    await control().clearRequests()
    const wish = command as unknown as Command
    await expect(zohoDesk.execute(account.ctx, conversation, wish)).rejects.toMatchObject({ outcome: 'refused' })
    expect(await control().requests({ method: 'POST' })).toEqual([])
  })

  it('says what Zoho refused in its own words', async () => {
    const [id = ''] = await openIds()
    const command = { kind: 'status', status: 'open', vendorStatusId: 'No such status' } as const
    await expect(zohoDesk.execute(account.ctx, await fresh(id), command)).rejects.toMatchObject({
      code: 'vendor_rejected',
      message: expect.stringContaining('status: The value passed is not allowed'),
      outcome: 'refused',
    })
  })

  it('sets a malformed record aside with the path of its field, and goes on with the rest', async () => {
    await changes()
    const body = {
      data: [
        { id: '1', ticketNumber: '1', subject: 'fine', createdTime: '2026-01-01T00:00:00.000Z' },
        { id: '2', ticketNumber: '2', subject: 'bad', createdTime: 'last Tuesday' },
      ],
      count: 2,
    }
    const fault = { kind: 'status', status: 200, body: JSON.stringify(body) } as const
    const headers = { 'content-type': 'application/json' }
    await control().fail({ ...fault, headers, times: 1, target: { path: '/api/v1/tickets/search' } })
    const page = await zohoDesk.pull(account.ctx, shelf.cursor)
    expect(page.conversations.map((one) => one.vendorId)).toEqual(['1'])
    expect(page.quarantined).toEqual([{ vendorId: '2', path: 'data[1].createdTime', reason: 'not a time' }])
  })

  it('waits for the time Zoho names when the credits of the day are gone', async () => {
    await control().setRateLimit(site, 'zoho-desk.credits', { max: 0, windowMs: 3_600_000 })
    const error = await zohoDesk.pull(account.ctx, shelf.cursor).catch((reason: unknown) => reason)
    await control().setRateLimit(site, 'zoho-desk.credits', { max: 100_000, windowMs: 60_000 })
    expect(error).toMatchObject({ code: 'rate_limited', detail: expect.stringContaining('THRESHOLD_EXCEEDED') })
    expect((error as { retryAfterMs: number }).retryAfterMs).toBeGreaterThan(60_000)
  })
})

describe('what can go wrong at Zoho Desk', () => {
  let other: Connected
  const portal = '70492200'
  beforeAll(async () => {
    other = await open(zohoDesk, { dc: 'us' }, { site: portal, email: 'theo.marsh@prairie.example' }, 105)
  })
  afterAll(() => other.close())

  it.each(['html', 'reset'] as const)('reads again after a page of %s', async (kind) => {
    await other.sandbox.control.fail({ kind, times: 1, target: { path: '/api/v1/tickets/search' } })
    await expect(zohoDesk.pull(other.ctx, null)).resolves.toMatchObject({ quarantined: [], more: true })
  })

  it.each(['malformed', 'empty', 'huge'] as const)('does not take a %s answer for data', async (kind) => {
    await other.sandbox.control.fail({ kind, times: 1, target: { path: '/api/v1/tickets/search' } })
    await expect(zohoDesk.pull(other.ctx, null)).rejects.toMatchObject({ code: 'vendor_bad_answer' })
  })

  it('repeats a read that came while too many others ran', async () => {
    await other.sandbox.control.setRateLimit(portal, 'zoho-desk.burst', { max: 0, windowMs: 500 })
    setTimeout(() => void other.sandbox.control.setRateLimit(portal, 'zoho-desk.burst', null), 300)
    await expect(zohoDesk.pull(other.ctx, null)).resolves.toMatchObject({ quarantined: [] })
  }, 20_000)

  it('asks to sign in when the token ran out', async () => {
    await other.sandbox.control.expireAccessTokens({ site: portal })
    await expect(zohoDesk.pull(other.ctx, null)).rejects.toMatchObject({ code: 'needs_sign_in' })
  })
})
