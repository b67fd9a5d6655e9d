import type { BrowserWindow, IpcMain, IpcMainInvokeEvent } from 'electron'
import type { IpcPort, Sender } from '../ipc/port.ts'
import { isAppUrl, mainPage } from './app-protocol.ts'

/**
 * Identity first: the id of a window we made, and its top frame. The address is checked as protocol and host (security E16). A frame
 * whose address cannot be read, or that is gone, is not trusted.
 */
export function isTrustedSender(sender: Sender, windowIds: ReadonlySet<number>): boolean {
  return (
    windowIds.has(sender.webContentsId) &&
    sender.isMainFrame &&
    sender.frameUrl !== null &&
    isAppUrl(sender.frameUrl, mainPage)
  )
}

/** A driver can leave the frame's address empty; the address of the page is the same for a top frame. */
function readSender(event: IpcMainInvokeEvent): Sender {
  const frame = event.senderFrame
  const isMainFrame = frame !== null && frame.parent === null
  return {
    webContentsId: event.sender.id,
    frameUrl: isMainFrame && frame.url === '' ? event.sender.getURL() : (frame?.url ?? null),
    isMainFrame,
  }
}

/**
 * Electron's side of the router. Nothing else touches `ipcMain`: electron-store opens a channel of its own for renderers that answers
 * anybody, so what stands there is taken away first (security E15).
 */
export function createIpcHost(ipcMain: IpcMain, appWindow: () => BrowserWindow | null): IpcPort {
  ipcMain.removeAllListeners()
  const current = () => {
    const window = appWindow()
    return window === null || window.isDestroyed() ? null : window.webContents
  }
  return {
    handle: (channel, listener) =>
      ipcMain.handle(channel, (event, payload: unknown) => listener(readSender(event), payload)),
    send: (channel, value) => current()?.send(channel, value),
    trusts: (sender) => isTrustedSender(sender, new Set([current()?.id].filter((id) => id !== undefined))),
  }
}
