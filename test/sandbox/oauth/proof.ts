import { createHash, createPublicKey, type JsonWebKey, verify } from 'node:crypto'
import { type Exchange, isRecord, json, Refusal } from '../exchange.ts'

/** What an API checks of a call with a bound token (RFC 9449 4.3 and 7.1). */

/** The nonce an API wants now; a test may make it another one. */
export const apiNonce = { current: 'api-nonce-1' }
const seen = new Set<string>()

/** @throws Refusal as the API of a vendor words it */
export function requireProof(exchange: Exchange, token: string, jkt: string): void {
  const refuse = (error: string, why: string) =>
    new Refusal(
      json(
        401,
        { errors: [{ code: error, detail: why }] },
        { 'www-authenticate': `DPoP error="${error}", error_description="${why}"`, 'dpop-nonce': apiNonce.current },
      ),
    )
  if (!/^DPoP /.test(exchange.headers.authorization ?? '')) throw refuse('invalid_token', 'the token is bound to a key')
  const given = exchange.headers.dpop
  const proof = typeof given === 'string' ? readProof(given) : null
  if (proof === null) throw refuse('invalid_dpop_proof', 'there is no proof')
  const { header, claims, isSigned } = proof
  const htu = `https://${exchange.host}${exchange.url.pathname}`
  if (!isSigned || header.typ !== 'dpop+jwt') throw refuse('invalid_dpop_proof', 'the proof is not signed')
  if (thumbprint(header.jwk) !== jkt) throw refuse('invalid_token', 'another key')
  if (claims.htm !== exchange.method || claims.htu !== htu) throw refuse('invalid_dpop_proof', 'of another request')
  if (claims.ath !== createHash('sha256').update(token).digest('base64url'))
    throw refuse('invalid_dpop_proof', 'of another token')
  if (claims.nonce !== apiNonce.current) throw refuse('use_dpop_nonce', 'a nonce is wanted')
  if (seen.has(String(claims.jti))) throw refuse('invalid_dpop_proof', 'used before')
  seen.add(String(claims.jti))
}

interface ReadProof {
  header: { typ: unknown; jwk: JsonWebKey }
  claims: Record<string, unknown>
  isSigned: boolean
}

function readProof(text: string): ReadProof | null {
  const [head = '', body = '', signature = ''] = text.split('.')
  const part = (each: string): unknown => JSON.parse(Buffer.from(each, 'base64url').toString('utf8'))
  const header = part(head)
  const claims = part(body)
  if (!isRecord(header) || !isRecord(claims) || !isRecord(header.jwk) || header.alg !== 'ES256') return null
  const jwk: JsonWebKey = header.jwk
  const key = createPublicKey({ key: jwk, format: 'jwk' })
  const signed = Buffer.from(`${head}.${body}`)
  const isSigned = verify('sha256', signed, { key, dsaEncoding: 'ieee-p1363' }, Buffer.from(signature, 'base64url'))
  return { header: { typ: header.typ, jwk }, claims, isSigned }
}

/** RFC 7638 for a key on a curve. */
function thumbprint({ crv, kty, x, y }: JsonWebKey): string {
  return createHash('sha256').update(JSON.stringify({ crv, kty, x, y })).digest('base64url')
}
