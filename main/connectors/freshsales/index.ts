import type { Connector, RateRules } from '../connector.ts'
import { notOffered } from '../outcome.ts'
import { directory, hostOf, identify } from './directory.ts'
import { readError, vendorName } from './errors.ts'
import { operations } from './operations.ts'
import { pull } from './pull.ts'
import { signIn } from './sign-in.ts'
import { thread } from './thread.ts'
import { execute, probe } from './write.ts'

const hour = 60 * 60_000

/** The smallest plan's count for the whole account, shared with every other program. No header tells it. https://crmsupport.freshworks.com/en/support/solutions/articles/50000005599 */
const rate: RateRules = { defaultLimit: 1000, windowMs: hour, concurrency: 3, read: () => null }

export const freshsales: Connector = {
  id: 'freshsales',
  name: vendorName,
  description: 'Deals, tasks and contacts of Freshsales',
  signIn,
  capabilities: {
    commands: ['note', 'status', 'assign', 'tags'],
    attachments: false,
    repliesByMail: true,
    limits: [
      "Freshsales' API neither tells nor sends mail: a customer is answered from a mail account of the brand.",
      'A thread shows the notes and the calls, mails and visits that colleagues logged, not what the customer wrote.',
      'Deals come from one saved view, contacts from another if you name one, and tasks as long as they are open.',
      'Deals of other pipelines than the one the views show come in every half hour.',
      'A deleted deal is noticed within a day, or when it is opened.',
      'Contacts have no stage, tasks take no notes and no tags, and nothing has a priority.',
      'Files of deals and contacts are not shown.',
      'The smallest plan allows 1,000 calls an hour for all programs together, so a first reading takes its time.',
    ],
  },
  rate,
  hosts: (site) => ({ api: `https://${hostOf(site)}/crm/sales/api`, allowed: [hostOf(site)] }),
  /** Two forms have been seen with an access token, this and `Authtoken=…`: to confirm on a live account, and to be changed here only. */
  authorize: (token) => ({ authorization: `Bearer ${token}` }),
  identify,
  pull,
  thread,
  directory,
  execute,
  probe,
  /** Nothing is offered to download. */
  download: async () => {
    throw notOffered('Files of Freshsales are not shown in Manydesk.', 'Open the record in Freshsales.')
  },
  readError,
  operations,
}
