/**
 * `npm run import-freshworks -- <folder or files> [--out file] [--integration name]`: makes a connector of a Freshworks app. The manifest goes to stdout or
 * the file, the report to stderr. A folder is that of the app or its `config`; files are told apart by their names.
 */
import { existsSync, mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { basename, join, resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { type ImportedManifest, importFreshworksApp } from '../../main/connectors/freshworks-import/import.ts'
import { reportText } from '../../main/connectors/freshworks-import/report.ts'
import { isAppError } from '../../main/errors.ts'

const names = { oauthConfig: 'oauth_config.json', requests: 'requests.json', iparams: 'iparams.json' } as const

function fail(text: string): never {
  console.error(text)
  process.exit(2)
}

/** Where the three files are: in a folder, in its `config`, or named one by one. */
function findFile(places: string[], name: string): string | null {
  for (const place of places) {
    if (statSync(place).isDirectory()) {
      const found = [join(place, name), join(place, 'config', name)].find((file) => existsSync(file))
      if (found !== undefined) return found
    } else if (basename(place) === name) return place
  }
  return null
}

function readFiles(places: string[]) {
  const missing = places.find((place) => !existsSync(place))
  if (missing !== undefined) fail(`There is no ${missing}.`)
  const read = (name: string) => {
    const file = findFile(places, name)
    return file === null ? null : readFileSync(file, 'utf8')
  }
  const oauthConfig = read(names.oauthConfig)
  const requests = read(names.requests)
  const iparams = read(names.iparams)
  if (oauthConfig === null || requests === null)
    fail(`${names.oauthConfig} and ${names.requests} of the app are needed.`)
  return { oauthConfig, requests, ...(iparams === null ? {} : { iparams }) }
}

function tell({ integration, id, faults, report }: ImportedManifest): void {
  console.error(`\n${integration === '' ? id : `${integration}, as ${id}`}\n${reportText(report)}`)
  if (faults.length === 0) console.error('The manifest has no faults.')
  else console.error('The manifest cannot be used before these are answered:')
  for (const { line, column, message } of faults) console.error(`  line ${line}, column ${column}: ${message}`)
}

function main(): void {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: { out: { type: 'string' }, integration: { type: 'string' } },
  })
  if (positionals.length === 0)
    fail('npm run import-freshworks -- <folder or files of the app> [--out file] [--integration name]')
  const { manifests, report } = importFreshworksApp(readFiles(positionals.map((place) => resolve(place))))
  const wanted = manifests.filter((each) => values.integration === undefined || each.integration === values.integration)
  console.error(reportText(report))
  for (const each of wanted) tell(each)
  const [only] = wanted
  if (only === undefined) fail(`The app has these sign-ins: ${manifests.map((each) => each.integration).join(', ')}.`)
  if (wanted.length === 1) {
    if (values.out === undefined) process.stdout.write(only.text)
    else writeFileSync(resolve(values.out), only.text)
    return
  }
  if (values.out === undefined)
    fail(
      `The app has several sign-ins. Choose one with --integration (${wanted.map((each) => each.integration).join(', ')}), or name a folder with --out.`,
    )
  mkdirSync(resolve(values.out), { recursive: true })
  for (const each of wanted) writeFileSync(join(resolve(values.out), `${each.id}.json`), each.text)
}

try {
  main()
} catch (error) {
  if (!isAppError(error)) throw error
  fail([error.message, error.action, error.detail].filter(Boolean).join('\n'))
}
