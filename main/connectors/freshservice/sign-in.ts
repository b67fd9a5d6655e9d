import type { OAuthSignIn } from '../connector.ts'
import { readSubdomain } from '../site-field.ts'

const organisationHost = (organisation: string | undefined) => `${organisation ?? ''}.myfreshworks.com`

/**
 * The sign-in server is on the organisation's host, the API on the product's: a Freshservice site needs both. The client
 * authenticates by HTTP Basic; sent in the body the secret breaks the call. No revocation endpoint is known.
 * https://developers.freshworks.com/docs/app-sdk/v3.0/service_user/oauth-implementation-in-apps/oauth-in-external-apps
 */
export const signIn: OAuthSignIn = {
  kind: 'oauth',
  fields: [
    {
      key: 'subdomain',
      label: 'Freshservice address',
      placeholder: 'acme-it.freshservice.com',
      help: 'The address in your browser when you work in Freshservice. Not a custom domain: the API does not answer there.',
      normalise: (text) => readSubdomain(text, 'freshservice.com', 'acme-it'),
    },
    {
      key: 'organisation',
      label: 'Freshworks organisation',
      placeholder: 'acme.myfreshworks.com',
      help: 'The address of your Freshworks organisation. You see it when you switch between Freshworks products, or under Admin, Security.',
      normalise: (text) => readSubdomain(text, 'myfreshworks.com', 'acme'),
    },
  ],
  scopes: [
    { id: 'freshservice.tickets.view', reason: 'Read tickets', optional: false },
    {
      id: 'freshservice.tickets.conversations.view',
      reason: 'Read the replies and notes of a ticket',
      optional: false,
    },
    { id: 'freshservice.tickets.conversations.create', reason: 'Send replies and add notes', optional: false },
    { id: 'freshservice.tickets.edit', reason: 'Change status, priority, assignee and tags', optional: false },
    {
      id: 'freshservice.agents.manage',
      reason: 'Know who you are and list the agents (Freshworks has no read-only permission for it)',
      optional: false,
    },
    { id: 'freshservice.requesters.view', reason: 'Show names and addresses of customers', optional: true },
    { id: 'freshservice.agentgroups.manage', reason: 'List the groups', optional: true },
    { id: 'freshservice.tickets.fields.manage', reason: 'Show the names of your own statuses', optional: true },
    {
      id: 'freshservice.workspaces.view',
      reason: 'Tell workspaces apart, so that they can be different brands',
      optional: true,
    },
  ],
  endpoints: ({ organisation }) => ({
    issuer: `https://${organisationHost(organisation)}`,
    authorize: `https://${organisationHost(organisation)}/org/oauth/v2/authorize`,
    token: `https://${organisationHost(organisation)}/org/oauth/v2/token`,
    revoke: null,
  }),
  siteLabel: ({ subdomain }) => `${subdomain}.freshservice.com`,
  clientAuth: 'basic',
  secretRequired: true,
  tokenBody: 'form',
  pkce: 'S256',
  ways: ['auth-window', 'system-browser'],
  redirects: ['handover', 'app'],
  authorizeParams: {},
  tokenParams: {},
  defaultLifetimeS: 1800,
  refreshLifetimeDays: 365,
  registration: {
    url: 'https://developers.freshworks.com/developer/',
    steps: [
      'Open the Freshworks developer portal and sign in with your organisation (for example acme.myfreshworks.com).',
      'Open Settings (the gear), then OAuth Credentials, then Create OAuth Credentials. The list of apps is the wrong place.',
      'Name it "Manydesk", add a description, and paste the redirect URL shown here.',
      'Under Freshservice, tick the permissions listed here, a few at a time: the portal refuses too many at once.',
      'Save, then copy the client id (it begins with fw_ext_) and the client secret.',
    ],
  },
}
