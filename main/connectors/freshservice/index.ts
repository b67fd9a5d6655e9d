import type { Connector, RateRules } from '../connector.ts'
import { readLimits } from '../freshworks/tickets-limits.ts'
import { download, readThread, ticketPath } from '../freshworks/tickets-thread.ts'
import { execute, probe } from '../freshworks/tickets-write.ts'
import { desk, directory, identify } from './directory.ts'
import { readError, vendorName } from './errors.ts'
import { product } from './map.ts'
import { operations } from './operations.ts'
import { pull } from './pull.ts'
import { signIn } from './sign-in.ts'

/** Counts of the smallest plan until the headers tell better; numbers may be written like `100.0`. https://api.freshservice.com/#rate_limit */
const rate: RateRules = {
  defaultLimit: 100,
  windowMs: 60_000,
  concurrency: 4,
  buckets: [
    {
      name: 'lists',
      limit: 40,
      windowMs: 60_000,
      match: (method, path) => method === 'GET' && path === '/api/v2/tickets',
    },
  ],
  read: readLimits,
}

export const freshservice: Connector = {
  id: 'freshservice',
  name: vendorName,
  description: 'Tickets of a Freshservice service desk',
  signIn,
  capabilities: {
    commands: ['reply', 'note', 'status', 'priority', 'assign', 'tags'],
    attachments: true,
    limits: [
      'Freshservice lists tickets by creation, not by change: on the first reading an old ticket with new activity comes late.',
      'Freshservice does not say in its lists who wrote last: Manydesk knows once the ticket was opened here.',
      'Names of agents, groups, workspaces and your own statuses are shown as far as the granted permissions reach.',
    ],
  },
  rate,
  hosts: (site) => ({ api: `https://${product.host(site)}/api/v2`, allowed: [product.host(site)] }),
  identify: (ctx) => identify(ctx, ctx.site.subdomain ?? ''),
  pull,
  thread: (ctx, id) => readThread(ctx, ticketPath(id), desk),
  directory,
  execute: (ctx, conversation, command) => execute(ctx, desk, conversation, command),
  probe: (ctx, conversation, command, sentAt) => probe(ctx, desk, conversation, command, sentAt),
  download,
  readError,
  operations,
}
