import { rmSync } from 'node:fs'
import { createConnection, createServer, type Socket } from 'node:net'
import { app } from './app.ts'
import { type BaseWindow, openWindows } from './base-window.ts'
import { BrowserWindow } from './browser-window.ts'
import { allContents } from './contents-registry.ts'
import type { ControlMethod, ControlMethods, WindowInfo } from './control-protocol.ts'
import { answerDialog, dialogShown, openDialogs, type ShownDialog } from './dialog.ts'
import { eventWith } from './event.ts'
import { findMenuItem } from './menu.ts'
import { nativeTheme } from './native-theme.ts'
import { clickNotification } from './notification.ts'
import { runtime } from './runtime.ts'
import { safeStorage } from './safe-storage.ts'
import { powerMonitor } from './system.ts'
import { systemBrowserPages } from './system-open.ts'
import type { WebContents } from './web-contents.ts'

type Handlers = {
  [M in ControlMethod]: (
    params: ControlMethods[M]['params'],
  ) => ControlMethods[M]['result'] | Promise<ControlMethods[M]['result']>
}

const handlers: Handlers = {
  ready: async () => {
    await app.whenReady()
    return { pid: process.pid, debugPort: runtime.switches.debugPort ?? null }
  },
  windows: () => listWindows(),
  openUrl: ({ url }) => done(app.emit('open-url', eventWith({}), url)),
  activate: () => done(app.emit('activate', eventWith({}), openWindows().length > 0)),
  dialogs: () => openDialogs(),
  nextDialog: () => {
    const [open] = openDialogs()
    return open ?? new Promise<ShownDialog>((resolve) => dialogShown.once('shown', resolve))
  },
  answerDialog: ({ id, answer }) => done(answerDialog(id, answer ?? undefined)),
  journal: () => runtime.journal,
  clickNotification: ({ id }) => done(clickNotification(id)),
  clickMenu: ({ labels }) => {
    const item = findMenuItem(labels)
    if (!item) throw new Error(`No menu entry ${labels.join(' > ')}`)
    return done(item.click())
  },
  safeStorage: ({ mode }) => done(safeStorage.setMode(mode)),
  offline: ({ offline }) => done(runtime.setOffline(offline)),
  systemDark: ({ dark }) => done(nativeTheme.setSystemDark(dark)),
  power: ({ event }) => done(powerMonitor.emit(event)),
  closeWindow: ({ id }) => done(windowOf(contentsOf(id))?.close()),
  crashRenderer: ({ id }) => done(contentsOf(id).forcefullyCrashRenderer()),
  screenshot: async ({ id }) => {
    const image = await contentsOf(id).capturePage()
    return { png: image.toPNG().toString('base64') }
  },
  quit: () => done(setImmediate(() => app.quit())),
  kill: () => done(process.kill(process.pid, 'SIGKILL')),
}

function done(_value: unknown): null {
  return null
}

function contentsOf(id: number): WebContents {
  const found = allContents().find((contents) => contents.id === id)
  if (!found) throw new Error(`No window ${id}`)
  return found
}

function windowOf(contents: WebContents): BaseWindow | undefined {
  const own = BrowserWindow.fromWebContents(contents)
  return (
    own ??
    openWindows().find((window) =>
      window.contentView.children.some(
        (view) => Reflect.has(view, 'webContents') && Reflect.get(view, 'webContents') === contents,
      ),
    )
  )
}

async function listWindows(): Promise<WindowInfo[]> {
  const pages = allContents().map((contents): WindowInfo => {
    const window = windowOf(contents)
    const alive = window && !window.isDestroyed()
    return {
      id: contents.id,
      kind: contents.kind,
      title: contents.kind === 'window' && alive ? window.getTitle() : contents.getTitle(),
      url: contents.getURL(),
      visible: alive ? window.isVisible() : false,
      focused: alive ? window.isFocused() : false,
      targetId: contents.targetId,
    }
  })
  const foreign = systemBrowserPages()
  if (foreign.length === 0) return pages
  const { targetInfos } = await (await runtime.browser()).root.send('Target.getTargets')
  const browserPages = targetInfos.filter(({ targetId }) => foreign.includes(targetId))
  return [
    ...pages,
    ...browserPages.map(({ targetId, title, url }) => {
      const place = { visible: true, focused: false }
      return { id: -1, kind: 'system-browser' as const, title, url, targetId, ...place }
    }),
  ]
}

/** Serves the control channel at a socket path or a loopback port. A second start leaves the first one's channel alone. */
export async function serveControl(address: string): Promise<void> {
  const isPort = /^\d+$/.test(address)
  if (!isPort && (await answers(address))) return
  if (!isPort && process.platform !== 'win32') rmSync(address, { force: true })
  const server = createServer(serve)
  server.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EADDRINUSE') process.stderr.write(`[stand-in] control: ${error.message}\n`)
  })
  if (isPort) server.listen(Number(address), '127.0.0.1')
  else server.listen(address)
  server.unref()
}

function answers(path: string): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = createConnection(path, () => {
      socket.destroy()
      resolve(true)
    })
    socket.on('error', () => resolve(false))
  })
}

function serve(socket: Socket): void {
  let rest = ''
  socket.setEncoding('utf8')
  socket.unref()
  socket.on('error', () => socket.destroy())
  socket.on('data', (chunk: string) => {
    const lines = (rest + chunk).split('\n')
    rest = lines.pop() ?? ''
    for (const line of lines) answer(socket, line)
  })
}

async function answer(socket: Socket, line: string): Promise<void> {
  const { id, method, params } = JSON.parse(line) as { id: number; method: ControlMethod; params: object }
  const reply = (body: object) => socket.writable && socket.write(`${JSON.stringify({ id, ...body })}\n`)
  try {
    const handler = handlers[method] as ((params: object) => unknown) | undefined
    if (!handler) throw new Error(`Unknown control method ${method}`)
    reply({ result: (await handler(params)) ?? null })
  } catch (error) {
    reply({ error: error instanceof Error ? error.message : String(error) })
  }
}
