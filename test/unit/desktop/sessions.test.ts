import { EventEmitter } from 'node:events'
import type { App, Session } from 'electron'
import { describe, expect, it } from 'vitest'
import { closeNetwork, createPartitions, guardAllSessions, isUiResource } from '../../../main/desktop/sessions.ts'
import { asAny, navigation } from './fakes.ts'

type Handler = (...args: unknown[]) => unknown

/** A session that keeps the handlers it is given. */
class FakeSession extends EventEmitter {
  readonly handlers: Record<string, Handler> = {}
  readonly calls: string[] = []
  setPermissionRequestHandler = (handler: Handler) => this.keep('request', handler)
  setPermissionCheckHandler = (handler: Handler) => this.keep('check', handler)
  setDevicePermissionHandler = (handler: Handler) => this.keep('device', handler)
  setDisplayMediaRequestHandler = (handler: Handler) => this.keep('display', handler)
  webRequest = { onBeforeRequest: (handler: Handler) => this.keep('before', handler) }
  cookies = { flushStore: async () => void this.calls.push('flush') }
  closeAllConnections = async () => void this.calls.push('connections')
  clearStorageData = async () => void this.calls.push('storage')
  clearCache = async () => void this.calls.push('cache')
  clearAuthCache = async () => void this.calls.push('auth')

  private keep(name: string, handler: Handler): void {
    this.handlers[name] = handler
  }
  asks(name: string, ...args: unknown[]): unknown {
    const handler = this.handlers[name]
    if (!handler) throw new Error(`no ${name} handler`)
    return handler(...args)
  }
}

const permissions = [
  'ar',
  'automatic-fullscreen',
  'background-fetch',
  'background-sync',
  'captured-surface-control',
  'clipboard-read',
  'clipboard-sanitized-write',
  'deprecated-sync-clipboard-read',
  'display-capture',
  'fileSystem',
  'fullscreen',
  'geolocation',
  'geolocation-approximate',
  'hand-tracking',
  'hid',
  'idle-detection',
  'keyboardLock',
  'local-fonts',
  'local-network',
  'local-network-access',
  'loopback-network',
  'media',
  'mediaKeySystem',
  'midi',
  'midiSysex',
  'nfc',
  'notifications',
  'openExternal',
  'payment-handler',
  'periodic-background-sync',
  'persistent-storage',
  'pointerLock',
  'screen-wake-lock',
  'sensors',
  'serial',
  'smart-card',
  'speaker-selection',
  'storage-access',
  'system-wake-lock',
  'top-level-storage-access',
  'usb',
  'vr',
  'web-app-installation',
  'web-printing',
  'window-management',
  'unknown',
  'something-new',
]

describe('every session', () => {
  const app = new EventEmitter()
  const first = new FakeSession()
  const later = new FakeSession()
  guardAllSessions(asAny<App>(app), [asAny<Session>(first)])
  app.emit('session-created', later)

  it.each(permissions)('refuses %s, asked or checked, whoever asks', (permission) => {
    for (const session of [first, later]) {
      for (const isMainFrame of [true, false]) {
        let answer: unknown = 'none'
        session.asks('request', {}, permission, (granted: unknown) => (answer = granted), {
          isMainFrame,
          requestingUrl: 'app://manydesk/index.html',
        })
        expect(answer).toBe(false)
        expect(session.asks('check', null, permission, 'app://manydesk', { isMainFrame })).toBe(false)
      }
    }
  })

  it('hands out no device and no screen', () => {
    for (const session of [first, later]) {
      expect(session.asks('device', { deviceType: 'usb' })).toBe(false)
      let streams: unknown = 'none'
      session.asks('display', {}, (answer: unknown) => (streams = answer))
      expect(streams).toEqual({})
    }
  })

  it('downloads nothing by itself', () => {
    const event = navigation('')
    later.emit('will-download', event)
    expect(event.prevented).toBe(true)
  })
})

describe('the session of our own pages', () => {
  it.each([
    ['app://manydesk/index.html', true],
    ['blob:app://manydesk/1', true],
    ['data:image/png;base64,AA', true],
    ['https://example.com/', false],
    ['http://127.0.0.1/', false],
    ['ws://127.0.0.1/', false],
    ['wss://example.com/', false],
    ['file:///etc/passwd', false],
    ['devtools://devtools/', false],
    ['ftp://example.com/', false],
    ['garbage', false],
  ])('loads %s: %s', (url, allowed) => {
    const session = new FakeSession()
    closeNetwork(asAny<Session>(session))
    let answer: unknown
    session.asks('before', { url }, (decision: unknown) => (answer = decision))
    expect(answer).toEqual({ cancel: !allowed })
    expect(isUiResource(url)).toBe(allowed)
  })
})

describe('the partition of an account', () => {
  it('is emptied on removal, and the emptiness written to disk last', async () => {
    const session = new FakeSession()
    const asked: string[] = []
    const partitions = createPartitions((name) => {
      asked.push(name)
      return asAny<Session>(session)
    })
    await partitions.clear('persist:account-1')
    expect(asked).toEqual(['persist:account-1'])
    expect(session.calls).toEqual(['connections', 'storage', 'cache', 'auth', 'flush'])
  })
})
