import type { Connector, RateRules } from '../connector.ts'
import { readError, vendorName } from './errors.ts'
import { operations } from './operations.ts'
import { pull } from './pull.ts'
import { authorize, signIn } from './sign-in.ts'
import { directory, download, hostsOf, identify, thread } from './thread.ts'
import { execute, probe } from './write.ts'

/** Apple publishes no numbers, and the gateway is the provider's own: moderate until it says 429. */
const rate: RateRules = { defaultLimit: 600, windowMs: 60_000, concurrency: 4, read: () => null }

export const appleMessages: Connector = {
  id: 'apple-messages',
  name: vendorName,
  description: 'Messages conversations, through the gateway of an approved provider',
  signIn,
  capabilities: {
    commands: ['reply'],
    attachments: true,
    limits: [
      'Apple keeps no messages and offers no list: what is shown is what the gateway of your provider received and kept.',
      'Customers have no name, number or address, only an id that differs for each business.',
      'Only customers begin conversations, and after they end one nothing may be sent until they write again.',
      'Notes, tags, assignment and states do not exist; it is never told whether a message was delivered or read.',
      'Addresses in a reply are sent as rich links, each as a message of its own. Files can be read but not sent from here.',
      'List, time and payment pickers are shown by their titles and cannot be sent from here.',
    ],
  },
  rate,
  hosts: hostsOf,
  authorize,
  identify,
  pull,
  thread,
  directory,
  operations,
  execute,
  probe,
  download,
  readError,
}
