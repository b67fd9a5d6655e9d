import type { Connector, RateRules } from '../connector.ts'
import { readError, vendorName } from './errors.ts'
import { directory, identify } from './mailbox.ts'
import { operations } from './operations.ts'
import { pull } from './pull.ts'
import { compose, probeCompose } from './send.ts'
import { signIn } from './sign-in.ts'
import { download, thread } from './thread.ts'
import { execute, probe } from './write.ts'

/**
 * Google counts units, 15,000 a minute for each mailbox and project, and tells nothing in headers: `threads.get` and most others cost 5 to
 * 10, a batch of 25 threads 250, a mail sent 100. The counts here stay below that together.
 * https://developers.google.com/workspace/gmail/api/reference/quota
 */
const rate: RateRules = {
  defaultLimit: 300,
  windowMs: 60_000,
  concurrency: 4,
  buckets: [
    {
      name: 'batches',
      limit: 40,
      windowMs: 60_000,
      match: (method, path) => method === 'POST' && path === '/batch/gmail/v1',
    },
    {
      name: 'mails',
      limit: 20,
      windowMs: 60_000,
      match: (method, path) => method === 'POST' && path.endsWith('/send'),
    },
  ],
  read: () => null,
}

export const gmail: Connector = {
  id: 'gmail',
  name: vendorName,
  description: 'Mail of a Gmail or Google Workspace mailbox',
  signIn,
  capabilities: {
    commands: ['reply', 'status', 'tags'],
    attachments: true,
    limits: [
      'Gmail has no status of its own: mail in the inbox is open, a label such as "Waiting" makes it pending, and archived mail is solved.',
      'Gmail has no internal notes, no priority and no assignee.',
      'A reply goes to the sender of the newest mail (or its Reply-To), not to people in copy.',
      'Tags are the labels of the mailbox. A new customer mail in a thread does not carry the labels of the older ones.',
      'A mail deleted for good while Manydesk was closed for longer than a week stays in the list until it is opened.',
    ],
  },
  rate,
  hosts: () => ({
    api: 'https://gmail.googleapis.com/gmail/v1/users/me',
    allowed: ['gmail.googleapis.com', 'openidconnect.googleapis.com'],
  }),
  identify,
  pull,
  thread,
  directory,
  operations,
  execute,
  probe,
  compose: { execute: compose, probe: probeCompose },
  download,
  readError,
}
