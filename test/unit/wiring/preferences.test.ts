import '../oauth/support/plain-node.ts'
import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { openDocumentFolder } from '../../../main/accounts/documents.ts'
import { createAppState } from '../../../main/ipc/app-state.ts'
import { machineFolder } from '../../../main/workstation/machine-folder.ts'
import { openPreferences } from '../../../main/workstation/preferences.ts'
import type { AppState } from '../../../preload/contract.ts'
import { createLog } from '../desktop/fakes.ts'

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'manydesk-preferences-'))
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

const openAgain = () =>
  openPreferences(
    openDocumentFolder(folder, () => 1),
    createLog(),
  )
const place = { bounds: { x: 1, y: 2, width: 3, height: 4 }, maximized: true }

describe('preferences', () => {
  it('last from one start to the next', () => {
    openAgain().change({ theme: 'dark' })
    openAgain().change({ place })
    expect(openAgain().value()).toEqual({ theme: 'dark', place })
  })

  it.each(['', '{', 'null', '\0\0\0\0', '{"version":1,"theme":"pink","place":null}', '{"theme":"dark"}'])(
    'that are damaged (%j) are set aside with a notice, and the app starts',
    (text) => {
      writeFileSync(join(folder, 'preferences.json'), text)
      const preferences = openAgain()
      expect(preferences.value()).toEqual({ theme: 'system', place: null })
      expect(preferences.notice).toMatchObject({ code: 'settings_damaged' })
      expect(readdirSync(folder).some((name) => name.includes('damaged'))).toBe(true)
    },
  )

  it('of a newer Manydesk are left alone, and hold for this run only', () => {
    const text = '{"version":99,"theme":"dark","place":null}'
    writeFileSync(join(folder, 'preferences.json'), text)
    const preferences = openAgain()
    expect(preferences.notice).toMatchObject({ code: 'store_newer' })
    preferences.change({ theme: 'light' })
    expect(preferences.value().theme).toBe('light')
    expect(openAgain().notice).toMatchObject({ code: 'store_newer' })
  })

  it('that cannot be kept hold for this run', () => {
    const preferences = openAgain()
    rmSync(folder, { recursive: true })
    writeFileSync(folder, 'a file where the folder was')
    preferences.change({ theme: 'dark' })
    expect(preferences.value().theme).toBe('dark')
    rmSync(folder)
    mkdirSync(folder)
  })
})

describe('the state of the app', () => {
  const setUp = () => {
    const told: AppState[] = []
    let online = true
    let change: () => void = () => undefined
    const applied: string[] = []
    const app = createAppState({
      version: '1.2.3',
      platform: 'freebsd',
      preferences: openAgain(),
      startup: {
        progress: () => ({ phase: 'ready', trouble: null, protection: 'strong', sessionOnly: false }),
        onChange: () => () => undefined,
      },
      online: {
        online: () => online,
        onChange(listener) {
          change = listener
          return () => undefined
        },
      },
      applyTheme: (theme) => applied.push(theme),
      tell: (_name, value) => void told.push(value as AppState),
    })
    const goOffline = () => {
      online = false
      change()
    }
    return { app, told, applied, goOffline }
  }

  it('is told whole at each change', () => {
    const { app, told, applied, goOffline } = setUp()
    goOffline()
    app.setTheme('dark')
    expect(told).toEqual([
      expect.objectContaining({ online: false, theme: 'system' }),
      expect.objectContaining({ online: false, theme: 'dark' }),
    ])
    expect(applied).toEqual(['dark'])
    expect(app.state()).toEqual({
      version: '1.2.3',
      platform: 'linux',
      phase: 'ready',
      trouble: null,
      notices: [],
      protection: 'strong',
      sessionOnly: false,
      online: false,
      theme: 'dark',
    })
  })
})

describe('the folder of the administrator', () => {
  it.each([
    ['win32', { ProgramData: 'D:\\Data' }, /^D:\\Data.Manydesk$/],
    ['win32', {}, /^C:\\ProgramData.Manydesk$/],
    ['darwin', {}, /^\/Library\/Application Support\/Manydesk$/],
    ['linux', {}, /^\/etc\/manydesk$/],
  ] as const)('on %s', (platform, env, path) => {
    expect(machineFolder(platform, env)).toMatch(path)
  })
})
