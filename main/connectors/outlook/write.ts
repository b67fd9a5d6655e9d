import type { ConnectorContext } from '../connector.ts'
import type { Command, Conversation, Receipt } from '../model.ts'
import { notOffered } from '../outcome.ts'
import { changeStatus, changeTags, isDone } from './changes.ts'
import { vendorName } from './errors.ts'
import { mailboxOf, messagePath } from './mailbox.ts'
import { decisiveMail, oldestFirst, toConversation, visibleMails } from './map.ts'
import { isOutgoing, type Mail, type MailboxContext, toMessage } from './map-messages.ts'
import { readThread } from './records.ts'
import {
  aboveQuote,
  cannotTell,
  clockSkewMs,
  dropDraft,
  fillDraft,
  hasJustLeft,
  makeDraft,
  saysTheSame,
  sendDraft,
  unsent,
  type Words,
} from './sending.ts'
import { gone } from './thread.ts'

const refused = (message: string) => notOffered(message, 'Use a category or a flag in place of it.')

export async function execute(ctx: ConnectorContext, conversation: Conversation, command: Command): Promise<Receipt> {
  switch (command.kind) {
    case 'reply':
      return reply(ctx, conversation, command)
    case 'status':
      return changed(ctx, conversation, (mails, mailbox) => changeStatus(ctx, mails, mailbox, command))
    case 'tags':
      return changed(ctx, conversation, (mails, mailbox) => changeTags(ctx, mails, mailbox, command))
    case 'note':
      throw refused(`${vendorName} has no internal notes on mails.`)
    case 'assign':
      throw refused(`${vendorName} does not assign mails to people.`)
    case 'priority':
      throw refused(`The importance of a mail is what its sender chose.`)
  }
}

/** Flags and categories are set to values, so that all of it may be done again after a lost answer. */
async function changed(
  ctx: ConnectorContext,
  { vendorId }: Conversation,
  change: (shown: Mail[], mailbox: MailboxContext) => Promise<void>,
): Promise<Receipt> {
  const mailbox = await mailboxOf(ctx)
  const shown = visibleMails((await readThread(ctx, vendorId, 'list')).mails, mailbox)
  if (shown.length === 0) throw gone()
  await change(shown, mailbox)
  return { messageVendorId: null, conversation: await refreshed(ctx, vendorId, mailbox), message: null }
}

/** The state after a change; not worth a failure, because the next reading brings it as well. */
async function refreshed(ctx: ConnectorContext, id: string, mailbox: MailboxContext): Promise<Conversation | null> {
  try {
    const { mails } = await readThread(ctx, id, 'list')
    return toConversation(mails, visibleMails(mails, mailbox), mailbox, true)
  } catch {
    return null
  }
}

interface Talk {
  mailbox: MailboxContext
  /** The mail to answer. */
  target: Mail
  /** A draft with these words that an earlier try left. */
  draft: Mail | undefined
  /** Mails with these words that left the mailbox, wherever they were put since. */
  sent: Mail[]
}

async function readTalk(ctx: ConnectorContext, id: string, words: Words): Promise<Talk> {
  const mailbox = await mailboxOf(ctx)
  const { mails } = await readThread(ctx, id, 'bodies')
  const shown = visibleMails(mails, mailbox)
  const target = decisiveMail(shown, mailbox)
  if (target === undefined) throw gone()
  const { drafts, outbox } = mailbox.folders
  const written = mails.filter((mail) => isOutgoing(mail, mailbox) && saysTheSame(mail, words))
  return {
    mailbox,
    target,
    draft: written.find((mail) => mail.isDraft === true && mail.parentFolderId === drafts),
    sent: written.filter((mail) => mail.isDraft !== true || mail.parentFolderId === outbox),
  }
}

/** Answers the newest mail that came in: see `sending.ts` for how it goes out once only. */
async function reply(ctx: ConnectorContext, { vendorId }: Conversation, words: Words): Promise<Receipt> {
  const { mailbox, target, draft, sent } = await unsent(readTalk(ctx, vendorId, words))
  const late = sent.find((mail) => hasJustLeft(ctx, mail) && (mail === target || oldestFirst(target, mail) < 0))
  if (draft === undefined && late !== undefined) return receiptOf(late, words, mailbox)
  const filled = draft ?? (await writeReply(ctx, target, words, mailbox))
  await sendDraft(ctx, filled)
  return receiptOf({ ...filled, isDraft: false }, words, mailbox)
}

/** Our words above what the vendor quotes. In a shared mailbox the mail leaves in its name, with the agent as its sender where only that is allowed. */
async function writeReply(ctx: ConnectorContext, target: Mail, words: Words, mailbox: MailboxContext): Promise<Mail> {
  const made = await makeDraft(ctx, `${messagePath(ctx, target.id)}/createReply`, {})
  const change = {
    body: { contentType: 'html', content: aboveQuote(words.bodyHtml, made.body?.content ?? '') },
    ...senderOf(ctx),
    // An answer to our own mail would go to ourselves.
    ...(isOutgoing(target, mailbox) ? { toRecipients: target.toRecipients ?? [] } : {}),
  }
  try {
    return await fillDraft(ctx, made.id, change)
  } catch (error) {
    await dropDraft(ctx, made.id)
    throw error
  }
}

/** Only a shared mailbox needs to be named. */
export function senderOf(ctx: ConnectorContext): object {
  const { mailbox } = ctx.account.site
  return mailbox ? { from: { emailAddress: { address: mailbox } } } : {}
}

/** The message as the agent wrote it: what the vendor quotes below is in the thread already. */
export function receiptOf(mail: Mail, words: Words, mailbox: MailboxContext): Receipt {
  const message = toMessage(mail, mailbox)
  return {
    messageVendorId: mail.id,
    conversation: null,
    message: { ...message, direction: 'out', bodyHtml: words.bodyHtml, bodyText: words.bodyText },
  }
}

export async function probe(
  ctx: ConnectorContext,
  conversation: Conversation,
  command: Command,
  sentAt: number,
): Promise<Receipt | 'absent' | null> {
  const { vendorId } = conversation
  switch (command.kind) {
    case 'reply':
      return probeReply(ctx, vendorId, command, sentAt)
    case 'status':
    case 'tags': {
      const mailbox = await mailboxOf(ctx)
      const { mails } = await readThread(ctx, vendorId, 'list')
      const shown = visibleMails(mails, mailbox)
      if (!isDone(shown, mailbox, command)) return 'absent'
      return { messageVendorId: null, conversation: toConversation(mails, shown, mailbox, true), message: null }
    }
    default:
      return 'absent'
  }
}

/** In Sent Items (or on the way there): sent. Still a draft: not sent, and the next try sends this very draft. */
async function probeReply(
  ctx: ConnectorContext,
  id: string,
  words: Words,
  sentAt: number,
): Promise<Receipt | 'absent' | null> {
  const { mailbox, draft, sent } = await readTalk(ctx, id, words)
  const found = sent.find((mail) => mail.at >= sentAt - clockSkewMs)
  if (found !== undefined) return receiptOf(found, words, mailbox)
  return draft === undefined ? cannotTell(ctx, sentAt) : 'absent'
}
