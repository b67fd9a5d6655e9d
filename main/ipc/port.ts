/** Who sent a call, read from Electron's event at once, because the frame is gone when its page is. */
export interface Sender {
  webContentsId: number
  /** Address of the frame, or null when the frame is gone. */
  frameUrl: string | null
  isMainFrame: boolean
}

/** What the router needs of the desktop. */
export interface IpcPort {
  handle(channel: string, listener: (sender: Sender, payload: unknown) => Promise<unknown>): void
  /** Sends to every window of the workstation. */
  send(channel: string, value: unknown): void
  /** True when `sender` is the top frame of one of the workstation's windows, showing the workstation's page. */
  trusts(sender: Sender): boolean
}
