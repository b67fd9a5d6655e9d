import { z } from 'zod'
import { AppError } from '../../errors.ts'
import type { ConnectorContext } from '../connector.ts'
import { beforeSending } from '../outcome.ts'
import { readAnswer } from '../read-records.ts'
import { htmlToText, sameText } from '../text.ts'
import { vendorName } from './errors.ts'
import { immutable, messagePath } from './mailbox.ts'
import { bodyText, type Mail, messageSchema } from './map-messages.ts'

/**
 * Sending once, over several calls. A mail goes out by `send` of a draft, and a draft can be sent only once, whoever asks and how
 * often: after the first time it is a draft no more. So:
 * - making and filling the draft reach nobody. Whatever happens to these calls, the mail counts as not sent; a lost answer leaves at most a
 *   draft behind. Filling may be repeated, making is not.
 * - `send` without an answer is unknown. Nothing makes a second draft then: the next try finds this one by its words and sends it again,
 *   which does nothing at all if the first request arrives after all.
 */

export const readMail = (answer: unknown): Mail => readAnswer(messageSchema, answer, vendorName)

/** An error of a call that reaches nobody: what is not a refusal may be tried again later. */
export async function unsent<T>(call: Promise<T>): Promise<T> {
  try {
    return await beforeSending(call)
  } catch (error) {
    throw error instanceof AppError ? error : stopped(error)
  }
}

/** The call was given up from our side. */
const stopped = (cause: unknown) =>
  new AppError('timeout', `Manydesk stopped waiting for ${vendorName}.`, { outcome: 'not_sent', cause })

const post = (ctx: ConnectorContext, path: string, json?: object) =>
  ctx.http.post(path, { headers: immutable, signal: ctx.signal, ...(json === undefined ? {} : { json }) })

/** Makes a draft by a call that answers it. */
export async function makeDraft(ctx: ConnectorContext, path: string, json: object): Promise<Mail> {
  return unsent(post(ctx, path, json).json().then(readMail))
}

/** Sets the same values as often as it is called, so that it is tried a second time. */
export async function fillDraft(ctx: ConnectorContext, id: string, json: object): Promise<Mail> {
  const fill = () =>
    unsent(ctx.http.patch(messagePath(ctx, id), { headers: immutable, json, signal: ctx.signal }).json().then(readMail))
  try {
    return await fill()
  } catch (error) {
    if (error instanceof AppError && error.outcome === 'refused') throw error
    return fill()
  }
}

const sendSettled = z.looseObject({ isDraft: z.boolean() })

/**
 * Sends a draft. A refusal takes the draft away, so that nobody in the team sends it by mistake.
 * @throws AppError whose outcome tells what became of the mail
 */
export async function sendDraft(ctx: ConnectorContext, draft: Mail): Promise<void> {
  try {
    await post(ctx, `${messagePath(ctx, draft.id)}/send`)
  } catch (error) {
    if (error instanceof AppError && error.outcome === 'refused') {
      if (await isSent(ctx, draft.id)) return
      await dropDraft(ctx, draft.id)
    }
    throw error
  }
}

/** A refused `send` may mean that an earlier one of the same draft has arrived. */
async function isSent(ctx: ConnectorContext, id: string): Promise<boolean> {
  try {
    const query = { $select: 'id,isDraft,parentFolderId' }
    const answer: unknown = await ctx.http
      .get(messagePath(ctx, id), { headers: immutable, searchParams: query, signal: ctx.signal })
      .json()
    return sendSettled.safeParse(answer).data?.isDraft === false
  } catch {
    return false
  }
}

/** A draft that is of no use any more. Failing at it harms nothing. */
export async function dropDraft(ctx: ConnectorContext, id: string): Promise<void> {
  await ctx.http.delete(messagePath(ctx, id), { headers: immutable, signal: ctx.signal }).catch(() => undefined)
}

/** Outlook's own mark of where a reply ends and the mail it answers begins. */
const endOfReply = '<div id="appendonsend"></div>'

/** Our words at the top of the body that the vendor prepared, which quotes the mail that is answered. */
export function aboveQuote(words: string, prepared: string): string {
  const start = /<body\b[^>]*>/i.exec(prepared)
  const at = start === null ? 0 : start.index + start[0].length
  return `${prepared.slice(0, at)}${words}${endOfReply}${prepared.slice(at)}`
}

const quoteMarks = [
  /<div[^>]*\bid="?(x_)?appendonsend/i,
  /<hr[^>]*\btabindex="?-1/i,
  /<div[^>]*\bid="?(x_)?divRplyFwdMsg/i,
]

/** What somebody wrote in a mail, without the mail that is quoted below. */
export function ownWords(mail: Mail): string {
  const content = mail.body?.content ?? ''
  if (mail.body?.contentType?.toLowerCase() !== 'html') return bodyText(mail).split(/^_{10,}\s*$/m, 1)[0] ?? ''
  const ends = quoteMarks.map((mark) => content.search(mark)).filter((place) => place >= 0)
  return htmlToText(content.slice(0, Math.min(content.length, ...ends)))
}

export interface Words {
  bodyText: string
  bodyHtml: string
}

export const saysTheSame = (mail: Mail, { bodyText: text, bodyHtml: html }: Words): boolean =>
  [text, htmlToText(html)].some((wanted) => sameText(wanted, ownWords(mail)))

/** How far the two clocks may differ when our mail is looked for. */
export const clockSkewMs = 60_000
/** Until then a mail may be on its way from Drafts to Sent Items, to be seen in neither. */
const settleMs = 3 * 60_000

/**
 * True for a mail with the same words that has just left: an earlier request that was believed lost has arrived a moment ago. Nobody sends
 * the same words again so soon, unless something came in between, which the caller looks at.
 */
export const hasJustLeft = (ctx: ConnectorContext, mail: Mail) => mail.at >= justLeftSince(ctx)
export const justLeftSince = (ctx: ConnectorContext) => ctx.now() - settleMs - clockSkewMs

/**
 * What it means that a mail is neither in Drafts nor among the sent ones: it cannot be told. A second one must not go out on that.
 * @throws AppError to be asked again, while it may still be on its way
 */
export function cannotTell(ctx: ConnectorContext, sentAt: number): null {
  if (ctx.now() - sentAt >= settleMs) return null
  throw new AppError('vendor_failed', `${vendorName} does not show yet whether this was sent.`, {
    action: 'Manydesk looks again by itself.',
    retryAfterMs: 60_000,
  })
}
