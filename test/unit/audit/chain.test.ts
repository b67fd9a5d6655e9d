import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { memoryDocument, memoryFiles } from '../../../main/audit/memory.ts'
import { afterLoss, allKinds, bytesOf, type Disk, emptyDisk, keyOf, mara, open, replace, written } from './support.ts'

/** A copy that can be damaged. */
function copyOf(disk: Disk): Disk {
  const files = memoryFiles()
  for (const number of disk.files.numbers()) files.append(number, disk.files.read(number))
  const head = memoryDocument()
  const answer = disk.head.read()
  if (answer.kind === 'found') head.write(answer.value as Record<string, unknown>)
  return { files, head }
}

/** What a look at the untouched log says while the app runs, and what the next start says. */
async function statesOf(running: Disk): Promise<string[]> {
  const { verifyLog } = await import('../../../main/audit/verify.ts')
  const before = await verifyLog(running.files, running.head, keyOf(7))
  const after = await open(running).verify()
  return [before.state, after.state]
}

const broken = ['broken', 'broken']
const linesOf = (bytes: Buffer) => bytes.toString('latin1').split('\n').slice(0, -1)
const joined = (lines: string[]) => Buffer.from(lines.map((line) => `${line}\n`).join(''), 'latin1')

describe('the chain', () => {
  it('tells what happened in order, goes on after a restart, and is intact', async () => {
    const disk = emptyDisk()
    open(disk).record({ kind: 'account_connected', account: mara })
    const audit = open(disk)
    audit.record({ kind: 'account_removed', account: mara })
    expect(allKinds(audit)).toEqual(['log_started', 'account_connected', 'account_removed'])
    expect(await audit.verify()).toEqual({ state: 'intact', checked: 3, unverifiable: 0, broken: null })
  })

  it('goes on over files that are full, and every file is needed', async () => {
    const disk = emptyDisk()
    const audit = written(disk, 20, { maxBytes: 1500 })
    const numbers = disk.files.numbers()
    expect(numbers.length).toBeGreaterThan(3)
    expect(await audit.verify()).toMatchObject({ state: 'intact', checked: 21 })
    expect(allKinds(audit)).toHaveLength(21)
    for (const number of numbers) {
      const damaged = copyOf(disk)
      replace(damaged, number, Buffer.alloc(0))
      expect(await statesOf(damaged), `without file ${number}`).toEqual(broken)
    }
  })

  it('finds every byte that was changed', async () => {
    const disk = emptyDisk()
    const audit = open(disk)
    audit.record({ kind: 'account_connected', account: { ...mara, user: 'Zoë Ümläut' } })
    audit.record({ kind: 'exported', facts: { what: 'har', count: 1 } })
    const [bytes = Buffer.alloc(0)] = bytesOf(disk)
    await fc.assert(
      fc.asyncProperty(fc.nat({ max: bytes.length - 1 }), fc.integer({ min: 1, max: 255 }), async (at, by) => {
        const changed = Buffer.from(bytes)
        changed[at] = ((changed[at] ?? 0) + by) % 256
        const damaged = copyOf(disk)
        replace(damaged, 1, changed)
        expect(await statesOf(damaged)).toEqual(broken)
      }),
      { numRuns: 400 },
    )
  })

  it('finds lines that were taken out, doubled, put in another order or cut off, and names the first place', async () => {
    const disk = emptyDisk()
    written(disk, 8)
    const [bytes = Buffer.alloc(0)] = bytesOf(disk)
    const lines = linesOf(bytes)
    const line = fc.nat({ max: lines.length - 1 })
    await fc.assert(
      fc.asyncProperty(
        fc.oneof(
          line.map((at) => lines.toSpliced(at, 1)),
          fc.tuple(line, line).map(([from, to]) => lines.toSpliced(to, 0, lines[from] ?? '')),
          fc
            .tuple(line, line)
            .filter(([a, b]) => a !== b)
            .map(([a, b]) => lines.with(a, lines[b] ?? '').with(b, lines[a] ?? '')),
          line.map((at) => lines.slice(0, at)),
          fc.tuple(line, fc.constantFrom('', '{}', 'not an entry')).map(([at, text]) => lines.toSpliced(at, 0, text)),
        ),
        async (changed) => {
          const damaged = copyOf(disk)
          replace(damaged, 1, joined(changed))
          expect(await statesOf(damaged)).toEqual(broken)
        },
      ),
      { numRuns: 200 },
    )
    const missing = copyOf(disk)
    replace(missing, 1, joined(lines.toSpliced(3, 1)))
    expect((await open(missing).verify()).broken).toEqual({ seq: 4, reason: 'missing' })
  })

  it('finds a log that was cut at any byte', async () => {
    const disk = emptyDisk()
    written(disk, 3)
    const [bytes = Buffer.alloc(0)] = bytesOf(disk)
    for (let length = 0; length < bytes.length; length += 1) {
      const damaged = copyOf(disk)
      replace(damaged, 1, bytes.subarray(0, length))
      expect(await statesOf(damaged), `cut at ${length}`).toEqual(broken)
    }
  })

  it('finds bytes put in anywhere; at the very end only what looks like the entry to come passes, and adds none', async () => {
    const disk = emptyDisk()
    written(disk, 3)
    const [bytes = Buffer.alloc(0)] = bytesOf(disk)
    await fc.assert(
      fc.asyncProperty(fc.nat({ max: bytes.length }), fc.integer({ min: 0, max: 255 }), async (at, byte) => {
        const damaged = copyOf(disk)
        replace(damaged, 1, Buffer.concat([bytes.subarray(0, at), Buffer.from([byte]), bytes.subarray(at)]))
        const isBeginning = at === bytes.length && (byte === 0 || byte === '{'.charCodeAt(0))
        // Two equal bytes side by side: it cannot be said, nor does it matter, which of them is new.
        expect(await statesOf(damaged)).toEqual(isBeginning ? ['intact', 'intact'] : broken)
        if (isBeginning) expect(bytesOf(damaged)[0]).toEqual(bytes)
      }),
      { numRuns: 300 },
    )
  })

  it('is found to be broken when the remembered end is gone, changed, or of another log', async () => {
    const disk = emptyDisk()
    written(disk, 3)
    const gone = copyOf(disk)
    gone.head.remove()
    expect((await open(gone).verify()).state).toBe('broken')
    const changed = copyOf(disk)
    changed.head.write({ seq: 2, mac: '0'.repeat(64), proof: '0'.repeat(64) })
    expect((await open(changed).verify()).state).toBe('broken')
    const other = emptyDisk()
    written(other, 3)
    const swapped = { files: copyOf(disk).files, head: other.head }
    expect((await open(swapped).verify()).state).toBe('broken')
    const emptied = { files: memoryFiles(), head: copyOf(disk).head }
    expect((await open(emptied).verify()).state).toBe('broken')
  })

  it('stays broken after it went on: later entries do not cover up what was before', async () => {
    const disk = emptyDisk()
    written(disk, 5)
    const [bytes = Buffer.alloc(0)] = bytesOf(disk)
    replace(disk, 1, joined(linesOf(bytes).slice(0, -2)))
    const audit = open(disk)
    audit.record({ kind: 'account_connected', account: mara })
    expect(allKinds(audit).slice(-2)).toEqual(['log_started', 'account_connected'])
    for (const start of [audit, open(disk), open(disk)]) {
      expect(await start.verify()).toMatchObject({ state: 'broken', broken: { seq: 5, reason: 'broken_before' } })
    }
    expect(allKinds(open(disk)), 'no restart adds another beginning').toEqual(allKinds(audit))
  })
})

describe('a lost key', () => {
  it('begins a new chain that says so; the old entries are kept, shown and not verifiable any more', async () => {
    const disk = emptyDisk()
    written(disk, 3)
    const audit = open(afterLoss(disk, 8), { key: 8 })
    audit.record({ kind: 'account_connected', account: mara })
    expect(await audit.verify()).toEqual({ state: 'intact', checked: 3, unverifiable: 4, broken: null })
    const { entries } = audit.list({ limit: 100 })
    expect(entries.map(({ sound }) => sound)).toEqual([true, true, true, null, null, null, null])
    expect(allKinds(audit).slice(4)).toEqual(['log_started', 'app_key_lost', 'account_connected'])
    expect(entries.map(({ entry }) => entry.seq)).toEqual([7, 6, 5, 4, 3, 2, 1])
  })

  it('does not let what cannot be verified be changed afterwards', async () => {
    const old = emptyDisk()
    written(old, 3)
    const disk = afterLoss(old, 8)
    open(disk, { key: 8 })
    const [bytes = Buffer.alloc(0)] = bytesOf(disk)
    replace(disk, 1, joined(linesOf(bytes).slice(1)))
    expect(await open(disk, { key: 8 }).verify()).toMatchObject({ state: 'broken', broken: { seq: 1 } })
  })

  it('is not believed of lines that only claim another key, whether the end of ours is remembered or was taken away', async () => {
    const disk = emptyDisk()
    written(disk, 3)
    const [bytes = Buffer.alloc(0)] = bytesOf(disk)
    const claimed = bytes.toString('latin1').replaceAll(keyOf(7).id, '0123456789abcdef')
    replace(disk, 1, Buffer.from(claimed, 'latin1'))
    const without = { files: copyOf(disk).files, head: memoryDocument() }
    expect(await open(without).verify()).toMatchObject({ state: 'broken' })
    expect(await open(disk).verify()).toMatchObject({ state: 'broken' })
  })
})

describe('a session that keeps nothing', () => {
  it('has a log in memory and says so', async () => {
    const audit = open(emptyDisk(), { kept: false })
    audit.record({ kind: 'app_unlocked' })
    expect(allKinds(audit)).toEqual(['log_started', 'app_unlocked'])
    expect((await audit.verify()).state).toBe('memory')
  })
})
