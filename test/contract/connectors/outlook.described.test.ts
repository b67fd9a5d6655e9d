import { expect, it } from 'vitest'
import { outlook } from '../../../main/connectors/outlook/index.ts'
import { covered } from '../coverage.ts'
import { vendorData } from '../sandbox/described.ts'
import { graphDescription } from '../sandbox/graph-description.ts'
import { open } from './connected.ts'
import { requestChecker } from './described-requests.ts'
import { doEverything } from './everything.ts'

const site = 'care@tidewater.example'
/** Documented, but not in the stored part of the description: who signed in, and the bytes of a file. */
const outside = ['GET /v1.0/me']
const isOutside = (name: string) => outside.includes(name) || /\/attachments\/[^/]+\/(\$|%24)value$/.test(name)
/** Every call the connector can make. */
const described = [
  'user.mailFolder.message_delta',
  'user.mailFolder_ListMessage',
  'user.message_ListAttachment',
  'user.message_createReply',
  'user.message_move',
  'user.message_send',
  'user_CreateMessage',
  'user_DeleteMessage',
  'user_GetMailFolder',
  'user_GetMessage',
  'user_GetUser',
  'user_ListMessage',
  'user_UpdateMessage',
]
/** Links of answers are opaque: what they hold is the vendor's. */
const isLink = (query: string) => /skiptoken|deltatoken|(\$|%24)skip=/.test(query)

it('every request a connector can make to Microsoft Graph is one that the vendor describes, with ids that last', async () => {
  const description = vendorData('specs/microsoft-graph.openapi.json')
  if (description === undefined) return
  const account = await open(outlook, { mailbox: site }, { site, email: 'ella.marsh@tidewater.example' }, 200)
  try {
    const { ctx } = account
    await doEverything(outlook, ctx, { mailbox: site })
    const mail = {
      kind: 'compose',
      to: { name: null, email: 'ines.roth@customers.example' },
      subject: 'Hi',
      bodyText: 'Hi',
      bodyHtml: '<p>Hi</p>',
    } as const
    await outlook.compose?.execute(ctx, mail)
    await outlook.compose?.probe(ctx, mail, Date.now())
    const [open_ = ''] = await account.sandbox.control.conversationIds(site, { statusKind: 'open' })
    await account.sandbox.control.customerWrites(site, open_, 'See the picture', { picture: true })
    const { conversation, messages } = await outlook.thread(ctx, open_)
    const [file] = messages.at(-1)?.attachments ?? []
    if (file !== undefined) await outlook.download(ctx, file)
    if (conversation === null) throw new Error('a thread tells its conversation')
    for (const status of ['closed', 'solved', 'pending', 'open'] as const)
      await outlook.execute(ctx, conversation, { kind: 'status', status, vendorStatusId: null })
    await outlook.execute(ctx, conversation, { kind: 'tags', add: ['A'], remove: [] })
    await ctx.http
      .patch(`users/${site}/messages/${messages[0]?.vendorId}`, {
        headers: { prefer: 'IdType="ImmutableId"' },
        json: { isRead: false },
      })
      .json()
    const target = { method: 'POST', path: `/v1.0/users/${site}/messages/AAkALgd` }
    await account.sandbox.control.fail({ kind: 'status', status: 403, target })
    const refused = outlook.execute(ctx, conversation, { kind: 'reply', bodyText: 'No', bodyHtml: '<p>No</p>' })
    await expect(refused).rejects.toMatchObject({ outcome: 'refused' })
    let page = await outlook.pull(ctx, null)
    while (page.more) page = await outlook.pull(ctx, page.cursor)
    await account.sandbox.control.hide(site, open_, 'deleted')
    page = await outlook.pull(ctx, page.cursor)
    while (page.more) page = await outlook.pull(ctx, page.cursor)

    const requests = (await account.sandbox.control.requests({ host: 'graph.microsoft.com' })).filter((request) =>
      request.headers.authorization?.startsWith('Bearer'),
    )
    const checker = await requestChecker(graphDescription(description))
    const mine = requests.filter((request) => !isOutside(`${request.method} ${request.path}`))
    const faults = mine.flatMap((request) =>
      checker.faults(isLink(request.query) ? { ...request, query: '' } : request),
    )
    expect([...new Set(faults)]).toEqual([])
    expect([...checker.met].sort()).toEqual(described)
    expect(mine.filter((request) => !request.headers.prefer?.includes('IdType="ImmutableId"'))).toEqual([])
    const names = [
      'list_messages',
      'thread_messages',
      'messages_delta',
      'get_message',
      'create_draft',
      'create_reply',
      'update_message',
    ]
    covered('outlook', 'described', [
      ...names,
      'move_message',
      'list_attachments',
      'get_mail_folder',
      'get_user',
      'reply',
      'status',
      'tags',
      'compose',
    ])
  } finally {
    await account.close()
  }
}, 60_000)
