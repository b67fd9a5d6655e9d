import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { AuditFiles } from '../../../main/audit/files.ts'
import { memoryFiles } from '../../../main/audit/memory.ts'
import type { DocumentFile } from '../../../main/ports.ts'
import { afterLoss, type Disk, emptyDisk, open } from './support.ts'

class PowerCut extends Error {}

/** A disk that keeps what was written up to a number of steps: each byte of an append is one, a document is one as a whole. */
function dyingDisk(disk: Disk, steps: number): { files: AuditFiles; head: DocumentFile } {
  let left = steps
  const spend = (wanted: number) => {
    const spent = Math.min(left, wanted)
    left -= spent
    return spent
  }
  return {
    files: {
      ...disk.files,
      append(number, bytes) {
        const kept = spend(bytes.length)
        if (kept > 0) disk.files.append(number, bytes.subarray(0, kept))
        if (kept < bytes.length) throw new PowerCut()
      },
      cut(number, length) {
        if (spend(1) === 0) throw new PowerCut()
        disk.files.cut(number, length)
      },
    },
    head: {
      ...disk.head,
      write(value) {
        if (spend(1) === 0) throw new PowerCut()
        disk.head.write(value)
      },
    },
  }
}

/** Starts, records, and stops for good after so many steps. Answers how many entries were confirmed. */
function liveAndDie(disk: Disk, steps: number, entries: number, key: number, maxBytes: number): number {
  let confirmed = 0
  try {
    const audit = open(dyingDisk(disk, steps) as Disk, { key, maxBytes })
    audit.onRecorded(() => {
      confirmed += 1
    })
    for (let n = 0; n < entries; n += 1) audit.record({ kind: 'unlock_failed', facts: { tries: n } })
  } catch (error) {
    if (!(error instanceof PowerCut)) throw error
  }
  return confirmed
}

const wanted = (disk: Disk, key: number) =>
  open(disk, { key })
    .list({ limit: 1000 })
    .entries.filter(({ entry }) => entry.kind === 'unlock_failed').length

describe('a stop at any moment', () => {
  it('is no break, and loses no entry that was confirmed', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.record({ steps: fc.nat({ max: 2600 }), entries: fc.nat({ max: 5 }) }), {
          minLength: 1,
          maxLength: 4,
        }),
        fc.constantFrom(700, 1_000_000),
        async (lives, maxBytes) => {
          const disk = emptyDisk()
          let confirmed = 0
          for (const { steps, entries } of lives) confirmed += liveAndDie(disk, steps, entries, 7, maxBytes)
          expect((await open(disk, { maxBytes }).verify()).broken).toBeNull()
          expect(wanted(disk, 7)).toBeGreaterThanOrEqual(confirmed)
        },
      ),
      { numRuns: 300 },
    )
  })

  it('is none either while a new chain begins after a lost key', async () => {
    await fc.assert(
      fc.asyncProperty(fc.nat({ max: 1500 }), fc.nat({ max: 1500 }), async (first, second) => {
        const old = emptyDisk()
        liveAndDie(old, Number.POSITIVE_INFINITY, 3, 7, 1_000_000)
        const disk = afterLoss(old, 8)
        liveAndDie(disk, first, 2, 8, 1_000_000)
        liveAndDie(disk, second, 2, 8, 1_000_000)
        expect((await open(disk, { key: 8 }).verify()).broken).toBeNull()
        expect(wanted(disk, 8)).toBeGreaterThanOrEqual(3)
      }),
      { numRuns: 150 },
    )
  })

  it('leaves zeros where the file system had made room already, and they are taken away', async () => {
    const disk = emptyDisk()
    open(disk).record({ kind: 'app_unlocked' })
    const before = disk.files.read(1)
    disk.files.append(1, Buffer.alloc(300))
    const audit = open(disk)
    expect((await audit.verify()).state).toBe('intact')
    expect(disk.files.read(1)).toEqual(before)
  })
})

describe('a disk that refuses for a while', () => {
  it('stops nothing; the next entry that can be written says how many are missing', async () => {
    const disk = emptyDisk()
    let isFull = false
    const files = memoryFiles()
    const audit = open({
      files: {
        ...files,
        append(number, bytes) {
          if (isFull) files.append(number, bytes.subarray(0, 40))
          if (isFull) throw new Error('ENOSPC')
          files.append(number, bytes)
        },
      },
      head: disk.head,
    })
    audit.record({ kind: 'app_locked', facts: { by: 'idle' } })
    isFull = true
    audit.record({ kind: 'app_unlocked' })
    audit.record({ kind: 'app_locked', facts: { by: 'agent' } })
    isFull = false
    audit.record({ kind: 'app_unlocked' })
    const told = audit.list({ limit: 2 }).entries.map(({ entry }) => [entry.kind, entry.facts])
    expect(told).toEqual([
      ['app_unlocked', {}],
      ['log_gap', { missed: 2 }],
    ])
    expect(await audit.verify()).toMatchObject({ state: 'intact', checked: 4 })
  })
})
