import { createHash } from 'node:crypto'
import type { SiteSpec, SiteStatus } from '../../content/site.ts'
import { type ClientSpec, registeredRedirectUris } from '../../directory.ts'

export const loginHost = 'login.microsoftonline.com'
export const graphHost = 'graph.microsoft.com'

/** What a mailbox can tell apart by flag, category and folder. */
const statuses: SiteStatus[] = [
  { id: 'open', label: 'Open', kind: 'open' },
  { id: 'pending', label: 'Pending', kind: 'pending' },
  { id: 'solved', label: 'Completed', kind: 'solved' },
  { id: 'closed', label: 'Archived', kind: 'closed' },
]

/** A site is a mailbox, named by its address. The role `light` may read a shared mailbox but not send from it. */
export const outlookSites: SiteSpec[] = [
  {
    id: 'care@tidewater.example',
    vendor: 'outlook',
    host: graphHost,
    authorityHost: loginHost,
    name: 'Tidewater Ceramics Care',
    supportEmail: 'care@tidewater.example',
    languages: { en: 4, fr: 1, de: 1 },
    business: ['parcel', 'refund', 'defect', 'invoice'],
    share: 1,
    staff: [
      { name: 'Ella Marsh', email: 'ella.marsh@tidewater.example', password: 'Glaze-Ella-2764', role: 'agent' },
      { name: 'Noor Haddad', email: 'noor.haddad@tidewater.example', password: 'Kiln-Noor-9035', role: 'admin' },
      { name: 'Ruben Castell', email: 'ruben.castell@tidewater.example', password: 'Slip-Ruben-4418', role: 'light' },
    ],
    groups: [],
    statuses,
    brands: ['Tidewater Ceramics'],
    tags: ['Broken', 'Wholesale', 'Retour'],
  },
  {
    id: 'oona.laine@polarbikes.example',
    vendor: 'outlook',
    host: graphHost,
    authorityHost: loginHost,
    name: 'Oona Laine',
    supportEmail: 'oona.laine@polarbikes.example',
    languages: { en: 3, de: 2 },
    business: ['defect', 'parcel', 'booking'],
    share: 1,
    staff: [
      { name: 'Oona Laine', email: 'oona.laine@polarbikes.example', password: 'Fatbike-Oona-1592', role: 'agent' },
      // Has an account in the tenant and no mailbox.
      { name: 'Tauno Virta', email: 'tauno.virta@polarbikes.example', password: 'Spokes-Tauno-6047', role: 'light' },
    ],
    groups: [],
    statuses,
    brands: ['Polar Bikes'],
    tags: ['Workshop', 'Fair'],
  },
]

/** A mailbox of several people; the other belongs to its first person. */
export const isShared = (site: string) => site === 'care@tidewater.example'

const asGuid = (text: string) => {
  const hex = createHash('sha256').update(text).digest('hex')
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}-a${hex.slice(17, 20)}-${hex.slice(20, 32)}`
}

export const tenantOf = (address: string) => address.slice(address.indexOf('@') + 1).toLowerCase()
export const tenantId = (domain: string) => asGuid(`tenant ${domain}`)
/** The object id of a person in the directory. */
export const userId = (email: string) => asGuid(`user ${email.toLowerCase()}`)

/** Every permission of the sandbox's Graph, in plain words. */
export const outlookScopes: Record<string, string> = {
  'User.Read': 'Sign you in and read your profile',
  'Mail.ReadWrite': 'Read and write your mail',
  'Mail.Send': 'Send mail as you',
  'Mail.ReadWrite.Shared': 'Read and write mail you have been given access to',
  'Mail.Send.Shared': 'Send mail on behalf of others',
  'Mail.Read': 'Read your mail',
}
const all = ['User.Read', 'Mail.ReadWrite', 'Mail.Send', 'Mail.ReadWrite.Shared', 'Mail.Send.Shared']

/** A desktop app without a secret, a web app with one, and one that asks for too little. */
export const outlookClients: ClientSpec[] = [
  {
    clientId: '5b7c1d2e-93a4-4f60-8b1c-2d7e6f5a4b39',
    clientSecret: null,
    name: 'Manydesk',
    authorityHosts: [loginHost],
    redirectUris: registeredRedirectUris,
    scopes: all,
  },
  {
    clientId: 'c41f0a9d-6e58-4d27-a7b3-0f9c8e1d5a62',
    clientSecret: 'mssecret~0vT5pQ9xLr2mZs7KdW3a',
    name: 'Manydesk for the web',
    authorityHosts: [loginHost],
    redirectUris: registeredRedirectUris,
    scopes: all,
  },
  {
    clientId: 'e8d2b6a7-1c3f-4b95-9e04-7a6d5c8f2b10',
    clientSecret: null,
    name: 'Manydesk Reader',
    authorityHosts: [loginHost],
    redirectUris: registeredRedirectUris,
    scopes: ['User.Read', 'Mail.Read'],
  },
]
