import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { auditHandlers } from '../../../main/ipc/audit.ts'
import { calls } from '../../../preload/contract.ts'
import { type Disk, emptyDisk, mara, open } from '../audit/support.ts'
import { unrestricted } from '../policy/policies.ts'

let downloads: string
let disk: Disk
beforeEach(() => {
  downloads = mkdtempSync(join(tmpdir(), 'manydesk-audit-ipc-'))
  disk = emptyDisk()
})
afterEach(() => rmSync(downloads, { recursive: true, force: true }))

function setUp() {
  const audit = open(disk)
  audit.record({ kind: 'account_connected', account: mara })
  audit.record({ kind: 'needs_sign_in', account: mara, outcome: 'token_rejected' })
  const handlers = auditHandlers({
    audit: () => audit,
    version: '0.1.0',
    downloadsFolder: downloads,
    now: () => 0,
    policy: unrestricted(),
  })
  return { audit, handlers }
}

describe('the calls of the audit log', () => {
  it('answer sentences in pages, as the contract has them', async () => {
    const { handlers } = setUp()
    const first = calls['audit.list'].result.parse(await handlers['audit.list']({ limit: 2 }))
    expect(first.entries.map(({ summary, tone, group }) => [summary, tone, group])).toEqual([
      ['Mara Lind must sign in to acme.example again: the vendor did not accept the sign-in', 'bad', 'sign_in'],
      ['The account of Mara Lind at acme.example was connected', 'good', 'account'],
    ])
    const second = await handlers['audit.list']({ limit: 2, before: first.next ?? '' })
    expect(second).toMatchObject({ entries: [{ seq: 1, kind: 'log_started' }], next: null })
    expect(JSON.stringify([first, second]), 'no MAC crosses').not.toMatch(/[0-9a-f]{32}/)
  })

  it('refuse a place that is none', () => {
    const { handlers } = setUp()
    for (const before of ['', '1', '1.', '../1.2', '1.2.3', '-1.2', '1e3.2']) {
      expect(() => handlers['audit.list']({ limit: 1, before }), before).toThrow('There is no such page')
    }
  })

  it('say where and why the log broke', async () => {
    setUp()
    disk.head.remove()
    const { handlers } = setUp()
    expect(await handlers['audit.verify']()).toMatchObject({
      state: 'broken',
      broken: { seq: 4, message: expect.stringContaining('while Manydesk was not running') },
    })
  })

  it('export everything oldest first with sentences and the verdict, and write that down', async () => {
    const { audit, handlers } = setUp()
    const { fileName } = await handlers['audit.export']()
    const lines = readFileSync(join(downloads, fileName), 'utf8').trim().split('\n')
    expect(lines.map((line) => JSON.parse(line))).toMatchObject([
      { export: 'Manydesk audit log', version: '0.1.0', entries: 3, verification: { state: 'intact', checked: 3 } },
      { seq: 1, summary: 'The audit log begins here' },
      { seq: 2, summary: 'The account of Mara Lind at acme.example was connected', account: mara },
      { seq: 3, outcome: 'token_rejected' },
    ])
    const [last] = audit.list({ limit: 1 }).entries
    expect(last?.entry).toMatchObject({ kind: 'exported', facts: { what: 'audit', count: 3 } })
  })
})
