import type { DialogAnswer, ShownDialog } from './dialog.ts'
import type { Journal } from './runtime.ts'
import type { SafeStorageMode } from './switches.ts'

/** A page as a harness sees it. `system-browser` pages belong to the person's own browser, not to the app. */
export interface WindowInfo {
  id: number
  kind: 'window' | 'view' | 'system-browser'
  title: string
  url: string
  visible: boolean
  focused: boolean
  /** The page's id on the browser's debugging port. */
  targetId: string
}

/** Requests of the control channel: name, parameters and answer. One JSON object per line, `{id, method, params}`. */
export interface ControlMethods {
  /** Answers when the app is ready. `debugPort` is the browser's, with `--standin-debug-port`. */
  ready: { params: Record<string, never>; result: { pid: number; debugPort: number | null } }
  windows: { params: Record<string, never>; result: WindowInfo[] }
  openUrl: { params: { url: string }; result: null }
  activate: { params: Record<string, never>; result: null }
  dialogs: { params: Record<string, never>; result: ShownDialog[] }
  /** Waits for a dialog if none is open. */
  nextDialog: { params: Record<string, never>; result: ShownDialog }
  answerDialog: { params: { id: number; answer: DialogAnswer | null }; result: null }
  journal: { params: Record<string, never>; result: Journal }
  clickNotification: { params: { id: number }; result: null }
  clickMenu: { params: { labels: string[] }; result: null }
  safeStorage: { params: { mode: SafeStorageMode }; result: null }
  offline: { params: { offline: boolean }; result: null }
  systemDark: { params: { dark: boolean }; result: null }
  power: { params: { event: string }; result: null }
  closeWindow: { params: { id: number }; result: null }
  crashRenderer: { params: { id: number }; result: null }
  screenshot: { params: { id: number }; result: { png: string } }
  quit: { params: Record<string, never>; result: null }
  kill: { params: Record<string, never>; result: null }
}

export type ControlMethod = keyof ControlMethods
