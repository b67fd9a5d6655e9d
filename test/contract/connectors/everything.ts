import { expect } from 'vitest'
import type { Connector, ConnectorContext, Site } from '../../../main/connectors/connector.ts'
import type { Command, Conversation } from '../../../main/connectors/model.ts'
import { Shelf } from './connected.ts'

/**
 * Does everything a connector can do once, on one open conversation of each of the given sorts. Refused commands are refused before anything is
 * sent. There must be a conversation of each sort, and whatever kind of command it offers must be carried out at least once.
 */
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
  for (const [place, sort] of sorts.entries()) {
    const one = rows.find(sort)
    if (one === undefined) throw new Error(`no open conversation of sort ${place}`)
    const { messages } = await connector.thread(ctx, one.vendorId)
    const done = new Set<string>()
    for (const command of commands(agents[0]?.vendorId ?? null, pending))
      if (await attempt(connector, ctx, one, command)) done.add(command.kind)
    const offered = one.commands ?? connector.capabilities.commands
    expect([one.vendorId, offered.filter((kind) => !done.has(kind))]).toEqual([one.vendorId, []])
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
): Promise<boolean> {
  const refused = (error: unknown) => {
    expect(error).toMatchObject({ outcome: 'refused' })
    return false
  }
  const done = await connector.execute(ctx, one, command).then(() => true, refused)
  await connector.probe(ctx, one, command, Date.now()).catch(refused)
  return done
}
