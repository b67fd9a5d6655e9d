import type { OAuthSignIn } from '../connector.ts'
import { readSubdomain } from '../site-field.ts'

const host = (subdomain: string | undefined) => `${subdomain ?? ''}.zendesk.com`

/**
 * Zendesk asks for the lifetimes in the token request and leaves `expires_in` out of the answer unless it was asked. Eight hours
 * is a shift: every refresh kills the old pair at once, so a lost answer costs a sign-in and fewer refreshes are safer.
 * https://developer.zendesk.com/documentation/api-basics/authentication/oauth-pkce
 */
export const signIn: OAuthSignIn = {
  kind: 'oauth',
  fields: [
    {
      key: 'subdomain',
      label: 'Zendesk address',
      placeholder: 'acme.zendesk.com',
      help: 'The address in your browser when you work in Zendesk. The first part of it is enough.',
      normalise: (text) => readSubdomain(text, 'zendesk.com', 'acme'),
    },
  ],
  scopes: [
    { id: 'read', reason: 'Read tickets, comments, people, groups and statuses', optional: false },
    {
      id: 'write',
      reason: 'Send replies and notes, change status, priority, assignee and tags',
      optional: false,
      enables: ['reply', 'note', 'status', 'priority', 'assign', 'tags'],
    },
  ],
  endpoints: ({ subdomain }) => ({
    issuer: `https://${host(subdomain)}`,
    authorize: `https://${host(subdomain)}/oauth/authorizations/new`,
    token: `https://${host(subdomain)}/oauth/tokens`,
    revoke: null,
  }),
  siteLabel: ({ subdomain }) => host(subdomain),
  clientAuth: 'body',
  secretRequired: false,
  tokenBody: 'json',
  pkce: 'S256',
  ways: ['auth-window', 'system-browser'],
  redirects: ['handover'],
  authorizeParams: {},
  tokenParams: { expires_in: '28800', refresh_token_expires_in: '7776000' },
  defaultLifetimeS: 1800,
  refreshLifetimeDays: 90,
  registration: {
    url: 'https://support.zendesk.com/hc/en-us/articles/4408845965210',
    steps: [
      'In Zendesk, open Admin Center, then Apps and integrations, APIs, OAuth clients. You must be an administrator.',
      'Add an OAuth client. Name it "Manydesk" and choose the kind Confidential (or Public, then leave the secret empty here).',
      'Paste the redirect URL shown here into Redirect URLs. It must match exactly.',
      'Save. Copy the Identifier (this is the client id) and the secret, which Zendesk shows only once.',
    ],
  },
}
