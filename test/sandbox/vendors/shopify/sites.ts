import type { SiteSpec, SiteStatus } from '../../content/site.ts'
import { type ClientSpec, registeredRedirectUris } from '../../directory.ts'

const statuses: SiteStatus[] = [
  { id: 'open', label: 'Open', kind: 'open' },
  { id: 'closed', label: 'Closed', kind: 'closed' },
]

export const shopifySites: SiteSpec[] = [
  {
    id: 'acme-gear.myshopify.com',
    vendor: 'shopify',
    host: 'acme-gear.myshopify.com',
    authorityHost: 'acme-gear.myshopify.com',
    name: 'Acme Gear Shop',
    supportEmail: 'shop@acme-gear.example',
    languages: { en: 5, de: 2, fr: 1 },
    business: ['parcel', 'refund', 'defect'],
    share: 1,
    staff: [
      { name: 'Rosa Weber', email: 'rosa.weber@acme-gear.example', password: 'Basket-Rosa-3318', role: 'admin' },
      { name: 'Tim Okoye', email: 'tim.okoye@acme-gear.example', password: 'Parcel-Tim-7204', role: 'agent' },
      { name: 'Lea Fink', email: 'lea.fink@acme-gear.example', password: 'Shelf-Lea-5093', role: 'light' },
    ],
    groups: [{ name: 'Shop', members: [0, 1] }],
    statuses,
    brands: ['Acme Gear Shop'],
    tags: ['vip', 'gift', 'wholesale', 'preorder'],
  },
  {
    id: 'nova-vinyl.myshopify.com',
    vendor: 'shopify',
    host: 'nova-vinyl.myshopify.com',
    authorityHost: 'nova-vinyl.myshopify.com',
    name: 'Nova Vinyl',
    supportEmail: 'orders@nova-vinyl.example',
    languages: { en: 3, ja: 3 },
    business: ['parcel', 'defect', 'refund'],
    share: 1,
    staff: [
      { name: 'Emi Tanaka', email: 'emi.tanaka@nova-vinyl.example', password: 'Groove-Emi-6627', role: 'admin' },
      { name: 'Ben Hale', email: 'ben.hale@nova-vinyl.example', password: 'Sleeve-Ben-1185', role: 'agent' },
    ],
    groups: [{ name: 'Shop', members: [0, 1] }],
    statuses,
    brands: ['Nova Vinyl'],
    tags: ['vip', 'preorder', 'limited'],
  },
]

/** Every scope the sandbox knows; one to write includes reading. */
export const shopifyScopes: Record<string, string> = {
  read_orders: 'View orders',
  write_orders: 'View and change orders',
  read_customers: 'View customers',
  read_returns: 'View returns',
  read_fulfillments: 'View fulfillments',
  read_shopify_payments_disputes: 'View payment disputes',
}

const common = {
  name: 'Manydesk',
  authorityHosts: shopifySites.map((site) => site.authorityHost),
  redirectUris: registeredRedirectUris,
}

export const shopifyClients: ClientSpec[] = [
  {
    ...common,
    clientId: 'f3a91c5e7d2b4086a1c9e5d7b3f80214',
    clientSecret: 'shpss_sandbox_6b1de0c9a7f24583',
    scopes: Object.keys(shopifyScopes),
  },
  {
    ...common,
    clientId: '0c7d5e9b1a3f48268e4b6d2c90f7a135',
    clientSecret: 'shpss_sandbox_readonly_2f94c1',
    scopes: ['read_orders', 'read_customers', 'read_returns'],
  },
]
