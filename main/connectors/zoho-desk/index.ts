import type { Connector, RateRules } from '../connector.ts'
import { dataCentreOf } from './data-centres.ts'
import { directory } from './directory.ts'
import { readError, vendorName } from './errors.ts'
import { operations } from './operations.ts'
import { identify } from './portal.ts'
import { pull } from './pull.ts'
import { signIn } from './sign-in.ts'
import { download, thread } from './thread.ts'
import { execute, probe } from './write.ts'

/**
 * Zoho counts credits of a day and calls at the same moment (5 of the portal on the free edition), not calls of a minute: the number here only
 * spreads ours. When the day's credits are gone, a call now and then finds out when they are back. https://desk.zoho.com/DeskAPIDocument
 */
const rate: RateRules = {
  defaultLimit: 240,
  windowMs: 60_000,
  concurrency: 3,
  read(headers) {
    const remaining = Number.parseInt(headers.get('x-rate-limit-remaining-v3') ?? '', 10)
    return Number.isFinite(remaining) ? { remaining, limit: null, resetMs: 15 * 60_000 } : null
  },
}

export const zohoDesk: Connector = {
  id: 'zoho-desk',
  name: vendorName,
  description: 'Tickets of a Zoho Desk portal, in every data centre',
  signIn,
  capabilities: {
    commands: ['reply', 'note', 'status', 'priority', 'assign', 'tags'],
    attachments: true,
    limits: [
      'One sign-in is one portal: connect each portal of your login as an account of its own.',
      'Replies go to the customer only, without the people in copy, and leave from an address set up in the portal.',
      'Tags are read for open tickets, for tickets that change, and when you open one.',
      'Tickets with very many messages show only the first words of the older ones.',
      'Chats are shown once they are tickets; Manydesk cannot take part in a running chat.',
      'Zoho counts the calls of a portal per day: when few are left, new tickets arrive every few minutes instead of every minute.',
    ],
  },
  rate,
  hosts(site) {
    const { desk } = dataCentreOf(site)
    return { api: `https://${desk}/api/v1`, allowed: [desk] }
  },
  authorize: (token) => ({ authorization: `Zoho-oauthtoken ${token}` }),
  identify,
  pull,
  thread,
  directory,
  execute,
  probe,
  download,
  readError,
  operations,
}
