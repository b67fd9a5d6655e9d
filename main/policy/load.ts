import { createHash, type KeyObject } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { parsePolicy } from './parse.ts'
import type { PolicyRules } from './schema.ts'
import { isSigned, readPublicKey } from './verify.ts'

export const policyFile = 'policy.json'
export const signatureFile = 'policy.json.sig'
/** Read from machine-wide folders only: whoever can write it decides whose policies count. */
export const keyFile = 'policy-key.pem'

/** Where policies may be. */
export interface PolicyFolders {
  /** Machine-wide, the one that wins first. Agents cannot write there. */
  machine: readonly string[]
  /** This person's own data folder. */
  person: string
}

/** What one file says. Of several, each must allow what is done: a further one can only restrict more. */
export interface PolicyLayer {
  file: string
  scope: 'machine' | 'person'
  signed: boolean
  rules: PolicyRules
}

/** Why the policy cannot be used. `line`, `column` and `path` where it stands in the text, null where it is about the file as a whole. */
export interface PolicyFault {
  file: string
  line: number | null
  column: number | null
  path: string
  message: string
}

/** `digest` tells two states apart: SHA-256 over everything that was read, in hexadecimal. */
export type PolicyState = { digest: string } & (
  | { kind: 'open' }
  /** Layers in the order in which they win. */
  | { kind: 'managed'; layers: PolicyLayer[] }
  | { kind: 'broken'; faults: PolicyFault[] }
)

type FileBytes = { kind: 'found'; bytes: Buffer } | { kind: 'absent' } | { kind: 'unreadable'; code: string }

interface Key {
  file: string
  key: KeyObject | null
}

/** Reads all policy files there are. Never throws: what cannot be read or trusted makes the whole policy broken. */
export function loadPolicy(folders: PolicyFolders): PolicyState {
  const hash = createHash('sha256')
  const faults: PolicyFault[] = []
  const read = (path: string): Buffer | null => {
    const answer = readBytes(path)
    hash.update(JSON.stringify([path, answer.kind]))
    if (answer.kind === 'found') hash.update(answer.bytes)
    if (answer.kind === 'unreadable') faults.push(ofFile(path, `This file cannot be read (${answer.code}).`))
    return answer.kind === 'found' ? answer.bytes : null
  }
  const keys = readKeys(folders.machine, read, faults)
  const places = [
    ...folders.machine.map((folder) => ({ folder, scope: 'machine' as const })),
    { folder: folders.person, scope: 'person' as const },
  ]
  const layers = places.flatMap(({ folder, scope }) => readLayer(folder, scope, keys, read, faults))
  if (keys.length > 0 && layers.length === 0 && faults.length === 0) {
    faults.push(ofFile(keys[0]?.file ?? '', 'This key is configured, but there is no policy: it was taken away.'))
  }
  const digest = hash.digest('hex')
  if (faults.length > 0) return { kind: 'broken', faults, digest }
  return layers.length === 0 ? { kind: 'open', digest } : { kind: 'managed', layers, digest }
}

type Read = (path: string) => Buffer | null

function readKeys(folders: readonly string[], read: Read, faults: PolicyFault[]): Key[] {
  return folders.flatMap((folder) => {
    const file = join(folder, keyFile)
    const bytes = read(file)
    if (bytes === null) return []
    const key = readPublicKey(bytes.toString('latin1'))
    if (key === null) faults.push(ofFile(file, 'This is not an Ed25519 public key in PEM form.'))
    return [{ file, key }]
  })
}

function readLayer(
  folder: string,
  scope: PolicyLayer['scope'],
  keys: readonly Key[],
  read: Read,
  faults: PolicyFault[],
): PolicyLayer[] {
  const file = join(folder, policyFile)
  const bytes = read(file)
  const signature = keys.length > 0 ? read(join(folder, signatureFile)) : null
  if (bytes === null) return []
  for (const { key } of keys) {
    if (signature === null) faults.push(ofFile(file, `It is not signed: there is no ${signatureFile} beside it.`))
    // A key that cannot be read has a fault of its own.
    else if (key !== null && !isSigned(bytes, signature.toString('latin1'), key)) {
      faults.push(ofFile(file, 'Its signature does not fit: the file or the signature was changed.'))
    }
  }
  const { rules, faults: found } = parsePolicy(bytes)
  faults.push(...found.map((fault) => ({ ...fault, file })))
  return rules === null ? [] : [{ file, scope, signed: keys.length > 0, rules }]
}

const ofFile = (file: string, message: string): PolicyFault => ({ file, line: null, column: null, path: '', message })

function readBytes(path: string): FileBytes {
  try {
    return { kind: 'found', bytes: readFileSync(path) }
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : 'unknown'
    return code === 'ENOENT' ? { kind: 'absent' } : { kind: 'unreadable', code }
  }
}
