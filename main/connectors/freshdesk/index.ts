import type { Connector, RateRules } from '../connector.ts'
import { readLimits } from '../freshworks/tickets-limits.ts'
import { download } from '../freshworks/tickets-thread.ts'
import { directory, identify } from './directory.ts'
import { readError, vendorName } from './errors.ts'
import { operations } from './operations.ts'
import { pull } from './pull.ts'
import { authorize, host, signIn } from './sign-in.ts'
import { thread } from './thread.ts'
import { execute, probe } from './write.ts'

/** Counts of the smallest paid plan (the headers tell better, but not of the parts). https://developers.freshdesk.com/api/#ratelimit */
const rate: RateRules = {
  defaultLimit: 200,
  windowMs: 60_000,
  concurrency: 4,
  buckets: [
    {
      name: 'lists',
      limit: 20,
      windowMs: 60_000,
      match: (method, path) => method === 'GET' && path === '/api/v2/tickets',
    },
    {
      name: 'updates',
      limit: 80,
      windowMs: 60_000,
      match: (method, path) => method === 'PUT' && path.startsWith('/api/v2/tickets/'),
    },
  ],
  read: readLimits,
}

export const freshdesk: Connector = {
  id: 'freshdesk',
  name: vendorName,
  description: 'Tickets of a Freshdesk site',
  signIn,
  capabilities: {
    commands: ['reply', 'note', 'status', 'priority', 'assign', 'tags'],
    attachments: true,
    limits: [
      'Freshdesk has no OAuth: the account works with your personal API key.',
      'Only the key of an administrator may list agents and groups. With another one you can assign tickets to yourself, and colleagues have no names here.',
      'Deleted tickets and spam leave Freshdesk without a word: they disappear here some minutes later.',
      'Tickets that were closed 120 days ago are archived by Freshdesk: they can be read, not changed.',
    ],
  },
  rate,
  hosts: (site) => ({ api: `https://${host(site)}/api/v2`, allowed: [host(site)] }),
  authorize,
  identify: (ctx) => identify(ctx, host(ctx.site)),
  pull,
  thread,
  directory,
  execute,
  probe,
  download,
  readError,
  operations,
}
