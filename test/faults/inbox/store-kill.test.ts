import { type ChildProcess, spawn } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, onTestFinished, test } from 'vitest'
import { openDatabase } from '../../../main/inbox/database/file.ts'
import { openStore } from '../../../main/inbox/store.ts'
import { seededRandom } from '../../bench/generate.ts'
import { workerUrl } from '../../unit/inbox/open-store.ts'

const rounds = 10
const seed = 30_07

/** Resolves with every line the child printed before it was killed, `after` acknowledgements in. */
function killedAfter(child: ChildProcess, after: number): Promise<string[]> {
  return new Promise((resolve) => {
    let text = ''
    child.stdout?.on('data', (chunk: Buffer) => {
      text += chunk.toString()
      if (text.split('\n').length > after) child.kill('SIGKILL')
    })
    child.once('close', () => resolve(text.split('\n').slice(0, -1)))
  })
}

test('fault 30: a process killed at a random moment loses no acknowledged command and no acknowledged page', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'manydesk-kill-'))
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
  const file = join(folder, 'inbox.db')
  const key = randomBytes(32)
  const random = seededRandom(seed)
  const acknowledged: string[] = []

  for (let round = 0; round < rounds; round++) {
    const script = fileURLToPath(new URL('./kill-child.ts', import.meta.url))
    const child = spawn(process.execPath, [script, file, key.toString('hex'), String(round)], {
      stdio: ['ignore', 'pipe', 'inherit'],
    })
    const lines = await killedAfter(child, 2 + Math.floor(random() * 60))
    expect(lines[0]).toBe('ready')
    acknowledged.push(...lines)

    const store = await openStore({ workerUrl, file, key })
    const kept = new Set((await store.outbox()).map(({ command }) => 'bodyText' in command && command.bodyText))
    const commands = acknowledged.filter((line) => line.startsWith('command ')).map((line) => line.slice(8))
    expect(commands.filter((text) => !kept.has(text))).toEqual([])
    // A page and its cursor are one transaction: the cursor is the last acknowledged page's, or that of one more.
    const last = lines.filter((line) => line.startsWith('page ')).at(-1)
    const [cursorRound = 0, cursorPage = 0] = (await store.cursor('acme'))?.split('/').map(Number) ?? []
    const lastPage = Number(last?.split('/')[1] ?? -1)
    if (last) expect(cursorRound).toBe(round)
    if (cursorRound === round) expect([lastPage, lastPage + 1]).toContain(cursorPage)
    expect((await store.counts()).total.all).toBeGreaterThanOrEqual(20 * (lastPage + 1))
    await store.close()
  }

  const db = openDatabase(file, Uint8Array.from(key))
  onTestFinished(() => void db.close())
  expect(db.pragma('integrity_check', { simple: true })).toBe('ok')
  const counted = db.prepare('SELECT count(*) FROM conversations').pluck().get()
  expect(db.prepare('SELECT sum(n) FROM counters').pluck().get()).toBe(counted)
}, 120_000)
