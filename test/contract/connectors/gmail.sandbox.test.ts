import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { gmail } from '../../../main/connectors/gmail/index.ts'
import type { Command, Compose, Conversation, Page } from '../../../main/connectors/model.ts'
import { covered } from '../coverage.ts'
import { type Connected, open, Shelf } from './connected.ts'

const site = 'support@tern-cycles.example'
const who = { site, email: site }
const api = 'gmail.googleapis.com'
let account: Connected
const shelf = new Shelf()

beforeAll(async () => {
  account = await open(gmail, {}, who, 120)
  await shelf.fill(gmail, account.ctx)
}, 120_000)
afterAll(() => account.close())
afterEach(() => account.sandbox.control.clearFaults())

const control = () => account.sandbox.control
const conversations = () => [...shelf.rows.values()]

function pick(status: Conversation['status'], at: number): Conversation {
  const one = conversations().filter((each) => each.status === status)[at]
  if (one === undefined) throw new Error(`the seed has no ${status} conversation ${at}`)
  return one
}

const reply = (text: string): Extract<Command, { kind: 'reply' }> => ({
  kind: 'reply',
  bodyText: text,
  bodyHtml: `<p>${text}</p>`,
})
const received = async (text: string) => (await control().received(site)).filter((each) => each.text.includes(text))
const threadReads = async (afterId: number) =>
  (await control().requests({ host: api, path: '/batch', afterId })).flatMap(
    (request) => request.body.match(/threads\/[0-9a-f]+/g) ?? [],
  )
const lastRequest = async () => (await control().requests()).at(-1)?.id ?? 0

/** Everything that changed, and the ids of threads that were read for it. */
async function catchUp(): Promise<{ pages: Page[]; read: string[] }> {
  const [before, asked] = [shelf.pages.length, await lastRequest()]
  await shelf.fill(gmail, account.ctx)
  return { pages: shelf.pages.slice(before), read: await threadReads(asked) }
}

describe('Gmail against the sandbox: reading', () => {
  it('knows who signed in by the lasting id of the Google account, and whose mailbox it is', () => {
    const { identity } = account.ctx.account
    expect(identity).toMatchObject({ siteKey: 'mail.google.com', name: 'Tern Cycles', email: site })
    expect(identity.vendorUserId).toMatch(/^\d{21}$/)
  })

  it('reads every thread, with the mails in it, and nothing unreadable', async () => {
    const known = await control().conversationIds(site, { limit: 100_000 })
    expect(new Set(shelf.rows.keys())).toEqual(new Set(known))
    expect(shelf.pages.flatMap((page) => page.quarantined)).toEqual([])
    const messages = shelf.pages.flatMap((page) => page.messages)
    expect(new Set(messages.map((message) => message.conversationVendorId)).size).toBe(known.length)
    expect(shelf.pages[0]?.total).toBe(known.length)
    covered('gmail', 'exercised', ['get_profile', 'list_threads', 'get_thread_full'])
  })

  it('shows the inbox first, newest first, and asks for many threads with one request', async () => {
    const times = shelf.pages[0]?.conversations.map((one) => one.updatedAt) ?? []
    expect(times.length).toBeGreaterThan(10)
    expect(times).toEqual([...times].sort((a, b) => b - a))
    expect(shelf.pages[0]?.conversations.filter((one) => one.status === 'solved')).toEqual([])
    const asked = await control().requests({ host: api })
    const reads = asked.filter((request) => request.path.includes('/threads/'))
    expect(reads).toEqual([])
    expect(asked.filter((request) => request.path === '/batch/gmail/v1').length).toBeLessThan(shelf.rows.size / 10)
  })

  it('maps a thread to the customer, the labels and the address that was written to', async () => {
    const one = pick('pending', 0)
    const state = await control().conversation(site, one.vendorId)
    expect(one).toMatchObject({
      subject: state.subject,
      vendorStatus: { id: 'Label_1', label: 'Waiting' },
      customer: { vendorId: state.customer.email, name: state.customer.name, email: state.customer.email },
      channel: 'email',
      createdAt: state.createdAt,
      url: `https://mail.google.com/mail/?authuser=support%40tern-cycles.example#all/${one.vendorId}`,
    })
    expect([...one.tags].sort()).toEqual([...state.tags].sort())
    expect(new Set(conversations().map((each) => each.brandKey))).toEqual(
      new Set(['support@tern-cycles.example', 'rentals@tern-cycles.example']),
    )
  })

  it('names the statuses, the addresses it sends as, and the one who answers', async () => {
    const { statuses, brands, agents } = await gmail.directory(account.ctx)
    expect(statuses).toEqual([
      { id: 'INBOX', label: 'Inbox', status: 'open' },
      { id: 'Label_1', label: 'Waiting', status: 'pending' },
      { id: 'ARCHIVED', label: 'Archived', status: 'solved' },
    ])
    expect(brands.map((brand) => brand.key)).toEqual(['support@tern-cycles.example', 'rentals@tern-cycles.example'])
    expect(agents).toMatchObject([{ vendorId: account.ctx.account.identity.vendorUserId, email: site }])
    covered('gmail', 'exercised', ['list_labels', 'list_send_as'])
  })

  it('is current with one small question when nothing happened', async () => {
    await catchUp()
    await control().clearRequests()
    const { pages, read } = await catchUp()
    expect(pages).toHaveLength(1)
    expect(read).toEqual([])
    const asked = (await control().requests({ host: api })).map((request) => request.path.split('/').at(-1))
    expect(asked.filter((path) => path !== 'labels')).toEqual(['history'])
    covered('gmail', 'exercised', ['list_history'])
  })

  it('finds a new mail, a moved label and a new thread, and reads nothing else again', async () => {
    const [waiting, solved] = [pick('pending', 1), pick('solved', 1)]
    await control().customerWrites(site, waiting.vendorId, 'Any news about my wheel?')
    await control().change(site, solved.vendorId, { status: 'INBOX', tags: ['VIP'] })
    const opened = await control().customerOpens(site, 'A crooked fork', 'It is crooked.')
    const { pages, read } = await catchUp()
    const seen = pages.flatMap((page) => page.conversations)
    expect(seen.map((one) => one.vendorId).sort()).toEqual([waiting.vendorId, solved.vendorId, opened].sort())
    expect(read).toHaveLength(3)
    expect(shelf.rows.get(waiting.vendorId)).toMatchObject({
      status: 'open',
      lastMessageBy: 'customer',
      preview: 'Any news about my wheel?',
    })
    expect(shelf.rows.get(solved.vendorId)).toMatchObject({ status: 'open', tags: ['VIP'] })
    expect(shelf.rows.get(opened)).toMatchObject({ subject: 'A crooked fork', status: 'open' })
    expect(pages.flatMap((page) => page.messages).some((message) => message.bodyText.includes('my wheel'))).toBe(true)
  })

  it('takes a thread that went to the bin out of the list, and brings it back', async () => {
    const one = pick('open', 3)
    await control().hide(site, one.vendorId, 'deleted')
    expect((await catchUp()).pages.flatMap((page) => page.removedVendorIds)).toEqual([one.vendorId])
    await control().hide(site, one.vendorId, null)
    await catchUp()
    expect(shelf.rows.get(one.vendorId)?.subject).toBe(one.subject)
  })

  it('reads again what changed, and only that, when Google has forgotten the history', async () => {
    await catchUp()
    const [changed, binned] = [pick('solved', 2), pick('solved', 3)]
    await control().customerWrites(site, changed.vendorId, 'Hello again after a long time')
    await control().hide(site, binned.vendorId, 'deleted')
    await control().fail({ kind: 'status', status: 404, target: { host: api, path: '/gmail/v1/users/me/history' } })
    const { pages, read } = await catchUp()
    expect(pages.flatMap((page) => page.conversations).map((one) => one.vendorId)).toContain(changed.vendorId)
    expect(pages.flatMap((page) => page.removedVendorIds)).toContain(binned.vendorId)
    expect(new Set(read).size).toBe(2)
    await control().hide(site, binned.vendorId, null)
    await catchUp()
  })

  it('sets a thread it cannot read aside and goes on with the others', async () => {
    const [one, other] = [pick('open', 4), pick('open', 5)]
    await control().customerWrites(site, one.vendorId, 'First')
    await control().customerWrites(site, other.vendorId, 'Second')
    const good = [one.vendorId, other.vendorId].map((id) =>
      id === one.vendorId
        ? `--b\r\nContent-Type: application/http\r\nContent-ID: <response-0>\r\n\r\nHTTP/1.1 200 OK\r\nContent-Type: application/json\r\n\r\n{"id":"${id}","messages":[{"id":"x1","internalDate":"yesterday"}]}\r\n`
        : `--b\r\nContent-Type: application/http\r\nContent-ID: <response-1>\r\n\r\nHTTP/1.1 200 OK\r\nContent-Type: application/json\r\n\r\n{"id":"${id}","historyId":"9999999999999","messages":[{"id":"x2","internalDate":"1767260048000","labelIds":["INBOX"]}]}\r\n`,
    )
    await control().fail({
      kind: 'status',
      status: 200,
      headers: { 'content-type': 'multipart/mixed; boundary=b' },
      body: `${good.join('')}--b--\r\n`,
      target: { path: '/batch' },
    })
    const page = await gmail.pull(account.ctx, shelf.cursor)
    expect(page.quarantined).toEqual([
      { vendorId: 'x1', path: 'threads[0].messages[0].internalDate', reason: 'not a time' },
    ])
    expect(page.conversations.map((each) => each.vendorId)).toEqual([other.vendorId])
    await catchUp()
  })

  it('opens a thread: bodies, names in any script, files and pictures inside the text', async () => {
    const messages = (await Promise.all(conversations().map((one) => gmail.thread(account.ctx, one.vendorId)))).flatMap(
      (thread) => thread.messages,
    )
    expect(messages.filter((message) => message.bodyText === '' || message.bodyHtml === null)).toEqual([])
    expect(messages.some((message) => /[\u3040-\u30ff\u4e00-\u9fff]/.test(message.author.name ?? ''))).toBe(true)
    const files = messages.flatMap((message) => message.attachments)
    const picture = files.find((file) => file.inline)
    expect(picture).toMatchObject({ contentId: `image001@${site}`, contentType: 'image/png', name: 'image001.png' })
    const file = files.find((each) => !each.inline && each.contentType === 'application/pdf')
    if (file === undefined || picture === undefined) throw new Error('the seed has no such file')
    const bytes = await gmail.download(account.ctx, file)
    expect(Buffer.from(bytes.slice(0, 5)).toString()).toBe('%PDF-')
    expect(bytes.byteLength).toBe(file.size)
    covered('gmail', 'exercised', ['get_message_full', 'get_attachment'])
  }, 60_000)

  it('says that a conversation is gone', async () => {
    await expect(gmail.thread(account.ctx, '19e1000fffff0000')).rejects.toMatchObject({ code: 'vendor_not_found' })
  })
})

describe('Gmail against the sandbox: writing', () => {
  it('answers in the thread, from the address that was written to, exactly once, and finds it by looking', async () => {
    const one = conversations().find((each) => each.status === 'open' && each.brandKey?.startsWith('rentals@'))
    if (one === undefined) throw new Error('the seed has no such conversation')
    const before = (await gmail.thread(account.ctx, one.vendorId)).messages
    const incoming = before.findLast((message) => message.direction === 'in')
    const command = reply('The bike is ready for you — grüße!')
    const sentAt = Date.now()
    const receipt = await gmail.execute(account.ctx, one, command)
    expect(await received('The bike is ready')).toMatchObject([
      { conversationId: one.vendorId, messageId: receipt.messageVendorId },
    ])
    expect(await gmail.probe(account.ctx, one, command, sentAt)).toMatchObject({
      messageVendorId: receipt.messageVendorId,
    })
    const { messages } = await gmail.thread(account.ctx, one.vendorId)
    expect(messages).toHaveLength(before.length + 1)
    expect(messages.at(-1)).toMatchObject({
      ...{ vendorId: receipt.messageVendorId, kind: 'reply', direction: 'out', bodyText: command.bodyText },
      author: { email: 'rentals@tern-cycles.example', name: 'Tern Cycles (rentals)', role: 'agent' },
      vendor: { to: [one.customer.email], subject: `Re: ${one.subject}` },
    })
    const [sent] = (await control().requests({ path: '/gmail/v1/users/me/messages/send' })).slice(-1)
    const mail = Buffer.from((JSON.parse(sent?.body ?? '{}') as { raw: string }).raw, 'base64url').toString()
    expect(mail).toContain(`In-Reply-To: ${incoming?.vendor.messageId}`)
    expect(mail.replace(/\r\n\s+/g, ' ')).toMatch(new RegExp(`References: .*${incoming?.vendor.messageId}`))
    covered('gmail', 'exercised', ['reply', 'send_message'])
  })

  it('finds a reply whose answer got lost, and knows one that never arrived', async () => {
    const one = pick('open', 6)
    const command = reply('Cut off in the middle')
    await control().fail({ kind: 'reset-after', target: { method: 'POST', path: '/gmail/v1/users/me/messages/send' } })
    const sentAt = Date.now()
    await expect(gmail.execute(account.ctx, one, command)).rejects.toMatchObject({ outcome: 'unknown' })
    const arrived = await received('Cut off in the middle')
    expect(arrived).toHaveLength(1)
    const found = await gmail.probe(account.ctx, one, command, sentAt)
    expect(found).toMatchObject({ messageVendorId: arrived[0]?.messageId, message: { bodyText: command.bodyText } })
    expect(await gmail.probe(account.ctx, one, reply('Never sent'), sentAt)).toBe('absent')
    await control().fail({ kind: 'reset', target: { method: 'POST', path: '/gmail/v1/users/me/messages/send' } })
    await expect(gmail.execute(account.ctx, one, reply('Lost on the way'))).rejects.toMatchObject({
      outcome: 'unknown',
    })
    expect(await gmail.probe(account.ctx, one, reply('Lost on the way'), Date.now())).toBe('absent')
    expect(await received('Lost on the way')).toEqual([])
  })

  it('takes the same words in another minute for another reply', async () => {
    const one = pick('open', 6)
    expect(await gmail.probe(account.ctx, one, reply('Cut off in the middle'), Date.now() + 10 * 60_000)).toBe('absent')
  })

  it('has sent nothing when the thread could not even be read', async () => {
    const one = pick('open', 7)
    await control().fail({
      kind: 'status',
      status: 500,
      times: 9,
      target: { path: `/gmail/v1/users/me/threads/${one.vendorId}` },
    })
    await expect(gmail.execute(account.ctx, one, reply('Nobody gets this'))).rejects.toMatchObject({
      outcome: 'not_sent',
    })
    expect(await received('Nobody gets this')).toEqual([])
  }, 30_000)

  it('may be sent again after Google said "too many", with 403 as well as 429', async () => {
    const one = pick('open', 8)
    for (const status of [403, 429]) {
      const body = JSON.stringify({
        error: { code: status, message: 'Quota', errors: [{ reason: 'rateLimitExceeded' }] },
      })
      await control().fail({
        kind: 'status',
        status,
        body,
        headers: { 'retry-after': '1' },
        target: { method: 'POST', path: '/gmail/v1/users/me/messages/send' },
      })
      await expect(gmail.execute(account.ctx, one, reply('Slowly'))).rejects.toMatchObject({
        ...{ code: 'rate_limited', outcome: 'not_sent' },
        retryAfterMs: expect.any(Number),
      })
    }
  }, 60_000)

  it('archives, takes back, and lets wait with a label that it makes where there is none', async () => {
    const one = pick('open', 9)
    const { ctx } = account
    const move = (status: Conversation['status'], id: string | null = null) =>
      gmail.execute(ctx, one, { kind: 'status', status, vendorStatusId: id })
    expect((await move('solved')).conversation).toMatchObject({ status: 'solved', vendorStatus: { id: 'ARCHIVED' } })
    expect((await control().conversation(site, one.vendorId)).status).toBe('ARCHIVED')
    expect((await move('pending', 'Label_1')).conversation).toMatchObject({
      status: 'pending',
      vendorStatus: { label: 'Waiting' },
    })
    const waiting: Command = { kind: 'status', status: 'pending', vendorStatusId: 'Label_1' }
    expect(await gmail.probe(ctx, one, waiting, Date.now())).toMatchObject({ conversation: { status: 'pending' } })
    expect((await move('open')).conversation).toMatchObject({ status: 'open' })
    expect(await gmail.probe(ctx, one, waiting, Date.now())).toBe('absent')
    expect((await gmail.thread(ctx, one.vendorId)).conversation).toMatchObject({ status: 'open' })
    covered('gmail', 'exercised', ['status', 'modify_thread'])
  })

  it('puts labels on and takes them off, and makes new ones', async () => {
    const one = pick('open', 10)
    const { ctx } = account
    const add: Command = { kind: 'tags', add: ['vip', 'Recall 2026'], remove: one.tags.filter((tag) => tag !== 'VIP') }
    const receipt = await gmail.execute(ctx, one, add)
    expect(receipt.conversation?.tags.sort()).toEqual(['Recall 2026', 'VIP'])
    expect((await control().conversation(site, one.vendorId)).tags.sort()).toEqual(['Recall 2026', 'VIP'])
    expect(await gmail.probe(ctx, one, add, Date.now())).toMatchObject({ conversation: { vendorId: one.vendorId } })
    await gmail.execute(ctx, one, { kind: 'tags', add: [], remove: ['Recall 2026', 'unknown'] })
    expect((await gmail.thread(ctx, one.vendorId)).conversation?.tags).toEqual(['VIP'])
    covered('gmail', 'exercised', ['tags', 'create_label'])
  })

  it('refuses what Gmail does not have before anything is sent', async () => {
    const one = pick('open', 0)
    const asked = await lastRequest()
    for (const command of [
      { kind: 'note', bodyText: 'x', bodyHtml: 'x' },
      { kind: 'priority', priority: 'high' },
      { kind: 'assign', assigneeVendorId: null },
    ] as const) {
      await expect(gmail.execute(account.ctx, one, command)).rejects.toMatchObject({
        code: 'not_supported',
        outcome: 'refused',
      })
    }
    expect(await lastRequest()).toBe(asked)
  })

  it('begins a mail, once, and finds it by its own id or among the newest sent ones', async () => {
    const { compose } = gmail
    if (compose === undefined) throw new Error('no compose')
    const command: Compose = {
      ...{ kind: 'compose', to: { name: 'Jörg Kunde', email: 'customer3@en.customers.example' } },
      ...{ subject: 'Rückruf Ihres Rades', bodyText: 'Please call us.', bodyHtml: '<p>Please call us.</p>' },
    }
    const sentAt = Date.now()
    const receipt = await compose.execute(account.ctx, command)
    expect(receipt).toMatchObject({
      conversation: {
        subject: 'Rückruf Ihres Rades',
        customer: { name: 'Jörg Kunde', email: command.to.email },
        lastMessageBy: 'agent',
      },
      message: { bodyText: 'Please call us.', direction: 'out', author: { email: site } },
    })
    expect(await compose.probe(account.ctx, command, sentAt)).toMatchObject({
      messageVendorId: receipt.messageVendorId,
    })
    // A search that does not know the mail yet.
    await control().fail({
      kind: 'status',
      status: 200,
      body: '{"resultSizeEstimate":0}',
      target: { method: 'GET', path: '/gmail/v1/users/me/messages' },
    })
    expect(await compose.probe(account.ctx, command, sentAt)).toMatchObject({
      messageVendorId: receipt.messageVendorId,
    })
    expect(await compose.probe(account.ctx, { ...command, bodyText: 'Other' }, sentAt)).toBe('absent')
    await control().fail({ kind: 'reset-after', target: { method: 'POST', path: '/gmail/v1/users/me/messages/send' } })
    const second = { ...command, subject: 'A second mail' }
    await expect(compose.execute(account.ctx, second)).rejects.toMatchObject({ outcome: 'unknown' })
    expect(await compose.probe(account.ctx, second, Date.now())).toMatchObject({
      conversation: { subject: 'A second mail' },
    })
    expect(await received('Please call us.')).toHaveLength(2)
    covered('gmail', 'exercised', ['compose', 'list_messages', 'get_message_metadata'])
  })
})

describe('Gmail against the sandbox: trouble', () => {
  it('asks parts of a batch again that were refused for the moment', async () => {
    await control().setRateLimit(site, 'gmail.units', { max: 300, windowMs: 1_200 })
    const page = await gmail.pull(account.ctx, null)
    await control().setRateLimit(site, 'gmail.units', { max: 100_000, windowMs: 60_000 })
    expect(page.conversations.length).toBeGreaterThan(20)
    expect(page.quarantined).toEqual([])
  }, 60_000)

  it('says that the sign-in is over when the token is not taken any more', async () => {
    await control().expireAccessTokens({ site })
    await expect(gmail.pull(account.ctx, shelf.cursor)).rejects.toMatchObject({ code: 'needs_sign_in' })
  })
})
