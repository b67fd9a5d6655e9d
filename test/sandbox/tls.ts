import { createHash, X509Certificate } from 'node:crypto'
import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { generate } from 'selfsigned'

export interface Certificate {
  key: string
  cert: string
  /** Base64 of the SHA-256 of the public key info: what Chromium's `--ignore-certificate-errors-spki-list` takes. */
  spki: string
}

function spkiOf(cert: string): string {
  const key = new X509Certificate(cert).publicKey.export({ type: 'spki', format: 'der' })
  return createHash('sha256').update(key).digest('base64')
}

async function stored(file: string, hosts: string[]): Promise<Certificate | undefined> {
  try {
    const found = JSON.parse(await readFile(file, 'utf8')) as { key: string; cert: string; hosts: string[] }
    const stillFits = hosts.every((host) => found.hosts.includes(host))
    return stillFits ? { key: found.key, cert: found.cert, spki: spkiOf(found.cert) } : undefined
  } catch {
    return undefined
  }
}

/** A certificate of its own for the given host patterns; kept in `dataDir` so that a restarted sandbox is trusted as before. */
export async function certificate(hosts: string[], dataDir?: string): Promise<Certificate> {
  const file = dataDir ? join(dataDir, 'certificate.json') : undefined
  const known = file ? await stored(file, hosts) : undefined
  if (known) return known
  const made = await generate([{ name: 'commonName', value: 'Manydesk sandbox' }], {
    keyType: 'ec',
    algorithm: 'sha256',
    notAfterDate: new Date(Date.now() + 300 * 86_400_000),
    extensions: [
      { name: 'basicConstraints', cA: false },
      { name: 'keyUsage', digitalSignature: true },
      { name: 'extKeyUsage', serverAuth: true },
      {
        name: 'subjectAltName',
        altNames: [...hosts.map((value) => ({ type: 2 as const, value })), { type: 7 as const, ip: '127.0.0.1' }],
      },
    ],
  })
  if (file && dataDir) {
    await mkdir(dataDir, { recursive: true })
    await writeFile(file, JSON.stringify({ key: made.private, cert: made.cert, hosts }), { mode: 0o600 })
  }
  return { key: made.private, cert: made.cert, spki: spkiOf(made.cert) }
}

const authorities = new Map<string, Promise<{ key: string; cert: string }>>()
const issued = new Map<string, Promise<{ key: string; cert: string }>>()

/** What a proxy that reads along shows for a host: a certificate issued by an authority of its own. */
export function proxyCertificate(host: string, issuer: string): Promise<{ key: string; cert: string }> {
  const name = `${issuer} ${host}`
  const known = issued.get(name) ?? issue(host, issuer)
  issued.set(name, known)
  return known
}

async function issue(host: string, issuer: string): Promise<{ key: string; cert: string }> {
  const known = authorities.get(issuer) ?? authority(issuer)
  authorities.set(issuer, known)
  const ca = await known
  const made = await generate([{ name: 'commonName', value: host }], {
    keyType: 'ec',
    algorithm: 'sha256',
    ca,
    extensions: [{ name: 'subjectAltName', altNames: [{ type: 2, value: host }] }],
  })
  return { key: made.private, cert: `${made.cert}\n${ca.cert}` }
}

async function authority(issuer: string): Promise<{ key: string; cert: string }> {
  const made = await generate([{ name: 'commonName', value: issuer }], {
    keyType: 'ec',
    algorithm: 'sha256',
    extensions: [
      { name: 'basicConstraints', cA: true, critical: true },
      { name: 'keyUsage', keyCertSign: true, digitalSignature: true },
    ],
  })
  return { key: made.private, cert: made.cert }
}
