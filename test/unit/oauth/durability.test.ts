import { spawn } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { type TempFolder, tempFolder } from './support/fakes.ts'

let folder: TempFolder
beforeEach(() => {
  folder = tempFolder()
})
afterEach(() => folder.remove())

/** Starts the writer, kills it after `rotations` were acknowledged, and answers where it began and the last number it acknowledged. */
function runAndKill(rotations: number): Promise<{ began: number; acknowledged: number }> {
  const script = fileURLToPath(import.meta.resolve('./support/rotating-writer.ts'))
  const child = spawn(process.execPath, [script, join(folder.path, 'vault'), join(folder.path, 'mask')], {
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  return new Promise((resolve, reject) => {
    let output = ''
    let trouble = ''
    child.stderr.on('data', (chunk) => {
      trouble += chunk
    })
    child.stdout.on('data', (chunk) => {
      output += chunk
      if (output.split('\n').length > rotations + 1) child.kill('SIGKILL')
    })
    child.on('close', (code) => {
      // The last line may be cut by the kill: only whole lines are acknowledgements.
      const lines = output.slice(0, output.lastIndexOf('\n')).split('\n')
      const began = Number(lines[0]?.replace('start ', ''))
      if (code !== null || Number.isNaN(began)) reject(new Error(`the writer ended by itself: ${trouble}`))
      else resolve({ began, acknowledged: Number(lines.at(-1)?.replace('start ', '')) })
    })
  })
}

test('a rotated grant that was acknowledged is there after the process was killed, in every one of ten rounds', async () => {
  writeFileSync(join(folder.path, 'mask'), randomBytes(64))
  let acknowledged = 0
  for (let round = 0; round < 10; round += 1) {
    const run = await runAndKill(round * 3)
    expect(run.began).toBeGreaterThanOrEqual(acknowledged)
    acknowledged = run.acknowledged
  }
  expect(acknowledged).toBeGreaterThan(100)
})
