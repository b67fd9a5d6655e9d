import { expect, it } from 'vitest'
import { gmail } from '../../../main/connectors/gmail/index.ts'
import type { LoggedRequest } from '../../sandbox/requests-log.ts'
import { covered } from '../coverage.ts'
import { openApiOf } from '../discovery.ts'
import { vendorData } from '../sandbox/described.ts'
import { open } from './connected.ts'
import { requestChecker } from './described-requests.ts'
import { doEverything } from './everything.ts'

const site = 'care@juniper-home.example'

/** The calls inside a batch, as if each had been made by itself. */
function callsOf(request: LoggedRequest): LoggedRequest[] {
  if (request.path !== '/batch/gmail/v1') return [request]
  return [...request.body.matchAll(/^([A-Z]+) (\/\S+) HTTP\/1\.1\r$/gm)].map(([, method = '', target = '']) => {
    const { pathname, search } = new URL(target, 'https://gmail.googleapis.com')
    return { ...request, method, path: pathname, query: search, body: '' }
  })
}

/** What each described call is called among the connector's operations and commands. */
const names: Record<string, string[]> = {
  'gmail.users.getProfile': ['get_profile'],
  'gmail.users.labels.list': ['list_labels'],
  'gmail.users.labels.create': ['create_label'],
  'gmail.users.settings.sendAs.list': ['list_send_as'],
  'gmail.users.threads.list': ['list_threads'],
  'gmail.users.threads.get': ['get_thread_full'],
  'gmail.users.threads.modify': ['modify_thread', 'status', 'tags'],
  'gmail.users.history.list': ['list_history'],
  'gmail.users.messages.list': ['list_messages'],
  'gmail.users.messages.get': ['get_message_full', 'get_message_metadata'],
  'gmail.users.messages.attachments.get': ['get_attachment'],
  'gmail.users.messages.send': ['send_message', 'reply', 'compose'],
}

it('every request the connector can make is one that Google describes, those inside batches too', async () => {
  const discovery = vendorData('specs/google-gmail.discovery.json')
  if (discovery === undefined) return
  const account = await open(gmail, {}, { site, email: site }, 120)
  const { ctx, sandbox } = account
  try {
    await doEverything(gmail, ctx, {}, [() => true])
    const message = { kind: 'compose', to: { name: null, email: 'a@customers.example' }, subject: 'Hello' } as const
    const composed = { ...message, bodyText: 'Hello', bodyHtml: '<p>Hello</p>' }
    await gmail.compose?.execute(ctx, composed)
    await gmail.compose?.probe(ctx, { ...composed, bodyText: 'Never sent' }, Date.now())
    for (const id of await sandbox.control.conversationIds(site, { limit: 500 })) {
      const file = (await gmail.thread(ctx, id)).messages.flatMap((each) => each.attachments)[0]
      if (file === undefined) continue
      await gmail.download(ctx, file)
      break
    }
    const forgotten = { kind: 'status', status: 404, target: { path: '/gmail/v1/users/me/history' } } as const
    await sandbox.control.fail(forgotten)
    await gmail.pull(
      ctx,
      JSON.stringify({ phase: 'history', page: null, history: '1', next: null, since: null, total: null }),
    )

    const checker = await requestChecker(openApiOf(discovery))
    const requests = (await sandbox.control.requests({ host: 'gmail.googleapis.com' })).flatMap(callsOf)
    expect([...new Set(requests.flatMap((request) => checker.faults(request)))]).toEqual([])
    expect([...checker.met].sort()).toEqual(Object.keys(names).sort())
    expect((JSON.parse(discovery) as { batchPath: string }).batchPath).toMatch(/^batch(\/gmail\/v1)?$/)
    covered(
      'gmail',
      'described',
      [...checker.met].flatMap((id) => names[id] ?? []),
    )
  } finally {
    await account.close()
  }
}, 60_000)
