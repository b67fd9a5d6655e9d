import { BrowserWindow, type Rectangle, type Session, WebContentsView, type WebPreferences } from 'electron'

/** `app` is the workstation, `auth-bar` the frame of a sign-in window, `vendor` the vendor's page inside of it. */
export type ContentsKind = 'app' | 'auth-bar' | 'vendor'

interface PreferencesInput {
  kind: ContentsKind
  session: Session
  preload: string
  devTools: boolean
}

export interface WindowFrame {
  title: string
  width: number
  height: number
  minWidth: number
  minHeight: number
  backgroundColor: string
  x?: number
  y?: number
}

export interface WindowFactory {
  window(kind: 'app' | 'auth-bar', session: Session, frame: WindowFrame): BrowserWindow
  vendorView(session: Session, bounds: Rectangle): WebContentsView
}

/**
 * Web preferences of every page we ever show (security E01). Only the workstation gets the preload; pages of others get nothing that
 * could carry it. Spell checking is on only where the system brings it: Chromium's own fetches dictionaries from a server.
 */
function webPreferences(input: PreferencesInput): WebPreferences {
  return {
    session: input.session,
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
    spellcheck: input.kind === 'app' && process.platform === 'darwin',
    devTools: input.devTools,
    ...(input.kind === 'app' ? { preload: input.preload } : {}),
  }
}

/** The only place that makes windows and views. */
export function createWindowFactory(options: { preload: string; devTools: boolean }): WindowFactory {
  return {
    window: (kind, session, frame) =>
      new BrowserWindow({
        ...frame,
        show: false,
        autoHideMenuBar: true,
        webPreferences: webPreferences({ kind, session, ...options }),
      }),
    vendorView(session, bounds) {
      const view = new WebContentsView({ webPreferences: webPreferences({ kind: 'vendor', session, ...options }) })
      view.setBounds(bounds)
      return view
    },
  }
}
