import { isAppError } from '../../errors.ts'
import type { ConnectorContext } from '../connector.ts'
import type { Directory, Message, Thread, Unified } from '../model.ts'
import { capital } from './map-conversation.ts'
import { readAll } from './pages.ts'
import { readDirectory, readMessages, readRecordPayload, recordsIn } from './read-payload.ts'
import type { Manifest } from './schema.ts'
import { send, variablesOf } from './send.ts'

export interface ReadThread extends Thread {
  /** False where there are more messages than are read at once. */
  complete: boolean
}

/** The conversation with all its messages, oldest first. @throws AppError */
export async function readThread(ctx: ConnectorContext, manifest: Manifest, id: string): Promise<ReadThread> {
  const { site } = ctx.account
  const { record, messages } = manifest.thread
  const variables = { 'conversation.id': id }
  const parts: Unified[] = []
  let complete = true
  if (record !== undefined) {
    const { payload } = await send(ctx, manifest, record.request, site, { ...variablesOf(ctx), ...variables })
    parts.push(readRecordPayload(manifest, payload, site))
    if (messages !== undefined && messages.request === undefined) parts.push(readMessages(manifest, payload, site, id))
  }
  if (messages?.request !== undefined) {
    const source = { request: messages.request, pages: messages.pages }
    const count = (payload: unknown) => recordsIn(manifest, messages.records, payload).length
    const all = await readAll(ctx, manifest, source, variables, count)
    complete = all.complete
    parts.push(...all.payloads.map((payload) => readMessages(manifest, payload, site, id)))
  }
  return {
    conversation: parts[0]?.conversations[0] ?? null,
    messages: inOrder(parts.flatMap((part) => part.messages)),
    people: parts.flatMap((part) => part.people),
    quarantined: parts.flatMap((part) => part.quarantined),
    complete,
  }
}

/** Oldest first, each once: pages may overlap. */
function inOrder(messages: Message[]): Message[] {
  const once = new Map(messages.map((message) => [message.vendorId, message]))
  return [...once.values()].sort((a, b) => a.createdAt - b.createdAt)
}

/** Agents, groups, brands and statuses, each where the user may see them. */
export async function readWholeDirectory(ctx: ConnectorContext, manifest: Manifest): Promise<Directory> {
  const part = async (name: 'agents' | 'groups' | 'brands'): Promise<Partial<Directory>[]> => {
    const source = manifest.directory[name]
    if (source === undefined) return []
    try {
      const count = (payload: unknown) => recordsIn(manifest, source.records, payload).length
      const { payloads } = await readAll(ctx, manifest, source, {}, count)
      return payloads.map((payload) => readDirectory(manifest, name, payload, ctx.account.site).directory)
    } catch (error) {
      if (isAppError(error, 'vendor_forbidden', 'vendor_not_found')) return []
      throw error
    }
  }
  const { statuses } = manifest.directory
  return {
    agents: (await part('agents')).flatMap((each) => each.agents ?? []),
    groups: (await part('groups')).flatMap((each) => each.groups ?? []),
    statuses: statuses ?? writtenStatuses(manifest),
    brands: (await part('brands')).flatMap((each) => each.brands ?? []),
  }
}

/** Where the manifest has no list of statuses: those that can be set. */
function writtenStatuses({ writes }: Manifest): Directory['statuses'] {
  const order = ['new', 'open', 'pending', 'on_hold', 'solved', 'closed'] as const
  const values = writes.status?.values ?? {}
  return order.flatMap((status) => {
    const word = values[status]
    return word === undefined ? [] : [{ id: word, label: capital(word), status }]
  })
}
