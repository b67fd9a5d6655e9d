import '../oauth/support/plain-node.ts'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { openDocumentFolder } from '../../../main/accounts/documents.ts'
import { type Audit, createAudit } from '../../../main/diagnostics/audit.ts'
import { createLog } from '../desktop/fakes.ts'

let folder: string
let file: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'manydesk-audit-'))
  file = join(folder, 'audit.jsonl')
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

const about = { vendor: 'zendesk', siteLabel: 'acme.zendesk.com', user: 'Mia Berg' }
let clock = 1000
function open(key = 7): Audit {
  const head = openDocumentFolder(join(folder, 'settings'), () => 0).file('audit-head')
  return createAudit({ file, head, key: new Uint8Array(32).fill(key), now: () => clock++, log: createLog() })
}

function written(count: number): Audit {
  const audit = open()
  for (let n = 0; n < count; n += 1) audit.note('sign_in_failed', about, `handshake_denied ${n}`)
  return audit
}
const lines = () => readFileSync(file, 'utf8').split('\n').filter(Boolean)
const rewrite = (list: string[]) => writeFileSync(file, list.map((line) => `${line}\n`).join(''))

describe('the audit log', () => {
  it('tells what happened in order, and goes on after a restart', () => {
    open().note('connected', about)
    open().note('removed', about, 'revoked')
    const { entries, broken } = open().read()
    expect(broken).toBeNull()
    expect(entries.map(({ seq, event, detail }) => [seq, event, detail])).toEqual([
      [1, 'connected', null],
      [2, 'removed', 'revoked'],
    ])
    expect(entries[0]?.about).toEqual(about)
  })

  it('is empty and whole before anything happened', () => {
    expect(open().read()).toEqual({ entries: [], broken: null })
  })

  it('takes no secret, even where one is in the words of an error', () => {
    open().note('sign_in_failed', about, 'refresh_token=abcdefghijklmnop0123456789')
    expect(readFileSync(file, 'utf8')).not.toContain('abcdefghijklmnop')
  })

  it.each([
    [
      'a changed line',
      (list: string[]) => list.with(2, list[2]?.replace('handshake_denied', 'handshake_closed') ?? ''),
    ],
    ['a line left out', (list: string[]) => list.toSpliced(1, 1)],
    ['the first line left out', (list: string[]) => list.slice(1)],
    ['the newest lines cut off', (list: string[]) => list.slice(0, 2)],
    ['all lines gone', () => []],
    ['two lines swapped', (list: string[]) => [list[1], list[0], ...list.slice(2)].map(String)],
    ['a line twice', (list: string[]) => [...list, list.at(-1) ?? '']],
    ['garbage at the end', (list: string[]) => [...list, '{"seq":']],
  ])('is not believed after %s', (_name, tamper) => {
    const audit = written(5)
    expect(audit.read().broken).toBeNull()
    rewrite(tamper(lines()))
    expect(open().read().broken).not.toBeNull()
  })

  it('cannot be written anew without the key', () => {
    written(3)
    rmSync(file)
    rmSync(join(folder, 'settings'), { recursive: true })
    const forger = open(8)
    forger.note('connected', about)
    expect(forger.read().broken).toBeNull()
    expect(open().read().broken).not.toBeNull()
  })

  it('is whole when the computer stopped between the line and the note of it', () => {
    written(3)
    const before = readFileSync(join(folder, 'settings', 'audit-head.json'), 'utf8')
    open().note('paused', about)
    writeFileSync(join(folder, 'settings', 'audit-head.json'), before)
    expect(open().read().broken).toBeNull()
    open().note('resumed', about)
    expect(open().read()).toMatchObject({ broken: null, entries: { length: 5 } })
  })

  it('finds any change of any byte of any line', () => {
    written(4)
    const original = readFileSync(file)
    fc.assert(
      fc.property(fc.nat(original.length - 1), fc.integer({ min: 1, max: 255 }), (at, change) => {
        const bytes = Buffer.from(original)
        bytes[at] = (bytes[at] ?? 0) ^ change
        writeFileSync(file, bytes)
        return open().read().broken !== null || readFileSync(file, 'utf8').trim() === original.toString().trim()
      }),
      { numRuns: 200 },
    )
  })
})
