import { createHmac, timingSafeEqual } from 'node:crypto'
import type { OAuthSignIn, Site } from '../connector.ts'
import { readSubdomain } from '../site-field.ts'

export const shopHost = (site: Site): string => `${site.shop ?? ''}.myshopify.com`

const adminOf = (site: Site) => `https://${shopHost(site)}/admin`

/** Takes `acme`, `acme.myshopify.com` and the address of the admin, `admin.shopify.com/store/acme/orders`. */
function readShop(text: string): string {
  const admin = /^(?:https?:\/\/)?admin\.shopify\.com\/store\/([^/?#\s]+)/i.exec(text.trim())
  return readSubdomain(admin?.[1] ?? text, 'myshopify.com', 'acme')
}

/** What the vendor signs, in two spellings: plain with `%` and `&` masked as its older pages say, and percent-encoded as its own library does. */
function signedTexts(parameters: URLSearchParams): string[] {
  const rest = [...parameters]
    .filter(([key]) => key !== 'hmac' && key !== 'signature')
    .sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0))
  const mask = (text: string) => text.replace(/%/g, '%25').replace(/&/g, '%26')
  const plain = rest.map(([key, value]) => `${mask(key).replace(/=/g, '%3D')}=${mask(value)}`).join('&')
  return [plain, new URLSearchParams(rest).toString()]
}

/**
 * The answer must be signed with the client secret and name the shop it was asked of. Its `timestamp` is not compared with this
 * computer's clock: `state` is good for one answer and ten minutes.
 * https://shopify.dev/docs/apps/build/authentication-authorization/access-tokens/authorization-code-grant
 */
function verifyRedirect(site: Site, parameters: URLSearchParams, clientSecret: string | null): boolean {
  const [hmac, ...more] = parameters.getAll('hmac')
  const shops = parameters.getAll('shop')
  if (clientSecret === null || hmac === undefined || more.length > 0) return false
  if (shops.length !== 1 || shops[0] !== shopHost(site)) return false
  const given = Buffer.from(hmac.toLowerCase(), 'latin1')
  return signedTexts(parameters).some((text) => {
    const made = Buffer.from(createHmac('sha256', clientSecret).update(text).digest('hex'), 'latin1')
    return made.length === given.length && timingSafeEqual(made, given)
  })
}

/** The token endpoint's words for a grant that is over are not those of RFC 6749 5.2; seen in clients, to confirm on a live account. */
function readTokenError(_status: number, body: Record<string, unknown>) {
  if (typeof body.error !== 'string') return null
  const description = typeof body.error_description === 'string' ? body.error_description : null
  if (body.error === 'application_cannot_be_found') return { error: 'invalid_client', description }
  const ended = body.error === 'invalid_request' && /refresh[_ ]token|authorization code/i.test(description ?? '')
  return { error: ended ? 'invalid_grant' : body.error, description }
}

/**
 * Offline access with tokens that expire (`expiring`): an hour, and a refresh token of 90 days that rotates. Client and secret travel
 * in the JSON body. PKCE is not documented for apps of others and is sent all the same: it is ignored where it is not known.
 * A scope to write includes reading, and the vendor then names only the former in its answer.
 * https://shopify.dev/docs/apps/build/authentication-authorization/access-tokens/offline-access-tokens
 */
export const signIn: OAuthSignIn = {
  kind: 'oauth',
  fields: [
    {
      key: 'shop',
      label: 'Shop address',
      placeholder: 'acme.myshopify.com',
      help: 'The address that ends in myshopify.com, or the address in your browser when you work in the Shopify admin.',
      normalise: readShop,
    },
  ],
  scopes: [
    {
      id: 'write_orders',
      reason: 'Read orders, add notes and tags, close and reopen orders',
      optional: false,
      enables: ['note', 'status', 'tags'],
    },
    { id: 'read_customers', reason: 'Show who ordered, and find the orders of a customer', optional: false },
    { id: 'read_returns', reason: 'Read returns and what customers say about them', optional: false },
    // An order holds its disputes in a field that may not be missing: without the permission nothing of it would come.
    { id: 'read_shopify_payments_disputes', reason: 'Read payment disputes and their deadline', optional: false },
    { id: 'read_fulfillments', reason: 'Read what was sent, and its tracking number', optional: true },
  ],
  endpoints: (site) => ({
    issuer: `https://${shopHost(site)}`,
    authorize: `${adminOf(site)}/oauth/authorize`,
    token: `${adminOf(site)}/oauth/access_token`,
    revoke: null,
  }),
  siteLabel: shopHost,
  clientAuth: 'body',
  secretRequired: true,
  tokenBody: 'json',
  pkce: 'S256',
  ways: ['auth-window', 'system-browser', 'client-credentials'],
  // For shops of the organisation that owns the app: a token of about a day, asked for again.
  // https://shopify.dev/docs/apps/build/authentication-authorization/client-credentials-grant
  service: {
    note: 'Acts as the shop, not as a person: for shops of the organisation that owns the app in the Dev Dashboard. What is written there does not carry your name.',
    sendsScope: false,
    params: {},
  },
  redirects: ['handover'],
  authorizeParams: {},
  scopeSeparator: ',',
  tokenParams: { expiring: '1' },
  defaultLifetimeS: 3600,
  refreshLifetimeDays: 90,
  readTokenError,
  verifyRedirect,
  registration: {
    url: 'https://dev.shopify.com/dashboard',
    steps: [
      'Open the Shopify Dev Dashboard with the account that owns the shop, and create an app named "Manydesk".',
      'In the app, open a new version and list the permissions shown here under Access scopes. No other addresses are needed.',
      'Paste the redirect URL shown here into the allowed redirection URLs. It must match exactly. Release the version.',
      'Choose custom distribution for this shop. Name, address and e-mail of customers then need no review by Shopify.',
      'Copy the client ID and the secret from Settings.',
    ],
  },
}
