import { describe, expect, it } from 'vitest'
import { createAppWindow } from '../../../main/desktop/app-window.ts'
import { frameFor, type Place } from '../../../main/desktop/window-place.ts'
import { asSession, createClock, createFactory, createLog } from './fakes.ts'

const screen = { x: 0, y: 0, width: 1920, height: 1080 }

function setUp(place: Place | null = null) {
  const factory = createFactory()
  const clock = createClock()
  const saved: Place[] = []
  const events: string[] = []
  let again: () => void = () => undefined
  const app = createAppWindow({
    factory,
    session: asSession('ui'),
    clock,
    log: createLog(),
    dark: () => false,
    screens: () => [screen],
    place: () => place,
    savePlace: (next) => saved.push(next),
    onGiveUp: (tryAgain) => {
      events.push('gave up')
      again = tryAgain
    },
    onClosed: () => events.push('closed'),
  })
  app.show()
  const window = factory.windows[0]
  if (!window) throw new Error('no window')
  return { app, factory, clock, saved, events, window, tryAgain: () => again() }
}

describe('the window of the workstation', () => {
  it('shows our page, once it is painted', () => {
    const { window } = setUp()
    expect(window.webContents.loaded).toEqual(['app://manydesk/index.html'])
    expect(window.calls).toEqual([])
    window.emit('ready-to-show')
    expect(window.calls).toEqual(['show'])
  })

  it('is there once: a second request brings it to the front', () => {
    const { app, factory, window } = setUp()
    app.show()
    expect(factory.windows).toHaveLength(1)
    expect(window.calls).toEqual(['show', 'focus'])
  })

  it('is made anew after it was closed', () => {
    const { app, factory, window, events } = setUp()
    window.destroy()
    expect(app.current()).toBeNull()
    app.show()
    expect(factory.windows).toHaveLength(2)
    expect(events).toEqual(['closed'])
  })

  it.each([
    ['will-navigate', 'https://evil.example/', true, true],
    ['will-navigate', 'app://manydesk/auth-bar.html', true, true],
    ['will-navigate', 'app://evil/index.html', true, true],
    ['will-navigate', 'file:///etc/passwd', true, true],
    ['will-navigate', 'javascript:alert(1)', true, true],
    ['will-redirect', 'https://evil.example/', true, true],
    ['will-frame-navigate', 'https://tracker.example/link', false, true],
    ['will-frame-navigate', 'app://manydesk/index.html', false, true],
    ['will-frame-navigate', 'about:srcdoc', false, false],
    ['will-navigate', 'app://manydesk/index.html', true, false],
  ] as const)('on %s to %s (main frame: %s) stops it: %s', (event, url, isMainFrame, stopped) => {
    expect(setUp().window.webContents.tries(event, url, isMainFrame)).toBe(stopped)
  })

  it('remembers its place', () => {
    const { window, saved } = setUp()
    window.bounds = { x: 5, y: 6, width: 1300, height: 900 }
    window.emit('close')
    expect(saved).toEqual([{ bounds: { x: 5, y: 6, width: 1300, height: 900 }, maximized: false }])
  })

  it('comes back maximized when it was', () => {
    const { window } = setUp({ bounds: { x: 1, y: 1, width: 1300, height: 900 }, maximized: true })
    window.emit('ready-to-show')
    expect(window.calls).toEqual(['maximize', 'show'])
  })

  it('loads again after a crash, and asks the person after the fourth within a minute', () => {
    const { window, events, tryAgain, clock } = setUp()
    const crash = () => window.webContents.emit('render-process-gone', {}, { reason: 'crashed' })
    for (let n = 0; n < 3; n++) crash()
    expect(window.webContents.reloads).toBe(3)
    crash()
    expect(window.webContents.reloads).toBe(3)
    expect(events).toEqual(['gave up'])
    tryAgain()
    expect(window.webContents.reloads).toBe(4)
    clock.advance(61_000)
    crash()
    expect(window.webContents.reloads).toBe(5)
  })

  it('does not take an ordinary end of its page for a crash', () => {
    const { window } = setUp()
    window.webContents.emit('render-process-gone', {}, { reason: 'clean-exit' })
    expect(window.webContents.reloads).toBe(0)
  })
})

describe('the place of a new window', () => {
  const place = (x: number, y: number): Place => ({ bounds: { x, y, width: 1300, height: 900 }, maximized: false })

  it.each([
    ['on its screen', place(100, 50), { x: 100, y: 50 }],
    ['partly on it', place(1800, 50), { x: 1800, y: 50 }],
    ['on a screen that is gone', place(2500, 50), {}],
    ['left of everything', place(-1290, 50), {}],
  ])('%s', (_name, remembered, expected) => {
    const { x, y } = frameFor(remembered, [screen])
    expect({ ...(x === undefined ? {} : { x, y }) }).toEqual(expected)
  })

  it('is the usual size when nothing is remembered, and never smaller than it can be used', () => {
    expect(frameFor(null, [screen])).toEqual({ width: 1280, height: 800, minWidth: 960, minHeight: 600 })
    const tiny = { bounds: { x: 0, y: 0, width: 10, height: 10 }, maximized: false }
    expect(frameFor(tiny, [screen])).toMatchObject({ width: 960, height: 600 })
  })
})
