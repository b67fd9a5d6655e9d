import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { SiteSpec, StaffSpec } from '../../content/site.ts'
import { type ClientSpec, registeredRedirectUris } from '../../directory.ts'
import type { VendorSpec } from '../../vendor.ts'
import { spec as kiteline, kitelineSites } from '../kiteline/kiteline.ts'
import { SmallServer, type SmallSpec } from '../small/server.ts'

/**
 * Sealdesk: the API of Kiteline behind servers that describe themselves. One insists on pushed requests and bound tokens, one offers both
 * and sign-in by a code, one offers neither, and one has a crowd of people.
 */

const [pattern] = kitelineSites
if (!pattern) throw new Error('Kiteline has no sites')

const servers = {
  strict: { describesItself: true, pushed: 'required', proof: 'required' },
  // The least wait that RFC 8628 lets a server name, so that a sign-in by code takes no longer than it must.
  open: { describesItself: true, pushed: 'offered', proof: 'offered', device: { seconds: 300, interval: 1 } },
  plain: { describesItself: true },
  // Its answers may wait until all fifty have been given.
  crowd: { describesItself: true, pushed: 'offered', proof: 'offered', codeSeconds: 600 },
} as const
type Kind = keyof typeof servers
const kinds: readonly Kind[] = ['strict', 'open', 'plain', 'crowd']

const authorityHost = (kind: Kind) => `id-${kind}.sealdesk.example`

const pair = (kind: Kind): StaffSpec[] => [
  { name: 'Vera Lund', email: `vera.lund@${kind}.example`, password: 'Wax-Vera-3320', role: 'agent' },
  { name: 'Anton Weil', email: `anton.weil@${kind}.example`, password: 'Stamp-Anton-7781', role: 'admin' },
]

const crowd: StaffSpec[] = Array.from({ length: 50 }, (_, place) => ({
  name: `Agent ${place + 1}`,
  email: `agent-${place + 1}@crowd.example`,
  password: `Ring-${place + 1}-4402`,
  role: 'agent',
}))

export const sealdeskSites: SiteSpec[] = kinds.map((kind) => ({
  ...pattern,
  id: `sealdesk-${kind}`,
  vendor: 'sealdesk',
  name: `Seal ${kind}`,
  host: 'api.sealdesk.example',
  authorityHost: authorityHost(kind),
  supportEmail: `desk@${kind}.example`,
  share: 0.3,
  staff: kind === 'crowd' ? crowd : pair(kind),
}))

const clients: ClientSpec[] = [
  {
    clientId: 'seal-public-manydesk',
    clientSecret: null,
    name: 'Manydesk',
    authorityHosts: kinds.map(authorityHost),
    redirectUris: registeredRedirectUris,
    scopes: Object.keys(kiteline.scopes),
  },
]

const spec: SmallSpec = {
  ...kiteline,
  id: 'sealdesk',
  name: 'Sealdesk',
  colour: '#5b3a8c',
  sites: sealdeskSites,
  clients,
  offers: (host) => servers[kinds.find((kind) => authorityHost(kind) === host) ?? 'plain'],
  token: (exchange) => /^(?:Bearer|DPoP) (.+)$/.exec(exchange.headers.authorization ?? '')?.[1] ?? null,
  siteOf(exchange) {
    const shop = /^\/shops\/([^/]+)\//.exec(exchange.url.pathname)?.[1]
    return exchange.host === 'api.sealdesk.example' && shop !== undefined ? `sealdesk-${shop}` : undefined
  },
}

export const sealdesk: VendorSpec = {
  id: spec.id,
  hosts: ['*.sealdesk.example'],
  sites: sealdeskSites,
  clients,
  limits: { 'sealdesk.api': { max: 6000, windowMs: 60_000 } },
  flow: {
    authorizeUrl: (where) => `https://${where.authorityHost}/oauth2/authorize`,
    scopes: (client) => client.scopes,
    token: (where, standard, client) => ({
      url: `https://${where.authorityHost}/oauth2/token`,
      form: { ...standard, client_id: client.clientId },
    }),
  },
  open: (world) => new SmallServer(spec, world),
}

/** The connector a person would write for it: Kiteline's, with an issuer in place of addresses. */
export function sealdeskManifest(): string {
  const file = join(import.meta.dirname, '../../../../resources/connectors/kiteline.json')
  const kite = JSON.parse(readFileSync(file, 'utf8').replaceAll('kiteline.example', 'sealdesk.example'))
  const { authorizeUrl: _a, tokenUrl: _t, revokeUrl: _r, ...signIn } = kite.signIn
  return JSON.stringify(
    {
      ...kite,
      id: 'sealdesk',
      name: 'Sealdesk',
      description: 'Questions at a server that describes itself',
      signIn: {
        ...signIn,
        issuer: 'https://id-<%= account.shop %>.sealdesk.example',
        ways: ['auth-window', 'system-browser', 'device'],
        redirects: ['handover', 'app', 'loopback'],
      },
    },
    null,
    2,
  )
}
