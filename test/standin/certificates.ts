import { TLSSocket } from 'node:tls'
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
  verdict(hostname: string, socket: unknown, found: Error | undefined): Error | undefined {
    if (this.proc === null || !(socket instanceof TLSSocket)) return found
    let answer = asFound
    this.proc(askedOf(hostname, socket, found), (result) => {
      answer = result
    })
    if (answer === asFound) return found
    return answer === 0 ? undefined : (found ?? new Error('net::ERR_CERT_INVALID'))
  }
}

function askedOf(hostname: string, socket: TLSSocket, found: Error | undefined): Asked {
  const { subject, issuer } = socket.getPeerCertificate()
  const [errorCode, name] = found === undefined ? [0, 'OK'] : netError(found.message)
  const text = (value: string | string[] | undefined) => (Array.isArray(value) ? value[0] : value) ?? ''
  const certificate = {
    subjectName: text(subject?.CN),
    issuerName: text(issuer?.CN),
    subject: { commonName: text(subject?.CN) },
    issuer: { commonName: text(issuer?.CN) },
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
