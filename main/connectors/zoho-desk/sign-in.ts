import { AppError } from '../../errors.ts'
import type { OAuthSignIn } from '../connector.ts'
import { dataCentreOf, dataCentres, readDataCentre, siteOfRedirect } from './data-centres.ts'

/** A portal by name or number, or out of an address like `https://desk.zoho.eu/agent/acme/…`. */
function readPortal(text: string): string {
  const typed = text.trim().toLowerCase()
  const name = /\/(?:agent|support|portal)\/([^/?#]+)/.exec(typed)?.[1] ?? typed
  if (name.length <= 100 && !/[/?#\p{C}]/u.test(name)) return name
  throw new AppError('site_invalid', 'This is not the name of a Zoho Desk portal.', {
    action: 'Enter the name of the portal as Zoho Desk shows it, or leave the field empty.',
  })
}

/** Words of the accounts server: https://github.com/Weble/ZohoBooksApi/issues/84 and https://github.com/tristanjahier/zoho-crm-php/issues/9. */
function standardError(word: string): string {
  if (/redirect/.test(word)) return 'invalid_request'
  if (/scope/.test(word)) return 'invalid_scope'
  if (/client|secret/.test(word)) return 'invalid_client'
  if (/access.?denied/.test(word)) return 'temporarily_unavailable'
  return /code|token|grant/.test(word) ? 'invalid_grant' : 'server_error'
}

/**
 * Errors come with HTTP 200, so only `access_token` tells success. "Access Denied" there means too many requests: ten new access tokens
 * in ten minutes are the limit. https://www.zoho.com/projects/help/rest-api/faq/oauth.html
 */
function readTokenError(_status: number, body: Record<string, unknown>) {
  if (typeof body.access_token === 'string' || typeof body.error !== 'string') return null
  const description = typeof body.error_description === 'string' ? body.error_description : body.error
  return { error: standardError(body.error.toLowerCase()), description }
}

/**
 * One client serves all data centres when "multi DC" is switched on for it. Refresh tokens do not rotate and have no stated end, but the
 * 21st of one person and client silently ends the first. https://zoho.com/accounts/protocol/oauth/mobile-and-desktop-apps/get-access-token.html
 */
export const signIn: OAuthSignIn = {
  kind: 'oauth',
  fields: [
    {
      key: 'dc',
      label: 'Data centre',
      placeholder: 'zoho.com',
      help: 'The ending of the address you see in Zoho Desk. If you choose another, Zoho leads you to yours.',
      options: dataCentres.map(({ id, label }) => ({ value: id, label })),
      normalise: readDataCentre,
    },
    {
      key: 'portal',
      label: 'Portal',
      placeholder: 'acme',
      help: 'Only if your login has several portals: the name of the one to connect. Choose the same on the page of Zoho.',
      optional: true,
      normalise: readPortal,
    },
  ],
  scopes: [
    { id: 'Desk.basic.READ', reason: 'Know who you are, and list portals, agents and departments', optional: false },
    { id: 'Desk.tickets.READ', reason: 'Read tickets with their replies and comments', optional: false },
    { id: 'Desk.search.READ', reason: 'Find what changed', optional: false },
    {
      id: 'Desk.tickets.UPDATE',
      reason: 'Send replies and comments, change status, priority and assignee',
      optional: false,
      enables: ['reply', 'note', 'status', 'priority', 'assign'],
    },
    {
      id: 'Desk.tickets.CREATE',
      reason: 'Add and remove tags (Zoho asks for this permission)',
      optional: true,
      enables: ['tags'],
    },
    { id: 'Desk.contacts.READ', reason: 'Show names and addresses of customers', optional: true },
    {
      id: 'Desk.settings.READ',
      reason: 'Show your own statuses, teams and reply addresses, and notice deleted tickets',
      optional: true,
    },
  ],
  endpoints(site) {
    const { accounts } = dataCentreOf(site)
    return {
      issuer: `https://${accounts}`,
      authorize: `https://${accounts}/oauth/v2/auth`,
      token: `https://${accounts}/oauth/v2/token`,
      revoke: `https://${accounts}/oauth/v2/token/revoke`,
    }
  },
  siteLabel: (site) => dataCentreOf(site).desk,
  nameSite: ({ siteKey }) => `portal ${siteKey}`,
  clientAuth: 'body',
  secretRequired: true,
  tokenBody: 'form',
  revokeTokenIn: 'query',
  pkce: 'S256',
  ways: ['auth-window', 'system-browser'],
  redirects: ['handover'],
  // Without `offline` there is no refresh token at all; without `prompt` only at the first consent.
  authorizeParams: { access_type: 'offline', prompt: 'consent' },
  prompts: ['consent'],
  scopeSeparator: ',',
  tokenParams: {},
  defaultLifetimeS: 3600,
  refreshLifetimeDays: null,
  withoutRefreshToken:
    'Open accounts.zoho.com (or the one of your data centre), Sessions, Connected apps, remove Manydesk there, and connect again.',
  readTokenError,
  siteOfRedirect,
  registration: {
    url: 'https://api-console.zoho.com/',
    steps: [
      'Open the Zoho API console and sign in. Choose Add client, then Mobile-based applications (also for desktop apps).',
      'Name it "Manydesk", enter any homepage, and paste the redirect URL shown here. It must match exactly.',
      'Save, open Settings of the client, and switch on Multi DC for every data centre your agents work in, with "use the same credentials for all".',
      'Copy the client ID and the client secret.',
      'On the page of Zoho that asks for consent, choose the portal to connect: one sign-in is one portal.',
    ],
  },
}
