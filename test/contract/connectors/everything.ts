import { expect } from 'vitest'
import type { Connector, ConnectorContext, Site } from '../../../main/connectors/connector.ts'
import type { Command, Conversation } from '../../../main/connectors/model.ts'
import { Shelf } from './connected.ts'

/** Does everything a connector can do once, on one open conversation of each of the given sorts. Refused commands are refused before anything is sent. */
export async function doEverything(
  connector: Connector,
  ctx: ConnectorContext,
  site: Site,
  sorts: ((row: Conversation) => boolean)[] = [() => true],
): Promise<void> {
  const shelf = new Shelf()
  await shelf.fill(connector, ctx)
  await shelf.fill(connector, ctx)
  const { agents, statuses } = await connector.directory(ctx)
  const rows = [...shelf.rows.values()].filter((row) => row.status === 'open')
  const pending = statuses.find((status) => status.status === 'pending')?.id ?? null
  for (const one of sorts.map((sort) => rows.find(sort)).filter((row) => row !== undefined)) {
    const { messages } = await connector.thread(ctx, one.vendorId)
    for (const command of commands(agents[0]?.vendorId ?? null, pending)) await attempt(connector, ctx, one, command)
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
