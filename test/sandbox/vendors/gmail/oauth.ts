import { createHash } from 'node:crypto'
import { usersOf } from '../../directory.ts'
import { type Exchange, formBody, json, type Reply } from '../../exchange.ts'
import { Authority, type Bearer } from '../../oauth/authority.ts'
import type { World } from '../../vendor.ts'
import {
  authHost,
  gmailClients,
  gmailScopes,
  gmailSites,
  isTesting,
  longNames,
  modifyScope,
  readScope,
} from './sites.ts'

const shortName = (scope: string) => Object.entries(longNames).find(([, long]) => long === scope)?.[0] ?? scope
const weekS = 7 * 86_400

export function gmailAuthority(world: World): Authority {
  /** Who has let which app in before: Google gives a refresh token on a consent screen only, and shows that once. */
  const known = new Set<string>()
  return new Authority(
    {
      vendor: 'gmail',
      host: authHost,
      style: { vendorName: 'Google', title: 'Google', colour: '#1a73e8' },
      paths: { authorize: '/o/oauth2/v2/auth', token: '/token' },
      clients: gmailClients,
      clientAuth: 'client_secret_post',
      scopes: gmailScopes,
      granular: [modifyScope, readScope],
      users: usersOf('gmail', gmailSites),
      siteNames: new Map(gmailSites.map((site) => [site.id, site.id])),
      picksSite: false,
      refusesConsent: () => null,
      accessSeconds: () => 3599,
      refreshSeconds: (body) => (isTesting(String(body.client_id)) ? weekS : 180 * 86_400),
      codeSeconds: 600,
      rotatesRefresh: false,
      accessTokenBits: 1200,
      givesRefresh: (query, user, client) => {
        const who = `${user.email}\n${client.clientId}`
        const asksAgain = (query.get('prompt_asked') ?? '').split(' ').includes('consent')
        const gives = query.get('access_type') === 'offline' && (asksAgain || !known.has(who))
        known.add(who)
        return gives
      },
    },
    world,
  )
}

/** The authorize page. `prompt` has values that the certified server does not know; consent is always asked here. */
export function gmailPage(authority: Authority, exchange: Exchange): Promise<Reply | undefined> {
  if (exchange.url.pathname !== authority.spec.paths.authorize) return authority.page(exchange)
  const url = new URL(exchange.url)
  // There already when a person goes back to choose another account.
  if (!url.searchParams.has('prompt_asked')) url.searchParams.set('prompt_asked', url.searchParams.get('prompt') ?? '')
  url.searchParams.delete('prompt')
  const asked = (url.searchParams.get('scope') ?? '').split(' ').map(shortName)
  url.searchParams.set('scope', asked.join(' '))
  return authority.page({ ...exchange, url })
}

/** The lasting number of a Google account. */
const subjectOf = (email: string) =>
  `1${BigInt(`0x${createHash('sha256').update(email).digest('hex').slice(0, 16)}`)}`.padEnd(21, '7').slice(0, 21)

/** GET /v1/userinfo of the bearer of a token with the scope `openid`. */
export function userInfo({ user, scopes }: Bearer): Reply {
  const email = scopes.includes('email') ? { email: user.email, email_verified: true } : {}
  return json(200, { sub: subjectOf(user.email), ...email, hd: user.email.split('@')[1] })
}

/** POST /token. A refresh answers no refresh token: the old one stays. */
export async function gmailToken(authority: Authority, exchange: Exchange): Promise<Reply> {
  const form = Object.fromEntries(formBody(exchange))
  const { authorization: _, ...headers } = exchange.headers
  const { status, body, bearer } = await authority.token({ ...exchange, headers }, form)
  if (status !== 200 || !bearer) return tokenFault(form, body)
  const refreshing = form.grant_type === 'refresh_token'
  const refreshToken = refreshing ? undefined : body.refresh_token
  return json(200, {
    access_token: body.access_token,
    expires_in: body.expires_in,
    ...(refreshToken ? { refresh_token: refreshToken } : {}),
    ...(refreshToken && isTesting(bearer.clientId) ? { refresh_token_expires_in: weekS - 1 } : {}),
    scope: bearer.scopes.map((scope) => longNames[scope] ?? scope).join(' '),
    token_type: 'Bearer',
    ...(body.id_token ? { id_token: body.id_token } : {}),
  })
}

function tokenFault(form: Record<string, string>, body: Record<string, unknown>): Reply {
  const error = String(body.error)
  if (error === 'invalid_client')
    return json(401, { error, error_description: 'The provided client secret is invalid.' })
  const expired = form.grant_type === 'refresh_token' ? 'Token has been expired or revoked.' : 'Malformed auth code.'
  return json(400, {
    error,
    error_description: error === 'invalid_grant' ? expired : String(body.error_description ?? 'Bad Request'),
  })
}

/** POST /revoke. Either token ends all that this person let this app do. */
export function gmailRevoke(authority: Authority, exchange: Exchange): Reply {
  const token = formBody(exchange).get('token') ?? ''
  const found = authority.ledger.token('RefreshToken', token) ?? authority.ledger.token('AccessToken', token)
  if (found?.state !== 'live')
    return json(400, { error: 'invalid_token', error_description: 'Token expired or revoked' })
  for (const kind of ['RefreshToken', 'AccessToken'] as const) {
    for (const other of authority.ledger.tokens(kind)) {
      if (other.accountId === found.accountId && other.clientId === found.clientId)
        authority.ledger.revokeGrant(other.grantId)
    }
  }
  return json(200, {})
}
