import { expect, it } from 'vitest'
import type { Conversation } from '../../../main/connectors/model.ts'
import { zohoDesk } from '../../../main/connectors/zoho-desk/index.ts'
import { covered } from '../coverage.ts'
import { zohoDeskDescription } from '../sandbox/zoho-desk-description.ts'
import { open } from './connected.ts'
import { requestChecker } from './described-requests.ts'
import { doEverything } from './everything.ts'

/**
 * Described by the vendor (https://github.com/zoho/zohodesk-oas: Team, MailReplyAddress and Recyclebin), but not in the stored part of its
 * description. Asked with "where allowed".
 */
const outside = ['/api/v1/teams', '/api/v1/mailReplyAddress', '/api/v1/recycleBin']

it('every request the connector can make is one that Zoho describes', async () => {
  const description = zohoDeskDescription()
  if (description === undefined) return
  const site = { dc: 'eu', portal: '' }
  const account = await open(zohoDesk, site, { site: '20081100', email: 'rafael.moya@harbour.example' }, 420)
  try {
    const by = (channel: string) => (row: Conversation) => row.channel === channel
    await doEverything(zohoDesk, account.ctx, site, [by('email'), by('web'), by('chat')])
    const { messages } = await fileThread(account)
    const [file] = messages.flatMap((message) => message.attachments)
    if (file) await zohoDesk.download(account.ctx, file)
    const requests = await account.sandbox.control.requests({ host: 'desk.zoho.eu' })
    const checker = await requestChecker(description)
    const mine = requests.filter((request) => !outside.includes(request.path))
    expect([...new Set(mine.flatMap((request) => checker.faults(request)))]).toEqual([])
    expect([...checker.met].sort()).toEqual([
      'addComment',
      'associateTag',
      'getThread',
      'getTicket',
      'latestThread',
      'listAgents',
      'listComments',
      'listConversations',
      'listDepartments',
      'listFields',
      'listOrganizations',
      'listTags',
      'listThreads',
      'listTickets',
      'myInfo',
      'searchTickets',
      'sendReply',
      'threadAttachment',
      'updateTicket',
    ])
    covered('zoho-desk', 'described', ['reply', 'note', 'status', 'priority', 'assign', 'tags', 'list_tickets'])
    covered('zoho-desk', 'described', ['search_tickets', 'get_ticket', 'update_ticket', 'list_conversations'])
    covered('zoho-desk', 'described', ['ticket_threads', 'get_thread', 'latest_thread', 'send_reply', 'list_comments'])
    covered('zoho-desk', 'described', ['create_comment', 'list_agents', 'my_info', 'list_departments', 'list_fields'])
  } finally {
    await account.close()
  }
}, 60_000)

async function fileThread(account: Awaited<ReturnType<typeof open>>) {
  const [id = ''] = await account.sandbox.control.conversationIds('20081100', { limit: 1 })
  await account.sandbox.control.customerWrites('20081100', id, 'With a photo', { picture: true })
  return zohoDesk.thread(account.ctx, id)
}
