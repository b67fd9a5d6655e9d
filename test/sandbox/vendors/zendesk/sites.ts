import type { SiteSpec, SiteStatus } from '../../content/site.ts'
import { type ClientSpec, registeredRedirectUris } from '../../directory.ts'

/** Custom statuses: several may share a category. Ids are those of one site. */
function statuses(base: number, german: boolean): SiteStatus[] {
  const labels = german
    ? ['Neu', 'Offen', 'Wartet auf Lager', 'Wartet auf Kunde', 'Angehalten', 'Gelöst', 'Geschlossen']
    : ['New', 'Open', 'Waiting for warehouse', 'Waiting for customer', 'On hold', 'Solved', 'Closed']
  const kinds = ['new', 'open', 'open', 'pending', 'hold', 'solved', 'closed'] as const
  return kinds.map((kind, i) => ({ id: String(base + i), label: labels[i] ?? kind, kind }))
}

export const zendeskSites: SiteSpec[] = [
  {
    id: 'acme.zendesk.com',
    vendor: 'zendesk',
    host: 'acme.zendesk.com',
    authorityHost: 'acme.zendesk.com',
    name: 'Acme Outdoor',
    supportEmail: 'help@acme-outdoor.example',
    languages: { en: 6, fr: 1, ar: 1 },
    business: ['parcel', 'refund', 'defect', 'login', 'invoice'],
    share: 4,
    staff: [
      { name: 'Mia Berg', email: 'mia.berg@acme.example', password: 'Trail-Mia-4821', role: 'agent' },
      { name: 'Jonas Keller', email: 'jonas.keller@acme.example', password: 'Ridge-Jonas-7350', role: 'agent' },
      { name: 'Ada Okafor', email: 'ada.okafor@acme.example', password: 'Summit-Ada-1196', role: 'admin' },
      { name: 'Lena Light', email: 'lena.light@acme.example', password: 'Brook-Lena-6604', role: 'light' },
    ],
    groups: [
      { name: 'Support', members: [0, 1, 2] },
      { name: 'Returns', members: [1, 2] },
      { name: 'Warehouse', members: [2, 3] },
    ],
    statuses: statuses(46_010_001, false),
    brands: ['Acme Outdoor', 'Acme Rentals'],
    tags: ['vip', 'late_delivery', 'refund', 'warranty', 'eu', 'überweisung'],
  },
  {
    id: 'nova.zendesk.com',
    vendor: 'zendesk',
    host: 'nova.zendesk.com',
    authorityHost: 'nova.zendesk.com',
    name: 'Nova Audio',
    supportEmail: 'care@nova-audio.example',
    languages: { en: 4, ja: 3 },
    business: ['defect', 'parcel', 'refund', 'login'],
    share: 3,
    staff: [
      { name: 'Mia Berg', email: 'mia.berg@nova.example', password: 'Vinyl-Mia-9917', role: 'agent' },
      { name: 'Haruto Sato', email: 'haruto.sato@nova.example', password: 'Needle-Haruto-2208', role: 'admin' },
      { name: 'Pia Lund', email: 'pia.lund@nova.example', password: 'Treble-Pia-5531', role: 'agent' },
    ],
    groups: [
      { name: 'Care', members: [0, 1, 2] },
      { name: 'Repairs', members: [1, 2] },
    ],
    statuses: statuses(46_020_001, false),
    brands: ['Nova Audio'],
    tags: ['vip', 'repair', 'firmware', 'japan'],
  },
  {
    id: 'acme-de.zendesk.com',
    vendor: 'zendesk',
    host: 'acme-de.zendesk.com',
    authorityHost: 'acme-de.zendesk.com',
    name: 'Acme Outdoor Deutschland',
    supportEmail: 'hilfe@acme-outdoor.example',
    languages: { de: 8, en: 1 },
    business: ['parcel', 'refund', 'defect', 'invoice'],
    share: 2,
    staff: [
      { name: 'Jonas Keller', email: 'jonas.keller@acme.example', password: 'Almwiese-Jonas-3047', role: 'agent' },
      { name: 'Käthe Brückner', email: 'kaethe.brueckner@acme.example', password: 'Gipfel-Kaethe-8812', role: 'admin' },
    ],
    groups: [
      { name: 'Kundendienst', members: [0, 1] },
      { name: 'Rücksendungen', members: [1] },
    ],
    statuses: statuses(46_030_001, true),
    brands: ['Acme Outdoor Deutschland'],
    tags: ['vip', 'rücksendung', 'garantie', 'händler'],
  },
]

const scopes = ['read', 'write', 'tickets:read', 'tickets:write', 'users:read']

/** One confidential and one public client per site, and one global client that every site knows. */
export const zendeskClients: ClientSpec[] = [
  ...zendeskSites.flatMap((site) => {
    const name = site.host.split('.')[0] ?? ''
    const common = {
      name: 'Manydesk',
      authorityHosts: [site.authorityHost],
      redirectUris: registeredRedirectUris,
      scopes,
    }
    return [
      { ...common, clientId: `manydesk_${name}`, clientSecret: `zdsecret-${name}-5d1f7c0a9be24e66` },
      { ...common, clientId: `manydesk_${name}_public`, clientSecret: null },
    ]
  }),
  {
    clientId: 'zdg-manydesk',
    clientSecret: 'zdgsecret-c81e728d9d4c2f63',
    name: 'Manydesk',
    authorityHosts: zendeskSites.map((site) => site.authorityHost),
    redirectUris: registeredRedirectUris,
    scopes,
  },
]
