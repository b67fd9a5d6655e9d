import { z } from 'zod'
import type { ConnectorContext } from '../connector.ts'
import type { Attachment, Identity, Quarantined, Thread } from '../model.ts'
import { readAnswer, readRecords, vendorId } from '../read-records.ts'
import { statusLabels } from './directory.ts'
import { vendorName } from './errors.ts'
import { commentSchema, peopleOf, ticketSchema, toConversation, toMessage, toPerson, userSchema } from './map.ts'

export const ticketAnswer = z.looseObject({ ticket: ticketSchema, users: z.array(z.unknown()).nullish().catch(null) })
const commentList = z.looseObject({
  comments: z.array(z.unknown()),
  users: z.array(z.unknown()).nullish().catch(null),
  meta: z.looseObject({ has_more: z.boolean().nullish(), after_cursor: z.string().nullish() }).nullish().catch(null),
})
export type CommentList = z.infer<typeof commentList>

/** A conversation of 5,000 comments is the longest Zendesk keeps. */
const mostPages = 60

export const ticketPath = (id: string) => `tickets/${encodeURIComponent(id)}`

export async function readComments(
  ctx: ConnectorContext,
  id: string,
  sort: string,
  after: string | null,
): Promise<CommentList> {
  const searchParams: [string, string][] = [
    ['page[size]', '100'],
    ['sort', sort],
    ['include', 'users'],
    ['include_inline_images', 'true'],
  ]
  if (after !== null) searchParams.push(['page[after]', after])
  const answer: unknown = await ctx.http.get(`${ticketPath(id)}/comments`, { searchParams, signal: ctx.signal }).json()
  return readAnswer(commentList, answer, vendorName)
}

/** The ticket with all its comments, oldest first. The description is the first comment, so nothing is added to them. */
export async function thread(ctx: ConnectorContext, id: string): Promise<Thread> {
  const answer: unknown = await ctx.http
    .get(ticketPath(id), { searchParams: { include: 'users,groups' }, signal: ctx.signal })
    .json()
  const { ticket, users } = readAnswer(ticketAnswer, answer, vendorName)
  const records: unknown[] = []
  const people = peopleOf(readRecords(userSchema, users ?? [], 'users').values)
  let after: string | null = null
  for (let page = 0; page < mostPages; page += 1) {
    const list: CommentList = await readComments(ctx, id, 'created_at', after)
    records.push(...list.comments)
    for (const user of readRecords(userSchema, list.users ?? [], 'users').values) people.set(user.id, user)
    after = list.meta?.has_more ? (list.meta.after_cursor ?? null) : null
    if (after === null) break
  }
  const { values, quarantined }: { values: z.infer<typeof commentSchema>[]; quarantined: Quarantined[] } = readRecords(
    commentSchema,
    records,
    'comments',
  )
  const messages = values.map((comment) => toMessage(comment, ticket.id, ticket.requester_id ?? null, people))
  const host = `${ctx.account.site.subdomain}.zendesk.com`
  return {
    conversation: toConversation(ticket, { host, people, labels: await statusLabels(ctx) }),
    messages: messages.sort((a, b) => a.createdAt - b.createdAt),
    people: [...people.keys()].map((each) => toPerson(each, people)),
    quarantined,
  }
}

/** Links stay on the site or lead to the vendor's storage; the HTTP client sends the token to the site only. */
export async function download(ctx: ConnectorContext, attachment: Attachment): Promise<Uint8Array> {
  return ctx.http.get(attachment.url, { signal: ctx.signal }).bytes()
}

const meAnswer = z.looseObject({ user: userSchema.extend({ id: vendorId }) })

/** `GET /users/me`. Zendesk answers an anonymous user with `id: null`, which is no sign-in. */
export async function identify(ctx: Pick<ConnectorContext, 'http' | 'signal'>, subdomain: string): Promise<Identity> {
  const answer: unknown = await ctx.http.get('users/me', { signal: ctx.signal }).json()
  const { user } = readAnswer(meAnswer, answer, vendorName)
  return {
    vendorUserId: user.id,
    siteKey: `${subdomain}.zendesk.com`,
    name: user.name ?? user.email ?? user.id,
    email: user.email ?? null,
    role: user.role ?? null,
  }
}
