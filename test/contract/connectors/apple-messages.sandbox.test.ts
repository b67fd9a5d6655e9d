import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { appleMessages } from '../../../main/connectors/apple-messages/index.ts'
import type { Conversation } from '../../../main/connectors/model.ts'
import { covered } from '../coverage.ts'
import { type Connected, connect, open, Shelf } from './connected.ts'

const gateway = 'messages.talkbridge.example'
const lumen = 'urn:biz:7c1f0a52-3b64-4e8d-9a27-5d1e8b40c901'
const acme = 'urn:biz:e4d93b18-60af-4c72-b5f1-08a7c2964d32'
const siteOf = (businessId: string, mspId = 'msp-talkbridge-4471') => ({ gateway, mspId, businessId })
const desk = { site: lumen, email: 'desk@talkbridge.example' }
let account: Connected
const shelf = new Shelf()

beforeAll(async () => {
  account = await open(appleMessages, siteOf(lumen), desk, 130)
  await shelf.fill(appleMessages, account.ctx)
}, 120_000)
afterEach(() => account.sandbox.control.clearFaults())
afterAll(() => account.close())

const control = () => account.sandbox.control
const rows = () => [...shelf.rows.values()]
const withStatus = (status: Conversation['status'], skip = 0) =>
  rows().filter((row) => row.status === status)[skip]?.vendorId ?? ''
const post = { host: gateway, path: '/v1/message', method: 'POST' }

async function fresh(id: string): Promise<Conversation> {
  const { conversation } = await appleMessages.thread(account.ctx, id)
  if (conversation === null) throw new Error('a thread tells its conversation')
  return conversation
}

describe('Apple Messages for Business against a gateway', () => {
  it('knows the Business ID that the secret speaks for', () => {
    expect(account.ctx.account.identity).toMatchObject({ siteKey: gateway, vendorUserId: lumen, email: null })
  })

  it('signs every call with a token of its own: HS256, the MSP ID, seconds', async () => {
    const [call] = await control().requests({ host: gateway })
    const [head, claims] = (call?.headers.authorization ?? '').replace('Bearer ', '').split('.')
    const read = (part = '') => JSON.parse(Buffer.from(part, 'base64url').toString()) as Record<string, unknown>
    expect(read(head)).toMatchObject({ alg: 'HS256' })
    expect(read(claims)).toEqual({ iss: 'msp-talkbridge-4471', iat: Math.floor((call?.at ?? 0) / 1000) })
  })

  it('reads every conversation once and in full, the newest first', async () => {
    const known = await control().conversationIds(lumen, { limit: 100_000 })
    expect(known.length).toBeGreaterThan(100)
    expect([...shelf.rows.keys()].sort()).toEqual([...known].sort())
    expect(shelf.pages.flatMap((page) => page.quarantined)).toEqual([])
    const firsts = shelf.pages.slice(0, -1).map((page) => Math.max(...page.conversations.map((one) => one.updatedAt)))
    expect(firsts[0]).toBe(Math.max(...rows().map((row) => row.updatedAt)))
    covered('apple-messages', 'exercised', ['list_messages', 'receive_message'])
  })

  it('tells a conversation as it is: who spoke last, who ended it, and no more of the customer than Apple tells', () => {
    expect(new Set(rows().map((row) => row.status))).toEqual(new Set(['new', 'open', 'pending', 'closed']))
    for (const row of rows()) {
      expect(row.commands).toEqual(row.status === 'closed' ? [] : ['reply'])
      expect(row.customer).toMatchObject({ vendorId: row.vendorId, name: null, email: null, phone: null })
      expect(row).toMatchObject({ channel: 'chat', brandKey: lumen })
      if (row.status === 'pending') expect(row.lastMessageBy).toBe('agent')
    }
  })

  it('keeps the other Business ID of the same gateway apart', async () => {
    const other = await connect(account.sandbox, appleMessages, siteOf(acme), { ...desk, site: acme })
    const own = new Shelf()
    await own.fill(appleMessages, other.ctx)
    expect([...own.rows.keys()].sort()).toEqual((await control().conversationIds(acme, { limit: 100_000 })).sort())
    expect([...own.rows.keys()].some((id) => shelf.rows.has(id))).toBe(false)
    await other.close()
  })

  it('finds what came since, and reads nothing else again', async () => {
    const id = withStatus('pending')
    const before = shelf.pages.length
    await shelf.fill(appleMessages, account.ctx)
    expect(shelf.pages.slice(before).flatMap((page) => page.conversations)).toEqual([])
    await control().customerWrites(lumen, id, 'Is my seat by the window?')
    await shelf.fill(appleMessages, account.ctx)
    const read = shelf.pages.slice(before).flatMap((page) => page.conversations)
    expect(read).toMatchObject([{ vendorId: id, status: 'open', preview: 'Is my seat by the window?' }])
    expect(read[0]?.createdAt).toBeLessThan(read[0]?.updatedAt ?? 0)
  })

  it('takes in a new conversation', async () => {
    const id = await control().customerOpens(lumen, 'ignored', 'Do you fly to Oslo?')
    await shelf.fill(appleMessages, account.ctx)
    expect(shelf.rows.get(id)).toMatchObject({
      subject: 'Do you fly to Oslo?',
      status: 'new',
      lastMessageBy: 'customer',
    })
  })

  it('reads a thread oldest first', async () => {
    const id = rows().find((row) => row.status === 'open')?.vendorId ?? ''
    const { messages } = await appleMessages.thread(account.ctx, id)
    expect(messages.map((each) => each.createdAt)).toEqual(messages.map((each) => each.createdAt).sort((a, b) => a - b))
    expect(messages[0]).toMatchObject({ direction: 'in', kind: 'reply', author: { role: 'customer' } })
    expect(new Set(messages.map((each) => each.direction))).toEqual(new Set(['in', 'out']))
    covered('apple-messages', 'exercised', ['receive_message'])
  })

  it('fetches a file: a permit from the gateway, the bytes from Apple without a token, decrypted', async () => {
    const id = withStatus('open', 1)
    await control().customerWrites(lumen, id, 'Here is a picture', { picture: true })
    const { messages } = await appleMessages.thread(account.ctx, id)
    const message = messages.at(-1)
    const [file] = message?.attachments ?? []
    if (file === undefined) throw new Error('the picture is missing')
    expect(message?.bodyText).toBe('Here is a picture')
    expect(file).toMatchObject({ contentType: 'image/png', name: 'image001.png' })
    expect(JSON.stringify(message)).not.toMatch(/"key"|signature/)
    const bytes = await appleMessages.download(account.ctx, file)
    expect(bytes.byteLength).toBe(file.size)
    expect(Buffer.from(bytes.slice(1, 4)).toString()).toBe('PNG')
    const [asked] = await control().requests({ host: 'p01-mmcs.icloud-content.com' })
    expect(asked?.headers.authorization).toBeUndefined()
    await expect(appleMessages.download(account.ctx, { ...file, vendorId: 'gone/0' })).rejects.toMatchObject({
      code: 'vendor_not_found',
    })
  })

  it('sends a reply that arrives exactly once, and finds it again by looking', async () => {
    const id = withStatus('open', 2)
    const conversation = await fresh(id)
    const command = { kind: 'reply', bodyText: 'Yes, by the window.\nLumen', bodyHtml: '<p>x</p>' } as const
    const sentAt = Date.now()
    const receipt = await appleMessages.execute(account.ctx, conversation, command)
    expect(await control().received(lumen, id)).toMatchObject([
      { kind: 'reply', text: command.bodyText, messageId: receipt.messageVendorId },
    ])
    expect(receipt).toMatchObject({
      conversation: { status: 'pending', lastMessageBy: 'agent' },
      message: { direction: 'out', bodyText: command.bodyText },
    })
    expect(await appleMessages.probe(account.ctx, conversation, command, sentAt)).toMatchObject({
      messageVendorId: receipt.messageVendorId,
    })
    const never = { ...command, bodyText: 'Never said' }
    expect(await appleMessages.probe(account.ctx, conversation, never, sentAt)).toBe('absent')
    covered('apple-messages', 'exercised', ['reply', 'send_message'])
  })

  it('may say the same again on purpose, once the conversation has moved on', async () => {
    const id = withStatus('open', 3)
    const command = { kind: 'reply', bodyText: 'Yes', bodyHtml: '<p>Yes</p>' } as const
    const first = await appleMessages.execute(account.ctx, await fresh(id), command)
    await appleMessages.execute(account.ctx, first.conversation ?? (await fresh(id)), command)
    expect(await control().received(lumen, id)).toHaveLength(2)
  })

  it('says "unknown" when the line is cut after the gateway has acted; looking finds it, and sending again does not double it', async () => {
    const id = withStatus('open', 4)
    const conversation = await fresh(id)
    const command = { kind: 'reply', bodyText: 'Once is enough', bodyHtml: '<p>Once is enough</p>' } as const
    const sentAt = Date.now()
    await control().fail({ kind: 'reset-after', times: 1, target: post })
    await expect(appleMessages.execute(account.ctx, conversation, command)).rejects.toMatchObject({
      outcome: 'unknown',
    })
    expect(await appleMessages.probe(account.ctx, conversation, command, sentAt)).toMatchObject({
      message: { bodyText: 'Once is enough' },
    })
    await appleMessages.execute(account.ctx, conversation, command)
    expect(await control().received(lumen, id)).toHaveLength(1)
  })

  it('sends addresses as rich links between the words', async () => {
    const id = withStatus('open', 5)
    const conversation = await fresh(id)
    const text = 'Your ticket: https://lumen.example/t/77?a=1. Have a good trip!'
    const command = { kind: 'reply', bodyText: text, bodyHtml: `<p>${text}</p>` } as const
    const sentAt = Date.now()
    await control().clearRequests()
    const receipt = await appleMessages.execute(account.ctx, conversation, command)
    const sent = (await control().requests(post)).map((request) => JSON.parse(request.body) as Record<string, unknown>)
    expect(sent.map((body) => [body.type, body.body ?? (body.richLinkData as { url: string }).url])).toEqual([
      ['text', 'Your ticket:'],
      ['richLink', 'https://lumen.example/t/77?a=1'],
      ['text', '. Have a good trip!'],
    ])
    expect(new Set(sent.map((body) => body.id)).size).toBe(3)
    expect(receipt.messageVendorId).toBe(sent[0]?.id)
    expect((await appleMessages.thread(account.ctx, id)).messages.slice(-3).map((each) => each.bodyText)).toEqual([
      'Your ticket:',
      'lumen.example\nhttps://lumen.example/t/77?a=1',
      '. Have a good trip!',
    ])
    expect(await appleMessages.probe(account.ctx, conversation, command, sentAt)).toMatchObject({
      messageVendorId: sent[0]?.id,
    })
  })

  it('leaves a reply of which only a part arrived to a person', async () => {
    const id = withStatus('new', 0)
    const conversation = await fresh(id)
    const command = { kind: 'reply', bodyText: 'See https://lumen.example/a', bodyHtml: '' } as const
    const sentAt = Date.now()
    await control().fail({ kind: 'delay', ms: 1, times: 1, target: post })
    await control().clearRequests()
    const sending = appleMessages.execute(account.ctx, conversation, command)
    await until(async () => (await control().requests(post)).length > 0)
    await control().fail({ kind: 'status', status: 400, times: 1, target: post })
    await expect(sending).rejects.toMatchObject({ outcome: 'unknown' })
    expect(await appleMessages.probe(account.ctx, conversation, command, sentAt)).toBeNull()
  })

  it('sends nothing after the customer has ended the conversation, until the customer writes again', async () => {
    const id = withStatus('new', 1)
    const before = await fresh(id)
    await control().change(lumen, id, { status: 'closed' })
    await shelf.fill(appleMessages, account.ctx)
    expect(shelf.rows.get(id)).toMatchObject({
      status: 'closed',
      commands: [],
      vendorStatus: { label: 'Ended by the customer' },
    })
    const command = { kind: 'reply', bodyText: 'Wait!', bodyHtml: '<p>Wait!</p>' } as const
    const closed = await fresh(id)
    expect((await appleMessages.thread(account.ctx, id)).messages.at(-1)).toMatchObject({
      kind: 'event',
      direction: 'in',
    })
    await control().clearRequests()
    await expect(appleMessages.execute(account.ctx, closed, command)).rejects.toMatchObject({ outcome: 'refused' })
    expect(await control().requests(post)).toEqual([])
    // With a state that is out of date the gateway refuses.
    await expect(appleMessages.execute(account.ctx, before, command)).rejects.toMatchObject({
      code: 'vendor_rejected',
      outcome: 'refused',
      message: 'The customer has ended this conversation.',
    })
    expect(await control().received(lumen, id)).toEqual([])
    await control().customerWrites(lumen, id, 'One more thing')
    await shelf.fill(appleMessages, account.ctx)
    expect(shelf.rows.get(id)).toMatchObject({ status: 'new', commands: ['reply'] })
    await appleMessages.execute(account.ctx, await fresh(id), command)
    expect(await control().received(lumen, id)).toHaveLength(1)
  })

  it('offers no notes, tags or states, and sends nothing for them', async () => {
    const conversation = await fresh(withStatus('new', 2))
    await control().clearRequests()
    for (const command of [
      { kind: 'note', bodyText: 'x', bodyHtml: 'x' },
      { kind: 'status', status: 'closed', vendorStatusId: null },
      { kind: 'tags', add: ['x'], remove: [] },
      { kind: 'reply', bodyText: '  ', bodyHtml: '' },
    ] as const)
      await expect(
        appleMessages.execute(
          account.ctx,
          conversation,
          command.kind === 'tags' ? { ...command, add: ['x'], remove: [] } : command,
        ),
      ).rejects.toMatchObject({ outcome: 'refused' })
    expect(await control().requests({ host: gateway })).toEqual([])
  })

  it('waits as long as the gateway says', async () => {
    const other = await connect(account.sandbox, appleMessages, siteOf(lumen), desk)
    await control().fail({ kind: 'status', status: 429, headers: { 'retry-after': '40' }, target: { host: gateway } })
    await expect(appleMessages.pull(other.ctx, null)).rejects.toMatchObject({
      code: 'rate_limited',
      retryAfterMs: 40_000,
    })
    await other.close()
  })

  it('says that the secret is not accepted', async () => {
    const body = '{"message":"bad JWT"}'
    await control().fail({ kind: 'status', status: 403, body, target: { host: gateway } })
    await expect(appleMessages.pull(account.ctx, null)).rejects.toMatchObject({ code: 'needs_sign_in' })
  })

  it('does not let a secret for reading send', async () => {
    const reader = await connect(account.sandbox, appleMessages, siteOf(lumen, 'msp-talkbridge-readonly'), {
      site: lumen,
      email: 'reading@talkbridge.example',
    })
    const id = withStatus('new', 3)
    const { conversation } = await appleMessages.thread(reader.ctx, id)
    if (conversation === null) throw new Error('a thread tells its conversation')
    const command = { kind: 'reply', bodyText: 'Hi', bodyHtml: '<p>Hi</p>' } as const
    await expect(appleMessages.execute(reader.ctx, conversation, command)).rejects.toMatchObject({
      code: 'vendor_rejected',
      outcome: 'refused',
    })
    expect(await control().received(lumen, id)).toEqual([])
    await reader.close()
  })

  it('sets aside a message that cannot be read, and goes on with the rest', async () => {
    const page = await (await fetchPage()).json()
    const messages = page.messages.slice(0, 2)
    Object.assign(messages[1] ?? {}, { at: 'some day' })
    const body = JSON.stringify({ ...page, messages, older: null })
    await control().fail({
      kind: 'status',
      status: 200,
      body,
      times: 1,
      headers: { 'content-type': 'application/json' },
    })
    const read = await appleMessages.pull(account.ctx, null)
    expect(read.conversations.length).toBe(1)
    expect(read.quarantined).toMatchObject([{ path: 'messages[1].at' }])
  })

  it('starts over from a damaged cursor', async () => {
    const { cursor, conversations } = await appleMessages.pull(account.ctx, '{"phase":"sideways"}')
    expect(conversations.length).toBeGreaterThan(0)
    expect(JSON.parse(cursor)).toMatchObject({ phase: 'older' })
  })
})

const fetchPage = () =>
  account.ctx.http.get<{ messages: { at: string }[] } & Record<string, unknown>>('messages', {
    searchParams: { 'business-id': lumen, limit: '5' },
  })

async function until(condition: () => Promise<boolean>): Promise<void> {
  for (let turn = 0; turn < 500; turn += 1) {
    if (await condition()) return
    await new Promise((resolve) => setTimeout(resolve, 2))
  }
  throw new Error('it did not come to that')
}
