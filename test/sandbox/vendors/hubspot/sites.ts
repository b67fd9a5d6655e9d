import type { SiteSpec } from '../../content/site.ts'
import { type ClientSpec, registeredRedirectUris } from '../../directory.ts'

export const apiHost = 'api.hubapi.com'
export const appHost = 'app.hubspot.com'

export const hubspotSites: SiteSpec[] = [
  {
    id: '62515001',
    vendor: 'hubspot',
    host: apiHost,
    authorityHost: appHost,
    name: 'Lumen Travel',
    supportEmail: 'hello@lumen-travel.example',
    languages: { en: 4, fr: 3, ar: 1, de: 1 },
    business: ['booking', 'refund', 'login'],
    share: 2,
    staff: [
      { name: 'Inès Fournier', email: 'ines.fournier@lumen.example', password: 'Lagoon-Ines-6618', role: 'admin' },
      { name: 'Karim Haddad', email: 'karim.haddad@lumen.example', password: 'Meridian-Karim-4420', role: 'agent' },
      { name: 'Paul Reed', email: 'paul.reed@lumen.example', password: 'Compass-Paul-1875', role: 'light' },
    ],
    groups: [
      { name: 'Travel Care', members: [0, 1] },
      { name: 'Groups', members: [0] },
    ],
    statuses: [
      { id: '1', label: 'New', kind: 'new' },
      { id: '2', label: 'Waiting on contact', kind: 'pending' },
      { id: '3', label: 'Waiting on us', kind: 'open' },
      { id: '4', label: 'Closed', kind: 'closed' },
    ],
    brands: ['Lumen Travel'],
    tags: [],
  },
  {
    id: '62515002',
    vendor: 'hubspot',
    host: apiHost,
    authorityHost: appHost,
    name: 'Nova Audio Pro',
    supportEmail: 'pro@nova-audio.example',
    languages: { en: 4, ja: 1, de: 1 },
    business: ['defect', 'invoice', 'parcel'],
    share: 2,
    staff: [
      { name: 'Haruto Sato', email: 'haruto.sato@novapro.example', password: 'Studio-Haruto-3391', role: 'admin' },
      { name: 'Grace Hill', email: 'grace.hill@novapro.example', password: 'Mixer-Grace-7264', role: 'agent' },
    ],
    groups: [{ name: 'Pro Support', members: [0, 1] }],
    statuses: [
      { id: '1', label: 'New', kind: 'new' },
      { id: '2', label: 'Waiting on contact', kind: 'pending' },
      { id: '3', label: 'Waiting on us', kind: 'open' },
      { id: '4', label: 'Closed', kind: 'closed' },
      { id: '90021101', label: 'In repair', kind: 'hold' },
      { id: '90021102', label: 'Back from repair', kind: 'open' },
      { id: '90021103', label: 'Repaired', kind: 'solved' },
    ],
    brands: ['Nova Audio Pro'],
    tags: [],
  },
]

/** Ticket pipelines of a portal, and the stages in each. */
export function pipelinesOf(site: SiteSpec): { id: string; label: string; stages: SiteSpec['statuses'] }[] {
  const own = site.statuses.filter((status) => status.id.length > 2)
  const main = { id: '0', label: 'Support Pipeline', stages: site.statuses.filter((status) => status.id.length <= 2) }
  return own.length > 0 ? [main, { id: '90021', label: 'Repairs', stages: own }] : [main]
}

export const hubspotScopes: Record<string, string> = {
  oauth: 'Identify your account',
  'conversations.read': 'Read conversations, messages and inboxes',
  'conversations.write': 'Reply, add comments, close and assign conversations',
  tickets: 'Read and change tickets',
  'crm.objects.contacts.read': 'Read contacts',
  'crm.objects.contacts.write': 'Write contacts and notes',
  'crm.objects.owners.read': 'Read users and owners',
  files: 'Upload and download files',
}

/** One app for all portals, and one that may not write. */
export const hubspotClients: ClientSpec[] = [
  {
    clientId: '7c9e6679-7425-40de-944b-e07fc1f90ae7',
    clientSecret: 'hssecret-2b44928a-e11f-4a3c-9b2e-6f0d1c5a7e90',
    name: 'Manydesk',
    authorityHosts: [appHost],
    redirectUris: registeredRedirectUris,
    scopes: Object.keys(hubspotScopes),
  },
  {
    clientId: '550e8400-e29b-41d4-a716-446655440000',
    clientSecret: 'hssecret-readonly-9a0364b9-e99b-b1d6',
    name: 'Manydesk Reader',
    authorityHosts: [appHost],
    redirectUris: registeredRedirectUris,
    scopes: ['oauth', 'conversations.read', 'tickets', 'crm.objects.contacts.read', 'crm.objects.owners.read'],
  },
]
