import { AppError } from '../../errors.ts'

/** One conversation is a deal, a task, a contact or (in old accounts) a lead: `deal:50001234567`. Ids repeat between these. */
export type Kind = 'deal' | 'task' | 'contact' | 'lead'
export interface Key {
  kind: Kind
  id: string
}

export const keyOf = (kind: Kind, id: string) => `${kind}:${id}`

const isKind = (text: string | undefined): text is Kind =>
  text === 'deal' || text === 'task' || text === 'contact' || text === 'lead'

/** The other way round. @throws AppError `vendor_not_found` for an id that this connector never made */
export function readKey(conversationVendorId: string): Key {
  const [, kind, id] = /^([a-z]+):(.+)$/.exec(conversationVendorId) ?? []
  if (isKind(kind) && id !== undefined) return { kind, id }
  throw new AppError('vendor_not_found', 'This conversation does not belong to Freshsales.', { outcome: 'refused' })
}

/** What the API calls the kinds where a note or a task says what it is about. */
export const targetTypes: Record<Exclude<Kind, 'task'>, string> = { deal: 'Deal', contact: 'Contact', lead: 'Lead' }

/** The conversation a note, task or appointment is about; null for accounts, which are no conversations. */
export function keyOfTarget(type: string | null | undefined, id: string | null | undefined): string | null {
  const kind = (type ?? '').toLowerCase()
  return isKind(kind) && kind !== 'task' && id ? keyOf(kind, id) : null
}
