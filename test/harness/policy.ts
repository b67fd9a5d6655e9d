/**
 * `npm run policy -- check <file> [--key public.pem]`: tells what is wrong with a policy, with line and column, or what it says.
 * `npm run policy -- sign <file> <private.pem>`: writes its signature beside it. Sign again after every change of the file, even of a blank.
 */
import { createPrivateKey, createPublicKey, type KeyObject } from 'node:crypto'
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { parseManifest } from '../../main/connectors/manifest/parse.ts'
import { shippedManifests } from '../../main/connectors/manifest/shipped.ts'
import { connectors } from '../../main/connectors/registry.ts'
import { parsePolicy } from '../../main/policy/parse.ts'
import type { PolicyRules } from '../../main/policy/schema.ts'
import { isSigned, readPublicKey, signatureOf } from '../../main/policy/verify.ts'
import { policyWords } from '../../main/policy/words.ts'

const usage = `npm run policy -- check <policy.json> [--key policy-key.pem]
npm run policy -- sign <policy.json> <private-key.pem>`

function fail(...lines: string[]): never {
  for (const line of lines) console.error(line)
  process.exit(1)
}

function bytesOf(file: string): Buffer {
  if (!existsSync(file)) fail(`There is no ${file}.`)
  return readFileSync(file)
}

/** The rules of a file without faults. */
function rulesOf(file: string): PolicyRules {
  const { rules, faults } = parsePolicy(bytesOf(file))
  if (rules !== null) return rules
  return fail(
    `${file} cannot be used:`,
    ...faults.map(({ line, column, path, message }) => {
      return `  line ${line}, column ${column}${path === '' ? '' : ` (${path})`}: ${message}`
    }),
  )
}

const knownVendors = new Map<string, string>([
  ...connectors.map(({ id, name }): [string, string] => [id, name]),
  ...shippedManifests.flatMap((text): [string, string][] => {
    const { manifest } = parseManifest(text)
    return manifest === null ? [] : [[manifest.id, manifest.name]]
  }),
])

/** A misspelt vendor would leave the right one without its rule. */
function unknownVendors({ vendors, ...rules }: PolicyRules): string[] {
  const { sites, ways, scopes, clients, lockedAccounts, connecting } = rules
  const lists = [sites, ways, scopes, clients, lockedAccounts, connecting].flat()
  const named = [...(vendors?.allowed ?? []), ...lists.map(({ vendor }) => vendor)]
  return [...new Set(named)].filter((vendor) => vendor !== '*' && !knownVendors.has(vendor))
}

function check(file: string, keyFile: string | undefined): void {
  const rules = rulesOf(file)
  if (keyFile !== undefined) {
    const key = readPublicKey(bytesOf(keyFile).toString('latin1'))
    if (key === null) fail(`${keyFile} is not an Ed25519 public key in PEM form.`)
    const signature = bytesOf(`${file}.sig`).toString('latin1')
    if (!isSigned(bytesOf(file), signature, key))
      fail(`${file}.sig does not fit: the file or the signature was changed.`)
    console.log('The signature fits.')
  }
  const nameOf = (vendor: string) => knownVendors.get(vendor) ?? vendor
  const layer = { file, scope: 'machine' as const, signed: false, rules }
  console.log(`${file} can be used. It says:`)
  for (const { text, reason } of policyWords([layer], nameOf)) {
    console.log(`  - ${text}${reason === null ? '' : ` (${reason})`}`)
  }
  for (const vendor of unknownVendors(rules)) {
    console.log(`  ! No connector of Manydesk is called "${vendor}". Right only for a custom connector of that id.`)
  }
}

function privateKey(pem: Buffer): KeyObject | null {
  try {
    return createPrivateKey(pem)
  } catch {
    return null
  }
}

function sign(file: string, keyFile: string): void {
  rulesOf(file)
  const key = privateKey(bytesOf(keyFile))
  if (key?.asymmetricKeyType !== 'ed25519')
    fail(`${keyFile} is not an Ed25519 private key in PEM form without a passphrase.`)
  const bytes = bytesOf(file)
  const signature = signatureOf(bytes, key)
  if (!isSigned(bytes, signature, createPublicKey(key))) fail('The signature that was made does not fit.')
  writeFileSync(`${file}.sig`, signature)
  console.log(`wrote ${file}.sig`)
}

// npm runs scripts in the project's folder, and tells where the person is.
const place = (path: string) => resolve(process.env.INIT_CWD ?? '.', path)
const { values, positionals } = parseArgs({ allowPositionals: true, options: { key: { type: 'string' } } })
const [task, file, keyFile] = positionals.map((word, at) => (at === 0 ? word : place(word)))
if (task === 'check' && file !== undefined) check(file, values.key && place(values.key))
else if (task === 'sign' && file !== undefined && keyFile !== undefined) sign(file, keyFile)
else fail(usage)
