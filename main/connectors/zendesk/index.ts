import type { Connector, RateRules } from '../connector.ts'
import { applyMacro } from './apply-macro.ts'
import { directory } from './directory.ts'
import { readError, vendorName } from './errors.ts'
import { operations } from './operations.ts'
import { pull } from './pull.ts'
import { signIn } from './sign-in.ts'
import { download, identify, thread } from './thread.ts'
import { execute, probe, revoke } from './write.ts'

const amount = (headers: Headers, ...names: string[]): number | null => {
  for (const name of names) {
    const value = Number.parseFloat(headers.get(name) ?? '')
    if (Number.isFinite(value)) return value
  }
  return null
}

/** https://developer.zendesk.com/documentation/api-basics/best-practices/best-practices-for-avoiding-rate-limiting */
const rate: RateRules = {
  defaultLimit: 200,
  windowMs: 60_000,
  concurrency: 4,
  buckets: [
    {
      name: 'export',
      limit: 10,
      windowMs: 60_000,
      match: (method, path) => method === 'GET' && path.startsWith('/api/v2/incremental/'),
    },
    {
      name: 'tickets',
      limit: 100,
      windowMs: 60_000,
      match: (method, path) => method === 'GET' && path === '/api/v2/tickets',
    },
  ],
  read(headers) {
    const remaining = amount(headers, 'ratelimit-remaining', 'x-rate-limit-remaining')
    if (remaining === null) return null
    const reset = amount(headers, 'ratelimit-reset')
    const limit = amount(headers, 'ratelimit-limit', 'x-rate-limit')
    return { remaining, limit, resetMs: reset === null ? null : reset * 1000 }
  },
}

export const zendesk: Connector = {
  id: 'zendesk',
  name: vendorName,
  description: 'Tickets of a Zendesk Support site',
  signIn,
  capabilities: {
    commands: ['reply', 'note', 'status', 'priority', 'assign', 'tags'],
    attachments: true,
    limits: [
      'Macros write, and set status, priority, assignee and tags. What else they set in Zendesk (group, type, custom fields) is left as it is.',
      'A closed ticket cannot be changed any more.',
      'Archived and deleted tickets are told to administrators only.',
    ],
  },
  rate,
  hosts: ({ subdomain }) => ({ api: `https://${subdomain}.zendesk.com/api/v2`, allowed: [`${subdomain}.zendesk.com`] }),
  identify: (ctx) => identify(ctx, ctx.site.subdomain ?? ''),
  pull,
  thread,
  directory,
  execute,
  probe,
  download,
  readError,
  operations,
  applyMacro,
  revoke,
}
