import type { IpcRenderer } from 'electron'
import { callNames, eventNames } from './names.ts'

type Ipc = Pick<IpcRenderer, 'invoke' | 'on' | 'removeListener'>
type Listener = (value: unknown) => void

function bridgeNoun(ipc: Ipc, noun: string): Record<string, (argument?: unknown) => Promise<unknown>> {
  const verbs: Record<string, (argument?: unknown) => Promise<unknown>> = {}
  for (const name of Object.keys(callNames)) {
    const [itsNoun, verb] = name.split('.')
    if (itsNoun === noun && verb !== undefined) verbs[verb] = (argument) => ipc.invoke(name, argument)
  }
  return Object.freeze(verbs)
}

function subscribe(ipc: Ipc, name: string, listener: Listener): () => void {
  if (!Object.hasOwn(eventNames, name)) throw new Error(`There is no event ${name}`)
  // Electron's own event object would hand the page a way to answer, so only the value is passed on.
  const relay = (_event: unknown, value: unknown) => listener(value)
  ipc.on(name, relay)
  return () => {
    ipc.removeListener(name, relay)
  }
}

/**
 * What the page gets: one function per call of the contract and `on`, frozen, nothing else (security E17). Its type on the page's
 * side is `Bridge`.
 */
export function createBridge(ipc: Ipc): Record<string, unknown> {
  const nouns = new Set(Object.keys(callNames).map((name) => name.split('.')[0] ?? ''))
  const bridge: Record<string, unknown> = {}
  for (const noun of nouns) bridge[noun] = bridgeNoun(ipc, noun)
  bridge.on = (name: string, listener: Listener) => subscribe(ipc, name, listener)
  return Object.freeze(bridge)
}
