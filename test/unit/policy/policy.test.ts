import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { loadPolicy } from '../../../main/policy/policy.ts'

let folder: string
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'manydesk-policy-'))
})
afterAll(() => rmSync(folder, { recursive: true, force: true }))

function file(name: string, text: string): string {
  const path = join(folder, name)
  writeFileSync(path, text)
  return path
}

describe('the policy of an organisation', () => {
  it('forbids nothing where there is none', () => {
    expect(loadPolicy([join(folder, 'absent.json')])).toEqual({ apiKeys: true, notice: null })
  })

  it('forbids what one of its files forbids: another file cannot allow it again', () => {
    const machine = file('machine.json', '{"apiKeys": false}')
    const person = file('person.json', '{"apiKeys": true}')
    expect(loadPolicy([machine, person]).apiKeys).toBe(false)
    expect(loadPolicy([person, machine]).apiKeys).toBe(false)
    expect(loadPolicy([person]).apiKeys).toBe(true)
  })

  it.each([
    ['not JSON', '{"apiKeys": false'],
    ['a wrong type', '{"apiKeys": "no"}'],
    ['a word it does not know', '{"apiKey": false}'],
    ['no object', '[]'],
  ])('fails closed for %s, and says which file', (name, text) => {
    const path = file(`${name}.json`, text)
    const { apiKeys, notice } = loadPolicy([path])
    expect(apiKeys).toBe(false)
    expect(notice?.code).toBe('settings_damaged')
    expect(notice?.action).toContain(path)
  })
})
