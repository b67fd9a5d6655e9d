import type { Connector, ConnectorContext } from '../connector.ts'
import type { Compose, Receipt } from '../model.ts'
import { folderPath, mailboxOf, pathOf } from './mailbox.ts'
import { toConversation } from './map.ts'
import { type Mail, type MailboxContext, peopleOf } from './map-messages.ts'
import { readAll, readMails, threadFields } from './records.ts'
import { cannotTell, clockSkewMs, makeDraft, saysTheSame, sendDraft, unsent } from './sending.ts'
import { receiptOf, senderOf } from './write.ts'

/** A mail that begins a conversation: a draft that is complete from the start, then sent. For how it goes out once only see `sending.ts`. */
export const compose: NonNullable<Connector['compose']> = {
  async execute(ctx, command) {
    const mailbox = await unsent(mailboxOf(ctx))
    const draft =
      (await unsent(findDraft(ctx, command))) ??
      (await makeDraft(ctx, `${pathOf(ctx)}/messages`, newMail(ctx, command)))
    await sendDraft(ctx, draft)
    return toReceipt({ ...draft, isDraft: false }, command, mailbox)
  },
  async probe(ctx, command, sentAt) {
    const mailbox = await mailboxOf(ctx)
    const since = new Date(sentAt - clockSkewMs).toISOString().replace(/\.\d+Z$/, 'Z')
    const sent = await readFolder(ctx, 'sentitems', { $filter: `receivedDateTime ge ${since}` })
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

/** The newest mails of a folder, the bodies with them. */
async function readFolder(ctx: ConnectorContext, folder: string, filter: Record<string, string> = {}): Promise<Mail[]> {
  const query = { ...filter, $orderby: 'receivedDateTime desc', $top: '25', $select: threadFields }
  return readMails(await readAll(ctx, `${folderPath(ctx, folder)}/messages`, query)).mails
}

/** What an earlier try of the same mail left in Drafts. */
const findDraft = async (ctx: ConnectorContext, command: Compose) =>
  (await readFolder(ctx, 'drafts')).find((mail) => mail.isDraft === true && isSame(mail, command))

const isSame = (mail: Mail, command: Compose) =>
  (mail.subject ?? '') === command.subject &&
  peopleOf(mail.toRecipients).some(({ email }) => email?.toLowerCase() === command.to.email.toLowerCase()) &&
  saysTheSame(mail, command)

function toReceipt(mail: Mail, command: Compose, mailbox: MailboxContext): Receipt {
  return { ...receiptOf(mail, command, mailbox), conversation: toConversation([mail], [mail], mailbox, true) }
}
