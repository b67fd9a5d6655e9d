import type { Connector, RateRules } from '../connector.ts'
import { directory, identify } from './directory.ts'
import { readError, vendorName } from './errors.ts'
import { pull } from './pull.ts'
import { signIn } from './sign-in.ts'
import { download, thread } from './thread.ts'
import { execute, probe } from './write.ts'

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
  read(headers) {
    const remaining = Number.parseFloat(headers.get('x-ratelimit-remaining') ?? '')
    const limit = Number.parseFloat(headers.get('x-ratelimit-total') ?? '')
    if (!Number.isFinite(remaining)) return null
    return { remaining, limit: Number.isFinite(limit) ? limit : null, resetMs: null }
  },
}

export const freshservice: Connector = {
  id: 'freshservice',
  name: vendorName,
  description: 'Tickets of a Freshservice service desk',
  signIn,
  capabilities: { commands: ['reply', 'note', 'status', 'priority', 'assign', 'tags'], attachments: true },
  rate,
  hosts: ({ subdomain }) => ({
    api: `https://${subdomain}.freshservice.com/api/v2`,
    allowed: [`${subdomain}.freshservice.com`],
  }),
  identify: (ctx) => identify(ctx, ctx.site.subdomain ?? ''),
  pull,
  thread,
  directory,
  execute,
  probe,
  download,
  readError,
  operations: [],
}
