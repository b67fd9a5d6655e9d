import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Command, Conversation } from '../../../main/connectors/model.ts'
import { outlook } from '../../../main/connectors/outlook/index.ts'
import { covered } from '../coverage.ts'
import { type Connected, connect, open, Shelf } from './connected.ts'

const site = 'care@tidewater.example'
const mailbox = { mailbox: site, tenant: 'tidewater.example' }
const ella = { site, email: 'ella.marsh@tidewater.example' }
const graph = `/v1.0/users/${site}`
let account: Connected
const shelf = new Shelf()

beforeAll(async () => {
  account = await open(outlook, mailbox, ella, 300)
  await shelf.fill(outlook, account.ctx)
}, 120_000)
afterAll(() => account.close())

const control = () => account.sandbox.control
const openIds = () => control().conversationIds(site, { statusKind: 'open', limit: 20 })

async function fresh(id: string): Promise<Conversation> {
  const { conversation } = await outlook.thread(account.ctx, id)
  if (conversation === null) throw new Error('a thread tells its conversation')
  return conversation
}

/** What the pages since brought, newest state of each. */
async function news(): Promise<Shelf> {
  const since = new Shelf()
  since.cursor = shelf.cursor
  await since.fill(outlook, account.ctx)
  shelf.cursor = since.cursor
  return since
}

const reply = (text: string) =>
  ({ kind: 'reply', bodyText: text, bodyHtml: `<p>${text}</p>` }) as const satisfies Command
const calls = async (method: string, ending: string) =>
  (await control().requests({ method })).filter((request) => request.path.endsWith(ending))

describe('Microsoft 365 against the sandbox: reading', () => {
  it('knows who signed in, and which mailbox', () => {
    expect(account.ctx.account.identity).toMatchObject({
      siteKey: site,
      name: 'Ella Marsh',
      email: ella.email,
    })
    expect(outlook.signIn.nameSite?.(account.ctx.account.identity)).toBe(site)
  })

  it('reads every conversation once and in full', async () => {
    const known = await control().conversationIds(site, { limit: 100_000 })
    expect(known.length).toBeGreaterThan(250)
    expect([...shelf.rows.keys()].sort()).toEqual([...known].sort())
    expect(shelf.pages.flatMap((page) => page.quarantined)).toEqual([])
  })

  it('knows of each conversation after the fill exactly what reading it whole tells, whatever page its mails stood on', async () => {
    for (const [id, row] of [...shelf.rows].filter((_, place) => place % 4 === 0)) {
      const whole = await fresh(id)
      expect({ ...row, version: 0 }).toEqual({ ...whole, version: 0 })
      expect(whole.version - row.version).toBeLessThanOrEqual(1)
    }
  })

  it('agrees with the mailbox on status, tags and customer', async () => {
    for (const [id, row] of [...shelf.rows].slice(0, 60)) {
      const real = await control().conversation(site, id)
      expect([row.status, [...row.tags].sort(), row.customer.email]).toEqual([
        real.status,
        [...real.tags].sort(),
        real.customer.email,
      ])
      expect(row).toMatchObject({ channel: 'email', brandKey: site, assigneeVendorId: null, groupVendorId: null })
      expect(row.url).toMatch(/^https:\/\/outlook\.office365\.com\//)
    }
  })

  it('shows the newest conversations first', async () => {
    const [first] = shelf.pages
    const times = first?.conversations.map((one) => one.updatedAt) ?? []
    expect(times.length).toBeGreaterThan(20)
    expect(times[0]).toBe(Math.max(...[...shelf.rows.values()].map((row) => row.updatedAt)))
  })

  it('fills without a call for each conversation', async () => {
    await control().clearRequests()
    const again = new Shelf()
    await again.fill(outlook, account.ctx)
    const threads = (await control().requests({ method: 'GET' })).filter((request) =>
      decodeURIComponent(request.query).includes('conversationId eq'),
    )
    const pages = again.pages.length
    expect(threads.length).toBeLessThan(again.rows.size / 5)
    expect(pages).toBeLessThan(15)
  })

  it('finds nothing to read when nothing changed, at three calls', async () => {
    await news()
    await control().clearRequests()
    const since = await news()
    expect(since.rows.size).toBe(0)
    expect(await control().requests({ path: graph })).toHaveLength(3)
  })

  it('finds what changed since, and nothing else is read again', async () => {
    const [id = ''] = await control().conversationIds(site, { statusKind: 'solved' })
    await control().customerWrites(site, id, 'The new vase arrived in pieces, too.')
    const since = await news()
    expect([...since.rows.keys()]).toEqual([id])
    expect(since.rows.get(id)).toMatchObject({
      status: 'open',
      lastMessageBy: 'customer',
      preview: 'The new vase arrived in pieces, too.',
    })
  })

  it('finds an answer that a colleague wrote in Outlook', async () => {
    const [id = ''] = await openIds()
    await control().agentWrites(site, id, 'noor.haddad@tidewater.example', 'reply', 'We will send another one.')
    expect((await news()).rows.get(id)).toMatchObject({ lastMessageBy: 'agent', preview: 'We will send another one.' })
  })

  it('finds flags, categories and filing that colleagues changed in Outlook', async () => {
    const [pendingId = '', solvedId = '', closedId = ''] = await openIds()
    await control().change(site, pendingId, { status: 'pending', tags: ['Wholesale'] })
    await control().change(site, solvedId, { status: 'solved' })
    await control().change(site, closedId, { status: 'closed' })
    const { rows } = await news()
    expect(rows.get(pendingId)).toMatchObject({ status: 'pending', tags: ['Wholesale'] })
    expect(rows.get(solvedId)).toMatchObject({ status: 'solved', vendorStatus: { id: 'solved', label: 'Completed' } })
    expect(rows.get(closedId)).toMatchObject({ status: 'closed' })
    await control().change(site, closedId, { status: 'open' })
    expect((await news()).rows.get(closedId)).toMatchObject({ status: 'open' })
  })

  it('reads a conversation whole when a change tells no more than the read mark', async () => {
    const [id = ''] = await openIds()
    const mail = (await outlook.thread(account.ctx, id)).messages.findLast((message) => message.direction === 'in')
    const path = `users/${site}/messages/${mail?.vendorId}`
    await news()
    const headers = { prefer: 'IdType="ImmutableId"' }
    await account.ctx.http.patch(path, { headers, json: { isRead: true } }).json()
    const { rows } = await news()
    expect(rows.get(id)).toMatchObject({ subject: expect.stringMatching(/./), vendor: { isRead: true } })
  })

  it('removes a conversation whose mails were deleted, and brings it back', async () => {
    const [id = ''] = await openIds()
    await control().hide(site, id, 'deleted')
    expect((await news()).pages.flatMap((page) => page.removedVendorIds)).toContain(id)
    await expect(outlook.thread(account.ctx, id)).rejects.toMatchObject({ code: 'vendor_not_found' })
    await control().hide(site, id, null)
    expect([...(await news()).rows.keys()]).toEqual([id])
  })

  it('quarantines a mail it cannot read, with the path, and reads the rest', async () => {
    const [id = ''] = await openIds()
    await control().customerWrites(site, id, 'One more thing')
    const good = { id: 'x1', conversationId: id, subject: 'Fine', receivedDateTime: '2026-11-20T10:00:00Z' }
    const bad = { ...good, id: 'x2', receivedDateTime: 'yesterday' }
    await control().fail({
      kind: 'status',
      status: 200,
      body: JSON.stringify({ value: [good, bad], '@odata.deltaLink': `https://graph.microsoft.com${graph}/nowhere` }),
      target: { path: `${graph}/mailFolders/inbox/messages/delta` },
    })
    const page = await outlook.pull(account.ctx, shelf.cursor)
    expect(page.quarantined).toEqual([{ vendorId: 'x2', path: 'value[1].receivedDateTime', reason: 'not a time' }])
    expect(page.conversations.map((one) => one.vendorId)).toEqual([id])
    await news()
  })

  it('begins again when the mailbox has forgotten a link, and misses nothing of the time between', async () => {
    await news()
    const [changedId = '', deletedId = ''] = await openIds()
    await control().change(site, changedId, { tags: ['Broken'] })
    await control().hide(site, deletedId, 'deleted')
    await control().fail({
      kind: 'status',
      status: 410,
      body: JSON.stringify({ error: { code: 'SyncStateNotFound', message: 'gone' } }),
      target: { path: `${graph}/mailFolders/inbox/messages/delta` },
    })
    const since = await news()
    expect(since.rows.get(changedId)?.tags).toEqual(['Broken'])
    expect(since.pages.flatMap((page) => page.removedVendorIds)).toContain(deletedId)
    await control().hide(site, deletedId, null)
  })

  it('reads a thread oldest first, with files that can be fetched and pictures that belong to the text', async () => {
    const [id = ''] = await openIds()
    await control().customerWrites(site, id, 'Here is a picture', { picture: true })
    const { messages } = await outlook.thread(account.ctx, id)
    expect(messages.map((each) => each.createdAt)).toEqual(messages.map((each) => each.createdAt).sort((a, b) => a - b))
    expect(messages[0]).toMatchObject({ direction: 'in', kind: 'reply', author: { role: 'customer' } })
    const [picture] = messages.at(-1)?.attachments ?? []
    if (picture === undefined) throw new Error('the picture is missing')
    expect(picture).toMatchObject({ name: 'image001.png', contentType: 'image/png', inline: false })
    expect((await outlook.download(account.ctx, picture)).byteLength).toBe(picture.size)
  })

  it('gives pictures inside the text the id the text calls them by', async () => {
    const threads = await Promise.all(
      [...shelf.rows.keys()].slice(0, 150).map((id) => outlook.thread(account.ctx, id).catch(() => null)),
    )
    const message = threads
      .flatMap((each) => each?.messages ?? [])
      .find(({ attachments }) => attachments.some((one) => one.inline))
    const picture = message?.attachments.find((one) => one.inline)
    expect(picture?.contentId).toBe(`image001@${site}`)
    expect(message?.bodyHtml).toContain(`cid:${picture?.contentId}`)
    const kinds = threads.flatMap((each) => each?.messages ?? []).map((one) => one.bodyHtml === null)
    expect(kinds).toContain(true)
    expect(kinds).toContain(false)
  })
})

describe('Microsoft 365 against the sandbox: answering', () => {
  it('sends a reply that arrives exactly once, in the name of the mailbox, and finds it again by looking', async () => {
    const [id = ''] = await openIds()
    const command = {
      kind: 'reply',
      bodyText: 'Your plates are on their way.\nElla',
      bodyHtml: '<p>Your plates are on their way.<br>Ella</p>',
    } as const
    const sentAt = Date.now()
    const receipt = await outlook.execute(account.ctx, await fresh(id), command)
    const arrived = await control().received(site, id)
    expect(arrived).toMatchObject([{ kind: 'reply', author: ella.email, text: command.bodyText }])
    expect(arrived[0]?.html).toContain('divRplyFwdMsg')
    expect(receipt.messageVendorId).toBe(arrived[0]?.messageId)
    expect(receipt.message).toMatchObject({ direction: 'out', author: { name: 'Ella Marsh', role: 'agent' } })
    const { messages, conversation } = await outlook.thread(account.ctx, id)
    expect(messages.filter((one) => one.vendorId === receipt.messageVendorId)).toHaveLength(1)
    expect(conversation).toMatchObject({ lastMessageBy: 'agent', brandKey: site })
    expect(await outlook.probe(account.ctx, await fresh(id), command, sentAt)).toMatchObject({
      messageVendorId: receipt.messageVendorId,
    })
  })

  it('says "unknown" when the line is cut while sending, and looking finds the reply', async () => {
    const [, id = ''] = await openIds()
    const command = reply('Once is enough')
    const sentAt = Date.now()
    await cutAfter('sending')
    await expect(outlook.execute(account.ctx, await fresh(id), command)).rejects.toMatchObject({ outcome: 'unknown' })
    expect(await control().received(site, id)).toHaveLength(1)
    expect(await outlook.probe(account.ctx, await fresh(id), command, sentAt)).toMatchObject({
      message: { bodyText: 'Once is enough', direction: 'out' },
    })
  })

  it('sends the very draft of the first try when that one did not go out, so that two requests can never be two mails', async () => {
    const [, , id = ''] = await openIds()
    const command = reply('Same draft, please')
    const sentAt = Date.now()
    await cutBefore('sending')
    await expect(outlook.execute(account.ctx, await fresh(id), command)).rejects.toMatchObject({ outcome: 'unknown' })
    expect(await outlook.probe(account.ctx, await fresh(id), command, sentAt)).toBe('absent')
    await control().clearRequests()
    const receipt = await outlook.execute(account.ctx, await fresh(id), command)
    expect(await calls('POST', '/createReply')).toEqual([])
    expect(await control().received(site, id)).toMatchObject([{ messageId: receipt.messageVendorId }])
  })

  it('sends nothing when the first request arrives after all, just before the second try', async () => {
    const [, , , id = ''] = await openIds()
    const command = reply('Late but once')
    await cutBefore('sending')
    await expect(outlook.execute(account.ctx, await fresh(id), command)).rejects.toMatchObject({ outcome: 'unknown' })
    await arriveLate((await calls('POST', '/send')).at(-1)?.path)
    const receipt = await outlook.execute(account.ctx, await fresh(id), command)
    expect(await control().received(site, id)).toMatchObject([{ messageId: receipt.messageVendorId }])
  })

  it('takes a refusal for sent when the first request arrives while the second is on its way', async () => {
    const [, , , , id = ''] = await openIds()
    const command = reply('Overtaken, but once')
    await cutBefore('sending')
    await expect(outlook.execute(account.ctx, await fresh(id), command)).rejects.toMatchObject({ outcome: 'unknown' })
    const path = (await calls('POST', '/send')).at(-1)?.path
    await control().clearRequests()
    await control().fail({ kind: 'delay', ms: 400, target: { method: 'POST', path: path ?? '' } })
    const second = outlook.execute(account.ctx, await fresh(id), command)
    await expect.poll(async () => (await calls('POST', '/send')).length).toBe(1)
    await arriveLate(path)
    const receipt = await second
    expect(await control().received(site, id)).toMatchObject([{ messageId: receipt.messageVendorId }])
  })

  it('sends the same words again when the customer wrote in between', async () => {
    const [, , , , , id = ''] = await openIds()
    await outlook.execute(account.ctx, await fresh(id), reply('Yes'))
    await new Promise((resolve) => setTimeout(resolve, 1100))
    await control().customerWrites(site, id, 'And by Friday?')
    await outlook.execute(account.ctx, await fresh(id), reply('Yes'))
    expect(await control().received(site, id)).toHaveLength(2)
  })

  it.each([
    ['making the draft', 1],
    ['filling the draft', 2],
  ] as const)(
    'calls a reply not sent when the answer to %s gets lost, and the next try sends one',
    async (step, times) => {
      const id = (await openIds())[times + 5] ?? ''
      const command = reply(`Lost at ${step}`)
      const conversation = await fresh(id)
      await cutAfter(step, times)
      await expect(outlook.execute(account.ctx, conversation, command)).rejects.toMatchObject({ outcome: 'not_sent' })
      expect(await control().received(site, id)).toEqual([])
      await outlook.execute(account.ctx, conversation, command)
      expect(await control().received(site, id)).toHaveLength(1)
    },
  )

  it('cannot tell of a reply that is neither a draft nor sent, and waits before it says so', async () => {
    const [id = ''] = await openIds()
    const probe = (ago: number) =>
      outlook.probe(account.ctx, shelf.rows.get(id) ?? never(), reply('Never written'), Date.now() - ago)
    await expect(probe(10_000)).rejects.toMatchObject({ code: 'vendor_failed' })
    expect(await probe(600_000)).toBeNull()
  })

  it('tells somebody without the right to send what to ask for, and leaves no draft behind', async () => {
    const ruben = await connect(account.sandbox, outlook, mailbox, { site, email: 'ruben.castell@tidewater.example' })
    const [id = ''] = await openIds()
    const before = (await control().received(site, id)).length
    const sent = outlook.execute(ruben.ctx, await fresh(id), reply('May I?'))
    await expect(sent).rejects.toMatchObject({
      code: 'vendor_forbidden',
      outcome: 'refused',
      action: expect.stringContaining('Send as'),
    })
    expect(await control().received(site, id)).toHaveLength(before)
    const drafts = await ruben.ctx.http
      .get(`users/${site}/mailFolders/drafts/messages`)
      .json<{ value: { bodyPreview: string }[] }>()
    expect(drafts.value.filter((draft) => draft.bodyPreview.includes('May I?'))).toEqual([])
    await ruben.close()
  })

  it('sets every status it offers, and reads it back', async () => {
    const [id = ''] = await openIds()
    const { statuses } = await outlook.directory(account.ctx)
    expect(new Set(statuses.map(({ status }) => status)).size).toBeGreaterThan(2)
    for (const { id: vendorStatusId, status } of [...statuses, ...statuses.toReversed()]) {
      const command = { kind: 'status', status, vendorStatusId } as const
      const { conversation } = await outlook.execute(account.ctx, await fresh(id), command)
      expect(conversation).toMatchObject({ status, vendorStatus: { id: vendorStatusId } })
      expect((await control().conversation(site, id)).status).toBe(vendorStatusId)
      expect(await outlook.probe(account.ctx, await fresh(id), command, 0)).toMatchObject({ conversation: { status } })
    }
    expect(
      await outlook.probe(account.ctx, await fresh(id), { kind: 'status', status: 'solved', vendorStatusId: null }, 0),
    ).toBe('absent')
  })

  it('archives every mail that came in, and a customer who writes again opens the conversation', async () => {
    const [id = ''] = await openIds()
    await control().customerWrites(site, id, 'And another thing')
    await outlook.execute(account.ctx, await fresh(id), { kind: 'status', status: 'closed', vendorStatusId: 'closed' })
    const folders = async () =>
      (
        await account.ctx.http
          .get(`users/${site}/messages`, { searchParams: { $filter: `conversationId eq '${id}'`, $top: 100 } })
          .json<{ value: { parentFolderId: string; from: { emailAddress: { address: string } } }[] }>()
      ).value
        .filter((mail) => mail.from.emailAddress.address !== site)
        .map((mail) => mail.parentFolderId)
    expect(new Set(await folders()).size).toBe(1)
    await control().customerWrites(site, id, 'I am back')
    expect(await fresh(id)).toMatchObject({ status: 'open', lastMessageBy: 'customer' })
  })

  it('adds and removes categories as tags, and leaves the others alone', async () => {
    const [id = ''] = await openIds()
    await control().change(site, id, { tags: ['Broken', 'Retour'] })
    const command = { kind: 'tags', add: ['Very Important', 'broken'], remove: ['retour'] } as const satisfies Command
    const { conversation } = await outlook.execute(account.ctx, await fresh(id), {
      ...command,
      add: [...command.add],
      remove: [...command.remove],
    })
    expect(conversation?.tags).toEqual(['Broken', 'Very Important'])
    expect((await control().conversation(site, id)).tags).toEqual(['Broken', 'Very Important'])
    expect(
      await outlook.probe(
        account.ctx,
        await fresh(id),
        { ...command, add: [...command.add], remove: [...command.remove] },
        0,
      ),
    ).toMatchObject({ messageVendorId: null })
    const status: Command = { kind: 'tags', add: ['pending'], remove: [] }
    await expect(outlook.execute(account.ctx, await fresh(id), status)).rejects.toMatchObject({ outcome: 'refused' })
  })

  it.each<Command>([
    { kind: 'note', bodyText: 'x', bodyHtml: '<p>x</p>' },
    { kind: 'assign', assigneeVendorId: 'x' },
    { kind: 'priority', priority: 'high' },
  ])('refuses $kind, which mail does not have, before anything is sent', async (command) => {
    const [id = ''] = await openIds()
    expect(outlook.capabilities.commands).not.toContain(command.kind)
    await expect(outlook.execute(account.ctx, await fresh(id), command)).rejects.toMatchObject({
      code: 'not_supported',
      outcome: 'refused',
    })
  })

  it('begins a mail once, also when the answer to sending it gets lost', async () => {
    const mail = {
      kind: 'compose',
      to: { name: 'Ines Roth', email: 'ines.roth@customers.example' },
      subject: 'Your order 4711',
      ...words('It leaves today.'),
    } as const
    const compose = outlook.compose ?? never()
    const receipt = await compose.execute(account.ctx, mail)
    expect(receipt.conversation).toMatchObject({
      subject: mail.subject,
      customer: { email: mail.to.email },
      lastMessageBy: 'agent',
      status: 'open',
    })
    expect((await news()).rows.get(receipt.conversation?.vendorId ?? '')).toMatchObject({
      customer: { email: mail.to.email },
    })
    expect(await compose.probe(account.ctx, mail, Date.now() - 5000)).toMatchObject({
      messageVendorId: receipt.messageVendorId,
    })

    const second = { ...mail, subject: 'Your order 4712' }
    await cutBefore('sending')
    await expect(compose.execute(account.ctx, second)).rejects.toMatchObject({ outcome: 'unknown' })
    expect(await compose.probe(account.ctx, second, Date.now())).toBe('absent')
    await control().clearRequests()
    await compose.execute(account.ctx, second)
    expect((await calls('POST', '/messages')).length).toBe(0)
    const sent = await account.ctx.http
      .get(`users/${site}/mailFolders/sentitems/messages`, { searchParams: { $top: 50 } })
      .json<{ value: { subject: string }[] }>()
    expect(sent.value.filter((each) => each.subject === second.subject)).toHaveLength(1)
  })
})

describe('Microsoft 365 against the sandbox: rights and limits', () => {
  it('works in a mailbox of one person, which has addresses of its own', async () => {
    const own = 'oona.laine@polarbikes.example'
    const oona = await connect(account.sandbox, outlook, {}, { site: own, email: own })
    expect(oona.ctx.account.identity).toMatchObject({ email: own, siteKey: oona.ctx.account.identity.vendorUserId })
    const mine = new Shelf()
    await mine.fill(outlook, oona.ctx)
    expect(mine.rows.size).toBe((await control().conversationIds(own, { limit: 100_000 })).length)
    expect(new Set([...mine.rows.values()].map((row) => row.brandKey))).toEqual(new Set([own]))
    expect((await outlook.directory(oona.ctx)).brands.map((brand) => brand.key)).toEqual([
      own,
      'hei@polarbikes.example',
    ])
    await oona.close()
  })

  it.each([
    ['a mailbox in another organisation', 'oona.laine@polarbikes.example', { mailbox: site }, 'There is no mailbox'],
    ['a mailbox of somebody else', ella.email, { mailbox: 'oona.laine@polarbikes.example' }, 'There is no mailbox'],
    ['an account without a mailbox', 'tauno.virta@polarbikes.example', {}, 'no mailbox in Exchange Online'],
  ])('says so when the person signs in for %s', async (_what, email, wish, words) => {
    const at = email === ella.email ? site : 'oona.laine@polarbikes.example'
    const refused = connect(account.sandbox, outlook, wish, { site: at, email })
    await expect(refused).rejects.toMatchObject({ code: 'vendor_not_found', message: expect.stringContaining(words) })
  })

  it('says so when the person may not open the mailbox, or gave too few permissions', async () => {
    const scopes = ['openid', 'offline_access', 'User.Read', 'Mail.ReadWrite', 'Mail.Send']
    const refused = connect(account.sandbox, outlook, mailbox, { ...ella, scopes })
    await expect(refused).rejects.toMatchObject({
      code: 'vendor_forbidden',
      message: expect.stringContaining('no access'),
    })
  })

  it('gives back how long to wait when the mailbox is busy', async () => {
    await control().setRateLimit(site, 'outlook.api', { max: 0, windowMs: 60_000 })
    await expect(outlook.pull(account.ctx, shelf.cursor)).rejects.toMatchObject({
      code: 'rate_limited',
      outcome: 'not_sent',
    })
    await control().setRateLimit(site, 'outlook.api', { max: 100_000, windowMs: 60_000 })
  })

  it('asks to sign in again when the token has expired and cannot be renewed', async () => {
    const noor = await connect(account.sandbox, outlook, mailbox, { site, email: 'noor.haddad@tidewater.example' })
    await control().expireAccessTokens({ user: 'noor.haddad@tidewater.example' })
    await expect(outlook.pull(noor.ctx, null)).rejects.toMatchObject({ code: 'needs_sign_in' })
    await noor.close()
    covered('outlook', 'exercised', [
      'reply',
      'status',
      'tags',
      'compose',
      ...[
        'list_messages',
        'thread_messages',
        'messages_delta',
        'get_message',
        'create_draft',
        'create_reply',
        'update_message',
        'move_message',
        'list_attachments',
        'get_mail_folder',
        'get_user',
      ],
    ])
  })
})

const words = (text: string) => ({ bodyText: text, bodyHtml: `<p>${text}</p>` })

function never(): never {
  throw new Error('it must be there')
}

type Step = 'making the draft' | 'filling the draft' | 'sending'

/** Drafts have ids that begin like this in the sandbox, mails of customers the other. */
const steps: Record<Step, { method: string; path: string }> = {
  'making the draft': { method: 'POST', path: `${graph}/messages/AAkALgm` },
  'filling the draft': { method: 'PATCH', path: `${graph}/messages/AAkALgd` },
  sending: { method: 'POST', path: `${graph}/messages/AAkALgd` },
}

/** The next request of that step is carried out, and its answer is lost. */
const cutAfter = (step: Step, times = 1) => control().fail({ kind: 'reset-after', times, target: steps[step] })
/** The next request of that step does not arrive. */
const cutBefore = (step: Step) => control().fail({ kind: 'reset', target: steps[step] })

/** A request that was thought lost reaches the vendor now. */
async function arriveLate(path: string | undefined): Promise<void> {
  await account.ctx.http.post(`https://graph.microsoft.com${path}`, { headers: { accept: 'application/json' } })
}
