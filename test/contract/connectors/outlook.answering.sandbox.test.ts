import { describe, expect, it } from 'vitest'
import type { Command } from '../../../main/connectors/model.ts'
import { outlook } from '../../../main/connectors/outlook/index.ts'
import { covered } from '../coverage.ts'
import { connect } from './connected.ts'
import { ella, filledMailbox, graph, mailbox, never, reply, site, words } from './outlook-mailbox.ts'

const { account, shelf, control, openIds, fresh, news, calls } = filledMailbox()

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
    covered('outlook', 'exercised', [
      'reply',
      'status',
      'tags',
      'compose',
      'create_draft',
      'create_reply',
      'update_message',
      'move_message',
      'get_mail_folder',
    ])
  })
})

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
