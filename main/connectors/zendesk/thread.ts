import { z } from 'zod'
import type { ConnectorContext } from '../connector.ts'
import { readOne } from '../envelopes.ts'
import { lastSpeaker } from '../last-speaker.ts'
import type { Attachment, Identity, Message, Quarantined, Thread } from '../model.ts'
import { readAnswer } from '../read-records.ts'
import { statusLabels } from './directory.ts'
import { vendorName } from './errors.ts'
import { type Ticket, ticketSchema, type User, userSchema } from './map.ts'
import { type CommentsRead, hostOf, personsOf, readComments, readTickets } from './read.ts'

const commentPage = z.looseObject({
  meta: z.looseObject({ has_more: z.boolean().nullish(), after_cursor: z.string().nullish() }).nullish().catch(null),
})

/** A conversation of 5,000 comments is the longest Zendesk keeps. */
const mostPages = 60

export const ticketPath = (id: string) => `tickets/${encodeURIComponent(id)}`

/** The ticket of an answer about one ticket. @throws AppError `vendor_bad_answer` with the path of what cannot be read */
export const ticketIn = (answer: unknown): Ticket =>
  readOne(ticketSchema, answer, { lists: [], ones: ['ticket'] }, vendorName)

/** One page of comments, and where the next begins. */
export async function askComments(ctx: ConnectorContext, id: string, sort: string, after: string | null) {
  const searchParams: [string, string][] = [
    ['page[size]', '100'],
    ['sort', sort],
    ['include', 'users'],
    ['include_inline_images', 'true'],
  ]
  if (after !== null) searchParams.push(['page[after]', after])
  const answer: unknown = await ctx.http.get(`${ticketPath(id)}/comments`, { searchParams, signal: ctx.signal }).json()
  const { meta } = readAnswer(commentPage, answer, vendorName)
  return { answer, after: meta?.has_more ? (meta.after_cursor ?? null) : null }
}

/** The ticket with all its comments, oldest first. The description is the first comment, so nothing is added to them. */
export async function thread(ctx: ConnectorContext, id: string): Promise<Thread> {
  const answer: unknown = await ctx.http
    .get(ticketPath(id), { searchParams: { include: 'users,groups' }, signal: ctx.signal })
    .json()
  const ticket = ticketIn(answer)
  const shown = readTickets(answer, { host: hostOf(ctx.account.site), labels: await statusLabels(ctx) })
  const people = new Map<string, User>(shown.users)
  const talk = { ticketId: ticket.id, requesterId: ticket.requester_id ?? null, people }
  const messages: Message[] = []
  const quarantined: Quarantined[] = [...shown.quarantined]
  let after: string | null = null
  for (let page = 0; page < mostPages; page += 1) {
    const asked: Awaited<ReturnType<typeof askComments>> = await askComments(ctx, id, 'created_at', after)
    const read: CommentsRead = readComments(asked.answer, talk)
    messages.push(...read.messages)
    quarantined.push(...read.quarantined)
    for (const [each, user] of read.users) people.set(each, user)
    after = asked.after
    if (after === null) break
  }
  messages.sort((a, b) => a.createdAt - b.createdAt)
  const [conversation = null] = shown.conversations
  return {
    conversation: conversation && { ...conversation, lastMessageBy: lastSpeaker(messages) },
    messages,
    people: personsOf(people),
    quarantined,
  }
}

/** Links stay on the site or lead to the vendor's storage; the HTTP client sends the token to the site only. */
export async function download(ctx: ConnectorContext, attachment: Attachment): Promise<Uint8Array> {
  return ctx.http.get(attachment.url, { signal: ctx.signal }).bytes()
}

/** `GET /users/me`. Zendesk answers an anonymous user with `id: null`, which is no sign-in. */
export async function identify(ctx: Pick<ConnectorContext, 'http' | 'signal'>, subdomain: string): Promise<Identity> {
  const answer: unknown = await ctx.http.get('users/me', { signal: ctx.signal }).json()
  const user = readOne(userSchema, answer, { lists: [], ones: ['user'] }, vendorName)
  return {
    vendorUserId: user.id,
    siteKey: `${subdomain}.zendesk.com`,
    name: user.name ?? user.email ?? user.id,
    email: user.email ?? null,
    role: user.role ?? null,
  }
}
