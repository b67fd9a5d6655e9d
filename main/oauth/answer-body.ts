import type { OAuthSignIn } from '../connectors/connector.ts'
import { vendorWords } from './sign-in-errors.ts'

/** Bodies of a token endpoint's answers: untrusted, and in many forms. */

const maxAnswerBytes = 256 * 1024

/** An answer that holds a token, in the form of RFC 6749 5.1. */
export function tokenMembers(body: Record<string, unknown>): Record<string, unknown> {
  const members = Object.fromEntries(Object.entries(body).filter(([, value]) => value !== null))
  // Who signed in is asked of the API; an ID token nobody verifies must not decide anything.
  delete members.id_token
  members.token_type ??= 'bearer'
  const scopes = members.scope ?? members.scopes
  if (Array.isArray(scopes)) members.scope = scopes.join(' ')
  if (!(Number(members.expires_in) > 0)) delete members.expires_in
  if (members.refresh_token === '') delete members.refresh_token
  return members
}

/** An error in the form of RFC 6749 5.2, whatever form the vendor gave it. */
export function errorBody(
  server: { signIn: OAuthSignIn },
  status: number,
  body: Record<string, unknown> | null,
): Record<string, string> {
  const read = body === null ? null : (server.signIn.readTokenError?.(status, body) ?? null)
  if (read) return { error: read.error, ...(read.description === null ? {} : { error_description: read.description }) }
  const [outer = {}, ...inner] = errorLayers(body)
  const first = (keys: readonly string[], layers: Record<string, unknown>[]) =>
    layers.flatMap((layer) => keys.map((key) => wordsAt(layer, key))).find((words) => words !== null)
  const description = first(['error_description', 'message', 'description', 'detail', 'title'], [outer, ...inner])
  const error =
    first(['error'], [outer]) ??
    first(['code', 'error', 'type', 'name'], inner) ??
    (status >= 500 ? 'server_error' : status === 401 ? 'invalid_client' : 'rejected')
  return { error, ...(description === undefined ? {} : { error_description: description }) }
}

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

const wordsAt = (layer: Record<string, unknown>, key: string): string | null =>
  typeof layer[key] === 'string' ? vendorWords(layer[key]) : null

/** An error body with what stands inside its `error` or first of its `errors`. */
function errorLayers(body: Record<string, unknown> | null): Record<string, unknown>[] {
  const first: unknown = Array.isArray(body?.errors) ? body.errors[0] : body?.errors
  return [body, body?.error, first].filter(isObject)
}

/** An answer with HTTP 200 that holds an error and no token. */
export const isErrorBody = (body: Record<string, unknown>): boolean =>
  typeof body.access_token !== 'string' && [body.error, body.errors].some((each) => each !== undefined && each !== null)

/** The JSON object of an answer, or null for anything else; reads at most 256 KiB. */
export async function readBody(response: Response): Promise<Record<string, unknown> | null> {
  const chunks: Uint8Array[] = []
  let size = 0
  if (response.body) {
    for await (const chunk of response.body) {
      size += chunk.byteLength
      if (size > maxAnswerBytes) return null
      chunks.push(chunk)
    }
  }
  try {
    const parsed: unknown = JSON.parse(Buffer.concat(chunks).toString('utf8'))
    return typeof parsed === 'object' && parsed !== null && !Array.isArray(parsed)
      ? (parsed as Record<string, unknown>)
      : null
  } catch {
    return null
  }
}
