import { generateKeyPairSync } from 'node:crypto'
import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { createEnforcement } from '../../../main/policy/enforce.ts'
import { loadPolicy, type PolicyState } from '../../../main/policy/load.ts'
import { isSigned, readPublicKey, signatureOf } from '../../../main/policy/verify.ts'
import { policyFolders } from '../../../main/workstation/machine-folder.ts'

const { publicKey, privateKey } = generateKeyPairSync('ed25519')
const publicPem = publicKey.export({ type: 'spki', format: 'pem' })

let folder: string
let machine: string
let person: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'manydesk-policy-'))
  machine = join(folder, 'machine')
  person = join(folder, 'person')
  for (const each of [machine, person]) mkdirSync(each)
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

const put = (place: string, name: string, content: string | Buffer) => writeFileSync(join(place, name), content)
const putSigned = (place: string, text: string) => {
  put(place, 'policy.json', text)
  put(place, 'policy.json.sig', signatureOf(Buffer.from(text), privateKey))
}
const load = (): PolicyState => loadPolicy({ machine: [machine], person })
const enforced = () => createEnforcement(load, 'agent')
const faults = (state = load()) => (state.kind === 'broken' ? state.faults : [])

describe('the policy of an organisation', () => {
  it('forbids nothing where there is none', () => {
    expect(load().kind).toBe('open')
    expect(enforced().allowKeys()).toBeNull()
  })

  it('forbids what one of its files forbids: another file cannot allow it again', () => {
    put(machine, 'policy.json', '{"apiKeys": false}')
    put(person, 'policy.json', '{"apiKeys": true}')
    expect(enforced().allowKeys()?.code).toBe('policy_forbids')
    put(machine, 'policy.json', '{"apiKeys": true}')
    expect(enforced().allowKeys()).toBeNull()
    put(person, 'policy.json', '{"apiKeys": false}')
    expect(enforced().allowKeys()?.code).toBe('policy_forbids')
  })

  it('holds machine-wide rules before those of the person', () => {
    put(machine, 'policy.json', '{"contact": "it@acme.example", "updateChannel": {"channel": "stable"}}')
    put(person, 'policy.json', '{"contact": "me@evil.example", "updateChannel": {"channel": "beta"}}')
    expect(enforced().updateChannel()).toBe('stable')
    expect(load()).toMatchObject({ kind: 'managed', layers: [{ scope: 'machine' }, { scope: 'person' }] })
  })

  it.each([
    ['not JSON', '{"apiKeys": false', 1, 18, ''],
    ['a wrong type', '{\n  "apiKeys": "no"\n}', 2, 3, 'apiKeys'],
    ['a word it does not know', '{\n  "cache": { "maxAgeDays": 3, "weeks": 1 }\n}', 2, 31, 'cache.weeks'],
    ['no object', '[]', 1, 1, ''],
    ['nothing in it', '', 1, 1, ''],
    ['a rule that stands twice', '{"apiKeys": false, "apiKeys": true}', 1, 20, 'apiKeys'],
    ['a star in the middle', '{"sites": [{"allowed": ["a*.acme.com"]}]}', 1, 25, 'sites[0].allowed[0]'],
    ['a comment', '{ // none\n}', 1, 3, ''],
  ])('fails closed for %s, and says where', (_, text, line, column, path) => {
    put(machine, 'policy.json', text)
    expect(faults()).toEqual([{ file: join(machine, 'policy.json'), line, column, path, message: expect.any(String) }])
    expect(enforced().allowVendor({ id: 'any', name: 'Any' })?.code).toBe('policy_broken')
  })

  it('fails closed for bytes that are no text', () => {
    put(person, 'policy.json', Buffer.from([0x7b, 0xff, 0xfe, 0x7d]))
    expect(faults()).toMatchObject([{ file: join(person, 'policy.json'), message: 'This is not text in UTF-8.' }])
  })

  it('takes a byte order mark, which some editors write', () => {
    put(machine, 'policy.json', `\uFEFF{"apiKeys": false}`)
    expect(load().kind).toBe('managed')
  })

  it('fails closed for a file that is there and cannot be read', () => {
    mkdirSync(join(machine, 'policy.json'))
    expect(faults()).toMatchObject([{ line: null, message: 'This file cannot be read (EISDIR).' }])
    chmodSync(machine, 0o755)
  })

  it('is another one after each change of any of its files', () => {
    const digests = [load().digest]
    put(machine, 'policy.json', '{}')
    digests.push(load().digest)
    put(machine, 'policy.json', '{ }')
    digests.push(load().digest)
    put(person, 'policy.json', '{}')
    digests.push(load().digest)
    expect(new Set(digests).size).toBe(4)
  })
})

describe('a signed policy', () => {
  const text = '{"contact": "it@acme.example", "apiKeys": false}'
  beforeEach(() => put(machine, 'policy-key.pem', publicPem))

  it('holds when its signature fits, and says that it is signed', () => {
    putSigned(machine, text)
    expect(load()).toMatchObject({ kind: 'managed', layers: [{ signed: true, rules: { apiKeys: false } }] })
  })

  it('fails closed without a signature once a key is configured, also in the folder of the person', () => {
    putSigned(machine, text)
    put(person, 'policy.json', '{}')
    expect(faults()).toMatchObject([
      { file: join(person, 'policy.json'), message: expect.stringContaining('not signed') },
    ])
  })

  it('fails closed when the policy was taken away and the key is still there', () => {
    expect(faults()).toMatchObject([{ message: expect.stringContaining('no policy') }])
  })

  it('fails closed for a key that is none, and for a private one', () => {
    putSigned(machine, text)
    for (const pem of [
      'no key',
      privateKey.export({ type: 'pkcs8', format: 'pem' }),
      generateKeyPairSync('ec', { namedCurve: 'P-256' }).publicKey.export({ type: 'spki', format: 'pem' }),
    ]) {
      put(machine, 'policy-key.pem', pem)
      expect(faults()).toMatchObject([{ file: join(machine, 'policy-key.pem') }])
    }
  })

  it('takes no key from the folder of the person, who could choose their own', () => {
    rmSync(join(machine, 'policy-key.pem'))
    put(person, 'policy-key.pem', publicPem)
    put(person, 'policy.json', '{"apiKeys": false}')
    expect(load().kind).toBe('managed')
  })

  it('fails for every change of one byte of the file', () => {
    const bytes = Buffer.from(text)
    const signature = signatureOf(bytes, privateKey)
    const key = readPublicKey(String(publicPem))
    if (key === null) throw new Error('the key is good')
    expect(isSigned(bytes, signature, key)).toBe(true)
    fc.assert(
      fc.property(fc.nat(bytes.length - 1), fc.integer({ min: 1, max: 255 }), (at, flip) => {
        const changed = Buffer.from(bytes)
        changed[at] = (changed[at] ?? 0) ^ flip
        expect(isSigned(changed, signature, key)).toBe(false)
      }),
    )
  })

  it('fails for every insertion and every cut', () => {
    const bytes = Buffer.from(text)
    const signature = signatureOf(bytes, privateKey)
    fc.assert(
      fc.property(fc.nat(bytes.length), fc.uint8Array({ maxLength: 4 }), fc.nat(4), (at, extra, cut) => {
        const changed = Buffer.concat([bytes.subarray(0, at), extra, bytes.subarray(at + cut)])
        fc.pre(!changed.equals(bytes))
        expect(isSigned(changed, signature, publicKey)).toBe(false)
      }),
    )
  })

  it('fails for every change of one character of the signature', () => {
    const bytes = Buffer.from(text)
    const signature = signatureOf(bytes, privateKey).trim()
    const letters = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/=-_ \n\0'
    fc.assert(
      fc.property(fc.nat(signature.length - 1), fc.constantFrom(...letters), (at, letter) => {
        fc.pre(signature[at] !== letter)
        const changed = signature.slice(0, at) + letter + signature.slice(at + 1)
        // A blank at an end is taken off, and what is left is too short.
        expect(isSigned(bytes, changed, publicKey)).toBe(false)
      }),
      { numRuns: 500 },
    )
  })
})

describe('the machine-wide folder', () => {
  it('is where only administrators write, on each system', () => {
    expect(policyFolders('linux', { ProgramData: '/home/me' })).toEqual(['/etc/manydesk'])
    expect(policyFolders('darwin', {})).toEqual(['/Library/Application Support/Manydesk'])
    expect(policyFolders('win32', { ProgramData: 'C:\\ProgramData' })).toHaveLength(1)
  })

  it('on Windows cannot be left behind by whoever starts the app with another environment', () => {
    const [usual, named] = policyFolders('win32', { ProgramData: 'D:\\mine' })
    expect(usual).toContain('C:\\ProgramData')
    expect(named).toContain('D:\\mine')
  })
})
