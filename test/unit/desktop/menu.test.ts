import type { MenuItemConstructorOptions } from 'electron'
import { describe, expect, it } from 'vitest'
import { menuTemplate } from '../../../main/desktop/menu.ts'

function setUp(platform: NodeJS.Platform, devTools = false) {
  const did: unknown[] = []
  const template = menuTemplate({
    platform,
    theme: 'dark',
    devTools,
    navigate: (target) => did.push(target),
    setTheme: (theme) => did.push(theme),
    showLogFile: () => did.push('log'),
  })
  const all: MenuItemConstructorOptions[] = []
  const walk = (items: MenuItemConstructorOptions[]) => {
    for (const item of items) {
      all.push(item)
      if (Array.isArray(item.submenu)) walk(item.submenu)
    }
  }
  walk(template)
  const press = (label: string) => {
    const item = all.find((each) => each.label === label)
    const click = item?.click as (() => void) | undefined
    if (!click) throw new Error(`nothing to press at ${label}`)
    click()
  }
  return { template, all, did, press }
}

describe('the menu', () => {
  it('leads to the screens', () => {
    const { press, did } = setUp('linux')
    for (const label of ['Connect account…', 'Inbox', 'Accounts', 'Keyboard shortcuts', 'Show log file', 'Light'])
      press(label)
    expect(did).toEqual([{ to: 'connect' }, { to: 'inbox' }, { to: 'accounts' }, { to: 'shortcuts' }, 'log', 'light'])
  })

  it('marks the appearance in use', () => {
    const { all } = setUp('linux')
    expect(all.filter((item) => item.checked).map((item) => item.label)).toEqual(['Dark'])
  })

  it('has the menu of the app on macOS, and quits from File elsewhere', () => {
    expect(setUp('darwin').template[0]?.role).toBe('appMenu')
    expect(setUp('linux').all.some((item) => item.role === 'quit')).toBe(true)
    expect(setUp('linux').template[0]?.role).toBeUndefined()
  })

  it('has no developer tools in an installed app, and never a reload', () => {
    expect(setUp('linux').all.some((item) => item.role === 'toggleDevTools')).toBe(false)
    expect(setUp('linux', true).all.some((item) => item.role === 'toggleDevTools')).toBe(true)
    expect(setUp('linux', true).all.some((item) => item.role === 'reload' || item.role === 'forceReload')).toBe(false)
  })

  it('takes no plain letter away from text fields', () => {
    for (const { accelerator } of setUp('linux').all) {
      if (accelerator !== undefined) expect(String(accelerator)).toContain('CmdOrCtrl+')
    }
  })
})
