import { EventEmitter } from 'node:events'
import type { IpcRenderer } from 'electron'
import { describe, expect, it } from 'vitest'
import { createBridge } from '../../../preload/bridge.ts'
import { type Bridge, calls, events } from '../../../preload/contract.ts'
import { callNames, eventNames } from '../../../preload/names.ts'
import { asAny } from '../desktop/fakes.ts'

class FakeIpc extends EventEmitter {
  readonly invoked: unknown[][] = []
  async invoke(...args: unknown[]): Promise<unknown> {
    this.invoked.push(args)
    return { ok: true, value: 'answer' }
  }
}

function setUp() {
  const ipc = new FakeIpc()
  return { ipc, bridge: asAny<Bridge>(createBridge(asAny<IpcRenderer>(ipc))) }
}

describe('the bridge', () => {
  it('has exactly the names of the contract', () => {
    expect(Object.keys(callNames).sort()).toEqual(Object.keys(calls).sort())
    expect(Object.keys(eventNames).sort()).toEqual(Object.keys(events).sort())
    const { bridge } = setUp()
    const names = Object.entries(bridge).flatMap(([noun, verbs]) =>
      typeof verbs === 'function' ? [noun] : Object.keys(verbs).map((verb) => `${noun}.${verb}`),
    )
    expect(names.sort()).toEqual([...Object.keys(calls), 'on'].sort())
  })

  it('has nothing to send, invoke or require with', () => {
    const { bridge } = setUp()
    for (const word of ['send', 'invoke', 'require', 'process', 'ipcRenderer', 'once', 'removeAllListeners']) {
      expect(bridge).not.toHaveProperty(word)
    }
  })

  it('is frozen, all of it', () => {
    const { bridge } = setUp()
    expect(Object.isFrozen(bridge)).toBe(true)
    for (const verbs of Object.values(bridge)) if (typeof verbs === 'object') expect(Object.isFrozen(verbs)).toBe(true)
  })

  it('sends a call with one argument under its own name and nothing more', async () => {
    const { ipc, bridge } = setUp()
    const remove = asAny<(...args: unknown[]) => Promise<unknown>>(bridge.brands.remove)
    expect(await remove({ id: '1' }, 'more', 'and more')).toEqual({ ok: true, value: 'answer' })
    expect(ipc.invoked).toEqual([['brands.remove', { id: '1' }]])
  })

  it('passes on the value of an event and not the event', () => {
    const { ipc, bridge } = setUp()
    const got: unknown[][] = []
    bridge.on('app.navigate', (...args: unknown[]) => got.push(args))
    ipc.emit('app.navigate', { sender: 'the event object' }, { to: 'inbox' })
    expect(got).toEqual([[{ to: 'inbox' }]])
  })

  it('unsubscribes exactly the listener that was subscribed', () => {
    const { ipc, bridge } = setUp()
    const got: string[] = []
    const listener = () => got.push('same')
    const endFirst = bridge.on('app.navigate', listener)
    bridge.on('app.navigate', listener)
    endFirst()
    endFirst()
    ipc.emit('app.navigate', {}, { to: 'inbox' })
    expect(got).toEqual(['same'])
    expect(ipc.listenerCount('app.navigate')).toBe(1)
  })

  it.each(['inbox.list', 'electron-store-get-data', '__proto__', 'toString'])('subscribes to no channel %s', (name) => {
    const { ipc, bridge } = setUp()
    expect(() => bridge.on(asAny<'app.changed'>(name), () => undefined)).toThrow('no event')
    expect(ipc.eventNames()).toEqual([])
  })
})
