import type { ErrorShape } from '../../preload/errors.ts'
import type { Conversation } from '../connectors/model.ts'
import { toErrorShape } from '../errors.ts'
import type { Clock } from '../ports.ts'
import type { Store } from './model.ts'
import type { VendorAccess } from './vendor-access.ts'

/** An order, say, or a conversation. */
export type CustomerEntry = Pick<Conversation, 'vendorId' | 'subject' | 'status' | 'url' | 'updatedAt'> & {
  vendorStatusLabel: string
}

/** What one account's vendor knows about a customer who writes somewhere else. */
export interface CustomerRecord {
  accountId: string
  /** The customer's name there, null where the vendor does not know them. */
  name: string | null
  /** Newest first. */
  entries: CustomerEntry[]
  /** Why it could not be read. */
  trouble: ErrorShape | null
}

export interface Customers {
  /**
   * What the other accounts of the conversation's brand know about its customer, accounts that know nothing left out. Never asks an account
   * of another brand. Empty offline and for a customer without an address or number.
   * @throws AppError `not_found`
   */
  about(conversationId: string): Promise<CustomerRecord[]>
}

interface CustomersOptions extends VendorAccess {
  store: Pick<Store, 'thread'>
  accounts: { list(): readonly { id: string; brandId: string | null; state: string }[] }
  clock: Clock
  isOnline(): boolean
}

type Who = { email: string | null; phone: string | null }

const patienceMs = 8_000
/** Long enough to go back and forth between conversations, short enough that an order placed on the phone shows. */
const freshMs = 60_000
const mostKept = 200
const mostEntries = 10

export function createCustomers(options: CustomersOptions): Customers {
  const kept = new Map<string, { until: number; record: Promise<CustomerRecord> }>()
  const read = async (accountId: string, who: Who): Promise<CustomerRecord> => {
    const none = { accountId, name: null, entries: [], trouble: null }
    try {
      const { aboutCustomer } = options.connectorFor(accountId)
      if (!aboutCustomer) return none
      const context = options.contextFor(accountId, AbortSignal.timeout(patienceMs), 'interactive')
      const { people, conversations } = await aboutCustomer(context, who)
      const newest = conversations.toSorted((a, b) => b.updatedAt - a.updatedAt).slice(0, mostEntries)
      const entries = newest.map(({ vendorId, subject, status, vendorStatus, url, updatedAt }) => ({
        vendorId,
        subject,
        status,
        vendorStatusLabel: vendorStatus.label,
        url,
        updatedAt,
      }))
      return { ...none, name: people[0]?.name ?? null, entries }
    } catch (error) {
      return { ...none, trouble: toErrorShape(error) }
    }
  }
  const remembered = (accountId: string, who: Who): Promise<CustomerRecord> => {
    const key = JSON.stringify([accountId, who.email, who.phone])
    const now = options.clock.now()
    const found = kept.get(key)
    if (found !== undefined && found.until > now) return found.record
    const record = read(accountId, who)
    kept.delete(key)
    kept.set(key, { until: now + freshMs, record })
    for (const oldest of [...kept.keys()].slice(0, Math.max(0, kept.size - mostKept))) kept.delete(oldest)
    // Trouble is asked about again.
    void record.then(({ trouble }) => trouble !== null && kept.delete(key))
    return record
  }
  return {
    async about(conversationId) {
      const thread = await options.store.thread(conversationId)
      if (thread === null || !options.isOnline()) return []
      const { brandId, accountId: own, customerEmail, customerPhone } = thread.conversation
      if (brandId === null || (customerEmail === null && customerPhone === null)) return []
      const who = { email: customerEmail, phone: customerPhone }
      const others = options.accounts
        .list()
        .filter((account) => account.brandId === brandId && account.state === 'connected' && account.id !== own)
      const records = await Promise.all(others.map(({ id }) => remembered(id, who)))
      return records.filter(({ name, entries, trouble }) => name !== null || entries.length > 0 || trouble !== null)
    },
  }
}
