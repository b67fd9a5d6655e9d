import { AppError } from '../../errors.ts'
import type { OAuthSignIn, ScopeNeed } from '../connector.ts'
import { readTokenError } from './token-errors.ts'

/**
 * The `.Shared` permissions open a mailbox that an administrator has opened for the person; for the person's own mailbox they do nothing.
 * `offline_access` stands in no answer (it shows in the refresh token alone), so it is not looked for among what was granted.
 * https://learn.microsoft.com/graph/permissions-reference
 */
const scopes: ScopeNeed[] = [
  { id: 'User.Read', reason: 'Know who you are', optional: false },
  { id: 'Mail.ReadWrite', reason: 'Read mail, prepare replies, set flags and categories, archive', optional: false },
  { id: 'Mail.Send', reason: 'Send replies', optional: false, enables: ['reply'] },
  { id: 'Mail.ReadWrite.Shared', reason: 'The same in a shared mailbox', optional: true },
  { id: 'Mail.Send.Shared', reason: 'Send replies from a shared mailbox', optional: true },
  { id: 'offline_access', reason: 'Stay signed in', optional: true },
]
const scopeText = scopes.map((scope) => scope.id).join(' ')

const guid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/
const domain = /^(?=.{4,253}$)([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]{2,63}$/
/** Words Microsoft takes in place of a tenant. */
const anyTenant = ['organizations', 'common', 'consumers']

function readTenant(text: string): string {
  const typed = text
    .trim()
    .toLowerCase()
    .replace(/^https?:\/\/login\.microsoftonline\.com\//, '')
    .replace(/^.*@/, '')
  const [tenant = ''] = typed.split(/[/?#]/, 1)
  if (tenant === '' || anyTenant.includes(tenant) || guid.test(tenant) || domain.test(tenant)) return tenant
  throw new AppError('site_invalid', 'This is not the name of a Microsoft 365 organisation.', {
    action: 'Enter its domain, for example contoso.com, or its tenant ID, or leave the field empty.',
  })
}

function readMailbox(text: string): string {
  const typed = text.trim().toLowerCase()
  const address = (/<([^<>]+)>$/.exec(typed)?.[1] ?? typed).replace(/^mailto:/, '').trim()
  const [local = '', host = '', ...rest] = address.split('@')
  const fits = /^[^\s@"<>()[\]\\,;:/?#%]{1,64}$/.test(local) && domain.test(host) && rest.length === 0
  if (address === '' || fits) return address
  throw new AppError('site_invalid', 'This is not an e-mail address.', {
    action: 'Enter the address of the shared mailbox, for example support@contoso.com, or leave the field empty.',
  })
}

const server = (tenant: string | undefined) => `https://login.microsoftonline.com/${tenant || 'organizations'}`

/**
 * The v2.0 endpoints of the Microsoft identity platform. An app registered for desktops has no secret and must send none; one registered as
 * a web app must send its own. Refreshing gives a new refresh token and leaves the old one alive. Tokens cannot be taken back.
 * https://learn.microsoft.com/entra/identity-platform/v2-oauth2-auth-code-flow
 */
export const signIn: OAuthSignIn = {
  kind: 'oauth',
  fields: [
    {
      key: 'mailbox',
      label: 'Shared mailbox',
      placeholder: 'support@contoso.com',
      help: 'The address of the shared mailbox you answer for. Leave it empty to work with your own mailbox.',
      optional: true,
      normalise: readMailbox,
    },
    {
      key: 'tenant',
      label: 'Organisation',
      placeholder: 'contoso.com',
      help: 'Only needed where you are a guest, or where your administrator registered the app for one organisation: its domain or tenant ID.',
      optional: true,
      normalise: readTenant,
    },
  ],
  scopes,
  endpoints: ({ tenant }) => ({
    issuer: `${server(tenant)}/v2.0`,
    authorize: `${server(tenant)}/oauth2/v2.0/authorize`,
    token: `${server(tenant)}/oauth2/v2.0/token`,
    revoke: null,
  }),
  siteLabel: ({ mailbox }) => mailbox || 'outlook.office.com',
  nameSite: ({ siteKey, email }) => (siteKey.includes('@') ? siteKey : (email ?? 'outlook.office.com')),
  clientAuth: 'body',
  secretRequired: false,
  tokenBody: 'form',
  pkce: 'S256',
  ways: ['auth-window', 'system-browser'],
  redirects: ['handover', 'loopback', 'app'],
  // The port is ignored for `http://localhost`, which can be registered; 127.0.0.1 cannot be typed into the portal.
  loopbackHost: 'localhost',
  // Otherwise the browser takes the first account it finds, which is never the second one.
  authorizeParams: { prompt: 'select_account', response_mode: 'query' },
  // https://learn.microsoft.com/en-us/entra/identity-platform/v2-oauth2-auth-code-flow
  prompts: ['login', 'select_account', 'consent'],
  onePrompt: true,
  readScope,
  tokenParams: { scope: scopeText },
  defaultLifetimeS: 3600,
  refreshLifetimeDays: 90,
  withoutRefreshToken:
    'Check that the app registration allows offline_access and that its redirect URL is not of the type "Single-page application".',
  readTokenError,
  registration: {
    url: 'https://entra.microsoft.com/#view/Microsoft_AAD_RegisteredApps/ApplicationsListBlade',
    steps: [
      'In the Microsoft Entra admin center, open App registrations, then New registration. Name it "Manydesk".',
      'Choose who may use it: accounts in this organisation only, or accounts in any organisation.',
      'Under Authentication, add the platform "Mobile and desktop applications" and paste the redirect URL shown here as a custom one. Then no secret is needed.',
      'If only the platform "Web" takes the redirect URL, use that, and add a client secret under Certificates & secrets. Never use "Single-page application".',
      'Under API permissions, add the delegated Microsoft Graph permissions listed here. Most organisations then want "Grant admin consent", by an administrator.',
      'Copy the Application (client) ID from the overview. If you work in one organisation only, enter its domain as the organisation here.',
    ],
  },
}

const known = new Map(scopes.map(({ id }) => [id.toLowerCase(), id]))

/** Answers name scopes in any case, and sometimes with the address of Microsoft Graph in front. */
function readScope(granted: string): string {
  const name = granted.replace(/^https:\/\/graph\.microsoft\.com\//i, '')
  return known.get(name.toLowerCase()) ?? name
}
