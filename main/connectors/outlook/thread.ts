import { AppError, isAppError } from '../../errors.ts'
import type { ConnectorContext } from '../connector.ts'
import type { Attachment, Person, Quarantined, Thread } from '../model.ts'
import { vendorName } from './errors.ts'
import { mailboxOf, messagePath } from './mailbox.ts'
import { oldestFirst, toConversation, visibleMails } from './map.ts'
import { attachmentSchema, type Mail, type MailboxContext, toAttachment, toMessage } from './map-messages.ts'
import { readAll, readThread } from './records.ts'

export function gone(): AppError {
  return new AppError('vendor_not_found', `${vendorName} does not have this conversation any more.`, {
    action: 'Its mails were deleted or marked as junk. Look at it in Outlook.',
    outcome: 'refused',
  })
}

/** All mails of a conversation, oldest first, with their files. */
export async function thread(ctx: ConnectorContext, conversationId: string): Promise<Thread> {
  const mailbox = await mailboxOf(ctx)
  const { mails, quarantined } = await readThread(ctx, conversationId, 'bodies')
  const shown = visibleMails(mails, mailbox).sort(oldestFirst)
  const conversation = toConversation(mails, shown, mailbox, true)
  if (conversation === null) throw gone()
  const faults: Quarantined[] = [...quarantined]
  const messages = await Promise.all(
    shown.map(async (mail) => toMessage(mail, mailbox, await attachmentsOf(ctx, mail, mailbox, faults))),
  )
  return {
    conversation,
    messages,
    people: peopleIn([conversation.customer, ...messages.map(({ author }) => author)]),
    quarantined: faults,
  }
}

function peopleIn(list: readonly Person[]): Person[] {
  const found = new Map<string, Person>()
  for (const { vendorId, name, email, phone } of list)
    if (vendorId !== null && !found.has(vendorId)) found.set(vendorId, { vendorId, name, email, phone })
  return [...found.values()]
}

/** The id an image in a body refers to belongs to files only, so that it must be asked for by the name of that type. */
const fields = 'id,name,contentType,size,isInline,lastModifiedDateTime'
const fieldsWithId = `${fields},microsoft.graph.fileAttachment/contentId`

/** `hasAttachments` does not count pictures inside the text. */
const mayHaveFiles = (mail: Mail) => mail.hasAttachments === true || /\bcid:/i.test(mail.body?.content ?? '')

async function attachmentsOf(
  ctx: ConnectorContext,
  mail: Mail,
  mailbox: MailboxContext,
  quarantined: Quarantined[],
): Promise<Attachment[]> {
  if (!mayHaveFiles(mail)) return []
  const records = await listAttachments(ctx, mail.id)
  return records.flatMap((record, index) => {
    const found = toAttachment(record, mailbox, mail.id)
    const [issue] = attachmentSchema.safeParse(record).error?.issues ?? []
    if (issue)
      quarantined.push({
        vendorId: mail.id,
        path: `attachments[${index}].${issue.path.join('.')}`,
        reason: issue.message,
      })
    return found
  })
}

/** Should a server refuse the longer list of fields, the files are worth more than their ids. */
async function listAttachments(ctx: ConnectorContext, messageId: string): Promise<unknown[]> {
  const path = `${messagePath(ctx, messageId)}/attachments`
  try {
    return await readAll(ctx, path, { $select: fieldsWithId })
  } catch (error) {
    if (!isAppError(error, 'vendor_rejected')) throw error
    return readAll(ctx, path, { $select: fields })
  }
}

/** The bytes of a file, or the MIME text of an attached mail. A link to OneDrive answers 405: its file is not in the mail. */
export async function download(ctx: ConnectorContext, attachment: Attachment): Promise<Uint8Array> {
  try {
    return await ctx.http
      .get(attachment.url, { headers: { prefer: 'IdType="ImmutableId"' }, signal: ctx.signal })
      .bytes()
  } catch (error) {
    if (!(error instanceof AppError) || !/^HTTP 405/.test(error.detail ?? '')) throw error
    throw new AppError('not_supported', 'This is a link to a file in OneDrive or SharePoint, not a file of the mail.', {
      action: 'Open the conversation in Outlook to follow the link.',
      detail: error.detail,
      outcome: 'refused',
    })
  }
}
