import type { Connector, ConnectorContext } from '../connector.ts'
import type { Compose, Receipt } from '../model.ts'
import { folderPath, mailboxOf, pathOf, read } from './mailbox.ts'
import { toConversation } from './map.ts'
import { type Mail, type MailboxContext, peopleOf } from './map-messages.ts'
import { readAll, readEnvelope, readMails, threadFields } from './records.ts'
import { cannotTell, clockSkewMs, justLeftSince, makeDraft, saysTheSame, sendDraft, unsent } from './sending.ts'
import { receiptOf, senderOf } from './write.ts'

/** A mail that begins a conversation: a draft that is complete from the start, then sent. For how it goes out once only see `sending.ts`. */
export const compose: NonNullable<Connector['compose']> = {
  async execute(ctx, command) {
    const mailbox = await unsent(mailboxOf(ctx))
    const left = await unsent(findDraft(ctx, command))
    const late = left ?? (await unsent(sentSince(ctx, justLeftSince(ctx)))).find((mail) => isSame(mail, command))
    if (left === undefined && late !== undefined) return toReceipt(late, command, mailbox)
    const draft = left ?? (await makeDraft(ctx, `${pathOf(ctx)}/messages`, newMail(ctx, command)))
    await sendDraft(ctx, draft)
    return toReceipt({ ...draft, isDraft: false }, command, mailbox)
  },
  async probe(ctx, command, sentAt) {
    const mailbox = await mailboxOf(ctx)
    const sent = await sentSince(ctx, sentAt - clockSkewMs)
    const found = sent.find((mail) => isSame(mail, command))
    if (found !== undefined) return toReceipt(found, command, mailbox)
    return (await findDraft(ctx, command)) === undefined ? cannotTell(ctx, sentAt) : 'absent'
  },
}

const newMail = (ctx: ConnectorContext, { to, subject, bodyHtml }: Compose) => ({
  subject,
  body: { contentType: 'html', content: bodyHtml },
  toRecipients: [{ emailAddress: { address: to.email, ...(to.name === null ? {} : { name: to.name }) } }],
  ...senderOf(ctx),
})

const newest = { $orderby: 'receivedDateTime desc', $top: '50', $select: threadFields }

/** What an earlier try of the same mail left in Drafts. */
async function findDraft(ctx: ConnectorContext, command: Compose): Promise<Mail | undefined> {
  const answer = readEnvelope(await read(ctx, `${folderPath(ctx, 'drafts')}/messages`, newest))
  return readMails(answer.value).mails.find((mail) => mail.isDraft === true && isSame(mail, command))
}

async function sentSince(ctx: ConnectorContext, since: number): Promise<Mail[]> {
  const moment = new Date(since).toISOString().replace(/\.\d+Z$/, 'Z')
  const query = { $filter: `receivedDateTime ge ${moment}`, ...newest }
  return readMails(await readAll(ctx, `${folderPath(ctx, 'sentitems')}/messages`, query)).mails
}

const isSame = (mail: Mail, command: Compose) =>
  (mail.subject ?? '') === command.subject &&
  peopleOf(mail.toRecipients).some(({ email }) => email?.toLowerCase() === command.to.email.toLowerCase()) &&
  saysTheSame(mail, command)

function toReceipt(mail: Mail, command: Compose, mailbox: MailboxContext): Receipt {
  return { ...receiptOf(mail, command, mailbox), conversation: toConversation([mail], [mail], mailbox, true) }
}
