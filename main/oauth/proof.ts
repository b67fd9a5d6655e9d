import type { webcrypto } from 'node:crypto'
import * as oauth from 'oauth4webapi'
import { AppError } from '../errors.ts'
import type { FetchPort } from '../ports.ts'
import type { Grant } from './model.ts'

/** The private half of a key that tokens are bound to (RFC 9449), as a JWK. It never leaves the vault and this folder. */
export type ProofKey = webcrypto.JsonWebKey

/** Signs proofs with one key and keeps the newest nonce of each server. One per account, so that nonces outlive a request. */
export interface Proof {
  key: ProofKey
  handle: oauth.DPoPHandle
}

const algorithm = { name: 'ECDSA', namedCurve: 'P-256' }
/** The one algorithm we sign with; servers that offer DPoP without it are used with bearer tokens. */
export const proofAlgorithm = 'ES256'

/** A key nobody has used. */
export async function newProof(): Promise<Proof> {
  const pair = await crypto.subtle.generateKey(algorithm, true, ['sign', 'verify'])
  return { key: await crypto.subtle.exportKey('jwk', pair.privateKey), handle: oauth.DPoP({}, pair) }
}

/** @throws DOMException, DataError for a key that is none */
async function proofOf(key: ProofKey): Promise<Proof> {
  const { d: _, key_ops: _ops, ...open } = key
  const privateKey = await crypto.subtle.importKey('jwk', key, algorithm, false, ['sign'])
  const publicKey = await crypto.subtle.importKey('jwk', open, algorithm, true, ['verify'])
  return { key, handle: oauth.DPoP({}, { privateKey, publicKey }) }
}

/** What a grant is used with: proof of its key, or null for bearer tokens. @throws AppError `secret_damaged` */
export async function grantProof(grant: Pick<Grant, 'privateKey'>): Promise<Proof | null> {
  if (grant.privateKey === undefined) return null
  return proofOf(grant.privateKey).catch((error: unknown) => {
    throw new AppError('secret_damaged', 'The key of a saved sign-in cannot be used.', {
      action: 'Sign in again. Conversations and unsent replies are kept.',
      detail: error instanceof Error ? error.name : null,
    })
  })
}

/**
 * Sends requests with the token and a fresh proof for each (RFC 9449 7.1). Where the server asks for its nonce, the request is sent once
 * more with it: it was refused before anything was done, so this is safe for writes, too.
 */
export function provenFetch(proof: Proof, token: string, fetch: FetchPort): FetchPort {
  return async (input, init = {}) => {
    const url = new URL(input instanceof Request ? input.url : input)
    const headers = new Headers(init.headers)
    headers.delete('authorization')
    const once = () =>
      oauth.protectedResourceRequest(token, init.method ?? 'GET', url, headers, undefined, {
        DPoP: proof.handle,
        [oauth.customFetch]: (href, proven) => fetch(href, { ...init, headers: proven.headers }),
      })
    const first = await answered(once)
    return first.asksNonce ? (await answered(once)).response : first.response
  }
}

/** The answer, also where it carries a challenge, and whether that asks for a nonce. */
async function answered(send: () => Promise<Response>): Promise<{ response: Response; asksNonce: boolean }> {
  try {
    return { response: await send(), asksNonce: false }
  } catch (error) {
    if (!(error instanceof oauth.WWWAuthenticateChallengeError)) throw error
    return { response: error.response, asksNonce: oauth.isDPoPNonceError(error) }
  }
}

/** Runs a request to the authorization server; once more where it asked for its nonce, which the handle then has. */
export async function withNonce<T>(proof: Proof | null | undefined, request: () => Promise<T>): Promise<T> {
  try {
    return await request()
  } catch (error) {
    if (!proof || !oauth.isDPoPNonceError(error)) throw error
    return request()
  }
}
