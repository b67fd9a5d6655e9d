import type { Connector, RateRules } from '../connector.ts'
import { aboutCustomer } from './customer.ts'
import { directory, identify } from './directory.ts'
import { readError, vendorName } from './errors.ts'
import { apiVersion } from './graph.ts'
import { operations } from './operations.ts'
import { pull } from './pull.ts'
import { shopHost, signIn } from './sign-in.ts'
import { download, thread } from './thread.ts'
import { execute, probe } from './write.ts'

/** Points, not calls, are what the vendor counts (`graph.ts` does); this only keeps a broken loop from knocking without end. */
const rate: RateRules = { defaultLimit: 240, windowMs: 60_000, concurrency: 2, read: () => null }

export const shopify: Connector = {
  id: 'shopify',
  name: vendorName,
  description: 'Orders of a shop that need somebody: notes, returns, disputes, late parcels',
  signIn,
  capabilities: {
    commands: ['note', 'status', 'tags'],
    attachments: true,
    repliesByMail: true,
    limits: [
      'Chats of Shopify Inbox are not in the API: they cannot be read or answered here.',
      'Replies go out through a mail account of the brand.',
      'The note of an order is one text that names neither author nor time; Manydesk adds below what is there and never removes anything.',
      'Returns are approved and declined, refunds made and disputes answered in Shopify.',
      'Comments of staff are shown without their names, and cannot be written from here.',
      'Orders older than 60 days are shown only when Shopify has given the app the permission read_all_orders.',
      'Shopify does not tell when an order was deleted: it is noticed when the order is opened.',
      'Removing the account here forgets the sign-in; the app stays installed in the shop until somebody uninstalls it there, because colleagues may use it too.',
    ],
  },
  rate,
  hosts: (site) => ({ api: `https://${shopHost(site)}/admin/api/${apiVersion}`, allowed: [shopHost(site)] }),
  authorize: (token) => ({ 'x-shopify-access-token': token }),
  identify,
  pull,
  thread,
  directory,
  aboutCustomer,
  execute,
  probe,
  download,
  readError,
  operations,
}
