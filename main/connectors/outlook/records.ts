import { z } from 'zod'
import { AppError } from '../../errors.ts'
import type { ConnectorContext } from '../connector.ts'
import type { Quarantined } from '../model.ts'
import { optionalText, readAnswer, readRecord } from '../read-records.ts'
import { vendorName } from './errors.ts'
import { pathOf, read } from './mailbox.ts'
import { type Mail, messageSchema, partialSchema } from './map-messages.ts'

/** Fields of a mail in lists. The delta queries ask for the same, so that a change of any of them is told. */
export const listFields = [
  ...['id', 'conversationId', 'conversationIndex', 'internetMessageId', 'subject', 'bodyPreview', 'from', 'sender'],
  ...['replyTo', 'toRecipients', 'ccRecipients', 'receivedDateTime', 'sentDateTime', 'createdDateTime'],
  ...['lastModifiedDateTime', 'isRead', 'isDraft', 'flag', 'categories', 'importance', 'hasAttachments'],
  ...['parentFolderId', 'webLink', 'inferenceClassification'],
].join(',')
export const threadFields = `${listFields},body,bccRecipients`

export const envelope = z.looseObject({
  value: z.array(z.unknown()),
  '@odata.context': optionalText,
  '@odata.nextLink': optionalText,
  '@odata.deltaLink': optionalText,
})
export type Envelope = z.infer<typeof envelope>

export const readEnvelope = (answer: unknown): Envelope => readAnswer(envelope, answer, vendorName)

export interface ReadMails {
  /** Each id once, its newest state. */
  mails: Mail[]
  /** Rows of a delta answer that say less than a mail: moved away, deleted, or of one changed field. */
  partial: { id: string; conversationId: string | null }[]
  quarantined: Quarantined[]
}

/**
 * Reads mails row by row; what cannot be read is set aside with its path.
 * @param pathOf path of a row by its place, `value[3]`
 */
export function readMails(
  rows: readonly unknown[],
  pathOf: (index: number) => string = (index) => `value[${index}]`,
): ReadMails {
  const found = new Map<string, Mail>()
  const partial: ReadMails['partial'] = []
  const quarantined: Quarantined[] = []
  for (const [index, row] of rows.entries()) {
    const short = readShort(row)
    const one = readRecord(messageSchema, row, pathOf(index))
    if (short !== null) partial.push(short)
    else if ('bad' in one) quarantined.push(one.bad)
    else if (isNewer(one.value, found.get(one.value.id))) found.set(one.value.id, one.value)
  }
  return { mails: [...found.values()], partial, quarantined }
}

const age = (mail: Mail) => mail.lastModifiedDateTime ?? mail.at
/** Of two states of a mail, a list tells the newer one last. */
export const isNewer = (mail: Mail, before: Mail | undefined): boolean =>
  before === undefined || age(mail) >= age(before)

const updatable = [
  ...['isRead', 'flag', 'categories', 'changeKey', 'lastModifiedDateTime', 'parentFolderId', 'importance'],
]

/** A removed row, or an update of a field or two: neither is a whole mail, and neither is a fault. */
function readShort(row: unknown): ReadMails['partial'][number] | null {
  const short = partialSchema.safeParse(row)
  if (!short.success) return null
  const { id, conversationId, ...rest } = short.data
  if ('@removed' in rest) return { id, conversationId: conversationId ?? null }
  const fields = Object.keys(rest).filter((key) => !key.startsWith('@'))
  const isUpdate = fields.every((key) => updatable.includes(key)) && (fields.length > 0 || '@odata.type' in rest)
  return isUpdate ? { id, conversationId: conversationId ?? null } : null
}

const mostPages = 40

/** All rows of a list, page by page. Links to further pages are opaque. @throws AppError `vendor_bad_answer` for a list without an end */
export async function readAll(
  ctx: ConnectorContext,
  path: string,
  searchParams: Record<string, string>,
): Promise<unknown[]> {
  const rows: unknown[] = []
  let answer = readEnvelope(await read(ctx, path, searchParams))
  for (let page = 1; page <= mostPages; page += 1) {
    rows.push(...answer.value)
    const next = answer['@odata.nextLink']
    if (!next) return rows
    answer = readEnvelope(await read(ctx, next))
  }
  throw new AppError('vendor_bad_answer', 'This conversation is too long to be read.', {
    detail: `more than ${rows.length} rows`,
  })
}

/** With bodies a page stays small enough to be answered in time. */
const pageSizes = { list: '100', bodies: '25' }

/**
 * All mails of a conversation in any folder, drafts and deleted ones included. No order may be asked for: the vendor refuses it beside this
 * filter. https://learn.microsoft.com/graph/api/user-list-messages
 */
export async function readThread(
  ctx: ConnectorContext,
  conversationId: string,
  what: 'list' | 'bodies',
): Promise<ReadMails> {
  const rows = await readAll(ctx, `${pathOf(ctx)}/messages`, {
    $filter: `conversationId eq '${conversationId.replaceAll("'", "''")}'`,
    $top: pageSizes[what],
    $select: what === 'list' ? listFields : threadFields,
  })
  return readMails(rows)
}
