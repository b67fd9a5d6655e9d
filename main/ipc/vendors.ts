import type { VendorView } from '../../preload/contract.ts'
import type { Connector, RedirectKind, SignIn, Site } from '../connectors/connector.ts'
import { AppError } from '../errors.ts'
import { vendorRefusal, withinPolicy } from '../policy/connector-rules.ts'
import { demand, type Enforcement } from '../policy/enforce.ts'
import type { Handlers } from './router.ts'

export interface VendorServices {
  connectors: readonly Connector[]
  redirectUris: Record<RedirectKind, string>
  policy: Enforcement
  /** Site labels for which the configuration brings an OAuth client. */
  providedClients(vendor: string): string[]
}

/**
 * Reduces what a person typed to the plain values of a site.
 * @throws AppError `site_invalid` of the field, or `bad_request` for a field the vendor does not have
 */
function readSite(connector: Connector, typed: Record<string, string>): Site {
  const { fields } = connector.signIn
  const unknown = Object.keys(typed).find((key) => !fields.some((field) => field.key === key))
  if (unknown !== undefined) throw new AppError('bad_request', `${connector.name} has no such field.`)
  return Object.fromEntries(fields.map((field) => [field.key, field.normalise(typed[field.key] ?? '')]))
}

/** @throws AppError `not_found` */
function requireConnector(connectors: readonly Connector[], id: string): Connector {
  const connector = connectors.find((each) => each.id === id)
  if (connector === undefined) throw new AppError('not_found', 'Manydesk does not know this vendor.')
  return connector
}

function signInView(signIn: SignIn, uris: VendorServices['redirectUris']) {
  if (signIn.kind === 'key') {
    const { label, help, note } = signIn
    return { key: { label, help, note }, scopes: [], ways: ['key' as const], redirects: [], secretRequired: false }
  }
  const redirects = signIn.redirects.map((kind) => ({ kind, url: uris[kind] }))
  const { scopes, ways, secretRequired, service } = signIn
  return { key: null, scopes, ways, redirects, secretRequired, ...(service && { service: service.note }) }
}

function vendorView(known: Connector, services: VendorServices): VendorView {
  const { policy } = services
  const connector = withinPolicy(policy, known)
  const { signIn } = connector
  return {
    id: connector.id,
    name: connector.name,
    description: connector.description,
    siteFields: signIn.fields.map(({ key, label, placeholder, help, options, optional }) => ({
      ...{ key, label, placeholder, help },
      options: options ?? null,
      optional: optional === true,
    })),
    ...signInView(signIn, services.redirectUris),
    registration: signIn.registration,
    commands: connector.capabilities.commands,
    providedClients: services.providedClients(connector.id),
    forbidden: (vendorRefusal(policy, known) ?? policy.mayConnect(known))?.message ?? null,
    lockedClients: policy.providedSites(connector.id),
    withheld: withheldOf(known, policy),
  }
}

/** The organisation's words for what it takes off a vendor. */
function withheldOf(known: Connector, policy: Enforcement): NonNullable<VendorView['withheld']> {
  const { signIn } = known
  if (signIn.kind !== 'oauth') return { ways: null, scopes: null }
  const first = (answers: (AppError | null)[]) => answers.find((answer) => answer !== null)?.message ?? null
  return {
    ways: first(signIn.ways.map((way) => policy.allowWay(known, way))),
    scopes: first(signIn.scopes.map(({ id }) => policy.allowScope(known, id))),
  }
}

/** Every vendor as the window shows it. */
export const vendorViews = (services: VendorServices): VendorView[] =>
  services.connectors.map((connector) => vendorView(connector, services))

export function vendorHandlers(services: VendorServices): Pick<Handlers, 'vendors.list' | 'vendors.checkSite'> {
  return {
    'vendors.list': () => vendorViews(services),
    'vendors.checkSite': ({ vendor, site: typed }) => {
      const connector = requireConnector(services.connectors, vendor)
      const site = readSite(connector, typed)
      const siteLabel = connector.signIn.siteLabel(site)
      demand(services.policy.allowSite(connector, siteLabel, null))
      return { site, siteLabel }
    },
  }
}
