import { AppError } from '../../errors.ts'
import type { OAuthSignIn } from '../connector.ts'

export const mailScope = 'https://www.googleapis.com/auth/gmail.modify'

/** Google answers the short OpenID names in their long form. */
const shortNames: Record<string, string> = {
  'https://www.googleapis.com/auth/userinfo.email': 'email',
  'https://www.googleapis.com/auth/userinfo.profile': 'profile',
}

/**
 * One address for everybody: the person picks the mailbox on Google's page. Embedded windows are refused there (`disallowed_useragent`), so
 * the system browser is the only way. A refresh token is given on a consent screen only, hence `prompt=consent`; it is not rotated.
 * https://developers.google.com/identity/protocols/oauth2/web-server, https://developers.google.com/identity/protocols/oauth2#expiration
 */
export const signIn: OAuthSignIn = {
  kind: 'oauth',
  fields: [],
  scopes: [
    {
      id: mailScope,
      reason: 'Read the mailbox, send answers, archive and label (it does not allow deleting for good)',
      optional: false,
    },
    { id: 'openid', reason: 'Recognise the same Google account when you reconnect', optional: false },
    { id: 'email', reason: 'Show which mailbox is connected', optional: false },
  ],
  endpoints: () => ({
    issuer: 'https://accounts.google.com',
    authorize: 'https://accounts.google.com/o/oauth2/v2/auth',
    token: 'https://oauth2.googleapis.com/token',
    revoke: 'https://oauth2.googleapis.com/revoke',
  }),
  siteLabel: () => 'mail.google.com',
  nameSite: (identity) => identity.email ?? identity.name,
  clientAuth: 'body',
  secretRequired: true,
  tokenBody: 'form',
  pkce: 'S256',
  ways: ['system-browser'],
  // A client of the type "Web application" registers https addresses only; a custom scheme is refused.
  // A "Desktop app" client takes any port of 127.0.0.1 without registration, a "Web application" client the hand-over page.
  redirects: ['handover', 'loopback'],
  authorizeParams: { access_type: 'offline', prompt: 'select_account consent' },
  prompts: ['select_account', 'consent'],
  readScope: (granted) => shortNames[granted] ?? granted,
  tokenParams: {},
  defaultLifetimeS: 3600,
  // No fixed life. Only an app in testing is told 7 days (`refresh_token_expires_in`), and the answer is believed then.
  refreshLifetimeDays: null,
  limits: { idleDays: 182, testModeDays: 7 },
  withoutRefreshToken:
    'Open myaccount.google.com/connections, remove the access of this app, then connect the mailbox again.',
  registration: {
    url: 'https://console.cloud.google.com/auth/clients',
    steps: [
      'In the Google Cloud console, create a project (or open yours), and enable the Gmail API under APIs and services, Library.',
      'Set up the consent screen. Choose the audience Internal if the mailboxes are in your own Google Workspace: nothing needs to be verified then, and sign-ins last. With External and the status Testing, everybody has to sign in again after 7 days.',
      'Under Data access, add the scopes listed here.',
      'Under Clients, create a client of the type "Web application" and paste the redirect URL shown here into "Authorised redirect URIs". It must match exactly.',
      'Copy the client ID and the client secret.',
      'Sign in with the account of the support mailbox itself: delegated access to a mailbox does not count, and a Google Group has no mailbox.',
    ],
  },
}

/** Boxes on Google's consent page can be left unticked one by one. @throws AppError `handshake_denied` */
export function requireMailScope(tokenAnswer: Record<string, unknown>): void {
  const { scope } = tokenAnswer
  if (typeof scope !== 'string' || scope.split(' ').includes(mailScope)) return
  throw new AppError('handshake_denied', 'Google was not allowed to let Manydesk read and answer the mail.', {
    action: "Connect again and tick every box on Google's page.",
    detail: 'gmail.modify was not granted',
  })
}
