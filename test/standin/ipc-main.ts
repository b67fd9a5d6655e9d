import type { IpcMain as ElectronIpcMain } from 'electron'
import { GuardedEmitter } from './absent.ts'

export type InvokeHandler = (event: never, ...values: never[]) => unknown
type Implemented = Pick<ElectronIpcMain, 'handle' | 'handleOnce' | 'removeHandler'>

/** Handlers and listeners by channel: `ipcMain`, and `webContents.ipc` for one page alone. */
export class IpcMain extends GuardedEmitter implements Implemented {
  readonly #handlers = new Map<string, InvokeHandler>()

  handle(channel: string, handler: unknown): void {
    if (this.#handlers.has(channel)) throw new Error(`Attempted to register a second handler for '${channel}'`)
    if (typeof handler !== 'function')
      throw new TypeError(`Expected handler to be a function, but found type '${typeof handler}'`)
    this.#handlers.set(channel, handler as InvokeHandler)
  }

  handleOnce(channel: string, handler: unknown): void {
    this.handle(channel, (...values: never[]) => {
      this.removeHandler(channel)
      return Reflect.apply(handler as InvokeHandler, undefined, values)
    })
  }

  removeHandler(channel: string): void {
    this.#handlers.delete(channel)
  }

  handlerOf(channel: string): InvokeHandler | undefined {
    return this.#handlers.get(channel)
  }
}

export const ipcMain = new IpcMain()
