import type { CallArgs, CallName, CallResult } from '../../preload/contract.ts'
import type { FakeBridge } from './fake-bridge.ts'
import type { FakeData } from './fake-data.ts'

type Moving = { [N in Extract<CallName, `moving.${string}`>]: (args: CallArgs<N>) => CallResult<N> }

/** A file of three accounts: one new, one here, one that cannot be taken. A text that is no object has a fault. */
export function createFakeMoving(data: FakeData, emit: FakeBridge['emit']): Moving {
  return {
    'moving.export': () => ({
      fileName: 'manydesk-accounts.json',
      folder: '/home/mara/Downloads',
      accounts: data.accounts.length,
      brands: data.brands.length,
    }),
    'moving.preview': ({ text }) => {
      if (!text.startsWith('{')) {
        return { faults: [{ line: 1, column: 1, path: '', message: 'This is not JSON.' }], brands: [], accounts: [] }
      }
      const account = {
        vendorName: 'Zendesk',
        siteLabel: 'atelier.zendesk.com',
        userName: 'Noor Haddad',
        email: 'noor@atelier.example',
        reason: null,
      }
      return {
        faults: [],
        brands: [
          { name: 'Atelier', verdict: 'new' },
          { name: data.brands[0]?.name ?? 'Northwind', verdict: 'here' },
        ],
        accounts: [
          { ...account, verdict: 'new' },
          { ...account, userName: 'Mara Lindqvist', email: null, siteLabel: 'northwind', verdict: 'here' },
          {
            ...account,
            vendorName: 'olddesk',
            siteLabel: 'olddesk',
            verdict: 'refused',
            reason: 'This Manydesk does not know the vendor.',
          },
        ],
      }
    },
    'moving.import': () => {
      const [like] = data.accounts
      if (like === undefined) return { accountIds: [], brands: 0 }
      const added = { ...like, id: 'imported-1', siteLabel: 'atelier.zendesk.com', state: 'needs_sign_in' as const }
      data.accounts = [...data.accounts, added]
      emit('accounts.changed', data.accounts)
      return { accountIds: [added.id], brands: 1 }
    },
  }
}
