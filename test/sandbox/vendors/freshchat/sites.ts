import type { SiteSpec, SiteStatus } from '../../content/site.ts'
import { type ClientSpec, registeredRedirectUris } from '../../directory.ts'

const statuses: SiteStatus[] = [
  { id: 'new', label: 'New', kind: 'new' },
  { id: 'assigned', label: 'Assigned', kind: 'open' },
  { id: 'reopened', label: 'Reopened', kind: 'open' },
  { id: 'waiting on customer', label: 'Waiting on customer', kind: 'pending' },
  { id: 'waiting on internal team', label: 'Waiting on internal team', kind: 'hold' },
  { id: 'resolved', label: 'Resolved', kind: 'solved' },
]

export const freshchatSites: SiteSpec[] = [
  {
    id: 'acme-chat.freshchat.com',
    vendor: 'freshchat',
    host: 'acme-chat.freshchat.com',
    authorityHost: 'acme.myfreshworks.com',
    name: 'Acme Outdoor Chat',
    supportEmail: 'chat@acme-outdoor.example',
    languages: { en: 4, de: 3 },
    business: ['parcel', 'refund'],
    share: 1,
    staff: [
      { name: 'Zoe Marsh', email: 'zoe.marsh@acme.example', password: 'Canoe-Zoe-6127', role: 'agent' },
      { name: 'Tom Reuter', email: 'tom.reuter@acme.example', password: 'Patchbay-Tom-5519', role: 'agent' },
      { name: 'Ada Okafor', email: 'ada.okafor@acme.example', password: 'Harbour-Ada-2087', role: 'admin' },
    ],
    groups: [
      { name: 'Shop Chat', members: [0, 2] },
      { name: 'Gear Advice', members: [0, 1] },
    ],
    statuses,
    brands: ['Acme Shop', 'Acme Rentals'],
    tags: [],
  },
  {
    id: 'nova-chat.freshchat.com',
    vendor: 'freshchat',
    host: 'nova-chat.freshchat.com',
    authorityHost: 'nova.myfreshworks.com',
    name: 'Nova Audio Chat',
    supportEmail: 'chat@nova-audio.example',
    languages: { en: 4, ja: 2 },
    business: ['defect', 'parcel'],
    share: 1,
    staff: [
      { name: 'Pia Lund', email: 'pia.lund@nova.example', password: 'Fader-Pia-1450', role: 'agent' },
      { name: 'Haruto Sato', email: 'haruto.sato@nova.example', password: 'Console-Haruto-7781', role: 'admin' },
    ],
    groups: [{ name: 'Listening Room', members: [0, 1] }],
    statuses,
    brands: ['Nova Store'],
    tags: [],
  },
]

/** Invented after the pattern of the other products, as the connector has them: the real names are not published. */
export const freshchatScopes: Record<string, string> = {
  'freshchat.users.view': 'See customers',
  'freshchat.conversations.view': 'Read conversations and messages',
  'freshchat.conversations.create': 'Send messages',
  'freshchat.conversations.edit': 'Change conversations',
  'freshchat.agents.view': 'See agents',
  'freshchat.groups.view': 'See groups',
  'freshchat.channels.view': 'See topics',
}

const authorityHosts = ['acme.myfreshworks.com', 'nova.myfreshworks.com']

export const freshchatClients: ClientSpec[] = [
  {
    clientId: 'fw_ext_1700000000000000051',
    clientSecret: 'fcsecret-3c59dc048e8850243be8079a5c74d079',
    name: 'Manydesk Chat',
    authorityHosts,
    redirectUris: registeredRedirectUris,
    scopes: Object.keys(freshchatScopes),
  },
  {
    clientId: 'fw_ext_1700000000000000052',
    clientSecret: 'fcsecret-readonly-b6d767d2f8ed5d21',
    name: 'Manydesk Chat Reader',
    authorityHosts,
    redirectUris: registeredRedirectUris,
    scopes: ['freshchat.users.view', 'freshchat.conversations.view', 'freshchat.agents.view'],
  },
]
