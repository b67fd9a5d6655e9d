import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { requirements } from './requirements.ts'

const tests = join(import.meta.dirname, '../../..')

/** Names of all tests and groups, as they stand in the files. */
function names(): string[] {
  return ['unit', 'contract'].flatMap((folder) =>
    readdirSync(join(tests, folder), { recursive: true, encoding: 'utf8' })
      .filter((file) => file.endsWith('.test.ts'))
      .flatMap((file) => {
        const text = readFileSync(join(tests, folder, file), 'utf8')
        return [...text.matchAll(/\b(?:test|it|describe)(?:\.each\([\s\S]*?\))?\(\s*(['"`])(.*?)\1/g)].map(
          (found) => found[2] ?? '',
        )
      }),
  )
}

test('each requirement of signing in is named by a test, and no test names one that is not on the list', () => {
  const named = new Set(names().flatMap((name) => name.match(/\bO\d\d\b/g) ?? []))
  expect([...named].sort()).toEqual(Object.keys(requirements).sort())
})
