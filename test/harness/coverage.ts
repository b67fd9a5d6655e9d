/** `npm run coverage`: runs the contract tests and writes what they proved into the docs. */
import { spawnSync } from 'node:child_process'
import { rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { coverageFolder } from '../contract/coverage.ts'
import { coverageTable, everyConnector } from '../contract/coverage-table.ts'
import { root } from './host.ts'

const vitest = join(root, 'node_modules', 'vitest', 'vitest.mjs')
rmSync(coverageFolder, { recursive: true, force: true })
const { status } = spawnSync(process.execPath, [vitest, 'run', 'test/contract'], { cwd: root, stdio: 'inherit' })
if (status !== 0) process.exit(status ?? 1)
const file = join(root, 'docs', 'vendors', 'coverage.md')
writeFileSync(file, coverageTable(everyConnector()))
console.log(`wrote ${file.slice(root.length + 1)}`)
