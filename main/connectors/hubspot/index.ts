import type { Connector, RateRules } from '../connector.ts'
import { readError, vendorName } from './errors.ts'
import { operations } from './operations.ts'
import { directory, identify } from './portal.ts'
import { pull } from './pull.ts'
import { signIn } from './sign-in.ts'
import { download, thread } from './thread.ts'
import { execute, probe } from './write.ts'

/** Search has a limit of its own per portal, shared by all programs, and tells no headers. https://developers.hubspot.com/docs/developer-tooling/platform/usage-guidelines */
const rate: RateRules = {
  defaultLimit: 100,
  windowMs: 10_000,
  concurrency: 5,
  buckets: [
    {
      name: 'search',
      limit: 4,
      windowMs: 1000,
      match: (method, path) => method === 'POST' && path.endsWith('/search'),
    },
  ],
  read(headers) {
    const remaining = Number.parseInt(headers.get('x-hubspot-ratelimit-remaining') ?? '', 10)
    const limit = Number.parseInt(headers.get('x-hubspot-ratelimit-max') ?? '', 10)
    return Number.isFinite(remaining)
      ? { remaining, limit: Number.isFinite(limit) ? limit : null, resetMs: null }
      : null
  },
}

export const hubspot: Connector = {
  id: 'hubspot',
  name: vendorName,
  description: 'Tickets and the conversations inbox of a HubSpot portal',
  signIn,
  capabilities: {
    commands: ['reply', 'note', 'status', 'priority', 'assign'],
    attachments: true,
    limits: [
      'A ticket that was not made from a message has no conversation to reply in: it takes notes, which HubSpot keeps in the CRM and Manydesk cannot read back.',
      'A conversation without a ticket has no priority, and is open or closed.',
      'A reply goes to the customer who wrote last: HubSpot does not let a conversation be begun here.',
      'Tickets have no tags.',
      'HubSpot does not tell how large a file is.',
    ],
  },
  rate,
  hosts: () => ({ api: 'https://api.hubapi.com', allowed: ['api.hubapi.com'] }),
  identify: (ctx) => identify(ctx, ctx.tokenAnswer),
  pull,
  thread,
  directory,
  execute,
  probe,
  download,
  readError,
  operations,
}
