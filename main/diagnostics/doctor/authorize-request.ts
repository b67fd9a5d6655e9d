import type { Site } from '../../connectors/connector.ts'
import { isAppError } from '../../errors.ts'
import type { OAuthClient } from '../../oauth/model.ts'
import { resolveSigningServer } from '../../oauth/server.ts'
import type { AuthorizationServer } from '../../oauth/token-endpoint.ts'
import { beginTransaction } from '../../oauth/transaction.ts'
import type { DoctorContext } from './model.ts'
import { hostOf } from './places.ts'
import { evidenceOf, look, type Reading, withoutQuery } from './readings.ts'

/** What the authorization server says to a request before anybody signs in. `evidence` is technical, masked. */
export type AuthorizeAnswer =
  | { kind: 'accepted'; evidence: Record<string, string> }
  | { kind: 'unreached'; evidence: Record<string, string> }
  | { kind: 'refused'; why: Refusal; words: string; evidence: Record<string, string> }

export type Refusal = 'redirect' | 'client' | 'scope' | 'consent' | 'other'

const hops = 3

/**
 * Asks as a browser would, without cookies, up to the login page. Where the server takes requests beforehand (RFC 9126), it refuses there.
 * @throws AppError when no request can be made
 */
export async function askToAuthorize(
  context: DoctorContext,
  { client, site = context.subject.site, redirectUri }: { client: OAuthClient; site?: Site; redirectUri: string },
): Promise<AuthorizeAnswer> {
  const { connector } = context.subject
  const server = await resolveSigningServer(connector, site, client, context)
  const begun = await beginTransaction(server, { redirectUri, arrivesAt: redirectUri }).catch((error: unknown) =>
    whenHandedIn(server, client, error),
  )
  if ('kind' in begun) return begun
  let reading = await look(context, 'Ask for the sign-in page', begun.authorizeUrl)
  for (let hop = 0; hop < hops; hop += 1) {
    const evidence = evidenceOf(reading)
    if (reading.kind === 'failed') return { kind: 'unreached', evidence }
    const refused = refusalIn(reading, redirectUri)
    if (refused !== null) return { kind: 'refused', ...refused, evidence }
    const next = reading.answer.location === null ? null : new URL(reading.answer.location, reading.url)
    // Only the words of an error matter further on; a login page of the same server is as far as one gets without cookies.
    if (next === null || next.protocol !== 'https:' || !/error/i.test(next.pathname)) break
    reading = await look(context, 'Read the page it leads to', next.href)
  }
  return { kind: 'accepted', evidence: evidenceOf(reading) }
}

/** What the refusal of a request that was handed in beforehand says. @throws the error where it is about something else */
function whenHandedIn({ as }: AuthorizationServer, client: OAuthClient, error: unknown): AuthorizeAnswer {
  const address = as.pushed_authorization_request_endpoint
  if (address === undefined || !isAppError(error)) throw error
  const words = error.detail ?? ''
  const evidence = { address: withoutQuery(address), code: error.code }
  if (isAppError(error, 'offline', 'timeout', 'vendor_unreachable')) return { kind: 'unreached', evidence }
  if (!isAppError(error, 'client_rejected', 'handshake_denied', 'token_rejected')) throw error
  const why = reasonIn(words) ?? looseReasonIn(words)
  // With a secret in it, the request may as well be refused for that: the token endpoint tells.
  const isSecret = why === 'client' && client.clientSecret !== null
  return { kind: 'refused', why: isSecret ? 'other' : why, words, evidence }
}

function refusalIn(
  reading: Reading & { kind: 'answered' },
  redirectUri: string,
): { why: Refusal; words: string } | null {
  const { status, location, text } = reading.answer
  const target = location === null ? null : new URL(location, reading.url)
  if (target !== null && hostOf(target.href) === hostOf(redirectUri) && target.searchParams.has('error')) {
    const { searchParams } = target
    const words = `${searchParams.get('error')}: ${searchParams.get('error_description') ?? ''}`
    return { why: reasonIn(words) ?? 'other', words }
  }
  const words = `${target === null ? '' : errorWords(target)} ${visibleText(text)}`.trim()
  const strict = reasonIn(words)
  // A login page may hold any word; where the server did not say "error", only a whole sentence counts.
  if (status >= 400 && status < 500) return { why: strict ?? looseReasonIn(words), words }
  return strict === null ? null : { why: strict, words }
}

const wrong = `(?:invalid|unknown|mismatch|not (?:valid|known|registered|found|one of|allowed|whitelisted)|does ?n[o']t (?:match|exist)|must match)`
const near = (words: string) => new RegExp(`${wrong}.{0,60}${words}|${words}.{0,60}${wrong}`, 'i')
const reasons: readonly [RegExp, Refusal][] = [
  [near('(?:redirect|callback|return)[ _-]?(?:ur[il]|address)'), 'redirect'],
  [/AADSTS5001[13]|redirect_uri_mismatch/, 'redirect'],
  [near(String.raw`(?:oauth[ _]?)?scopes?\b`), 'scope'],
  [near(String.raw`(?:client|application|app)(?:[ _-]?id)?\b`), 'client'],
  [/AADSTS700016|invalid_client|unauthorized_client/, 'client'],
]

function reasonIn(words: string): Refusal | null {
  if (/\baccess_denied\b|\bconsent_required\b|admin_policy_enforced/.test(words)) return 'consent'
  return reasons.find(([pattern]) => pattern.test(words))?.[1] ?? null
}

function looseReasonIn(words: string): Refusal {
  if (/redirect/i.test(words)) return 'redirect'
  if (/scope/i.test(words)) return 'scope'
  return /client|\bapp/i.test(words) ? 'client' : 'other'
}

/** Values of an error address, also in the base64 in which some vendors write them. */
function errorWords(url: URL): string {
  const values = [...url.searchParams].filter(([name]) => /error/i.test(name)).map(([, value]) => value)
  return values.map((value) => `${value} ${Buffer.from(value.slice(0, 2000), 'base64').toString('latin1')}`).join(' ')
}

/** What a person would read on the page. */
function visibleText(html: string): string {
  return html
    .replace(/<(script|style|template)\b[\s\S]*?(?:<\/\1>|$)/gi, ' ')
    .replace(/<[^>]*>/g, ' ')
    .replace(/&(?:#39|apos|rsquo);/g, "'")
    .replace(/\s+/g, ' ')
    .slice(0, 4000)
}
