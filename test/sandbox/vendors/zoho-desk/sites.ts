import type { SiteSpec, SiteStatus } from '../../content/site.ts'
import { type ClientSpec, registeredRedirectUris } from '../../directory.ts'

/** Accounts and Desk host of the data centres that are played. */
export const centres = [
  { location: 'us', accounts: 'accounts.zoho.com', desk: 'desk.zoho.com' },
  { location: 'eu', accounts: 'accounts.zoho.eu', desk: 'desk.zoho.eu' },
] as const

const standard: SiteStatus[] = [
  { id: 'Open', label: 'Open', kind: 'open' },
  { id: 'On Hold', label: 'On Hold', kind: 'hold' },
  { id: 'Escalated', label: 'Escalated', kind: 'open' },
  { id: 'Closed', label: 'Closed', kind: 'closed' },
]

/** Portals, by the number of their organisation. Departments are the brands, teams the groups. */
export const zohoDeskSites: SiteSpec[] = [
  {
    id: '20081100',
    vendor: 'zoho-desk',
    host: 'desk.zoho.eu',
    authorityHost: 'accounts.zoho.eu',
    name: 'Harbour Tea',
    supportEmail: 'hello@harbour-tea.example',
    languages: { en: 3, de: 2, fr: 2 },
    business: ['parcel', 'refund', 'invoice'],
    share: 1,
    staff: [
      {
        name: 'Wiebke Janssen',
        email: 'wiebke.janssen@harbour.example',
        password: 'Darjeeling-Wiebke-3318',
        role: 'agent',
      },
      { name: 'Rafael Moya', email: 'rafael.moya@harbour.example', password: 'Assam-Rafael-7042', role: 'admin' },
      { name: 'Sille Lund', email: 'sille.lund@harbour.example', password: 'Rooibos-Sille-1590', role: 'light' },
    ],
    groups: [
      { name: 'Shop Care', members: [0, 1] },
      { name: 'Wholesale', members: [1] },
    ],
    statuses: [
      ...standard,
      { id: 'Waiting for customer', label: 'Waiting for customer', kind: 'pending' },
      { id: 'Resolved', label: 'Resolved', kind: 'solved' },
    ],
    brands: ['Harbour Tea', 'Harbour Tea Wholesale'],
    tags: ['tea', 'wholesale', 'gift-card', 'größe'],
  },
  {
    id: '20081103',
    vendor: 'zoho-desk',
    host: 'desk.zoho.eu',
    authorityHost: 'accounts.zoho.eu',
    name: 'Harbour Pottery',
    supportEmail: 'care@harbour-pottery.example',
    languages: { en: 2, de: 1 },
    business: ['parcel', 'defect'],
    share: 1,
    staff: [
      {
        name: 'Wiebke Janssen',
        email: 'wiebke.janssen@harbour.example',
        password: 'Darjeeling-Wiebke-3318',
        role: 'agent',
      },
    ],
    groups: [{ name: 'Pottery Care', members: [0] }],
    statuses: standard,
    brands: ['Harbour Pottery'],
    tags: ['glaze', 'broken'],
  },
  {
    id: '70492200',
    vendor: 'zoho-desk',
    host: 'desk.zoho.com',
    authorityHost: 'accounts.zoho.com',
    name: 'Prairie Cycles',
    supportEmail: 'support@prairie-cycles.example',
    languages: { en: 5, ja: 1 },
    business: ['defect', 'parcel', 'invoice'],
    share: 1,
    staff: [
      {
        name: 'Nora Whitfield',
        email: 'nora.whitfield@prairie.example',
        password: 'Derailleur-Nora-6127',
        role: 'admin',
      },
      { name: 'Theo Marsh', email: 'theo.marsh@prairie.example', password: 'Saddle-Theo-8814', role: 'agent' },
    ],
    groups: [{ name: 'Workshop', members: [0, 1] }],
    statuses: standard,
    brands: ['Prairie Cycles'],
    tags: ['brakes', 'warranty'],
  },
]

/** Every scope of the sandbox's Zoho, in plain words. */
export const zohoDeskScopes: Record<string, string> = {
  'Desk.basic.READ': 'See your portal, agents and departments',
  'Desk.tickets.READ': 'See tickets',
  'Desk.tickets.UPDATE': 'Change and answer tickets',
  'Desk.tickets.CREATE': 'Create tickets and tag them',
  'Desk.search.READ': 'Search',
  'Desk.contacts.READ': 'See contacts',
  'Desk.settings.READ': 'See the settings of your portal',
}

/** A client of all data centres, and one for which multi DC was never switched on. */
export const zohoDeskClients: ClientSpec[] = [
  {
    clientId: '1000.MANYDESKSANDBOX7F3A2C91D0E5',
    clientSecret: 'zohosecret-4e07408562bedb8b60ce05c1decfe3ad',
    name: 'Manydesk',
    authorityHosts: centres.map(({ accounts }) => accounts),
    redirectUris: registeredRedirectUris,
    scopes: Object.keys(zohoDeskScopes),
  },
  {
    clientId: '1000.MANYDESKSINGLEDC02B6619FA4',
    clientSecret: 'zohosecret-single-16b7fe65ffa3c84e7d11',
    name: 'Manydesk (one data centre)',
    authorityHosts: ['accounts.zoho.com'],
    redirectUris: registeredRedirectUris,
    scopes: Object.keys(zohoDeskScopes),
  },
]
