import { AppError } from '../../errors.ts'
import type { Endpoints, KeySignIn, OAuthSignIn, SignIn, Site, SiteField } from '../connector.ts'
import { readSubdomain } from '../site-field.ts'
import { siteLabel } from './map-conversation.ts'
import { accountVariables, isHostName, renderAddress } from './places.ts'
import type { Manifest } from './schema.ts'
import { renderText } from './template.ts'

type AccountField = Manifest['account']['fields'][number]

/** A field of the form before signing in. What is typed is reduced to what may stand in a host, or refused. */
function siteField(field: AccountField): SiteField {
  const { key, label, help, placeholder, optional, options } = field
  return {
    ...{ key, label, help, placeholder },
    ...(options === undefined ? {} : { options }),
    ...(optional ? { optional } : {}),
    normalise: (text) => (optional && text.trim() === '' ? '' : normalise(field, text)),
  }
}

function normalise({ kind, label, domain, options, placeholder }: AccountField, text: string): string {
  const typed = text.trim()
  const wrong = (expected: string) =>
    new AppError('site_invalid', `${label}: this is not ${expected}.`, {
      action: placeholder === '' ? `Enter ${expected}.` : `Enter ${expected}, for example ${placeholder}.`,
    })
  switch (kind) {
    case 'subdomain':
      return readSubdomain(typed, domain ?? '', 'acme')
    case 'host': {
      const host =
        typed
          .toLowerCase()
          .replace(/^https?:\/\//, '')
          .split(/[/?#]/, 1)[0] ?? ''
      if (isHostName(host)) return host
      throw wrong('the name of a host')
    }
    case 'word':
      if (/^[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$/i.test(typed)) return typed.toLowerCase()
      throw wrong('one word of letters, digits and -')
    case 'choice':
      if (typed === '') return options?.[0]?.value ?? ''
      if (options?.some((option) => option.value === typed)) return typed
      throw wrong('one of the choices')
    case 'text':
      if (typed !== '' && typed.isWellFormed() && !/\p{Cc}/u.test(typed)) return typed
      throw wrong('a text')
  }
}

/** All of signing in that the manifest says. */
export function signInOf(manifest: Manifest): SignIn {
  const { account, signIn, identity } = manifest
  const base = {
    fields: account.fields.map(siteField),
    siteLabel: (site: Record<string, string>) => siteLabel(manifest, site),
    ...(identity.fields.site === undefined ? {} : { nameSite: (who: { siteKey: string }) => who.siteKey }),
    registration: signIn.registration,
  }
  if (signIn.kind === 'key') return { ...base, ...keySignIn(signIn) }
  return { ...base, ...oauthSignIn(signIn) }
}

type Base = 'fields' | 'siteLabel' | 'nameSite' | 'registration'

function keySignIn({ label, help, note }: Extract<Manifest['signIn'], { kind: 'key' }>): Omit<KeySignIn, Base> {
  return {
    kind: 'key',
    ...{ label, help, note },
    normalise(text) {
      const typed = text.trim()
      if (/^[\x21-\x7e]{4,4000}$/.test(typed)) return typed
      throw new AppError('bad_request', `${label}: this is not a key.`, {
        action: 'Copy it again, whole and without blanks.',
      })
    },
  }
}

type OAuthManifest = Extract<Manifest['signIn'], { kind: 'oauth' }>

function endpointsAt(signIn: OAuthManifest, site: Site): Endpoints {
  const at = (text: string | undefined) => (text === undefined ? '' : renderAddress(text, site))
  const [authorize, token] = [at(signIn.authorizeUrl), at(signIn.tokenUrl)]
  const issuer = signIn.issuer === undefined ? new URL(authorize || token).origin : at(signIn.issuer)
  return {
    ...{ issuer, authorize, token },
    revoke: signIn.revokeUrl === undefined ? null : at(signIn.revokeUrl),
    ...(signIn.deviceUrl === undefined ? {} : { device: at(signIn.deviceUrl) }),
    ...(token === '' ? { discovered: true } : {}),
  }
}

const words = (text: string, site: Site) => renderText(text, accountVariables(site), (value) => value)

/** The ways of a person: as they are written down, or all that can be known without asking the server. */
export function waysOf({ ways, deviceUrl }: Pick<OAuthManifest, 'ways' | 'deviceUrl'>): PersonWay[] {
  return ways ?? ['auth-window', 'system-browser', ...(deviceUrl === undefined ? [] : (['device'] as const))]
}

type PersonWay = NonNullable<OAuthManifest['ways']>[number]

const serviceNote =
  'Signs in as the app itself, with the rights your organisation gave it. What is sent is not under the name of a person.'

/** A person by one of the ways, or the client itself. */
function grantOf(signIn: OAuthManifest): Pick<OAuthSignIn, 'ways' | 'service'> {
  const { grant, statement, tokenParameters } = signIn
  if (grant === 'authorization_code') return { ways: waysOf(signIn) }
  const service = { note: serviceNote, sendsScope: true, params: tokenParameters }
  if (grant === 'client_credentials') return { ways: ['client-credentials'], service }
  const { subject, audience, keyId, scopeInside = false } = statement ?? {}
  return {
    ways: ['jwt-bearer'],
    service: {
      ...service,
      statement: (site) => ({
        subject: subject === undefined ? null : words(subject, site),
        ...(audience === undefined ? {} : { audience: words(audience, site) }),
        ...(keyId === undefined ? {} : { keyId: words(keyId, site) }),
        scopeInside,
      }),
    },
  }
}

function oauthSignIn(signIn: OAuthManifest): Omit<OAuthSignIn, Base> {
  return {
    kind: 'oauth',
    scopes: signIn.scopes,
    endpoints: (site) => endpointsAt(signIn, site),
    clientAuth: signIn.clientAuthentication === 'basic' ? 'basic' : 'body',
    secretRequired: signIn.clientAuthentication !== 'none',
    tokenBody: signIn.tokenBody,
    pkce: signIn.pkce,
    ...grantOf(signIn),
    redirects: signIn.redirects,
    authorizeParams: signIn.authorizeParameters,
    prompts: signIn.prompts,
    ...(signIn.optionalScopeParameter === undefined ? {} : { optionalScopeParameter: signIn.optionalScopeParameter }),
    ...(signIn.scopeSeparator === ',' ? { scopeSeparator: ',' as const } : {}),
    tokenParams: signIn.tokenParameters,
    defaultLifetimeS: signIn.accessTokenSeconds,
    refreshLifetimeDays: signIn.refreshTokenDays ?? null,
  }
}
