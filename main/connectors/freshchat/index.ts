import type { Connector, RateRules } from '../connector.ts'
import { directory, hostOf, identify } from './directory.ts'
import { readError, untilReset, vendorName } from './errors.ts'
import { operations } from './operations.ts'
import { pull } from './pull.ts'
import { signIn } from './sign-in.ts'
import { download, thread } from './thread.ts'
import { execute, probe } from './write.ts'

/** Numbers per plan are not published where we could read them: a careful guess until the headers tell better. */
const rate: RateRules = {
  defaultLimit: 100,
  windowMs: 60_000,
  concurrency: 4,
  read(headers) {
    const remaining = Number.parseFloat(headers.get('x-ratelimit-remaining') ?? '')
    const limit = Number.parseFloat(headers.get('x-ratelimit-limit') ?? '')
    if (!Number.isFinite(remaining)) return null
    return { remaining, limit: Number.isFinite(limit) ? limit : null, resetMs: untilReset(headers) }
  },
}

export const freshchat: Connector = {
  id: 'freshchat',
  name: vendorName,
  description: 'Chats of a Freshchat account',
  signIn,
  capabilities: {
    commands: ['reply', 'note', 'status', 'priority', 'assign'],
    attachments: true,
    limits: [
      'Freshchat has no list of conversations: Manydesk finds new ones through the customers who wrote, about once a minute.',
      'What colleagues do to a chat in Freshchat shows up to some minutes later, and only for the 300 open chats that moved last.',
      'There are no tags.',
      'Priority works only for chats that have the property "priority", which an administrator of Freshchat sets up.',
      'A chat can be given to somebody else, but not left without anybody.',
      'Replies are plain text, except in the mail channel.',
    ],
  },
  rate,
  /** Paths of the description file begin with `/api/v2`, those of every client in use with `/v2`. https://developers.freshchat.com/api/ */
  hosts: (site) => ({ api: `https://${hostOf(site)}/v2`, allowed: [hostOf(site)] }),
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
