import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { requirements } from './requirements.ts'

const tests = join(import.meta.dirname, '../../..')
const table = join(tests, '../docs/oauth-requirements.md')

interface NamedTest {
  /** Below test/, with slashes. */
  file: string
  name: string
}

/** All tests and groups, as they stand in the files. */
function namedTests(): NamedTest[] {
  return ['unit', 'contract'].flatMap((folder) =>
    readdirSync(join(tests, folder), { recursive: true, encoding: 'utf8' })
      .filter((file) => file.endsWith('.test.ts'))
      .flatMap((file) => {
        const text = readFileSync(join(tests, folder, file), 'utf8')
        return [...text.matchAll(/\b(?:test|it|describe)(?:\.each\([\s\S]*?\))?\(\s*(['"`])(.*?)\1/g)].map((found) => ({
          file: `${folder}/${file.replaceAll('\\', '/')}`,
          name: found[2] ?? '',
        }))
      }),
  )
}

const idsIn = (name: string): string[] => name.match(/\bO\d\d\b/g) ?? []
/** The name without the numbers at its start, which the row has. */
const sentenceOf = (name: string) =>
  name.replace(/^(?:O\d\d(?:,| and)? ?)+(?:\(RFC[^)]*\))?:? ?/, '').replaceAll('|', '\\|')

function tableOf(all: readonly NamedTest[]): string {
  const showing = (id: string) => {
    const found = all.filter(({ name }) => idsIn(name).includes(id))
    const cells = found.map(({ file, name }) => [`\`${file}\``, sentenceOf(name)].filter(Boolean).join(': '))
    return [...new Set(cells)].sort().join('<br>')
  }
  const rows = Object.entries(requirements).map(([id, words]) => `| ${id} | ${words} | ${showing(id)} |`)
  return [
    '# What signing in must hold to, and the tests that show it',
    '',
    'Made from the names of the tests: `vitest run test/unit/oauth/rfc/coverage.test.ts -u` writes it anew. Files are below `test/`.',
    '',
    '| | requirement | shown by |',
    '| --- | --- | --- |',
    ...rows,
    '',
  ].join('\n')
}

test('each requirement of signing in is named by a test, and no test names one that is not on the list', () => {
  const named = new Set(namedTests().flatMap(({ name }) => idsIn(name)))
  expect([...named].sort()).toEqual(Object.keys(requirements).sort())
})

test('docs/oauth-requirements.md says which test shows which (run this file with -u after a test was named anew)', async () => {
  await expect(tableOf(namedTests())).toMatchFileSnapshot(table)
})
