import type { AccountView } from '../../preload/contract.ts'

/** What an account is called by. */
export type Named = Pick<AccountView, 'id' | 'vendor' | 'vendorName' | 'siteLabel'> & { user: { name: string } }

/** How an account is called where there is little room. `more` is what tells it from another one, null where nothing is needed. */
export interface ShortName {
  name: string
  more: string | null
}

/**
 * Short names beside the letter of the vendor, by account id. `hasOwnSites` says whether a vendor gives each customer a site of its own: a
 * host that is everybody's says no more than the vendor's name.
 */
export function shortNames(
  accounts: readonly Named[],
  hasOwnSites: (vendor: string) => boolean,
): Map<string, ShortName> {
  const nameOf = (account: Named) => shortName(account, hasOwnSites(account.vendor))
  return new Map(
    accounts.map((account) => {
      const name = nameOf(account)
      const others = accounts.filter((other) => other.id !== account.id && nameOf(other) === name)
      return [account.id, { name, more: difference(account, others) }]
    }),
  )
}

/** `acme` of `acme.zendesk.com` at Zendesk; the whole label where the vendor's name is not in its host. */
function shortName({ siteLabel, vendorName }: Named, hasOwnSite: boolean): string {
  if (siteLabel.includes('@')) return siteLabel
  const vendor = vendorName.toLocaleLowerCase().replaceAll(' ', '')
  const labels = siteLabel.split('.')
  const at = labels.findIndex((label) => label.includes(vendor))
  if (at < 1) return siteLabel
  return hasOwnSite ? labels.slice(0, at).join('.') : vendorName
}

function difference(account: Named, others: readonly Named[]): string | null {
  if (others.some(({ vendor }) => vendor === account.vendor)) return account.user.name
  const [letter] = account.vendorName
  return others.some(({ vendorName }) => vendorName.startsWith(letter ?? '')) ? account.vendorName : null
}
