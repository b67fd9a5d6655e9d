import { z } from 'zod'
import { AppError, isAppError } from '../../errors.ts'
import type { ConnectorContext } from '../connector.ts'
import { readByPost } from '../http.ts'
import type { Attachment, Message, Quarantined, Thread } from '../model.ts'
import { optionalText, readAnswer } from '../read-records.ts'
import { vendorName } from './errors.ts'
import { readKey, threadKey } from './ids.ts'
import { contactOfTicket, type InboxThread, toCustomer, toThreadConversation, toTicketConversation } from './map.ts'
import { type Actors, type InboxMessage, toContentMessage, toMessage } from './map-messages.ts'
import { paths } from './paths.ts'
import { portalOf } from './portal.ts'
import { readActorList } from './read.ts'
import { readContacts, readMessages, readThread, readTicket, threadsOfTicket } from './records.ts'

const mostPages = 50

/** @throws AppError `vendor_not_found` for an id that this connector never made */
export function requireKey(conversationVendorId: string) {
  const key = readKey(conversationVendorId)
  if (key !== null) return key
  throw new AppError('vendor_not_found', 'This conversation does not belong to HubSpot.', { outcome: 'refused' })
}

/** A ticket with the messages of all its threads, or one thread with its own; oldest first. */
export async function thread(ctx: ConnectorContext, conversationVendorId: string): Promise<Thread> {
  const key = requireKey(conversationVendorId)
  return key.kind === 'ticket' ? ticketThread(ctx, key.id, conversationVendorId) : inboxThread(ctx, key.id)
}

async function ticketThread(ctx: ConnectorContext, id: string, conversationVendorId: string): Promise<Thread> {
  const ticket = await readTicket(ctx, id)
  const threads = await threadsOfTicket(ctx, ticket)
  const newest = threads.at(-1) ?? null
  const contacts = await readContacts(ctx, [contactOfTicket(ticket), newest?.associatedContactId])
  const talk = await readTalk(ctx, threads, conversationVendorId)
  const conversation = toTicketConversation(ticket, await portalOf(ctx), contacts, newest, threads.length > 0)
  const spoken = talk.messages.some((message) => message.kind === 'reply')
  const content = spoken || !ticket.properties.content ? [] : [toContentMessage(ticket, conversation.customer)]
  return {
    conversation,
    messages: [...content, ...talk.messages],
    people: [conversation.customer],
    quarantined: talk.quarantined,
  }
}

async function inboxThread(ctx: ConnectorContext, id: string): Promise<Thread> {
  const found = await readThread(ctx, id)
  const contacts = await readContacts(ctx, [found.associatedContactId])
  const talk = await readTalk(ctx, [found], threadKey(id))
  const newest = talk.raw.findLast((message) => message.type === 'MESSAGE') ?? null
  const conversation = toThreadConversation(found, await portalOf(ctx), contacts, newest)
  return {
    conversation,
    messages: talk.messages,
    people: [toCustomer(found.associatedContactId ?? null, contacts)],
    quarantined: talk.quarantined,
  }
}

async function readTalk(ctx: ConnectorContext, threads: InboxThread[], conversationVendorId: string) {
  const raw: InboxMessage[] = []
  const quarantined: Quarantined[] = []
  for (const each of threads) {
    let after: string | undefined
    for (let page = 0; page < mostPages; page += 1) {
      const read = await readMessages(ctx, each.id, 'createdAt', 100, after)
      raw.push(...(await Promise.all(read.values.map((message) => completed(ctx, each.id, message)))))
      quarantined.push(...read.quarantined)
      after = read.after
      if (after === undefined) break
    }
  }
  raw.sort((a, b) => a.createdAt - b.createdAt)
  const actors = await readActors(ctx, raw)
  const messages: Message[] = raw.map((message) => toMessage(message, conversationVendorId, actors))
  return { raw, messages, quarantined }
}

const originalContent = z.looseObject({ text: optionalText, richText: optionalText })

/** The whole body of a message that the list has cut. */
async function completed(ctx: ConnectorContext, threadId: string, message: InboxMessage): Promise<InboxMessage> {
  if (message.truncationStatus !== 'TRUNCATED') return message
  try {
    const answer: unknown = await ctx.http
      .get(paths.originalContent(threadId, message.id), { signal: ctx.signal })
      .json()
    const { text, richText } = readAnswer(originalContent, answer, vendorName)
    return { ...message, text: text ?? message.text, richText: richText ?? null, truncationStatus: 'NOT_TRUNCATED' }
  } catch (error) {
    if (isAppError(error, 'vendor_not_found', 'vendor_forbidden')) return message
    throw error
  }
}

/** Names of everybody who spoke. */
async function readActors(ctx: ConnectorContext, messages: InboxMessage[]): Promise<Actors> {
  const ids = new Set(
    messages
      .flatMap((message) => [message.senders?.[0]?.actorId, message.createdBy])
      .filter((id) => typeof id === 'string'),
  )
  if (ids.size === 0) return new Map()
  const json = { inputs: [...ids].slice(0, 100) }
  try {
    const answer: unknown = await ctx.http.post(paths.actors, { json, signal: ctx.signal, ...readByPost }).json()
    const { values } = readActorList(answer)
    return new Map(values.map((actor) => [actor.id, { name: actor.name ?? null, email: actor.email ?? null }]))
  } catch (error) {
    if (isAppError(error, 'vendor_not_found', 'vendor_forbidden', 'vendor_rejected')) return new Map()
    throw error
  }
}

/** The address in the message wants a login: a signed link to the vendor's storage is asked for, which needs no token. */
export async function download(ctx: ConnectorContext, attachment: Attachment): Promise<Uint8Array> {
  const answer: unknown = await ctx.http.get(paths.signedUrl(attachment.vendorId), { signal: ctx.signal }).json()
  const { url } = readAnswer(z.looseObject({ url: z.string() }), answer, vendorName)
  return ctx.http.get(url, { signal: ctx.signal }).bytes()
}
