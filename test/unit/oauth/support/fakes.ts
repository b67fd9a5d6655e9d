import './plain-node.ts'
import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { openDocumentFolder } from '../../../../main/accounts/documents.ts'
import { AppError } from '../../../../main/errors.ts'
import type { Clock, DocumentFolder, KeyringPort, Log, Protection } from '../../../../main/ports.ts'

export interface TempFolder {
  path: string
  documents(name: string): DocumentFolder
  remove(): void
}

export function tempFolder(): TempFolder {
  const path = mkdtempSync(join(tmpdir(), 'manydesk-'))
  return {
    path,
    documents: (name) => openDocumentFolder(join(path, name), () => 1_700_000_000_000),
    remove: () => rmSync(path, { recursive: true, force: true }),
  }
}

export interface FakeClock extends Clock {
  /** Time passes on both clocks. */
  pass(ms: number): void
  /** Someone sets the wall clock. */
  setWall(epochMs: number): void
  /** The machine sleeps: only the wall clock moves. */
  sleep(ms: number): void
}

export function fakeClock(start = 1_700_000_000_000): FakeClock {
  let wall = start
  let monotonic = 5_000
  return {
    now: () => wall,
    monotonic: () => monotonic,
    pass(ms) {
      wall += ms
      monotonic += ms
    },
    setWall(epochMs) {
      wall = epochMs
    },
    sleep(ms) {
      wall += ms
    },
  }
}

export interface FakeLog extends Log {
  lines: { level: string; message: string; fields: Record<string, unknown> | undefined }[]
}

export function fakeLog(): FakeLog {
  const lines: FakeLog['lines'] = []
  const at = (level: string) => (message: string, fields?: Record<string, unknown>) => {
    lines.push({ level, message, fields })
  }
  return { lines, debug: at('debug'), info: at('info'), warn: at('warn'), error: at('error') }
}

export type KeyringMode = 'ok' | 'locked' | 'weak' | 'unavailable' | 'rotated' | 'lost' | 'zero-length' | 'garbage'

export interface FakeKeyring extends KeyringPort {
  mode: KeyringMode
  wraps: number
}

/** Encrypts for real. `rotated` opens old bytes and asks for a new wrapping; `lost` has another key; the last two answer what broken stores answer. */
export function fakeKeyring(): FakeKeyring {
  const key = randomBytes(32)
  const otherKey = randomBytes(32)
  const damaged = () =>
    new AppError('secret_damaged', 'Saved sign-ins cannot be read on this computer.', { detail: 'not readable' })
  const locked = () => new AppError('keyring_locked', 'Your system keyring is locked.', { action: 'Unlock it.' })
  const keyring: FakeKeyring = {
    mode: 'ok',
    wraps: 0,
    backend: async () => (keyring.mode === 'weak' ? 'basic_text' : 'gnome_libsecret'),
    async protection(): Promise<Protection> {
      if (keyring.mode === 'locked') throw locked()
      return keyring.mode === 'weak' || keyring.mode === 'unavailable' ? keyring.mode : 'strong'
    },
    async wrap(plain) {
      if (keyring.mode === 'locked') throw locked()
      keyring.wraps += 1
      const nonce = randomBytes(12)
      const cipher = createCipheriv('aes-256-gcm', keyring.mode === 'lost' ? otherKey : key, nonce)
      const sealed = Buffer.concat([cipher.update(plain), cipher.final(), cipher.getAuthTag()])
      const age = Buffer.from([keyring.mode === 'rotated' ? 2 : 1])
      return new Uint8Array(Buffer.concat([age, nonce, sealed]))
    },
    async unwrap(wrapped) {
      if (keyring.mode === 'locked') throw locked()
      if (keyring.mode === 'zero-length') return { plain: new Uint8Array(), reWrap: false }
      if (keyring.mode === 'garbage') return { plain: new Uint8Array(randomBytes(46)), reWrap: false }
      const bytes = Buffer.from(wrapped)
      try {
        const decipher = createDecipheriv(
          'aes-256-gcm',
          keyring.mode === 'lost' ? otherKey : key,
          bytes.subarray(1, 13),
        )
        decipher.setAuthTag(bytes.subarray(-16))
        const plain = Buffer.concat([decipher.update(bytes.subarray(13, -16)), decipher.final()])
        return { plain: new Uint8Array(plain), reWrap: keyring.mode === 'rotated' && bytes[0] === 1 }
      } catch {
        throw damaged()
      }
    },
  }
  return keyring
}
