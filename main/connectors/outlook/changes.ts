import { AppError } from '../../errors.ts'
import type { ConnectorContext } from '../connector.ts'
import type { Command } from '../model.ts'
import { notOffered } from '../outcome.ts'
import { immutable, messagePath } from './mailbox.ts'
import {
  categoriesOf,
  decisiveMail,
  isFiledAway,
  isPendingCategory,
  type MailStatus,
  mailStatus,
  pendingCategory,
  readStatus,
  statusOptions,
  tagsOf,
} from './map.ts'
import { isOutgoing, type Mail, type MailboxContext } from './map-messages.ts'
import { readMail } from './sending.ts'

type StatusCommand = Extract<Command, { kind: 'status' }>
type TagsCommand = Extract<Command, { kind: 'tags' }>

const same = (one: string, other: string) => one.trim().toLowerCase() === other.trim().toLowerCase()

async function patch(ctx: ConnectorContext, id: string, json: object): Promise<void> {
  await ctx.http.patch(messagePath(ctx, id), { headers: immutable, json, signal: ctx.signal }).json().then(readMail)
}

async function move(ctx: ConnectorContext, id: string, destinationId: string): Promise<void> {
  await ctx.http
    .post(`${messagePath(ctx, id)}/move`, { headers: immutable, json: { destinationId }, signal: ctx.signal })
    .json()
}

function wantedStatus({ status, vendorStatusId }: StatusCommand): MailStatus {
  return mailStatus(statusOptions.find((option) => option.id === vendorStatusId)?.status ?? status)
}

/** Closing files the conversation's mails into the archive, any other status takes the newest one back out: see `map.ts`. */
export async function changeStatus(
  ctx: ConnectorContext,
  mails: Mail[],
  mailbox: MailboxContext,
  command: StatusCommand,
): Promise<void> {
  const wanted = wantedStatus(command)
  const decisive = decisiveMail(mails, mailbox)
  if (decisive === undefined || readStatus(decisive, mailbox) === wanted) return
  if (wanted === 'closed') return archive(ctx, mails, mailbox)
  if (isFiledAway(decisive, mailbox)) await move(ctx, decisive.id, 'inbox')
  const json = statusFields(decisive, wanted)
  if (json !== null) await patch(ctx, decisive.id, json)
}

/** Flag and category that say the status, in one call; a flag for follow-up is left alone. Null where they say it already. */
function statusFields(mail: Mail, wanted: MailStatus): object | null {
  const complete = mail.flag?.flagStatus === 'complete'
  const flag = wanted === 'solved' ? (complete ? null : 'complete') : complete ? 'notFlagged' : null
  const before = categoriesOf(mail)
  const others = before.filter((category) => !isPendingCategory(category))
  const categories = wanted === 'pending' ? [...others, pendingCategory] : others
  const changed = wanted === 'pending' ? others.length === before.length : others.length !== before.length
  if (flag === null && !changed) return null
  return { ...(flag === null ? {} : { flag: { flagStatus: flag } }), ...(changed ? { categories } : {}) }
}

async function archive(ctx: ConnectorContext, mails: Mail[], mailbox: MailboxContext): Promise<void> {
  const incoming = mails.filter((mail) => !isOutgoing(mail, mailbox) && !isFiledAway(mail, mailbox))
  if (incoming.length === 0)
    throw notOffered('Nobody has answered this mail yet, so there is nothing to archive.', 'Choose another status.')
  // One after the other, the newest last: the status changes when all the rest is done.
  for (const mail of incoming.sort((a, b) => a.at - b.at)) await move(ctx, mail.id, 'archive')
}

/** New categories go to the mail that decides; removed ones leave every mail of the conversation. */
export async function changeTags(
  ctx: ConnectorContext,
  mails: Mail[],
  mailbox: MailboxContext,
  { add, remove }: TagsCommand,
): Promise<void> {
  if ([...add, ...remove].some(isPendingCategory))
    throw new AppError('bad_request', `The category "${pendingCategory}" stands for a status.`, {
      action: 'Change the status in place of the tag.',
      outcome: 'refused',
    })
  const decisive = decisiveMail(mails, mailbox)
  const known = tagsOf(mails)
  const fresh = add.map((tag) => tag.trim()).filter((tag) => tag !== '' && !known.some((each) => same(each, tag)))
  for (const mail of mails) {
    const before = categoriesOf(mail)
    const kept = before.filter((category) => !remove.some((tag) => same(tag, category)))
    const after = mail === decisive ? [...kept, ...fresh] : kept
    if (after.length !== before.length || kept.length !== before.length)
      await patch(ctx, mail.id, { categories: after })
  }
}

export function isDone(mails: Mail[], mailbox: MailboxContext, command: StatusCommand | TagsCommand): boolean {
  if (command.kind === 'status') {
    const decisive = decisiveMail(mails, mailbox)
    return decisive !== undefined && readStatus(decisive, mailbox) === wantedStatus(command)
  }
  const tags = tagsOf(mails)
  const has = (tag: string) => tags.some((each) => same(each, tag))
  return command.add.every((tag) => tag.trim() === '' || has(tag)) && !command.remove.some(has)
}
