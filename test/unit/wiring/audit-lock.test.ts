import { readdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import type { AuditFact } from '../../../main/audit/model.ts'
import { createLockRecord, type LockRecord } from '../../../main/workstation/audit-lock.ts'
import { fakeClock, fakeLog, type TempFolder, tempFolder } from '../oauth/support/fakes.ts'

let folder: TempFolder
beforeEach(() => {
  folder = tempFolder()
})
afterEach(() => folder.remove())

const clock = fakeClock()
const closed = (): LockRecord =>
  createLockRecord({ audit: () => null, file: folder.documents('s').file('unlock-tries'), clock, log: fakeLog() })

function factsAfter(record: LockRecord, lasting = true): AuditFact[] {
  const facts: AuditFact[] = []
  record.auditOpened({ record: (fact) => facts.push(fact) }, lasting)
  return facts
}

function wrong(record: LockRecord, tries: number): void {
  record.events.trying(tries)
  record.events.wrongPassphrase(tries)
}

test('however many tries there are, the first and the newest are remembered, and how many they were', () => {
  const record = closed()
  for (let tries = 1; tries <= 25; tries += 1) wrong(record, tries)
  const facts = factsAfter(closed())
  expect(facts).toHaveLength(20)
  const counts = facts.map((fact) => (fact.kind === 'unlock_failed_at_start' ? fact.facts.tries : null))
  expect([counts[0], counts[1], counts.at(-1)]).toEqual([1, 7, 25])
})

test('they are written once, and a session that leaves nothing on disk does not use them up', () => {
  wrong(closed(), 1)
  expect(factsAfter(closed(), false)).toEqual([])
  const record = closed()
  expect(factsAfter(record)).toHaveLength(1)
  expect(factsAfter(record)).toEqual([])
  expect(factsAfter(closed())).toEqual([])
})

test.each(['{"tries":[{"at":"now"}]}', '{"tri', '{"tries":[{"at":9e15,"tries":1}]}'])(
  'a damaged memory of them (%s) is set aside, and the log says that something is missing',
  (bytes) => {
    wrong(closed(), 1)
    writeFileSync(join(folder.path, 's', 'unlock-tries.json'), bytes)
    const record = closed()
    expect(factsAfter(record)).toEqual([{ kind: 'log_gap', facts: { missed: 1 } }])
    expect(factsAfter(record)).toEqual([])
    expect(readdirSync(join(folder.path, 's'))).toEqual([expect.stringContaining('unlock-tries.json.damaged')])
  },
)

test('while the log is open, what happens goes there at once', () => {
  const facts: AuditFact[] = []
  const { events } = createLockRecord({
    audit: () => ({ record: (fact) => facts.push(fact) }),
    file: folder.documents('s').file('unlock-tries'),
    clock,
    log: fakeLog(),
  })
  events.trying(1)
  events.wrongPassphrase(1)
  events.trying(2)
  events.unlocked()
  expect(facts.map(({ kind }) => kind)).toEqual(['unlock_failed', 'app_unlocked'])
  expect(factsAfter(closed())).toEqual([])
})
