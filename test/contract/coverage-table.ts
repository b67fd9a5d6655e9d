import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Connector } from '../../main/connectors/connector.ts'
import { createManifestConnector } from '../../main/connectors/manifest/connector.ts'
import { parseManifest } from '../../main/connectors/manifest/parse.ts'
import { connectors } from '../../main/connectors/registry.ts'
import { type Covered, coverageFolder, type Proof } from './coverage.ts'

const proofs: Proof[] = ['described', 'sampled', 'exercised']

const manifests = join(import.meta.dirname, '..', '..', 'resources', 'connectors')

/** Every connector the app comes with: those with code, then those that are manifests. */
export function everyConnector(): Connector[] {
  const described = readdirSync(manifests)
    .sort()
    .flatMap((file) => {
      const { manifest } = parseManifest(readFileSync(join(manifests, file), 'utf8'))
      return manifest === null ? [] : [createManifestConnector(manifest)]
    })
  return [...connectors, ...described]
}

/** What the tests of the last run noted, per vendor and operation. */
function readNotes(): Map<string, Set<Proof>> {
  const notes = new Map<string, Set<Proof>>()
  if (!existsSync(coverageFolder)) return notes
  for (const file of readdirSync(coverageFolder)) {
    for (const line of readFileSync(join(coverageFolder, file), 'utf8').split('\n').filter(Boolean)) {
      const { vendor, operation, proof } = JSON.parse(line) as Covered
      const key = `${vendor} ${operation}`
      notes.set(key, (notes.get(key) ?? new Set()).add(proof))
    }
  }
  return notes
}

/** Everything a connector can do, by name: what it reads, then what it writes. */
function abilities(connector: Connector): { name: string; does: string }[] {
  const reads = connector.operations.map(({ name, summary }) => ({ name, does: summary }))
  const writes = [...connector.capabilities.commands, ...(connector.compose ? ['compose'] : [])]
  return [...reads, ...writes.map((name) => ({ name, does: `write: ${name}` }))]
}

/** Markdown: vendor by operation, and what each is proved by. Gaps are shown as such. */
export function coverageTable(connectors: readonly Connector[]): string {
  const notes = readNotes()
  const sections = connectors.map((connector) => {
    const rows = abilities(connector).map(({ name, does }) => {
      const found = notes.get(`${connector.id} ${name}`) ?? new Set()
      return `| \`${name}\` | ${does.replaceAll('|', '\\|')} | ${proofs.map((proof) => (found.has(proof) ? 'yes' : '')).join(' | ')} |`
    })
    const head = ['| operation | what it is | described | sampled | exercised |', '| --- | --- | --- | --- | --- |']
    return [`## ${connector.name}`, '', ...head, ...rows].join('\n')
  })
  return `${[
    '# What each vendor’s support is proved by',
    'Made by `npm run coverage` from a run of the contract tests; do not edit. *described*: the request is checked against the vendor’s published\nAPI description. *sampled*: the mapping is checked with real payloads. *exercised*: carried out against the sandbox. An empty cell is a gap, or a vendor\nthat publishes no description.',
    ...sections,
  ].join('\n\n')}\n`
}
