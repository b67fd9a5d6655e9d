import { describe, expect, it } from 'vitest'
import type { Connector, ConnectorContext, Site } from '../../../main/connectors/connector.ts'
import { hubspot } from '../../../main/connectors/hubspot/index.ts'
import type { Command, Conversation } from '../../../main/connectors/model.ts'
import { zendesk } from '../../../main/connectors/zendesk/index.ts'
import { vendorData } from '../sandbox/described.ts'
import { open, Shelf } from './connected.ts'
import { requestChecker } from './described-requests.ts'

/** Not in the stored API descriptions: files, and a list that a connector asks for with "where allowed". */
const outside = ['GET /api/v2/brands', 'GET /attachments/']

/** Does everything a connector can do once, on one conversation of each sort. */
async function doEverything(connector: Connector, ctx: ConnectorContext, site: Site): Promise<void> {
  const shelf = new Shelf()
  await shelf.fill(connector, ctx)
  await shelf.fill(connector, ctx)
  const { agents, statuses } = await connector.directory(ctx)
  const rows = [...shelf.rows.values()].filter((row) => row.status === 'open')
  const sorts = [
    rows.find((row) => !row.vendorId.startsWith('thread:')),
    rows.find((row) => row.vendorId.startsWith('thread:')),
  ]
  for (const one of sorts.filter((row) => row !== undefined)) {
    const { messages } = await connector.thread(ctx, one.vendorId)
    for (const command of commands(
      agents[0]?.vendorId ?? null,
      statuses.find((status) => status.status === 'pending')?.id ?? null,
    )) {
      await attempt(connector, ctx, one, command)
    }
    const [file] = messages.flatMap((message) => message.attachments)
    if (file) await connector.download(ctx, file)
  }
  await connector.revoke?.({ http: ctx.http, signal: ctx.signal, site })
}

const commands = (agent: string | null, pending: string | null): Command[] => [
  { kind: 'reply', bodyText: 'Hello', bodyHtml: '<p>Hello</p>' },
  { kind: 'note', bodyText: 'Aside', bodyHtml: '<p>Aside</p>' },
  { kind: 'priority', priority: 'high' },
  { kind: 'assign', assigneeVendorId: agent },
  { kind: 'assign', assigneeVendorId: null },
  { kind: 'tags', add: ['one', 'two'], remove: ['three'] },
  { kind: 'status', status: 'pending', vendorStatusId: pending },
  { kind: 'status', status: 'open', vendorStatusId: null },
]

/** Commands a vendor does not have are refused before anything is sent. */
async function attempt(
  connector: Connector,
  ctx: ConnectorContext,
  one: Conversation,
  command: Command,
): Promise<void> {
  await connector
    .execute(ctx, one, command)
    .catch((error: unknown) => expect(error).toMatchObject({ outcome: 'refused' }))
  await connector
    .probe(ctx, one, command, Date.now())
    .catch((error: unknown) => expect(error).toMatchObject({ outcome: 'refused' }))
}

describe('every request a connector can make is one that the vendor describes', () => {
  it.each([
    [
      'zendesk',
      zendesk,
      { subdomain: 'nova' },
      { site: 'nova.zendesk.com', email: 'haruto.sato@nova.example' },
      'nova.zendesk.com',
      12,
    ],
    ['hubspot', hubspot, {}, { site: '62515001', email: 'ines.fournier@lumen.example' }, 'api.hubapi.com', 19],
  ] as const)(
    '%s',
    async (id, connector, site, who, host, least) => {
      const description = vendorData(`specs/${id}.openapi.json`)
      if (description === undefined) return
      const account = await open(connector, site, who, 2400)
      try {
        await doEverything(connector, account.ctx, site)
        const requests = (await account.sandbox.control.requests({ host })).filter((request) =>
          request.headers.authorization?.startsWith('Bearer'),
        )
        const checker = await requestChecker(description)
        const mine = requests.filter(
          (request) => !outside.some((each) => `${request.method} ${request.path}`.startsWith(each)),
        )
        expect([...new Set(mine.flatMap((request) => checker.faults(request)))]).toEqual([])
        expect(checker.met.size).toBeGreaterThanOrEqual(least)
      } finally {
        await account.close()
      }
    },
    60_000,
  )
})
