import { type Exchange, jsonBody } from '../../exchange.ts'
import type { Bearer } from '../../oauth/authority.ts'
import { refuse } from './errors.ts'
import { type Folder, folderNames, type Mail, type Mailbox } from './mailbox.ts'
import { toWire } from './wire.ts'

/** One authorised API call in one mailbox. */
export interface Call {
  exchange: Exchange
  params: Record<string, string>
  query: URLSearchParams
  mailbox: Mailbox
  bearer: Bearer
  /** Place of the caller in the mailbox's staff. */
  staff: number
  /** `Prefer` of the request. */
  prefer: string
}

export const lasting = (call: Call) => /IdType="ImmutableId"/i.test(call.prefer)
export const wire = (call: Call, mail: Mail) => toWire(call.mailbox, mail, lasting(call))

export function pageSize(call: Call, fallback: number): number {
  return Number(/odata\.maxpagesize=(\d+)/i.exec(call.prefer)?.[1] ?? fallback)
}

/** The message a path names. An id that does not last is good in its folder only. @throws Refusal 404 */
export function mailOf(call: Call): Mail {
  const { id, folder } = call.mailbox.ids.read(call.params.message ?? '')
  const mail = call.mailbox.find(id)
  if (!mail || (folder !== null && folder !== mail.folder)) throw refuse.notFound()
  return mail
}

/** A folder by its well-known name or its id. @throws Refusal 404 */
export function folderOf(call: Call, named = call.params.folder ?? ''): Folder {
  const found = (Object.keys(folderNames) as Folder[]).find(
    (name) => call.mailbox.ids.folder(name) === named || (name === named.toLowerCase() && name !== 'orders'),
  )
  if (found) return found
  throw refuse.notFound()
}

export function body(call: Call): Record<string, unknown> {
  if (call.exchange.body.length === 0) return {}
  const found = jsonBody(call.exchange)
  if (!found) throw refuse.bad('Unable to read JSON request payload.')
  return found
}

export const context = (call: Call, rest: string) =>
  `https://graph.microsoft.com/v1.0/$metadata#users('${encodeURIComponent(call.params.user ?? '')}')/${rest}`
