import type { Connector, RateRules } from '../connector.ts'
import { compose } from './compose.ts'
import { directory, identify } from './directory.ts'
import { readError, vendorName } from './errors.ts'
import { pendingCategory } from './map.ts'
import { operations } from './operations.ts'
import { pull } from './pull.ts'
import { signIn } from './sign-in.ts'
import { download, thread } from './thread.ts'
import { execute, probe } from './write.ts'

/**
 * 10,000 calls in ten minutes for each mailbox, four at a time; everybody who works in the mailbox with Manydesk shares them, and no header
 * tells how many are left. https://learn.microsoft.com/graph/throttling-limits#outlook-service-limits
 */
const rate: RateRules = { defaultLimit: 4000, windowMs: 600_000, concurrency: 3, read: () => null }

export const outlook: Connector = {
  id: 'outlook',
  name: vendorName,
  description: 'Mail of a shared or personal Outlook mailbox',
  signIn,
  capabilities: {
    commands: ['reply', 'status', 'tags'],
    attachments: true,
    limits: [
      'Mail has no internal notes and cannot be assigned to a person.',
      `Status is kept in Outlook: a flag marked complete is solved, the category "${pendingCategory}" is pending, mail moved out of the Inbox is closed.`,
      'The importance of a mail is shown as its priority and cannot be changed.',
      'A reply goes to the sender (or the reply-to address) and not to those in copy.',
      'Mail that a rule puts into a folder of its own, past the Inbox, is not followed.',
      'When somebody deletes mail for good, its conversation stays here until another mail comes to it.',
    ],
  },
  rate,
  hosts: () => ({ api: 'https://graph.microsoft.com/v1.0', allowed: ['graph.microsoft.com'] }),
  identify: (ctx) => identify(ctx, ctx.site),
  pull,
  thread,
  directory,
  operations,
  execute,
  probe,
  compose,
  download,
  readError,
}
