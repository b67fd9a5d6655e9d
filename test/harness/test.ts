/** `npm test`: every check in turn, then one line with the sum over all runners. */
import { spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { coverageFolder } from '../contract/coverage.ts'
import { coverageTable, everyConnector } from '../contract/coverage-table.ts'
import { vendorData } from '../contract/sandbox/described.ts'
import { ensureBuilt } from './build.ts'
import { chooseHost, describeHost, root } from './host.ts'

interface Tally {
  passed: number
  failed: number
}

const reports = join(root, 'out', 'reports')
const tool = (...path: string[]) => join(root, 'node_modules', ...path)

function node(script: string, args: string[]): boolean {
  return spawnSync(process.execPath, [script, ...args], { cwd: root, stdio: 'inherit' }).status === 0
}

/** A check without cases of its own counts as one test. */
function check(name: string, run: () => boolean): Tally {
  console.log(`\n== ${name}`)
  const passed = attempt(run)
  if (!passed) console.log(`${name} failed`)
  return passed ? { passed: 1, failed: 0 } : { passed: 0, failed: 1 }
}

function attempt(run: () => boolean): boolean {
  try {
    return run()
  } catch (error) {
    console.error(error instanceof Error ? error.message : error)
    return false
  }
}

function types(): Tally {
  const tsc = tool('typescript', 'bin', 'tsc')
  return check('Types', () => ['main', 'renderer', 'test'].every((project) => node(tsc, ['-p', project])))
}

function lint(): Tally {
  const biome = check('Lint', () => node(tool('@biomejs', 'biome', 'bin', 'biome'), ['check', '.']))
  const knip = check('Dead code and dependencies', () => node(tool('knip', 'bin', 'knip.js'), []))
  return add(biome, knip)
}

function unit(): Tally {
  console.log('\n== Unit, contract and fault tests')
  const report = join(reports, 'vitest.json')
  rmSync(report, { force: true })
  rmSync(coverageFolder, { recursive: true, force: true })
  const ok = node(tool('vitest', 'vitest.mjs'), [
    'run',
    '--reporter=default',
    '--reporter=json',
    `--outputFile.json=${report}`,
  ])
  if (!existsSync(report)) return { passed: 0, failed: 1 }
  const result = JSON.parse(readFileSync(report, 'utf8')) as { numPassedTests: number; numFailedTests: number }
  // A runner that fails without a failed case (a file that does not load) must not look green.
  const failed = ok ? result.numFailedTests : Math.max(1, result.numFailedTests)
  return { passed: result.numPassedTests, failed }
}

/** The table in the docs is what this run proved. Without the vendors' data beside the checkout there is nothing to compare. */
function coverage(): Tally {
  const file = join(root, 'docs', 'vendors', 'coverage.md')
  if (vendorData('samples/SOURCES.md') === undefined) {
    console.log("\nleft out: comparison of docs/vendors/coverage.md, for the vendors' data is not here")
    return { passed: 0, failed: 0 }
  }
  return check('Coverage table of the docs', () => {
    const current = existsSync(file) && readFileSync(file, 'utf8') === coverageTable(everyConnector())
    if (!current) console.log('docs/vendors/coverage.md is out of date: run npm run coverage')
    return current
  })
}

function endToEnd(): Tally {
  console.log('\n== End to end')
  const report = join(root, 'out', 'e2e', 'report.json')
  rmSync(report, { force: true })
  const ok = node(tool('@playwright', 'test', 'cli.js'), ['test'])
  if (!existsSync(report)) return { passed: 0, failed: 1 }
  const { stats } = JSON.parse(readFileSync(report, 'utf8')) as {
    stats: { expected: number; unexpected: number; flaky: number }
  }
  const failed = stats.unexpected + stats.flaky
  return { passed: stats.expected, failed: ok ? failed : Math.max(1, failed) }
}

function add(...tallies: Tally[]): Tally {
  return tallies.reduce((sum, one) => ({ passed: sum.passed + one.passed, failed: sum.failed + one.failed }))
}

mkdirSync(reports, { recursive: true })
console.log(describeHost(await chooseHost({ fetchElectron: false })))
const built = check('Build', () => {
  ensureBuilt()
  return true
})
const total = add(built, types(), lint(), unit(), coverage(), endToEnd())
console.log(`\n${total.passed} passed, ${total.failed} failed`)
process.exit(total.failed === 0 ? 0 : 1)
