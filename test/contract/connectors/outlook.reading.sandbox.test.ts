import { describe, expect, it } from 'vitest'
import { outlook } from '../../../main/connectors/outlook/index.ts'
import { covered } from '../coverage.ts'
import { connect, Shelf } from './connected.ts'
import { ella, filledMailbox, graph, mailbox, site } from './outlook-mailbox.ts'

const { account, shelf, control, openIds, fresh, news } = filledMailbox()

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
    covered('outlook', 'exercised', [
      'list_messages',
      'thread_messages',
      'messages_delta',
      'get_message',
      'list_attachments',
    ])
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
    covered('outlook', 'exercised', ['get_user'])
  })
})
