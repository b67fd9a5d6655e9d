import { spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { parseManifest } from '../../main/connectors/manifest/parse.ts'
import { app23, app30 } from '../unit/connectors/freshworks-app.ts'

const script = join(import.meta.dirname, '..', 'harness', 'import-freshworks.ts')
let folder: string

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'manydesk-import-'))
  const put = (app: string, name: string, value: unknown) => {
    mkdirSync(join(folder, app, 'config'), { recursive: true })
    writeFileSync(join(folder, app, 'config', name), JSON.stringify(value))
  }
  put('one', 'oauth_config.json', app23.oauth)
  put('one', 'requests.json', app23.requests)
  put('two', 'oauth_config.json', app30.oauth)
  put('two', 'requests.json', app30.requests)
  put('two', 'iparams.json', app30.iparams)
})
afterAll(() => rmSync(folder, { recursive: true, force: true }))

const run = (...args: string[]) => {
  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    ['--disable-warning=ExperimentalWarning', script, ...args],
    { cwd: folder, encoding: 'utf8' },
  )
  return { status, stdout, stderr }
}

describe('npm run import-freshworks', () => {
  it('writes the manifest of an app to stdout and the report to stderr', () => {
    const { status, stdout, stderr } = run('one')
    expect(status).toBe(0)
    expect(parseManifest(stdout).faults).toEqual([])
    expect(stderr).toMatch(/Taken:[\s\S]*Needs an answer:[\s\S]*Not carried over:[\s\S]*no faults/)
  })

  it('takes files one by one, and writes to a file', () => {
    const { status, stdout } = run('one/config/oauth_config.json', 'one/config/requests.json', '--out', 'made.json')
    expect([status, stdout]).toEqual([0, ''])
    expect(parseManifest(readFileSync(join(folder, 'made.json'), 'utf8')).manifest?.id).toBe('freshworks-app')
  })

  it('asks which sign-in is meant where there are several, or writes all of them to a folder', () => {
    const asked = run('two')
    expect([asked.status, asked.stdout]).toEqual([2, ''])
    expect(asked.stderr).toContain('--integration (timeTracker, brand_desk)')
    expect(run('two', '--integration', 'brand_desk').stdout).toContain('"id": "brand-desk"')
    expect(run('two', '--out', 'all').status).toBe(0)
    expect(readdirSync(join(folder, 'all')).sort()).toEqual(['brand-desk.json', 'time-tracker.json'])
  })

  it('says what is wrong with what it was given', () => {
    expect(run().status).toBe(2)
    expect(run('nowhere')).toMatchObject({ status: 2, stderr: expect.stringContaining('There is no') })
    expect(run('one/config/requests.json')).toMatchObject({
      status: 2,
      stderr: expect.stringContaining('oauth_config.json'),
    })
    writeFileSync(join(folder, 'oauth_config.json'), '[]')
    expect(run('oauth_config.json', 'one/config/requests.json')).toMatchObject({
      status: 2,
      stderr: expect.stringContaining('not what a Freshworks app has'),
    })
  })
})
