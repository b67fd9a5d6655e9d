import { spawnSync } from 'node:child_process'
import { generateKeyPairSync } from 'node:crypto'
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'manydesk-policy-command-'))
  const { publicKey, privateKey } = generateKeyPairSync('ed25519')
  writeFileSync(join(folder, 'public.pem'), publicKey.export({ type: 'spki', format: 'pem' }))
  writeFileSync(join(folder, 'private.pem'), privateKey.export({ type: 'pkcs8', format: 'pem' }))
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

const put = (text: string) => writeFileSync(join(folder, 'policy.json'), text)
function run(...args: string[]) {
  const script = join(import.meta.dirname, '../../harness/policy.ts')
  const env = { ...process.env, INIT_CWD: folder }
  const { status, stdout, stderr } = spawnSync(process.execPath, [script, ...args], { env, encoding: 'utf8' })
  return { status, text: stdout + stderr }
}

it('tells an administrator each fault with line, column and field', () => {
  put('{\n  "apiKeys": false,\n  "vendorz": 3\n}')
  const { status, text } = run('check', 'policy.json')
  expect(status).toBe(1)
  expect(text).toContain('line 3, column 3 (vendorz): "vendorz" is not known here.')
})

it('says what a good policy means, without its secrets, and which vendor it does not know', () => {
  put(
    '{"sites": [{"vendor": "nodesk", "allowed": ["a.example"]}], "clients": [{"vendor": "x", "clientId": "i", "clientSecret": "canary"}]}',
  )
  const { status, text } = run('check', 'policy.json')
  expect(status).toBe(0)
  expect(text).toContain('Sites allowed at nodesk: a.example.')
  expect(text).toContain('No connector of Manydesk is called "nodesk"')
  expect(text).not.toContain('canary')
})

it('signs what can be used, and finds the signature wrong after any change', () => {
  put('{"apiKeys": false}')
  expect(run('sign', 'policy.json', 'private.pem').status).toBe(0)
  expect(run('check', 'policy.json', '--key', 'public.pem')).toMatchObject({ status: 0 })
  put('{"apiKeys": false} ')
  const { status, text } = run('check', 'policy.json', '--key', 'public.pem')
  expect(status).toBe(1)
  expect(text).toContain('does not fit')
})

it('signs nothing that cannot be used, and not with a public key', () => {
  put('{"apiKey": false}')
  expect(run('sign', 'policy.json', 'private.pem').status).toBe(1)
  put('{}')
  expect(run('sign', 'policy.json', 'public.pem')).toMatchObject({
    status: 1,
    text: expect.stringContaining('is not an Ed25519 private key'),
  })
  expect(existsSync(join(folder, 'policy.json.sig'))).toBe(false)
})
