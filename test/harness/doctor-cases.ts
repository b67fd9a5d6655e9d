import type { Connector } from '../../main/connectors/connector.ts'
import type { CauseId } from '../../main/diagnostics/doctor/model.ts'
import type { Control } from '../sandbox/control.ts'
import { demoAccounts } from './demo-accounts.ts'
import type { Wish } from './person.ts'

/** A typical misconfiguration: how it comes about, and how far a person gets. */
export interface DoctorCase {
  /** What the doctor must call it. */
  cause: CauseId
  title: string
  connector: string
  /** In place of the one that is built in. */
  described?: Connector
  wish: Wish
  /** Site values of the wish, as the connect request has them. */
  site: Record<string, string>
  /** In place of the right one. */
  clientSecret?: string
  /** One that the sandbox does not have, in place of the one of the wish. */
  client?: { clientId: string; clientSecret: string | null }
  /** `account`: it is connected first, and the trouble comes afterwards. */
  about: 'sign-in' | 'account'
  trouble(control: Control): Promise<unknown>
  /** Where the person's way ends: after "Allow", after the login, at the first page, or before one comes up. */
  until: 'consent' | 'login' | 'page' | 'itself'
}

const { mia, tom } = demoAccounts
const acme = { connector: 'zendesk', wish: mia.wish, site: { subdomain: 'acme' } } as const
const none = async () => undefined

/** The twelve that the doctor must tell apart. */
export const doctorCases: readonly DoctorCase[] = [
  {
    ...acme,
    cause: 'wrong_redirect_url',
    title: 'Wrong redirect URL',
    about: 'sign-in',
    trouble: (control) => control.setRedirectUrls('manydesk_acme', ['https://old.acme.example/oauth/callback']),
    until: 'page',
  },
  {
    ...acme,
    cause: 'wrong_client_secret',
    title: 'Wrong client secret',
    about: 'sign-in',
    clientSecret: 'not-the-secret-of-this-client',
    trouble: none,
    until: 'consent',
  },
  {
    ...acme,
    cause: 'http_for_https',
    title: 'http for https',
    about: 'sign-in',
    trouble: (control) => control.setRedirectUrls('manydesk_acme', ['http://connect.manydesk.app/oauth/callback']),
    until: 'page',
  },
  {
    cause: 'scope_not_granted',
    title: 'Scope not granted',
    connector: 'freshservice',
    wish: { ...tom.wish, clientId: 'fw_ext_1700000000000000043' },
    site: { subdomain: 'acme-it.freshservice.com', organisation: 'acme.myfreshworks.com' },
    about: 'sign-in',
    trouble: none,
    until: 'itself',
  },
  {
    cause: 'wrong_data_centre',
    title: 'Wrong data centre',
    connector: 'zoho-desk',
    wish: {
      vendor: 'Zoho Desk',
      fields: { 'Data centre': 'Europe (zoho.eu)' },
      clientId: '1000.MANYDESKSINGLEDC02B6619FA4',
      site: '20081100',
      email: 'rafael.moya@harbour.example',
      way: 'auth-window',
    },
    site: { dc: 'eu', portal: '' },
    about: 'sign-in',
    trouble: none,
    until: 'page',
  },
  {
    ...acme,
    cause: 'clock_skew',
    title: 'Clock off by an hour',
    about: 'account',
    trouble: (control) => control.setClockSkew(-3_600_000),
    until: 'consent',
  },
  {
    ...acme,
    cause: 'third_party_cookies_blocked',
    title: 'Blocked third-party cookies',
    about: 'sign-in',
    trouble: (control) => control.setCookiesBlocked('acme.zendesk.com', true),
    until: 'login',
  },
  {
    ...acme,
    cause: 'consent_denied_by_admin',
    title: 'Consent denied by the administrator',
    about: 'sign-in',
    trouble: (control) => control.setClosedByAdmin('acme.zendesk.com', true),
    until: 'consent',
  },
  {
    ...acme,
    cause: 'token_revoked',
    title: 'Token revoked',
    about: 'account',
    trouble: (control) => control.revoke({ site: 'acme.zendesk.com' }),
    until: 'consent',
  },
  {
    ...acme,
    cause: 'wrong_site',
    title: 'Wrong site',
    wish: { ...mia.wish, fields: { 'Zendesk address': 'acme-outdoors.zendesk.com' } },
    site: { subdomain: 'acme-outdoors' },
    about: 'sign-in',
    trouble: none,
    until: 'page',
  },
  {
    ...acme,
    cause: 'captive_portal',
    title: 'Captive portal',
    about: 'sign-in',
    trouble: (control) => control.setCaptivePortal('login.hotel-wifi.example'),
    until: 'itself',
  },
  {
    ...acme,
    cause: 'proxy_certificate',
    title: 'Proxy with its own certificate',
    about: 'sign-in',
    trouble: (control) => control.setProxyIssuer('Northgate Inspection CA'),
    until: 'itself',
  },
]
