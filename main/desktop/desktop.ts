import { join } from 'node:path'
import {
  app,
  clipboard,
  dialog,
  ipcMain,
  Menu,
  nativeImage,
  nativeTheme,
  net,
  powerMonitor,
  protocol,
  safeStorage,
  screen,
  session,
  shell,
  Tray,
} from 'electron'
import type { EventValue, Theme } from '../../preload/contract.ts'
import trayBroken from '../../resources/tray/broken.png?inline'
import trayCalm from '../../resources/tray/calm.png?inline'
import traySoon from '../../resources/tray/soon.png?inline'
import type { IpcPort } from '../ipc/port.ts'
import type {
  AuthWindowsPort,
  BrowserPort,
  Clock,
  FetchPort,
  KeyringPort,
  Log,
  LoopbackPort,
  PartitionsPort,
  ProbePort,
} from '../ports.ts'
import { appScheme, appSchemePrivileges, createAppHandler, listAppFiles } from './app-protocol.ts'
import { createAppWindow } from './app-window.ts'
import { createAuthWindows } from './auth-window.ts'
import { watchCertificates } from './certificates.ts'
import { createDeepLinks, type DeepLinks } from './deep-links.ts'
import { createIpcHost } from './ipc-host.ts'
import { createKeyring } from './keyring.ts'
import { finishBeforeQuit, followPlatformHabits, linksArrive, receiveLinks, registerLinkScheme } from './lifecycle.ts'
import { createLoopback } from './loopback.ts'
import { menuTemplate } from './menu.ts'
import { guardAllContents } from './navigation-guard.ts'
import { createFetch, createOnlineState, type OnlineState } from './network.ts'
import { createProbe } from './probe.ts'
import { closeNetwork, createPartitions, guardAllSessions, uiPartition } from './sessions.ts'
import { createBrowser } from './shell-links.ts'
import { refusedSwitch } from './switches.ts'
import { createTray, type TrayNews } from './tray.ts'
import { createWindowFactory } from './window-factory.ts'
import type { Place } from './window-place.ts'

/** Folders of this installation and of this person. */
export interface Places {
  userData: string
  downloads: string
  /** The built pages and the preload, beside the main bundle. */
  pages: string
  preload: string
}

/** What the desktop asks back: small settings, and where menu entries and quitting lead. */
export interface DesktopHooks {
  theme(): Theme
  setTheme(theme: Theme): void
  place(): Place | null
  savePlace(place: Place): void
  navigate(target: EventValue<'app.navigate'>): void
  showLogFile(): void
  /** Everything that must be closed before the process ends. */
  finish(): Promise<void>
}

/** The machine, as plain arguments for services. */
export interface Desktop {
  fetch: FetchPort
  probe: ProbePort
  keyring: KeyringPort
  authWindows: AuthWindowsPort
  browser: BrowserPort
  loopback: LoopbackPort
  partitions: PartitionsPort
  ipc: IpcPort
  online: OnlineState
  links: DeepLinks
  showWindow(): void
  applyTheme(theme: Theme): void
  copy(text: string): void
  showFile(path: string): void
  /** Shows the state of accounts and unread messages beside the clock. */
  showInTray(news: TrayNews): void
  onSuspend(listener: () => void): void
  onResume(listener: () => void): void
  /** The operating system locked its screen. */
  onScreenLock(listener: () => void): void
  /** How long nobody has touched this computer. */
  idleSeconds(): number
  /** Loads the page of the window anew: nothing of what it showed or held is left. */
  renewWindow(): void
}

/** Identity of this start, read before anything else happens. */
export interface Start {
  version: string
  userData: string
  downloads: string
}

/**
 * The part that must run before Electron is ready, in this order. Answers null when this process must end: another one runs
 * already and got our arguments, or an installed app was started with a switch that opens it to others.
 */
export function prepare(argv: readonly string[]): Start | null {
  app.enableSandbox()
  protocol.registerSchemesAsPrivileged([appSchemePrivileges])
  app.setAppUserModelId('app.manydesk')
  const forbidden = app.isPackaged ? refusedSwitch(argv.slice(1)) : null
  if (forbidden !== null || !app.requestSingleInstanceLock()) {
    app.quit()
    return null
  }
  return { version: app.getVersion(), userData: app.getPath('userData'), downloads: app.getPath('downloads') }
}

interface DesktopOptions {
  places: Places
  argv: readonly string[]
  clock: Clock
  log: Log
  hooks: DesktopHooks
}

/** Links can arrive before Electron is ready, so this listens at once; the rest is built when it is. */
export async function openDesktop(options: DesktopOptions): Promise<Desktop> {
  const { places, argv, clock, log, hooks } = options
  const links = createDeepLinks({ clock, log })
  let showWindow: () => void = () => undefined
  receiveLinks(app, links, argv, () => showWindow())
  guardAllContents(app, log)
  await app.whenReady()

  const linkRun = { defaultApp: process.defaultApp, execPath: process.execPath, argv }
  registerLinkScheme(app, linkRun)
  guardAllSessions(app, [session.defaultSession])
  const ui = session.fromPartition(uiPartition)
  closeNetwork(ui)
  ui.protocol.handle(appScheme, createAppHandler(await listAppFiles(places.pages)))

  const factory = createWindowFactory({ preload: places.preload, devTools: !app.isPackaged })
  const fromPartition = (partition: string) => session.fromPartition(partition)
  const authWindows = createAuthWindows({ factory, uiSession: ui, fromPartition, log })
  const window = createAppWindow({
    factory,
    session: ui,
    clock,
    log,
    dark: () => nativeTheme.shouldUseDarkColors,
    screens: () => screen.getAllDisplays().map((display) => display.workArea),
    place: hooks.place,
    savePlace: hooks.savePlace,
    onGiveUp: (tryAgain) => void offerReopen(tryAgain),
    onClosed: () => authWindows.closeAll(),
  })
  showWindow = () => window.show()

  const applyTheme = (theme: Theme) => {
    nativeTheme.themeSource = theme
    Menu.setApplicationMenu(
      Menu.buildFromTemplate(menuTemplate({ ...hooks, theme, platform: process.platform, devTools: !app.isPackaged })),
    )
  }
  applyTheme(hooks.theme())
  followPlatformHabits(app, process.platform, showWindow)
  finishBeforeQuit(app, hooks.finish, log)

  return {
    fetch: createFetch(net),
    probe: createProbe(net, watchCertificates(session.defaultSession)),
    keyring: createKeyring(safeStorage, process.platform),
    authWindows,
    browser: createBrowser(shell, () => linksArrive(app, linkRun)),
    loopback: createLoopback(log),
    partitions: createPartitions(fromPartition),
    ipc: createIpcHost(ipcMain, window.current),
    online: createOnlineState(net),
    links,
    showWindow,
    applyTheme,
    copy: (text) => clipboard.writeText(text),
    showFile: (path) => shell.showItemInFolder(path),
    showInTray: createTray({
      ...hooks,
      log,
      create: () => new Tray(trayImage(trayCalm)),
      images: { calm: trayImage(trayCalm), soon: trayImage(traySoon), broken: trayImage(trayBroken) },
      buildMenu: Menu.buildFromTemplate,
      show: showWindow,
      quit: () => app.quit(),
    }),
    onSuspend: (listener) => {
      powerMonitor.on('suspend', listener)
    },
    onResume: (listener) => {
      powerMonitor.on('resume', listener)
    },
    onScreenLock: (listener) => {
      powerMonitor.on('lock-screen', listener)
    },
    idleSeconds: () => powerMonitor.getSystemIdleTime(),
    renewWindow: window.renew,
  }
}

/** Drawn at twice its size, for screens that show twice as many points. */
function trayImage(dataUrl: string) {
  const bytes = Buffer.from(dataUrl.slice(dataUrl.indexOf(',') + 1), 'base64')
  return nativeImage.createFromBuffer(bytes, { scaleFactor: 2 })
}

/** The page crashed over and over: the person decides, sync and outbox go on meanwhile. */
async function offerReopen(tryAgain: () => void): Promise<void> {
  const { response } = await dialog.showMessageBox({
    type: 'error',
    message: 'The Manydesk window keeps crashing.',
    detail: 'Unsent replies are safe and go on being sent. Open the window again, or quit and start Manydesk anew.',
    buttons: ['Open again', 'Quit'],
    defaultId: 0,
    cancelId: 0,
    noLink: true,
  })
  if (response === 1) app.quit()
  else tryAgain()
}

/** Nothing can be shown any more (a broken installation): says so outside of any window, and ends. */
export function failToStart(logFile: string): void {
  dialog.showErrorBox(
    'Manydesk could not start',
    `Your data was not changed. Install Manydesk again; if it still does not start, send us the log file:\n${logFile}`,
  )
  app.exit(1)
}

/** Folders next to the main bundle, wherever it is installed. */
export function placesBeside(mainFolder: string, start: Start): Places {
  return {
    userData: start.userData,
    downloads: start.downloads,
    pages: join(mainFolder, '..', 'renderer'),
    preload: join(mainFolder, '..', 'preload', 'index.cjs'),
  }
}
