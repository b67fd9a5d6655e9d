import type { ConnectorContext } from '../connector.ts'
import type { Command, Compose, Message, Receipt } from '../model.ts'
import { beforeSending, notOffered } from '../outcome.ts'
import { readAnswer } from '../read-records.ts'
import { readMany } from './batch.ts'
import { vendorName } from './errors.ts'
import type { Mailbox } from './headers.ts'
import { listedMessages, messageList, messageRef } from './lists.ts'
import {
  keyHeader,
  keyOf,
  keysAround,
  messageIdOf,
  type OutgoingMail,
  rawMail,
  referencesTo,
  replySubject,
} from './mail.ts'
import { sendAs, worldOf } from './mailbox.ts'
import { type Mail, mailToAnswer, ownAddressOf, readMessages, toConversation, toMessage } from './map.ts'
import { readOneThread, thread } from './thread.ts'

/** Sending, and looking whether a mail was sent. */

type Words = Extract<Command, { kind: 'reply' }>

const mailboxOf = ({ account: { identity } }: ConnectorContext) => identity.email ?? identity.vendorUserId

/** An answer in the thread: to whoever the newest mail asks to answer, from the address it was written to. */
export async function reply(ctx: ConnectorContext, threadId: string, words: Words): Promise<Receipt> {
  const world = await beforeSending(worldOf(ctx))
  const { thread: known } = await beforeSending(readOneThread(ctx, threadId))
  const answered = mailToAnswer(known, world)
  if (answered === null)
    throw notOffered(
      'There is nobody in this conversation to answer.',
      'Open it in Gmail and write to an address from there.',
    )
  const { headers } = answered.mail
  const messageId = headers.ids('message-id')[0] ?? null
  const before = headers.ids('references')
  const now = ctx.now()
  const mail: OutgoingMail = {
    from: await beforeSending(senderFor(ctx, ownAddressOf(answered.mail, world))),
    to: answered.to,
    subject: replySubject(headers.text('subject') ?? ''),
    ...{ bodyText: words.bodyText, bodyHtml: words.bodyHtml },
    inReplyTo: messageId,
    references: referencesTo(before.length > 0 ? before : headers.ids('in-reply-to'), messageId),
    key: replyKey(ctx, threadId, words, now),
    date: now,
  }
  const sent = await send(ctx, mail, threadId)
  const message = toSentMessage(ctx, mail, sent)
  // Where Gmail did not take it into the thread, the next reading shows where it went.
  return { messageVendorId: sent.id, conversation: null, message: sent.threadId === threadId ? message : null }
}

const replyKey = (ctx: ConnectorContext, threadId: string, words: Words, sentAt: number) =>
  keyOf(mailboxOf(ctx), `thread ${threadId}`, words, sentAt)

/** The alias with its name; without one asked for, the mailbox's default. */
async function senderFor(ctx: ConnectorContext, address: string | null): Promise<Mailbox> {
  const list = await sendAs(ctx)
  const wanted = address === null ? undefined : list.find((each) => each.sendAsEmail.toLowerCase() === address)
  const chosen = wanted ?? list.find((each) => each.isDefault === true) ?? list.find((each) => each.isPrimary === true)
  const { name, email } = ctx.account.identity
  if (chosen === undefined) return { name: name === email ? null : name, address: mailboxOf(ctx) }
  return { name: chosen.displayName || null, address: chosen.sendAsEmail.toLowerCase() }
}

async function send(
  ctx: ConnectorContext,
  mail: OutgoingMail,
  threadId: string | null,
): Promise<{ id: string; threadId: string }> {
  const raw = await rawMail(mail, mailboxOf(ctx))
  const json = threadId === null ? { raw } : { raw, threadId }
  const answer: unknown = await ctx.http.post('messages/send', { json, signal: ctx.signal }).json()
  return readAnswer(messageRef, answer, vendorName)
}

function toSentMessage(ctx: ConnectorContext, mail: OutgoingMail, sent: { id: string; threadId: string }): Message {
  const { vendorUserId } = ctx.account.identity
  return {
    vendorId: sent.id,
    conversationVendorId: sent.threadId,
    kind: 'reply',
    direction: 'out',
    author: { vendorId: vendorUserId, name: mail.from.name, email: mail.from.address, phone: null, role: 'agent' },
    createdAt: mail.date,
    bodyHtml: mail.bodyHtml,
    bodyText: mail.bodyText,
    attachments: [],
    vendor: {},
  }
}

/** True for the mail of one of these keys, whatever became of its `Message-ID`. */
function isOneOf(mail: Mail, keys: readonly string[], mailbox: string): boolean {
  const ids = [...mail.headers.ids('message-id'), ...mail.headers.ids('x-google-original-message-id')]
  const key = mail.headers.text(keyHeader.toLowerCase())
  return keys.some((each) => key === each || ids.includes(messageIdOf(each, mailbox)))
}

/** Looks in the thread, where a mail is at once, then by its id in the whole mailbox. */
export async function probeReply(
  ctx: ConnectorContext,
  threadId: string,
  words: Words,
  sentAt: number,
): Promise<Receipt | 'absent'> {
  const world = await worldOf(ctx)
  const keys = keysAround(sentAt, (at) => replyKey(ctx, threadId, words, at))
  const { thread: known } = await readOneThread(ctx, threadId)
  const mine = known.mails.find((mail) => isOneOf(mail, keys, mailboxOf(ctx)))
  if (mine !== undefined) {
    const message = toMessage(mine, threadId, world)
    return { messageVendorId: message.vendorId, conversation: toConversation(known, world), message }
  }
  const found = await searchById(ctx, keys)
  return found === null ? 'absent' : { messageVendorId: found.id, conversation: null, message: null }
}

async function searchById(ctx: ConnectorContext, keys: readonly string[]) {
  const mailbox = mailboxOf(ctx)
  const ids = keys.map((key) => `rfc822msgid:${messageIdOf(key, mailbox).slice(1, -1)}`)
  const searchParams = { q: ids.join(' OR '), includeSpamTrash: true, maxResults: 5 }
  const answer: unknown = await ctx.http.get('messages', { searchParams, signal: ctx.signal }).json()
  return listedMessages(readAnswer(messageList, answer, vendorName))[0] ?? null
}

const composeKey = (ctx: ConnectorContext, command: Compose, sentAt: number) =>
  keyOf(mailboxOf(ctx), `to ${command.to.email.toLowerCase()} ${command.subject}`, command, sentAt)

/** A mail that begins a thread. */
export async function compose(ctx: ConnectorContext, command: Compose): Promise<Receipt> {
  const now = ctx.now()
  const mail: OutgoingMail = {
    from: await beforeSending(senderFor(ctx, null)),
    to: [{ name: command.to.name, address: command.to.email }],
    subject: command.subject,
    ...{ bodyText: command.bodyText, bodyHtml: command.bodyHtml },
    inReplyTo: null,
    references: [],
    key: composeKey(ctx, command, now),
    date: now,
  }
  const sent = await send(ctx, mail, null)
  return begun(ctx, sent, toSentMessage(ctx, mail, sent))
}

/** With the new conversation as Gmail has it, if it can be had: it is sent either way. */
async function begun(
  ctx: ConnectorContext,
  sent: { id: string; threadId: string },
  message: Message | null,
): Promise<Receipt> {
  const read = await thread(ctx, sent.threadId).catch(() => null)
  const own = read?.messages.find((each) => each.vendorId === sent.id) ?? message
  return { messageVendorId: sent.id, conversation: read?.conversation ?? null, message: own }
}

/** Newest sent mails that are looked at one by one, for where the search does not know a new mail yet. */
const lookedAt = 25

export async function probeCompose(
  ctx: ConnectorContext,
  command: Compose,
  sentAt: number,
): Promise<Receipt | 'absent' | null> {
  const keys = keysAround(sentAt, (at) => composeKey(ctx, command, at))
  const found = await searchById(ctx, keys)
  if (found !== null) return begun(ctx, found, null)
  const searchParams = { labelIds: 'SENT', maxResults: lookedAt }
  const answer: unknown = await ctx.http.get('messages', { searchParams, signal: ctx.signal }).json()
  const newest = listedMessages(readAnswer(messageList, answer, vendorName))
  const answers = await readMany(
    ctx,
    newest.map(({ id }) => `messages/${encodeURIComponent(id)}?format=metadata`),
  )
  const mails = readMessages(
    answers.filter((each) => each !== null),
    'messages',
  ).threads.flatMap(({ mails: each }) => each)
  const mine = mails.find((mail) => isOneOf(mail, keys, mailboxOf(ctx)))
  if (mine !== undefined)
    return begun(ctx, { id: mine.record.id, threadId: mine.record.threadId ?? mine.record.id }, null)
  // More was sent since then than was looked at: it may be further down.
  const allLater = newest.length >= lookedAt && mails.every((mail) => mail.record.internalDate >= sentAt)
  return allLater ? null : 'absent'
}
