import { isObject } from '../envelopes.ts'
import type { ManifestInput } from '../manifest/schema.ts'
import { convert } from './placeholders.ts'
import type { Integration } from './read-app.ts'
import type { ImportReport } from './report.ts'

type SignIn = Extract<ManifestInput['signIn'], { kind: 'oauth' }>

export interface ImportedSignIn {
  signIn: SignIn
  /** Names of the app's values that stand in its addresses. */
  inputs: string[]
}

/** Sign-in of one integration. Client id and secret are never taken, nor repeated in the report. */
export function importSignIn(integration: Integration, report: ImportReport): ImportedSignIn {
  const inputs: string[] = []
  const address = (text: string, what: string) => {
    const read = convert(text.trim())
    inputs.push(...read.inputs)
    for (const code of [...read.code, ...read.unknown])
      report.needsAnswer.push(`${what}: "${code}" is not a value of the account.`)
    if (!/^https:\/\//.test(read.text)) report.needsAnswer.push(`${what} must begin with https://.`)
    return read.text
  }
  const authorizeUrl = address(integration.authorize_url, 'The authorize URL')
  const tokenUrl = address(integration.token_url, 'The token URL')
  report.taken.push(`Sign-in: ${authorizeUrl} and ${tokenUrl}`)
  report.notCarried.push(
    'Client id and secret: they are entered in Manydesk when an account is connected, and stay in its vault.',
  )
  const { scope, customHeaders, ...extra } = integration.options ?? {}
  const clientAuthentication = basicIn(customHeaders) ? 'basic' : 'body'
  reportTokenType(integration.token_type, report)
  reportHeaders(customHeaders, report)
  report.needsAnswer.push(
    'Register the redirect URL of Manydesk at the vendor: that of a Freshworks app (oauth.freshdev.io) is another one.',
    clientAuthentication === 'basic'
      ? 'PKCE: "S256" is set. If the vendor refuses the sign-in, set "pkce" to "none".'
      : 'PKCE and client secret: "S256" and "body" are set. If the vendor refuses the sign-in, try "pkce": "none" or "clientAuthentication": "basic".',
  )
  return {
    inputs,
    signIn: {
      kind: 'oauth',
      authorizeUrl,
      tokenUrl,
      ...scopes(scope, report),
      pkce: 'S256',
      clientAuthentication,
      ...extraParameters(extra, report),
      registration: {
        url: /^https:\/\/[^<]*$/.test(authorizeUrl)
          ? new URL(authorizeUrl).origin
          : 'https://developers.freshworks.com/',
        steps: [
          'Sign in at the vendor as an administrator and find the place for OAuth apps or API clients.',
          'Add a client named "Manydesk", or open the one the Freshworks app used.',
          'Add the redirect URL shown here to it. It must match exactly.',
          'Copy the client id and the secret into this form.',
        ],
      },
    },
  }
}

const basicIn = (headers: unknown) =>
  isObject(headers) &&
  Object.entries(headers).some(([name, value]) => /^authorization$/i.test(name) && /^\s*basic\b/i.test(String(value)))

function scopes(scope: unknown, report: ImportReport): Pick<SignIn, 'scopes' | 'scopeSeparator'> {
  if (typeof scope !== 'string' || scope.trim() === '') {
    report.needsAnswer.push('The app asks for no scope: does the vendor have permissions to ask for?')
    return {}
  }
  const comma = scope.includes(',')
  const ids = scope.split(comma ? /\s*,\s*/ : /\s+/).filter((each) => each !== '')
  report.taken.push(`Permissions: ${ids.join(', ')}`)
  report.needsAnswer.push('Say in plain words why each permission is needed: it is shown before signing in.')
  return {
    scopes: ids.map((id) => ({ id, reason: 'Asked for by the Freshworks app' })),
    ...(comma ? { scopeSeparator: ',' as const } : {}),
  }
}

function extraParameters(extra: Record<string, unknown>, report: ImportReport): Pick<SignIn, 'authorizeParameters'> {
  const plain = Object.entries(extra).filter(([, value]) => ['string', 'number', 'boolean'].includes(typeof value))
  for (const [name] of Object.entries(extra).filter((entry) => !plain.includes(entry)))
    report.notCarried.push(`Option "${name}" of the sign-in: it is not a plain value.`)
  if (plain.length === 0) return {}
  const names = plain.map(([name]) => name)
  report.taken.push(`Parameters of the sign-in: ${names.join(', ')}`)
  report.needsAnswer.push(`If the token URL wants ${names.join(', ')} as well, repeat it in "tokenParameters".`)
  return { authorizeParameters: Object.fromEntries(plain.map(([name, value]) => [name, String(value)])) }
}

function reportHeaders(headers: unknown, report: ImportReport): void {
  if (!isObject(headers)) return
  for (const name of Object.keys(headers)) {
    if (/^authorization$/i.test(name) && basicIn(headers))
      report.taken.push('Client authentication: HTTP Basic at the token URL.')
    else if (!/^(content-type|accept)$/i.test(name))
      report.notCarried.push(`Header "${name}" of the token request: a manifest sets none there.`)
  }
}

function reportTokenType(type: string | undefined, report: ImportReport): void {
  if (type === 'agent') report.taken.push('token_type "agent": each person signs in, as in Manydesk.')
  else if (type === 'account')
    report.notCarried.push(
      'token_type "account": one sign-in for all agents. In Manydesk every account is signed in by a person; share a user if all should act as one.',
    )
  else report.needsAnswer.push('token_type is neither "account" nor "agent". In Manydesk each person signs in.')
}
