import type { SiteSpec, SiteStatus } from '../../content/site.ts'
import { type ClientSpec, registeredRedirectUris } from '../../directory.ts'

export const authHost = 'accounts.google.com'
export const tokenHost = 'oauth2.googleapis.com'
export const apiHost = 'gmail.googleapis.com'
export const openIdHost = 'openidconnect.googleapis.com'

export const waitingLabel = 'Label_1'

/** What the labels of a thread come to; the id of a waiting status is its label. */
const statuses: SiteStatus[] = [
  { id: 'INBOX', label: 'Inbox', kind: 'open' },
  { id: waitingLabel, label: 'Waiting', kind: 'pending' },
  { id: 'ARCHIVED', label: 'Archived', kind: 'solved' },
]

/** A mailbox is a site of its own: its address is the site's id, and its only person signs in with it. */
export const gmailSites: SiteSpec[] = [
  {
    id: 'support@tern-cycles.example',
    vendor: 'gmail',
    host: apiHost,
    authorityHost: authHost,
    name: 'Tern Cycles',
    supportEmail: 'support@tern-cycles.example',
    languages: { en: 4, de: 2, fr: 1, ja: 1 },
    business: ['parcel', 'defect', 'refund'],
    share: 1,
    staff: [{ name: 'Tern Cycles', email: 'support@tern-cycles.example', password: 'Spoke-Tern-4417', role: 'admin' }],
    groups: [],
    statuses,
    brands: ['support@tern-cycles.example', 'rentals@tern-cycles.example'],
    tags: ['Warranty', 'Returns/2026', 'VIP', 'Straße'],
  },
  {
    id: 'care@juniper-home.example',
    vendor: 'gmail',
    host: apiHost,
    authorityHost: authHost,
    name: 'Juniper Home',
    supportEmail: 'care@juniper-home.example',
    languages: { en: 3, ar: 1, fr: 2 },
    business: ['invoice', 'parcel', 'login'],
    share: 1,
    staff: [
      { name: 'Juniper Care', email: 'care@juniper-home.example', password: 'Cedar-Juniper-9083', role: 'agent' },
    ],
    groups: [],
    statuses,
    brands: ['care@juniper-home.example'],
    tags: ['Furniture', 'Urgent'],
  },
]

export const modifyScope = 'https://www.googleapis.com/auth/gmail.modify'
export const readScope = 'https://www.googleapis.com/auth/gmail.readonly'

export const gmailScopes: Record<string, string> = {
  openid: 'Associate you with your personal info on Google',
  email: 'See your primary Google Account email address',
  [modifyScope]: 'Read, compose and send emails from your Gmail account',
  [readScope]: 'View your email messages and settings',
}
/** Names Google asks for in one form and answers in another. */
export const longNames: Record<string, string> = { email: 'https://www.googleapis.com/auth/userinfo.email' }

/** One app inside an organisation, and one whose consent screen is still in testing: its refresh tokens live for 7 days. */
export const gmailClients: ClientSpec[] = [
  {
    clientId: '730028114455-manydesk.apps.googleusercontent.com',
    clientSecret: 'GOCSPX-sandbox-4b1d7f0a96c3e258',
    name: 'Manydesk',
    authorityHosts: [authHost],
    redirectUris: registeredRedirectUris,
    scopes: Object.keys(gmailScopes),
  },
  {
    clientId: '730028114455-testing.apps.googleusercontent.com',
    clientSecret: 'GOCSPX-sandbox-testing-91aa60cd',
    name: 'Manydesk (testing)',
    authorityHosts: [authHost],
    redirectUris: registeredRedirectUris,
    scopes: Object.keys(gmailScopes),
  },
]
export const isTesting = (clientId: string) => clientId.includes('-testing.')
