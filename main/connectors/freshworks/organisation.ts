import type { OAuthSignIn, SiteField } from '../connector.ts'
import { readSubdomain } from '../site-field.ts'

const organisationHost = (organisation: string | undefined) => `${organisation ?? ''}.myfreshworks.com`

/** The second address of every Freshworks account: people sign in at the organisation, the API answers at the product. */
export const organisationField: SiteField = {
  key: 'organisation',
  label: 'Freshworks organisation',
  placeholder: 'acme.myfreshworks.com',
  help: 'The address of your Freshworks organisation. You see it when you switch between Freshworks products, or under Admin, Security.',
  normalise: (text) => readSubdomain(text, 'myfreshworks.com', 'acme'),
}

/**
 * Signing in to any product of Freshworks: the server is on the organisation's host (`site.organisation`), and after the login people
 * pick one of its product accounts, which is all that the grant is good for. The client authenticates by HTTP Basic; sent in the body
 * the secret breaks the call. No revocation endpoint is known. An access token lives 30 minutes, a refresh token a year.
 * https://developers.freshworks.com/docs/app-sdk/v3.0/service_user/oauth-implementation-in-apps/oauth-in-external-apps
 */
export const organisationSignIn = {
  kind: 'oauth',
  endpoints: ({ organisation }) => ({
    issuer: `https://${organisationHost(organisation)}`,
    authorize: `https://${organisationHost(organisation)}/org/oauth/v2/authorize`,
    token: `https://${organisationHost(organisation)}/org/oauth/v2/token`,
    revoke: null,
  }),
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
} satisfies Partial<OAuthSignIn>

/** How to get a client id and secret for one product. The portal takes few permissions at a time. */
export const credentialSteps = (product: string): OAuthSignIn['registration'] => ({
  url: 'https://developers.freshworks.com/developer/',
  steps: [
    'Open the Freshworks developer portal and sign in with your organisation (for example acme.myfreshworks.com).',
    'Open Settings (the gear), then OAuth Credentials, then Create OAuth Credentials. The list of apps is the wrong place.',
    'Name it "Manydesk", add a description, and paste the redirect URL shown here.',
    `Under ${product}, tick the permissions listed here, a few at a time: the portal refuses too many at once.`,
    'Save, then copy the client id (it begins with fw_ext_) and the client secret.',
  ],
})
