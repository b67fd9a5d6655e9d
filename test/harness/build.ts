import { spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, globSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { root } from './host.ts'

const sources = [
  'main/**/*',
  'preload/**/*',
  'renderer/**/*',
  'resources/**/*',
  'electron.vite.config.ts',
  'package-lock.json',
]

function fingerprint(): string {
  const hash = createHash('sha256')
  const files = globSync(sources, { cwd: root, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .sort()
  for (const file of files) hash.update(file).update(readFileSync(file))
  return hash.digest('hex')
}

/** Builds the three bundles into out/ unless they are already built from exactly these sources. */
export function ensureBuilt(): void {
  const stamp = join(root, 'out', 'build-stamp')
  const now = fingerprint()
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === now) return
  console.log('Building ...')
  const script = join(root, 'node_modules', 'electron-vite', 'bin', 'electron-vite.js')
  const result = spawnSync(process.execPath, [script, 'build', '--logLevel', 'warn'], { cwd: root, stdio: 'inherit' })
  if (result.status !== 0) throw new Error('The build failed; its messages are above.')
  mkdirSync(join(root, 'out'), { recursive: true })
  writeFileSync(stamp, now)
}
