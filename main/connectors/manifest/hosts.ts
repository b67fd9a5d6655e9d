import type { Manifest } from './schema.ts'

/**
 * Every host that gets a secret of an account, with its placeholders as written: those that are called with the token, then those that give
 * it out, take it back or renew it, which get the client secret and the refresh token.
 */
export function hostsOf({ hosts, signIn }: Pick<Manifest, 'hosts' | 'signIn'>): string[] {
  if (signIn.kind === 'key') return [...hosts]
  const addresses = [signIn.tokenUrl, signIn.revokeUrl, signIn.deviceUrl]
  const asked = addresses.flatMap((address) => /^https:\/\/([^/?#]*)/.exec(address ?? '')?.[1] ?? [])
  return [...new Set([...hosts, ...asked])]
}
