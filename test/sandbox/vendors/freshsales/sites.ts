import type { SiteSpec, SiteStatus } from '../../content/site.ts'
import { type ClientSpec, registeredRedirectUris } from '../../directory.ts'

/** Stages of deals. The first pipeline is the one that the saved views show; those of the second begin with 2. */
export const statuses: SiteStatus[] = [
  { id: '50000000101', label: 'New', kind: 'new' },
  { id: '50000000102', label: 'Qualification', kind: 'open' },
  { id: '50000000103', label: 'Waiting for answer', kind: 'pending' },
  { id: '50000000104', label: 'Negotiation', kind: 'open' },
  { id: '50000000105', label: 'Won', kind: 'solved' },
  { id: '50000000106', label: 'Lost', kind: 'closed' },
  { id: '50000000201', label: 'Renewal due', kind: 'open' },
  { id: '50000000202', label: 'Renewed', kind: 'solved' },
  { id: '50000000203', label: 'Cancelled', kind: 'closed' },
]

export const freshsalesSites: SiteSpec[] = [
  {
    id: 'acme-crm.myfreshworks.com',
    vendor: 'freshsales',
    host: 'acme-crm.myfreshworks.com',
    authorityHost: 'acme.myfreshworks.com',
    name: 'Acme Business Sales',
    supportEmail: 'business@acme-outdoor.example',
    languages: { en: 4, de: 4 },
    business: ['invoice', 'booking'],
    share: 1,
    staff: [
      { name: 'Vera Lindqvist', email: 'vera.lindqvist@acme.example', password: 'Ledger-Vera-3385', role: 'agent' },
      { name: 'Tom Reuter', email: 'tom.reuter@acme.example', password: 'Patchbay-Tom-5519', role: 'agent' },
      { name: 'Ada Okafor', email: 'ada.okafor@acme.example', password: 'Harbour-Ada-2087', role: 'admin' },
    ],
    groups: [{ name: 'Key Accounts', members: [0, 1, 2] }],
    statuses,
    brands: ['Acme Business'],
    tags: ['renewal', 'trade-fair', 'reseller'],
  },
  {
    id: 'nova-crm.myfreshworks.com',
    vendor: 'freshsales',
    host: 'nova-crm.myfreshworks.com',
    authorityHost: 'nova.myfreshworks.com',
    name: 'Nova Studio Sales',
    supportEmail: 'studio@nova-audio.example',
    languages: { en: 5, fr: 2 },
    business: ['invoice', 'defect'],
    share: 1,
    staff: [
      { name: 'Haruto Sato', email: 'haruto.sato@nova.example', password: 'Console-Haruto-7781', role: 'admin' },
      { name: 'Pia Lund', email: 'pia.lund@nova.example', password: 'Fader-Pia-1450', role: 'agent' },
    ],
    groups: [{ name: 'Studios', members: [0, 1] }],
    statuses,
    brands: ['Nova Studio'],
    tags: ['studio', 'upgrade'],
  },
]

const modules = (name: string, label: string) => ({
  [`freshsales.${name}.view`]: `See ${label}`,
  [`freshsales.${name}.edit`]: `Change ${label}`,
})

export const freshsalesScopes: Record<string, string> = {
  ...modules('deals', 'deals'),
  'freshsales.deals.filters.view': 'See saved views of deals',
  'freshsales.deals.fields.view': 'See fields of deals',
  ...modules('contacts', 'contacts'),
  'freshsales.contacts.filters.view': 'See saved views of contacts',
  'freshsales.sales_accounts.view': 'See accounts',
  ...modules('tasks', 'tasks'),
  'freshsales.notes.create': 'Add notes',
  'freshsales.settings.fields.view': 'See settings of fields, pipelines and stages',
}

const authorityHosts = ['acme.myfreshworks.com', 'nova.myfreshworks.com']

export const freshsalesClients: ClientSpec[] = [
  {
    clientId: 'fw_ext_1700000000000000061',
    clientSecret: 'fssecret-7f39f8317fbdb1988ef4c628eba02591',
    name: 'Manydesk Sales',
    authorityHosts,
    redirectUris: registeredRedirectUris,
    scopes: Object.keys(freshsalesScopes),
  },
  {
    clientId: 'fw_ext_1700000000000000062',
    clientSecret: 'fssecret-readonly-44f683a84163b352',
    name: 'Manydesk Sales Reader',
    authorityHosts,
    redirectUris: registeredRedirectUris,
    scopes: ['freshsales.deals.view', 'freshsales.deals.filters.view', 'freshsales.tasks.view'],
  },
]
