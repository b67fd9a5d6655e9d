import type { AccountView, BrandView, ThreadView } from '../../preload/contract.ts'

type Conversation = ThreadView['conversation']

/** True where replies of this account's conversations go out through a mail account. */
export function goesByMail(account: AccountView, conversation: Conversation): boolean {
  return account.repliesByMail && conversation.customerEmail !== null
}

/** The address a mail account writes from: its mailbox, or the person's own. */
export function mailAddress({ siteLabel, user }: AccountView): string {
  return siteLabel.includes('@') ? siteLabel : (user.email ?? siteLabel)
}

/**
 * Mail accounts that can answer a conversation whose helpdesk sends no replies: those of its brand, and another brand's only where there is
 * none. The one that writes from the brand's reply address is first: it is the sender customers know.
 */
export function mailRoutes(
  conversation: Conversation,
  accounts: readonly AccountView[],
  brand: BrandView | undefined,
): AccountView[] {
  const able = accounts.filter(({ composes }) => composes)
  const ofBrand = able.filter(({ brandId }) => brandId !== null && brandId === conversation.brandId)
  const known = brand?.replyAddress.toLowerCase()
  const isKnown = (account: AccountView) => mailAddress(account).toLowerCase() === known
  return (ofBrand.length > 0 ? ofBrand : able).toSorted((a, b) => Number(isKnown(b)) - Number(isKnown(a)))
}

/** The subject of a mail that answers: as mail programs have it, once. */
export function replySubject(subject: string): string {
  return /^re:/i.test(subject) ? subject : `Re: ${subject}`
}
