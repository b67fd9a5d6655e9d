import type { Conversation, ConversationStatus, Person, Priority, StatusOption } from '../model.ts'
import { preview } from '../text.ts'
import {
  bodyText,
  isOutgoing,
  type Mail,
  type MailboxContext,
  peopleOf,
  strangeFields,
  toPerson,
  toSender,
} from './map-messages.ts'

/**
 * A conversation is what its mails together say. Everything here is pure.
 *
 * The newest mail that came in decides the status, because that is the mail a team works on in Outlook, and because a customer's next mail
 * (which has neither flag nor category) then opens the conversation again:
 * - it is flagged as complete: solved
 * - it has the category "Pending" (in any case): pending
 * - it lies outside the Inbox (archived or filed away): closed
 * - otherwise: open. A flag for follow-up is work to do, so that it stays open.
 * Where nothing ever came in, the newest mail decides, and its folder says nothing.
 */
export const pendingCategory = 'Pending'

export const statusOptions: StatusOption[] = [
  { id: 'open', label: 'Open', status: 'open' },
  { id: 'pending', label: 'Pending', status: 'pending' },
  { id: 'solved', label: 'Completed', status: 'solved' },
  { id: 'closed', label: 'Archived', status: 'closed' },
]

export type MailStatus = 'open' | 'pending' | 'solved' | 'closed'

/** Ours, reduced to what a mailbox can tell apart. */
export function mailStatus(status: ConversationStatus): MailStatus {
  if (status === 'new') return 'open'
  return status === 'on_hold' ? 'pending' : status
}

const same = (one: string, other: string) => one.trim().toLowerCase() === other.trim().toLowerCase()
export const isPendingCategory = (category: string) => same(category, pendingCategory)

export const categoriesOf = (mail: Mail): string[] =>
  (mail.categories ?? []).filter((each) => typeof each === 'string' && each.trim() !== '').map(String)

const depthOf = (mail: Mail) => mail.conversationIndex?.length ?? 0

/** Times have whole seconds: within one, an answer (whose place in the conversation is deeper) follows what it answers. */
export const oldestFirst = (a: Mail, b: Mail) => a.at - b.at || depthOf(a) - depthOf(b) || (a.id < b.id ? -1 : 1)
const newestFirst = (a: Mail, b: Mail) => oldestFirst(b, a)

/** Mail that a conversation is made of: no drafts, nothing deleted or junk. */
export function visibleMails(mails: readonly Mail[], { folders }: MailboxContext): Mail[] {
  return mails.filter((mail) => mail.isDraft !== true && !folders.hidden.has(mail.parentFolderId ?? ''))
}

/** The mail that holds the conversation's flag and categories, and that is answered: see above. Undefined for no mails. */
export function decisiveMail(mails: readonly Mail[], mailbox: MailboxContext): Mail | undefined {
  const sorted = [...mails].sort(newestFirst)
  return sorted.find((mail) => !isOutgoing(mail, mailbox)) ?? sorted[0]
}

export function isFiledAway(mail: Mail, mailbox: MailboxContext): boolean {
  const { inbox } = mailbox.folders
  return (
    inbox !== null &&
    !isOutgoing(mail, mailbox) &&
    typeof mail.parentFolderId === 'string' &&
    mail.parentFolderId !== inbox
  )
}

export function readStatus(mail: Mail, mailbox: MailboxContext): MailStatus {
  if (isFiledAway(mail, mailbox)) return 'closed'
  if (mail.flag?.flagStatus === 'complete') return 'solved'
  return categoriesOf(mail).some(isPendingCategory) ? 'pending' : 'open'
}

const priorities: Record<string, Priority> = { low: 'low', normal: 'normal', high: 'high' }

/** Categories of all mails, each once, without the one that means a status. */
export function tagsOf(mails: readonly Mail[]): string[] {
  const tags = new Map<string, string>()
  for (const category of mails.flatMap(categoriesOf)) {
    const key = category.trim().toLowerCase()
    if (!isPendingCategory(category) && !tags.has(key)) tags.set(key, category.trim())
  }
  return [...tags.values()]
}

/** The address of ours that a mail came to; aliases and lists are known by their domain only. */
function brandKeyOf(mail: Mail, mailbox: MailboxContext): string | null {
  if (isOutgoing(mail, mailbox)) return toPerson(mail.from)?.vendorId ?? mailbox.address
  const to = [...peopleOf(mail.toRecipients), ...peopleOf(mail.ccRecipients)].flatMap(({ vendorId }) => vendorId ?? [])
  const { address } = mailbox
  if (address === null) return to[0] ?? null
  if (to.includes(address)) return address
  return to.find((each) => each.endsWith(address.slice(address.indexOf('@')))) ?? address
}

const nobody: Person = { vendorId: null, name: null, email: null, phone: null }

/** The first who wrote to us; where nobody did, the first we wrote to. The oldest mail comes first. */
function customerOf(mails: readonly Mail[], mailbox: MailboxContext): Person {
  const first = mails.find((mail) => !isOutgoing(mail, mailbox))
  if (first !== undefined) return toSender(first, mailbox)
  const written = mails.flatMap((mail) => peopleOf(mail.toRecipients))
  return written.find((person) => person.vendorId !== mailbox.address) ?? written[0] ?? nobody
}

/** Microsoft answers flag dates in UTC unless asked otherwise; another zone is left to `vendor`. */
function dueAtOf(mail: Mail): number | null {
  const { dateTime, timeZone } = mail.flag?.dueDateTime ?? {}
  if (!dateTime || !/^(utc|gmt|etc\/utc)$/i.test(timeZone ?? 'UTC')) return null
  const at = Date.parse(/(z|[+-]\d\d:\d\d)$/i.test(dateTime) ? dateTime : `${dateTime.slice(0, 23)}Z`)
  return Number.isNaN(at) ? null : at
}

/** Changes of any mail, deleted ones included, so that a conversation that lost a mail is newer than before. Whole seconds at the vendor. */
const changedAt = (mails: readonly Mail[]) =>
  Math.max(...mails.map((mail) => Math.max(mail.lastModifiedDateTime ?? 0, mail.at)))

/**
 * The conversation that mails of one thread make up, or null where none of them is visible.
 * @param mails in any order, each id once
 * @param whole true where these are all mails of the thread: what is read whole wins over a part of the same age
 */
export function toConversation(
  mails: readonly Mail[],
  shown: readonly Mail[],
  mailbox: MailboxContext,
  whole: boolean,
): Conversation | null {
  const sorted = [...shown].sort(newestFirst)
  const decisive = decisiveMail(sorted, mailbox)
  const [newest] = sorted
  const oldest = sorted.at(-1)
  if (newest === undefined || oldest === undefined || decisive === undefined) return null
  const status = readStatus(decisive, mailbox)
  const link = [newest, decisive]
    .map((mail) => mail.webLink ?? '')
    .find((url) => url.startsWith('https://') && URL.canParse(url))
  return {
    vendorId: decisive.conversationId,
    version: changedAt(mails) + (whole ? 1 : 0),
    subject: oldest.subject ?? '',
    preview: preview(newest.bodyPreview || bodyText(newest)),
    status,
    vendorStatus: { id: status, label: statusOptions.find((option) => option.id === status)?.label ?? status },
    priority: Object.hasOwn(priorities, decisive.importance ?? '')
      ? (priorities[decisive.importance ?? ''] ?? null)
      : null,
    channel: 'email',
    customer: customerOf([...sorted].reverse(), mailbox),
    assigneeVendorId: null,
    groupVendorId: null,
    tags: tagsOf(sorted),
    brandKey: brandKeyOf(decisive, mailbox),
    createdAt: oldest.at,
    updatedAt: newest.at,
    lastMessageBy: isOutgoing(newest, mailbox) ? 'agent' : 'customer',
    dueAt: dueAtOf(decisive),
    url: link ?? 'https://outlook.office.com/mail/',
    vendor: strangeFields(decisive),
  }
}

/** Mails by conversation, in the order in which conversations were met. */
export function byConversation(mails: readonly Mail[]): Map<string, Mail[]> {
  const groups = new Map<string, Mail[]>()
  for (const mail of mails) groups.set(mail.conversationId, [...(groups.get(mail.conversationId) ?? []), mail])
  return groups
}
