import { z } from 'zod'
import { AppError } from '../../errors.ts'
import type { ConnectorContext } from '../connector.ts'
import type { Attachment, Thread } from '../model.ts'
import { readAnswer } from '../read-records.ts'
import { vendorName } from './errors.ts'
import { worldOf } from './mailbox.ts'
import { type MailThread, readThread } from './map.ts'
import { findPart } from './parts.ts'
import { fromThreads, threadPath } from './threads.ts'

/** Answers of whole threads and files outgrow what is allowed for plain JSON: they are taken as files are. */
export async function readLarge(ctx: ConnectorContext, path: string): Promise<unknown> {
  const bytes = await ctx.http.get(path, { signal: ctx.signal }).bytes()
  const text = new TextDecoder().decode(bytes)
  try {
    return JSON.parse(text)
  } catch {
    return readAnswer(z.never('not JSON'), text.slice(0, 1), vendorName)
  }
}

/** @throws AppError `vendor_bad_answer` where nothing of it can be read */
export async function readOneThread(ctx: ConnectorContext, id: string) {
  const { thread, quarantined } = readThread(await readLarge(ctx, threadPath(id)), 'thread')
  if (thread === null) {
    const [bad] = quarantined
    throw new AppError('vendor_bad_answer', 'Gmail sent a conversation that Manydesk cannot read.', {
      action: 'Look at it in Gmail. If it happens often, send us the log file.',
      detail: `${bad?.path}: ${bad?.reason}`,
      outcome: 'unknown',
    })
  }
  return { thread: thread as MailThread, quarantined }
}

/** The mails of a thread, oldest first, without drafts. */
export async function thread(ctx: ConnectorContext, id: string): Promise<Thread> {
  const [world, { thread: one, quarantined }] = await Promise.all([worldOf(ctx), readOneThread(ctx, id)])
  const { all, spoken } = fromThreads([one], world, quarantined)
  return {
    conversation: spoken.conversations[0] ?? null,
    messages: spoken.messages,
    people: spoken.people,
    quarantined: all.quarantined,
  }
}

const messageAnswer = z.looseObject({ payload: z.unknown().optional() })
export const fileAnswer = z.looseObject({ data: z.string(), size: z.number().nullish().catch(null) })
const urlPattern = /\/messages\/([^/?#]+)\?[^#]*#(.+)$/

/** Reads the message anew for the id its file has today, then the file. */
export async function download(ctx: ConnectorContext, attachment: Attachment): Promise<Uint8Array> {
  const [, message, partId] = urlPattern.exec(attachment.url) ?? []
  if (message === undefined || partId === undefined) throw missing(attachment.name)
  const { payload } = readAnswer(messageAnswer, await readLarge(ctx, `messages/${message}?format=full`), vendorName)
  const part = findPart(payload, partId)
  if (part?.attachmentId) {
    const path = `messages/${message}/attachments/${encodeURIComponent(part.attachmentId)}`
    return bytesOf(readAnswer(fileAnswer, await readLarge(ctx, path), vendorName).data)
  }
  if (part?.data === undefined || part.data === null) throw missing(attachment.name)
  return bytesOf(part.data)
}

/** A copy that owns its memory. */
const bytesOf = (data: string) => Uint8Array.from(Buffer.from(data, 'base64url'))

const missing = (name: string) =>
  new AppError('vendor_not_found', `"${name}" is not part of this mail any more.`, {
    action: 'Open the conversation again.',
  })
