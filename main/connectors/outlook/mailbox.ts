import { z } from 'zod'
import { isAppError } from '../../errors.ts'
import type { ConnectorContext, Site } from '../connector.ts'
import type { Identity } from '../model.ts'
import { readAnswer } from '../read-records.ts'
import { remembered } from '../remember.ts'
import { vendorName } from './errors.ts'
import { type Folders, type MailboxContext, noFolders } from './map-messages.ts'

/**
 * Ids that survive a move to another folder. Without this header an archived mail would be another mail to Manydesk.
 * https://learn.microsoft.com/graph/outlook-immutable-id
 */
export const immutable = { prefer: 'IdType="ImmutableId"', accept: 'application/json' }
export const pagesOf = (size: number) => ({ ...immutable, prefer: `${immutable.prefer}, odata.maxpagesize=${size}` })

type Asker = Pick<ConnectorContext, 'http' | 'signal'>

/** One GET with ids that last. `path` is relative, or a link of an earlier answer. */
export async function read(
  ctx: Asker,
  path: string,
  searchParams?: Record<string, string>,
  headers = immutable,
): Promise<unknown> {
  return ctx.http.get(path, { headers, signal: ctx.signal, ...(searchParams ? { searchParams } : {}) }).json()
}

/** The mailbox an account works in: `users/{address}` of a shared one, `users/{id}` of the person's own. */
export const mailboxPath = (site: Site, identity: Pick<Identity, 'vendorUserId'>) =>
  `users/${encodeURIComponent(site.mailbox || identity.vendorUserId).replace('%40', '@')}`

export const pathOf = (ctx: ConnectorContext) => mailboxPath(ctx.account.site, ctx.account.identity)
export const messagePath = (ctx: ConnectorContext, id: string) => `${pathOf(ctx)}/messages/${encodeURIComponent(id)}`
export const folderPath = (ctx: ConnectorContext, folder: string) => `${pathOf(ctx)}/mailFolders/${folder}`

export const folderSchema = z.looseObject({ id: z.string().min(1) })

/** A folder by its well-known name, which works in every language; null where the mailbox has none yet. */
async function folderId(ctx: Asker, mailbox: string, name: string): Promise<string | null> {
  try {
    const answer = await read(ctx, `${mailbox}/mailFolders/${name}`, { $select: 'id,displayName' })
    return readAnswer(folderSchema, answer, vendorName).id
  } catch (error) {
    if (isAppError(error, 'vendor_not_found', 'vendor_forbidden') && name !== 'inbox') return null
    throw error
  }
}

async function loadFolders(ctx: Asker, mailbox: string): Promise<Folders> {
  const names = ['inbox', 'sentitems', 'archive', 'drafts', 'outbox', 'deleteditems', 'junkemail']
  const ids = await Promise.all(names.map((name) => folderId(ctx, mailbox, name)))
  const [inbox = null, sent = null, archive = null, ...others] = ids
  const [drafts = null, outbox = null] = others
  return { inbox, sent, archive, drafts, outbox, hidden: new Set(others.filter((id) => id !== null)) }
}

/** Folder ids stay; the archive may be made later, so they are asked once an hour. */
const foldersOf = remembered(60 * 60_000, (ctx: ConnectorContext) => loadFolders(ctx, pathOf(ctx)))

/** Everything the mapping must know of the account's mailbox. */
export async function mailboxOf(ctx: ConnectorContext): Promise<MailboxContext> {
  const { site, identity } = ctx.account
  return {
    address: site.mailbox || (identity.email?.toLowerCase() ?? null),
    path: pathOf(ctx),
    folders: await foldersOf(ctx),
    agent: { vendorUserId: identity.vendorUserId, email: identity.email },
  }
}

/** What a payload alone tells of its mailbox, for payloads without an account. `context` is its `@odata.context`. */
export function mailboxOfPayload(site: Site, context: string | null): MailboxContext {
  const [, named] = /\$metadata#users\('([^']+)'\)/.exec(context ?? '') ?? []
  const address = site.mailbox || (named === undefined ? '' : decode(named))
  const isAddress = address.includes('@')
  return {
    address: isAddress ? address.toLowerCase() : null,
    path: address === '' ? 'me' : `users/${encodeURIComponent(address).replace('%40', '@')}`,
    folders: noFolders,
    agent: null,
  }
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    return text
  }
}
