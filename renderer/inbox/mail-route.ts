import type { AccountView, ThreadView } from '../../preload/contract.ts'

type Conversation = ThreadView['conversation']

/** True where replies of this account's conversations go out through a mail account. */
export function goesByMail(account: AccountView, conversation: Conversation): boolean {
  return account.repliesByMail && conversation.customerEmail !== null
}

/** Mail accounts that can answer a conversation whose helpdesk sends no replies: those of its brand first, and no other brand's where there is one. */
export function mailRoutes(conversation: Conversation, accounts: readonly AccountView[]): AccountView[] {
  const able = accounts.filter(({ composes }) => composes)
  const ofBrand = able.filter(({ brandId }) => brandId !== null && brandId === conversation.brandId)
  return ofBrand.length > 0 ? ofBrand : able
}

/** The subject of a mail that answers: as mail programs have it, once. */
export function replySubject(subject: string): string {
  return /^re:/i.test(subject) ? subject : `Re: ${subject}`
}
