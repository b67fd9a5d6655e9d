import type { Directory } from '../connectors/model.ts'
import type { LocalStore } from '../inbox/model.ts'

type Brands = Directory['brands']

export interface VendorBrands {
  /** The vendor's own brands of an account, as last told; empty where the vendor has none. */
  of(accountId: string): Brands
  /** Reads what the store knows, once, at start. */
  load(accountIds: readonly string[]): Promise<void>
  /** The store to sync with: what it is told of brands is known here at once. */
  store: LocalStore
}

/** Keeps the few brands of each account at hand, so that showing accounts does not read whole directories each time. */
export function createVendorBrands(store: LocalStore, onChange: () => void): VendorBrands {
  const known = new Map<string, Brands>()
  return {
    of: (accountId) => known.get(accountId) ?? [],
    async load(accountIds) {
      await Promise.all(accountIds.map(async (id) => known.set(id, (await store.directory(id)).brands)))
    },
    store: {
      ...store,
      async putDirectory(accountId, directory) {
        await store.putDirectory(accountId, directory)
        known.set(accountId, directory.brands)
        onChange()
      },
    },
  }
}
