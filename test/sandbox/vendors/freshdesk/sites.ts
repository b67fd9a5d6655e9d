import type { SiteSpec, SiteStatus } from '../../content/site.ts'

/** The statuses of a new site; 6 and 7 come with two names, one for agents and one for customers. */
const standard: SiteStatus[] = [
  { id: '2', label: 'Open', kind: 'open' },
  { id: '3', label: 'Pending', kind: 'pending' },
  { id: '4', label: 'Resolved', kind: 'solved' },
  { id: '5', label: 'Closed', kind: 'closed' },
  { id: '6', label: 'Waiting on Customer', kind: 'pending' },
  { id: '7', label: 'Waiting on Third Party', kind: 'hold' },
]

/** There is no authorisation server: people sign in at the site and copy their key. */
export const freshdeskSites: SiteSpec[] = [
  {
    id: 'pinewood.freshdesk.com',
    vendor: 'freshdesk',
    host: 'pinewood.freshdesk.com',
    authorityHost: 'pinewood.freshdesk.com',
    name: 'Pinewood Toys',
    supportEmail: 'help@pinewood-toys.example',
    languages: { en: 4, de: 2, fr: 1 },
    business: ['parcel', 'defect', 'refund'],
    share: 1,
    staff: [
      { name: 'Rita Vale', email: 'rita.vale@pinewood.example', password: 'Sawdust-Rita-6143', role: 'agent' },
      { name: 'Omar Diaz', email: 'omar.diaz@pinewood.example', password: 'Lathe-Omar-2790', role: 'admin' },
      { name: 'Signe Dahl', email: 'signe.dahl@pinewood.example', password: 'Varnish-Signe-8365', role: 'light' },
    ],
    groups: [
      { name: 'Customer Care', members: [0, 1] },
      { name: 'Spare Parts', members: [1] },
    ],
    statuses: [...standard, { id: '9', label: 'Waiting for spare part', kind: 'pending' }],
    brands: ['Pinewood Toys', 'Pinewood Kids Club'],
    tags: ['gift', 'spare-part', 'vip', 'über-größe'],
  },
  {
    id: 'saltmarsh.freshdesk.com',
    vendor: 'freshdesk',
    host: 'saltmarsh.freshdesk.com',
    authorityHost: 'saltmarsh.freshdesk.com',
    name: 'Saltmarsh Tea',
    supportEmail: 'hello@saltmarsh-tea.example',
    languages: { en: 5, ja: 1 },
    business: ['parcel', 'invoice'],
    share: 1,
    staff: [
      { name: 'Bea Quill', email: 'bea.quill@saltmarsh.example', password: 'Oolong-Bea-5027', role: 'admin' },
      { name: 'Ivo Marsh', email: 'ivo.marsh@saltmarsh.example', password: 'Sencha-Ivo-9918', role: 'agent' },
    ],
    groups: [{ name: 'Tea Room', members: [0, 1] }],
    statuses: standard,
    brands: ['Saltmarsh Tea'],
    tags: ['wholesale', 'sample'],
  },
]

/** Everybody's own key, as it is shown in the profile settings. */
export const freshdeskKeys: { site: string; email: string; key: string }[] = [
  { site: 'pinewood.freshdesk.com', email: 'rita.vale@pinewood.example', key: 'r1tAv4LeSandboxK3y00' },
  { site: 'pinewood.freshdesk.com', email: 'omar.diaz@pinewood.example', key: 'oM4rD1azSandboxK3y01' },
  { site: 'pinewood.freshdesk.com', email: 'signe.dahl@pinewood.example', key: 's1gneDAhlSandboxK3y2' },
  { site: 'saltmarsh.freshdesk.com', email: 'bea.quill@saltmarsh.example', key: 'b3aQu1llSandboxK3y03' },
  { site: 'saltmarsh.freshdesk.com', email: 'ivo.marsh@saltmarsh.example', key: 'iV0M4rshSandboxK3y04' },
]
