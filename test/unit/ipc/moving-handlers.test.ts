import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { Moving } from '../../../main/accounts/moving.ts'
import { movingHandlers } from '../../../main/ipc/moving.ts'
import { asAny } from '../desktop/fakes.ts'
import { policyOf, unrestricted } from '../policy/policies.ts'

let downloads: string
beforeEach(() => {
  downloads = mkdtempSync(join(tmpdir(), 'manydesk-moving-'))
})
afterEach(() => rmSync(downloads, { recursive: true, force: true }))

function setUp(policy = unrestricted()) {
  const told: string[] = []
  const handlers = movingHandlers({
    moving: () =>
      asAny<Moving>({
        export: () => ({ version: 1, accounts: [{}, {}], brands: [{}] }),
        import: () => ({ accountIds: ['a', 'b', 'c'], brands: 1 }),
      }),
    downloadsFolder: downloads,
    policy,
    onExported: (count) => told.push(`exported ${count}`),
    onImported: (count) => told.push(`imported ${count}`),
  })
  return { handlers, told }
}

describe('taking accounts to another computer', () => {
  it('is told for the record, with how many they were', async () => {
    const { handlers, told } = setUp()
    const saved = await handlers['moving.export'](undefined)
    expect(saved).toMatchObject({ accounts: 2, brands: 1, folder: downloads })
    expect(JSON.parse(readFileSync(join(downloads, saved.fileName), 'utf8')).accounts).toHaveLength(2)
    await handlers['moving.import']({ text: '{}' })
    expect(told).toEqual(['exported 2', 'imported 3'])
  })

  it('is refused where the organisation forbids exports, and nothing is written', async () => {
    const { handlers, told } = setUp(policyOf({ export: { allowed: false } }))
    await expect(handlers['moving.export'](undefined)).rejects.toMatchObject({ code: 'policy_forbids' })
    expect(told).toEqual([])
  })
})
