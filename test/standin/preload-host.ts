import { createCodec, encodeClone } from './codec.ts'
import { StandinEvent } from './event.ts'
import type { Frame } from './frames.ts'
import { type InvokeHandler, type IpcMain, ipcMain } from './ipc-main.ts'
import type { Page } from './page.ts'
import { BINDING, INLET, ISOLATED_WORLD } from './world-source.ts'

const codec = createCodec()

/** What the app gets as first argument of an IPC listener or handler. */
class IpcEvent extends StandinEvent {
  readonly type = 'frame'
  readonly ports: never[] = []
  readonly sender: object
  readonly processId: number
  readonly frameId: number
  returnValue: unknown
  readonly reply: (channel: string, ...values: unknown[]) => void
  readonly #frame: Frame

  constructor(sender: object, frame: Frame, reply: (channel: string, values: unknown[]) => void) {
    super()
    this.sender = sender
    this.#frame = frame
    this.processId = frame.processId
    this.frameId = frame.routingId
    this.reply = (channel, ...values) => reply(channel, values)
  }

  /** The frame that sent the message, null once its document is gone (so it must be read at once, as in Electron). */
  get senderFrame(): Frame | null {
    return this.#frame.destroyed ? null : this.#frame
  }
}

interface Owner {
  /** The webContents, as the app knows it. */
  sender: object
  ipc: IpcMain
  onPermission(permission: string): Promise<boolean>
  onPreloadError(error: Error): void
  onTitle(title: string): void
  onCloseAsked(): void
}

/** The app's end of one page's isolated world: messages to and from its preload. */
export class PreloadHost {
  readonly #page: Page
  readonly #owner: Owner
  readonly #worlds = new Map<number, Frame>()
  #current: number | undefined

  constructor(page: Page, owner: Owner) {
    this.#page = page
    this.#owner = owner
    const { session } = page
    session.on('Runtime.executionContextCreated', ({ context }) => {
      const frameId = (context.auxData as { frameId?: string } | undefined)?.frameId
      if (context.name !== ISOLATED_WORLD || frameId === undefined || !page.frames.isMain(frameId)) return
      this.#current = context.id
      this.#worlds.set(context.id, page.frames.main)
    })
    session.on('Runtime.executionContextDestroyed', ({ executionContextId }) => {
      this.#worlds.delete(executionContextId)
      if (this.#current === executionContextId) this.#current = undefined
    })
    session.on('Runtime.executionContextsCleared', () => {
      this.#worlds.clear()
      this.#current = undefined
    })
    session.on('Runtime.bindingCalled', ({ name, payload, executionContextId }) => {
      if (name === BINDING) this.#take(executionContextId, payload)
    })
  }

  /** `webContents.send`. A page without a preload document hears nothing. */
  send(channel: string, values: unknown[]): void {
    const text = encodeClone(codec, ['message', channel, values])
    if (this.#current !== undefined) this.#post(this.#current, text)
  }

  #post(contextId: number, text: string): void {
    this.#page.session.tell('Runtime.callFunctionOn', {
      executionContextId: contextId,
      functionDeclaration: `function (text) { globalThis[${JSON.stringify(INLET)}](text) }`,
      arguments: [{ value: text }],
      silent: true,
    })
  }

  #take(contextId: number, payload: string): void {
    const frame = this.#worlds.get(contextId)
    if (!frame) return
    const [kind, ...rest] = codec.decode(payload) as [string, ...unknown[]]
    if (kind === 'send') this.#onSend(this.#event(contextId, frame), rest[0] as string, rest[1] as unknown[])
    else if (kind === 'invoke') this.#onInvoke(contextId, frame, rest as [number, string, unknown[]])
    else if (kind === 'title') this.#owner.onTitle(rest[0] as string)
    else if (kind === 'close') this.#owner.onCloseAsked()
    else if (kind === 'permission') this.#onPermission(contextId, rest as [number, string])
    else if (kind === 'preload-error') this.#onPreloadError(rest as [string, string])
  }

  #event(contextId: number, frame: Frame): IpcEvent {
    return new IpcEvent(this.#owner.sender, frame, (channel, values) => {
      this.#post(contextId, encodeClone(codec, ['message', channel, values]))
    })
  }

  #onSend(event: IpcEvent, channel: string, values: unknown[]): void {
    this.#owner.ipc.emit(channel, event, ...values)
    ipcMain.emit(channel, event, ...values)
  }

  async #onInvoke(contextId: number, frame: Frame, [id, channel, values]: [number, string, unknown[]]): Promise<void> {
    const handler = this.#owner.ipc.handlerOf(channel) ?? ipcMain.handlerOf(channel)
    const answer = await this.#invoke(handler, channel, this.#event(contextId, frame), values)
    this.#post(contextId, codec.encode(['settle', id, ...answer]))
  }

  /** Runs the handler; gives [true, result] or [false, the text that Electron's renderer shows]. */
  async #invoke(handler: InvokeHandler | undefined, channel: string, event: IpcEvent, values: unknown[]) {
    try {
      if (!handler) throw new Error(`No handler registered for '${channel}'`)
      const result: unknown = await Reflect.apply(handler, undefined, [event, ...values])
      return [true, codec.decode(encodeClone(codec, result))] as const
    } catch (error) {
      process.stderr.write(`Error occurred in handler for '${channel}': ${textOf(error)}\n`)
      return [false, `Error invoking remote method '${channel}': ${String(error)}`] as const
    }
  }

  async #onPermission(contextId: number, [id, permission]: [number, string]): Promise<void> {
    const granted = await this.#owner.onPermission(permission)
    this.#post(contextId, codec.encode(['settle', id, true, granted]))
  }

  #onPreloadError([message, stack]: [string, string]): void {
    const error = new Error(message)
    error.stack = stack
    process.stderr.write(`Unable to load preload script: ${stack || message}\n`)
    this.#owner.onPreloadError(error)
  }
}

function textOf(error: unknown): string {
  return error instanceof Error ? (error.stack ?? error.message) : String(error)
}
