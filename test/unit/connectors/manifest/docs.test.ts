import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { parseManifest } from '../../../../main/connectors/manifest/parse.ts'
import { manifestSchema } from '../../../../main/connectors/manifest/schema.ts'
import { filters } from '../../../../main/connectors/manifest/template.ts'
import { everyVariable } from '../../../../main/connectors/manifest/uses.ts'

const page = readFileSync(join(import.meta.dirname, '../../../../docs/custom-connectors.md'), 'utf8')
const [, example = ''] = /```json\n([\s\S]*?)```/.exec(page) ?? []

describe('the page about custom connectors', () => {
  it('has an example without faults', () => {
    const { manifest, faults } = parseManifest(example)
    expect(faults).toEqual([])
    expect(manifest?.id).toBe('tempoclock')
  })

  it('names every member of a manifest, every placeholder and every filter', () => {
    const { manifest } = parseManifest(example)
    if (manifest === null) throw new Error('the example has faults')
    const members = Object.keys(manifestSchema.shape).filter(
      (name) => !['$schema', 'manifest', 'name', 'description'].includes(name),
    )
    const values = everyVariable(manifest).filter((name) => !name.startsWith('account.'))
    const missing = [...members, ...values, ...filters.map((name) => `${name}(x)`)].filter(
      (word) => !page.includes(word),
    )
    expect(missing).toEqual([])
  })
})
