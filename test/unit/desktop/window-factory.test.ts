import type { Session } from 'electron'
import { describe, expect, it, vi } from 'vitest'
import { asAny } from './fakes.ts'

const made: { kind: string; options: Record<string, unknown> }[] = []
vi.mock('electron', () => ({
  BrowserWindow: class {
    constructor(options: Record<string, unknown>) {
      made.push({ kind: 'window', options })
    }
  },
  WebContentsView: class {
    constructor(options: Record<string, unknown>) {
      made.push({ kind: 'view', options })
    }
    setBounds() {
      return undefined
    }
  },
}))
const { createWindowFactory } = await import('../../../main/desktop/window-factory.ts')

const session = asAny<Session>({ name: 'session' })
const frame = { title: 'T', width: 1, height: 2, minWidth: 3, minHeight: 4, backgroundColor: '#fff' }
const walls = {
  session,
  contextIsolation: true,
  sandbox: true,
  webSecurity: true,
  nodeIntegration: false,
  nodeIntegrationInWorker: false,
  nodeIntegrationInSubFrames: false,
  webviewTag: false,
  plugins: false,
  experimentalFeatures: false,
  allowRunningInsecureContent: false,
  navigateOnDragDrop: false,
  safeDialogs: true,
  devTools: false,
}

describe('pages are made with', () => {
  const factory = createWindowFactory({ preload: '/pages/preload.cjs', devTools: false })
  const last = () => made.at(-1)

  it('every wall up and the preload, for the workstation', () => {
    factory.window('app', session, frame)
    expect(last()?.options).toEqual({
      ...frame,
      show: false,
      autoHideMenuBar: true,
      webPreferences: { ...walls, spellcheck: process.platform === 'darwin', preload: '/pages/preload.cjs' },
    })
  })

  it('every wall up and no preload, for the bar of a sign-in window', () => {
    factory.window('auth-bar', session, frame)
    expect(last()?.options.webPreferences).toEqual({ ...walls, spellcheck: false })
  })

  it('every wall up and no preload, for the page of a vendor', () => {
    factory.vendorView(session, { x: 0, y: 0, width: 1, height: 1 })
    expect(last()).toEqual({ kind: 'view', options: { webPreferences: { ...walls, spellcheck: false } } })
  })
})
