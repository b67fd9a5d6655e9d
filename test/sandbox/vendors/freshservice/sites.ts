import type { SiteSpec, SiteStatus } from '../../content/site.ts'
import { type ClientSpec, registeredRedirectUris } from '../../directory.ts'

const standard: SiteStatus[] = [
  { id: '2', label: 'Open', kind: 'open' },
  { id: '3', label: 'Pending', kind: 'pending' },
  { id: '4', label: 'Resolved', kind: 'solved' },
  { id: '5', label: 'Closed', kind: 'closed' },
]

export const freshserviceSites: SiteSpec[] = [
  {
    id: 'acme-it.freshservice.com',
    vendor: 'freshservice',
    host: 'acme-it.freshservice.com',
    authorityHost: 'acme.myfreshworks.com',
    name: 'Acme IT Service',
    supportEmail: 'it@acme-outdoor.example',
    languages: { en: 5, de: 3 },
    business: ['computer', 'login'],
    share: 3,
    staff: [
      { name: 'Tom Reuter', email: 'tom.reuter@acme.example', password: 'Patchbay-Tom-5519', role: 'agent' },
      { name: 'Ada Okafor', email: 'ada.okafor@acme.example', password: 'Harbour-Ada-2087', role: 'admin' },
      { name: 'Nils Holm', email: 'nils.holm@acme.example', password: 'Switch-Nils-9430', role: 'agent' },
      { name: 'Lena Light', email: 'lena.light@acme.example', password: 'Cable-Lena-3312', role: 'light' },
    ],
    groups: [
      { name: 'Service Desk', members: [0, 1, 2] },
      { name: 'Network', members: [2] },
      { name: 'Hardware', members: [0, 2] },
    ],
    statuses: [
      ...standard,
      { id: '8', label: 'Waiting for supplier', kind: 'hold' },
      { id: '9', label: 'Waiting for user', kind: 'pending' },
    ],
    brands: ['Acme IT Service'],
    tags: ['vpn', 'hardware', 'onboarding', 'vip', 'standort-köln'],
  },
  {
    id: 'acme-hr.freshservice.com',
    vendor: 'freshservice',
    host: 'acme-hr.freshservice.com',
    authorityHost: 'acme.myfreshworks.com',
    name: 'Acme People Desk',
    supportEmail: 'people@acme-outdoor.example',
    languages: { en: 3, de: 3, fr: 1 },
    business: ['invoice', 'login', 'booking'],
    share: 1,
    staff: [
      { name: 'Ada Okafor', email: 'ada.okafor@acme.example', password: 'Harbour-Ada-2087', role: 'admin' },
      { name: 'Tom Reuter', email: 'tom.reuter@acme.example', password: 'Patchbay-Tom-5519', role: 'agent' },
    ],
    groups: [{ name: 'People Team', members: [0, 1] }],
    statuses: standard,
    brands: ['Acme People Desk', 'Acme Facilities'],
    tags: ['payroll', 'contract', 'travel'],
  },
  {
    id: 'nova-desk.freshservice.com',
    vendor: 'freshservice',
    host: 'nova-desk.freshservice.com',
    authorityHost: 'nova.myfreshworks.com',
    name: 'Nova Audio Desk',
    supportEmail: 'desk@nova-audio.example',
    languages: { en: 4, ja: 2 },
    business: ['computer', 'login', 'defect'],
    share: 1,
    staff: [
      { name: 'Haruto Sato', email: 'haruto.sato@nova.example', password: 'Console-Haruto-7781', role: 'admin' },
      { name: 'Pia Lund', email: 'pia.lund@nova.example', password: 'Fader-Pia-1450', role: 'agent' },
    ],
    groups: [{ name: 'Studio Support', members: [0, 1] }],
    statuses: standard,
    brands: ['Nova Audio Desk'],
    tags: ['studio', 'firmware'],
  },
]

/** Every scope of the sandbox's Freshservice, in plain words. */
export const freshserviceScopes: Record<string, string> = {
  'freshservice.tickets.view': 'See tickets',
  'freshservice.tickets.edit': 'Change status, priority, assignee and tags of tickets',
  'freshservice.tickets.create': 'Create tickets',
  'freshservice.tickets.conversations.view': 'Read the messages of tickets',
  'freshservice.tickets.conversations.create': 'Reply to tickets and add notes',
  'freshservice.tickets.conversations.edit': 'Edit notes',
  'freshservice.tickets.fields.manage': 'See ticket form fields and statuses',
  'freshservice.requesters.view': 'See requesters',
  'freshservice.agents.manage': 'See and manage agents',
  'freshservice.agentgroups.manage': 'See and manage agent groups',
  'freshservice.workspaces.view': 'See workspaces',
}

/** One credential that every organisation accepts, and one that may only read. */
export const freshserviceClients: ClientSpec[] = [
  {
    clientId: 'fw_ext_1700000000000000042',
    clientSecret: 'fwsecret-8f14e45fceea167a5a36dedd4bea2543',
    name: 'Manydesk',
    authorityHosts: ['acme.myfreshworks.com', 'nova.myfreshworks.com'],
    redirectUris: registeredRedirectUris,
    scopes: Object.keys(freshserviceScopes),
  },
  {
    clientId: 'fw_ext_1700000000000000043',
    clientSecret: 'fwsecret-readonly-45c48cce2e2d7fbd',
    name: 'Manydesk Reader',
    authorityHosts: ['acme.myfreshworks.com', 'nova.myfreshworks.com'],
    redirectUris: registeredRedirectUris,
    scopes: ['freshservice.tickets.view', 'freshservice.tickets.conversations.view'],
  },
]
