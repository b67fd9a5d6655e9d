import type { OAuthSignIn } from '../connector.ts'

/** Words of the older error shape `{"status":"BAD_REFRESH_TOKEN","message":…}`. */
const oldWords: Record<string, string> = {
  BAD_REFRESH_TOKEN: 'invalid_grant',
  BAD_AUTH_CODE: 'invalid_grant',
  MISMATCH_REDIRECT_URI_AUTH_CODE: 'invalid_grant',
  BAD_REDIRECT_URI: 'invalid_request',
  BAD_CLIENT_ID: 'invalid_client',
  BAD_CLIENT_SECRET: 'invalid_client',
}

/**
 * One address for all portals: which portal it is, the token answer tells. Version 1 of the endpoints ends on 2027-02-16.
 * https://developers.hubspot.com/docs/api-reference/2026-03/authentication/manage-oauth-tokens
 */
export const signIn: OAuthSignIn = {
  kind: 'oauth',
  fields: [],
  scopes: [
    { id: 'oauth', reason: 'Sign in', optional: false },
    { id: 'tickets', reason: 'Read and change tickets and their pipelines', optional: false },
    { id: 'conversations.read', reason: 'Read the messages of the conversations inbox', optional: false },
    {
      id: 'conversations.write',
      reason: 'Send replies and comments, close and assign conversations',
      optional: false,
      enables: ['reply'],
    },
    { id: 'crm.objects.contacts.read', reason: 'Show names and addresses of customers', optional: false },
    { id: 'crm.objects.owners.read', reason: 'List the people who can be assigned', optional: false },
    { id: 'files', reason: 'Download attachments', optional: true },
    { id: 'crm.objects.contacts.write', reason: 'Add notes to tickets that have no conversation', optional: true },
  ],
  endpoints: () => ({
    issuer: 'https://app.hubspot.com',
    authorize: 'https://app.hubspot.com/oauth/authorize',
    token: 'https://api.hubapi.com/oauth/2026-03/token',
    revoke: 'https://api.hubapi.com/oauth/2026-03/token/revoke',
  }),
  siteLabel: () => 'app.hubspot.com',
  nameSite: (identity) => `portal ${identity.siteKey}`,
  clientAuth: 'body',
  secretRequired: true,
  tokenBody: 'form',
  pkce: 'S256',
  ways: ['auth-window', 'system-browser'],
  redirects: ['handover'],
  authorizeParams: {},
  optionalScopeParameter: 'optional_scope',
  tokenParams: {},
  defaultLifetimeS: 1800,
  refreshLifetimeDays: null,
  readTokenError(_status, body) {
    const error = typeof body.status === 'string' ? oldWords[body.status] : undefined
    if (error === undefined) return null
    return { error, description: typeof body.message === 'string' ? body.message : null }
  },
  registration: {
    url: 'https://developers.hubspot.com/docs/apps/developer-platform/build-apps/authentication/oauth/working-with-oauth',
    steps: [
      'In your HubSpot developer account, create an app (or open yours) and go to its Auth settings.',
      'Paste the redirect URL shown here into Redirect URLs. It must match exactly.',
      'Add the scopes listed here; the ones marked optional as optional scopes. HubSpot refuses scopes the app does not declare.',
      'Save. Copy the client ID and the client secret.',
      'A Super Admin (or a user with the App Marketplace permission) of the portal must approve the first sign-in.',
    ],
  },
}
