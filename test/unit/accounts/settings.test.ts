import { readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { z } from 'zod'
import { type Migration, openSettings } from '../../../main/accounts/settings.ts'
import type { DocumentFolder } from '../../../main/ports.ts'
import { type TempFolder, tempFolder } from '../oauth/support/fakes.ts'

let folder: TempFolder
beforeEach(() => {
  folder = tempFolder()
})
afterEach(() => folder.remove())

const schema = z.object({ items: z.array(z.string()) })
const open = (migrations: Migration[] = [], documents: DocumentFolder = folder.documents('settings')) =>
  openSettings({ documents, name: 'things', label: 'things', schema, migrations, empty: { items: [] as string[] } })
const path = (name: string) => join(folder.path, 'settings', name)
const files = () => readdirSync(join(folder.path, 'settings')).sort()

describe('settings', () => {
  test('start empty, without a notice, and write nothing by being opened', () => {
    expect(open()).toMatchObject({ notice: null })
    expect(open().value()).toEqual({ items: [] })
    expect(() => files()).toThrow('ENOENT')
  })

  test('come back after a restart, and keep the generation before', () => {
    const settings = open()
    settings.save({ items: ['a'] })
    settings.save({ items: ['a', 'b'] })
    expect(open().value()).toEqual({ items: ['a', 'b'] })
    expect(JSON.parse(readFileSync(path('things.previous.json'), 'utf8'))).toEqual({ version: 1, items: ['a'] })
  })

  test.skipIf(process.platform === 'win32')('are readable by their owner only', () => {
    open().save({ items: ['a'] })
    expect(statSync(path('things.json')).mode & 0o777).toBe(0o600)
    expect(statSync(join(folder.path, 'settings')).mode & 0o777).toBe(0o700)
  })
})

describe('damaged settings', () => {
  const damages: [string, string][] = [
    ['nothing', ''],
    ['zeros', '\u0000'.repeat(100)],
    ['half a file', '{"version":1,"items":["a"'],
    ['a list', '[]'],
    ['null', 'null'],
    ['no version', '{"items":[]}'],
    ['a version that is no number', '{"version":"1","items":[]}'],
    ['wrong values', '{"version":1,"items":[1]}'],
    ['a missing part', '{"version":1}'],
  ]

  test.each(damages)('holding %s are set aside, and the generation before takes their place', (_, bytes) => {
    const settings = open()
    settings.save({ items: ['a'] })
    settings.save({ items: ['a', 'b'] })
    writeFileSync(path('things.json'), bytes)
    const reopened = open()
    expect(reopened.value()).toEqual({ items: ['a'] })
    expect(reopened.notice).toMatchObject({ code: 'settings_damaged' })
    expect(readFileSync(path('things.json.damaged-1700000000000'), 'utf8')).toBe(bytes)
    expect(reopened.notice?.action).toContain('things.json.damaged-1700000000000')
    expect(open().notice).toBeNull()
    expect(open().value()).toEqual({ items: ['a'] })
  })

  test('without a generation before start empty, and the damaged bytes are kept', () => {
    open().save({ items: ['a'] })
    writeFileSync(path('things.json'), 'x')
    const reopened = open()
    expect(reopened.value()).toEqual({ items: [] })
    expect(reopened.notice).toMatchObject({ code: 'settings_damaged' })
    expect(files()).toContain('things.json.damaged-1700000000000')
  })

  test('that are gone are restored from the generation before', () => {
    const settings = open()
    settings.save({ items: ['a'] })
    settings.save({ items: ['b'] })
    rmSync(path('things.json'))
    expect(open().value()).toEqual({ items: ['a'] })
  })
})

describe('settings that must not be touched', () => {
  test('because a newer version wrote them are refused and keep every byte', () => {
    open().save({ items: ['a'] })
    const bytes = '{"version":2,"items":{"new":"shape"}}'
    writeFileSync(path('things.json'), bytes)
    expect(() => open()).toThrow(expect.objectContaining({ code: 'store_newer' }))
    expect(readFileSync(path('things.json'), 'utf8')).toBe(bytes)
    expect(files()).toEqual(['things.json'])
  })

  test('because they cannot be read right now are refused', () => {
    const documents = folder.documents('settings')
    const unreadable: DocumentFolder = {
      ...documents,
      file: (name) => ({ ...documents.file(name), read: () => ({ kind: 'unreadable', reason: 'EACCES' }) }),
    }
    expect(() => open([], unreadable)).toThrow(expect.objectContaining({ code: 'file_failed' }))
    expect(() => files()).toThrow('ENOENT')
  })

  test('because the write fails keep the value and the file they had', () => {
    const documents = folder.documents('settings')
    let broken = false
    const settings = open([], {
      ...documents,
      file: (name) => ({
        ...documents.file(name),
        write(value) {
          if (broken && name === 'things') throw new Error('no space')
          documents.file(name).write(value)
        },
      }),
    })
    settings.save({ items: ['a'] })
    broken = true
    expect(() => settings.save({ items: ['b'] })).toThrow('no space')
    expect(settings.value()).toEqual({ items: ['a'] })
    expect(open().value()).toEqual({ items: ['a'] })
  })
})

describe('migrations', () => {
  const renamed: Migration = ({ names, ...rest }) => ({ ...rest, items: names })
  const upper: Migration = (document) => ({
    ...document,
    items: (document.items as string[]).map((item) => item.toUpperCase()),
  })
  const at = (version: number, content: object) => {
    folder
      .documents('settings')
      .file('things')
      .write({ version, ...content })
  }

  test('run in order from the version of the file', () => {
    at(1, { names: ['a'] })
    expect(open([renamed, upper]).value()).toEqual({ items: ['A'] })
    at(2, { items: ['b'] })
    expect(open([renamed, upper]).value()).toEqual({ items: ['B'] })
    at(3, { items: ['c'] })
    expect(open([renamed, upper]).value()).toEqual({ items: ['c'] })
  })

  test('do not run again after the next save', () => {
    at(1, { names: ['a'] })
    open([renamed, upper]).save({ items: ['b'] })
    expect(open([renamed, upper]).value()).toEqual({ items: ['b'] })
  })

  test('that fail leave the file set aside, not lost', () => {
    at(1, { names: ['a'] })
    const broken: Migration = () => {
      throw new TypeError('no')
    }
    expect(open([broken])).toMatchObject({ notice: { code: 'settings_damaged', detail: 'TypeError' } })
    expect(files()).toContain('things.json.damaged-1700000000000')
  })
})
