import type { MenuItemConstructorOptions, NativeImage } from 'electron'
import { describe, expect, it } from 'vitest'
import { createTray, type TrayNews, trayMenu, trayWords } from '../../../main/desktop/tray.ts'
import { asAny, createLog } from './fakes.ts'

const calm: TrayNews = { unread: 0, online: true, attention: [] }
const one = { name: 'acme.zendesk.com', words: 'sign in again', broken: true }
const soon = { name: 'R&D desk', words: 'sign-in ends soon', broken: false }

function setUp() {
  const did: unknown[] = []
  const images = { calm: 'calm', soon: 'soon', broken: 'broken' }
  const set = (what: string) => (value: unknown) => void did.push([what, value])
  const click: (() => void)[] = []
  const update = createTray({
    create: () =>
      asAny({
        setImage: set('image'),
        setToolTip: set('words'),
        setContextMenu: set('menu'),
        on: (_: string, show: () => void) => click.push(show),
      }),
    images: asAny<Record<'calm' | 'soon' | 'broken', NativeImage>>(images),
    buildMenu: (template) => asAny(template.length),
    show: () => did.push('show'),
    navigate: (target) => did.push(target),
    quit: () => did.push('quit'),
    log: createLog(),
  })
  return {
    did,
    update,
    click: () => click[0]?.(),
    images: () =>
      did.filter((each) => Array.isArray(each) && each[0] === 'image').map((each) => (each as unknown[])[1]),
  }
}

const ignore = () => undefined
const labels = (news: TrayNews) =>
  trayMenu(news, { show: ignore, navigate: ignore, quit: ignore }).map(({ label, type }) => label ?? type)

describe('the icon beside the clock', () => {
  it('says how many are unread and how many accounts need somebody', () => {
    expect(trayWords(calm)).toBe('Manydesk: nothing unread')
    expect(trayWords({ unread: 42, online: false, attention: [one] })).toBe(
      'Manydesk: 42 unread, 1 account needs attention, offline',
    )
  })

  it('looks as bad as the worst account', () => {
    const { update, images } = setUp()
    update({ ...calm, attention: [soon] })
    update({ ...calm, attention: [soon, one] })
    update(calm)
    expect(images()).toEqual(['calm', 'soon', 'broken', 'calm'])
  })

  it('is drawn anew only when something changed', () => {
    const { update, images } = setUp()
    for (let times = 0; times < 5; times += 1) update({ ...calm, unread: 3 })
    expect(images()).toHaveLength(2)
  })

  it('names the accounts and what is wrong, and leads to their health', () => {
    const news = { unread: 2, online: true, attention: [one, soon] }
    expect(labels(news)).toEqual([
      ...['Open Manydesk', '2 unread', 'separator', '2 accounts need attention'],
      ...['acme.zendesk.com: sign in again', 'R&&D desk: sign-in ends soon', 'separator', 'Quit'],
    ])
    const did: unknown[] = []
    const menu = trayMenu(news, {
      show: () => did.push('show'),
      navigate: (to) => did.push(to),
      quit: () => did.push('quit'),
    })
    for (const item of menu) (item as MenuItemConstructorOptions & { click?: () => void }).click?.()
    expect(did).toEqual(['show', { to: 'inbox' }, { to: 'health' }, { to: 'health' }, { to: 'health' }, 'quit'])
  })

  it('names a few of many', () => {
    const attention = Array.from({ length: 12 }, (_, index) => ({ ...one, name: `site ${index}` }))
    expect(labels({ ...calm, attention })).toContain('4 more')
  })

  it('opens the window when it is clicked', () => {
    const { did, click } = setUp()
    click()
    expect(did).toContain('show')
  })

  it('is done without where the desktop has no place for it', () => {
    const log = createLog()
    const nowhere = () => {
      throw new Error('no tray')
    }
    const unused = asAny<never>(null)
    const update = createTray({
      create: nowhere,
      images: unused,
      buildMenu: unused,
      show: unused,
      navigate: unused,
      quit: unused,
      log,
    })
    expect(() => update(calm)).not.toThrow()
    expect(log.lines).toHaveLength(1)
  })
})
