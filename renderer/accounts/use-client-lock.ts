import type { AccountView } from '../../preload/contract.ts'
import { clientLocked } from '../state/connect-form.ts'
import { useAccounts } from '../workspace.tsx'

/** Why the organisation does not let the OAuth client of an account be changed, or null. */
export function useClientLock({ vendor: id, siteLabel, locked }: AccountView): string | null {
  const vendor = useAccounts((state) => state.vendors.find((each) => each.id === id))
  const provided = vendor !== undefined && clientLocked(vendor, { site: {}, siteLabel })
  return locked?.reconnect ?? (provided ? 'The OAuth client is provided by your organisation.' : null)
}
