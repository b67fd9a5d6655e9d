import type { X509Certificate } from 'node:crypto'
import type { Session as ElectronSession } from 'electron'
import { netError } from './net-errors.ts'

export type VerifyProc = NonNullable<Parameters<ElectronSession['setCertificateVerifyProc']>[0]>
type Asked = Parameters<VerifyProc>[0]

/** `callback(-3)`: what Chromium found stands. */
const asFound = -3

/** Asks the app's verify procedure about each certificate. It must answer at once, which ours does. */
export class Certificates {
  proc: VerifyProc | null = null

  /** Undefined lets the connection be. `found` is what Chromium has against the certificate. */
  verdict(hostname: string, peer: X509Certificate | undefined, found: Error | undefined): Error | undefined {
    if (this.proc === null || peer === undefined) return found
    let answer = asFound
    this.proc(askedOf(hostname, peer, found), (result) => {
      answer = result
    })
    if (answer === asFound) return found
    return answer === 0 ? undefined : (found ?? new Error('net::ERR_CERT_INVALID'))
  }
}

function askedOf(hostname: string, peer: X509Certificate, found: Error | undefined): Asked {
  const [errorCode, name] = found === undefined ? [0, 'OK'] : netError(found.message)
  const [subject, issuer] = [commonName(peer.subject), commonName(peer.issuer)]
  const certificate = {
    subjectName: subject,
    issuerName: issuer,
    subject: { commonName: subject },
    issuer: { commonName: issuer },
  } as Asked['certificate']
  return {
    hostname,
    certificate,
    validatedCertificate: certificate,
    isIssuedByKnownRoot: false,
    verificationResult: name.replace(/^ERR_/, 'net::ERR_'),
    errorCode,
  }
}

/** Of a distinguished name as Node writes it, one part on a line. */
const commonName = (name: string | undefined) => /^CN=(.*)$/m.exec(name ?? '')?.[1] ?? ''
