import type { Session } from 'electron'

/** Chromium's own verdict stands. */
const asChromiumSays = -3
const remembered = 100

/**
 * Remembers who issued a certificate that Chromium refused, so that a person can be told whose proxy is in the way. It only watches: the
 * verdict is always left to Chromium (security E19).
 */
export function watchCertificates(session: Pick<Session, 'setCertificateVerifyProc'>): (host: string) => string | null {
  const refused = new Map<string, string>()
  session.setCertificateVerifyProc(({ hostname, certificate, errorCode }, answer) => {
    refused.delete(hostname)
    const issuer = certificate.issuer?.commonName || certificate.issuerName
    if (errorCode !== 0 && issuer !== '') refused.set(hostname, issuer)
    const oldest = refused.keys().next().value
    if (refused.size > remembered && oldest !== undefined) refused.delete(oldest)
    answer(asChromiumSays)
  })
  return (host) => refused.get(host) ?? null
}
