import { absent, guard, NotImplementedError } from './absent.ts'
import { app } from './app.ts'
import { BaseWindow } from './base-window.ts'
import { BrowserWindow } from './browser-window.ts'
import { allContents } from './contents-registry.ts'
import { dialog } from './dialog.ts'
import { ipcMain } from './ipc-main.ts'
import { Menu, MenuItem } from './menu.ts'
import { nativeImage } from './native-image.ts'
import { nativeTheme } from './native-theme.ts'
import { net } from './net.ts'
import { Notification } from './notification.ts'
import { registerSchemesAsPrivileged } from './protocol.ts'
import { safeStorage } from './safe-storage.ts'
import { sessionOf } from './session.ts'
import { shell } from './shell.ts'
import { clipboard, powerMonitor, screen } from './system.ts'
import { Tray } from './tray.ts'
import { View, WebContentsView } from './views.ts'

/** What `import ... from 'electron'` gives an app on the stand-in. Every name Electron's main process exports is here. */

function assertReady(name: string): void {
  if (!app.isReady()) throw new NotImplementedError(`${name} before the app is ready`)
}

const session = guard('session', {
  fromPartition: (partition: string) => {
    assertReady('session.fromPartition')
    return sessionOf(partition)
  },
  get defaultSession() {
    assertReady('session.defaultSession')
    return sessionOf('')
  },
})

/** The module-level `protocol` is the default session's; only the privileges are set before any session exists. */
const protocol = new Proxy(
  { registerSchemesAsPrivileged },
  {
    get: (own, key) => {
      if (Reflect.has(own, key)) return Reflect.get(own, key)
      const registry = sessionOf('').protocol
      const member: unknown = Reflect.get(registry, key)
      return typeof member === 'function' ? member.bind(registry) : member
    },
  },
)

const webContents = guard('webContents', {
  getAllWebContents: allContents,
  fromId: (id: number) => allContents().find((contents) => contents.id === id),
  getFocusedWebContents: () => allContents().find((contents) => contents.isFocused()) ?? null,
})

const autoUpdater = absent('autoUpdater')
const BrowserView = absent('BrowserView')
const contentTracing = absent('contentTracing')
const crashReporter = absent('crashReporter')
const desktopCapturer = absent('desktopCapturer')
const globalShortcut = absent('globalShortcut')
const ImageView = absent('ImageView')
const inAppPurchase = absent('inAppPurchase')
const MessageChannelMain = absent('MessageChannelMain')
const netLog = absent('netLog')
const parentPort = absent('parentPort')
const powerSaveBlocker = absent('powerSaveBlocker')
const pushNotifications = absent('pushNotifications')
const ServiceWorkerMain = absent('ServiceWorkerMain')
const ShareMenu = absent('ShareMenu')
const systemPreferences = absent('systemPreferences')
const TouchBar = absent('TouchBar')
const utilityProcess = absent('utilityProcess')
const webFrameMain = absent('webFrameMain')

export {
  app,
  autoUpdater,
  BaseWindow,
  BrowserView,
  BrowserWindow,
  clipboard,
  contentTracing,
  crashReporter,
  desktopCapturer,
  dialog,
  globalShortcut,
  ImageView,
  inAppPurchase,
  ipcMain,
  Menu,
  MenuItem,
  MessageChannelMain,
  Notification,
  nativeImage,
  nativeTheme,
  net,
  netLog,
  parentPort,
  powerMonitor,
  powerSaveBlocker,
  protocol,
  pushNotifications,
  ServiceWorkerMain,
  ShareMenu,
  safeStorage,
  screen,
  session,
  shell,
  systemPreferences,
  TouchBar,
  Tray,
  utilityProcess,
  View,
  WebContentsView,
  webContents,
  webFrameMain,
}

export default guard('electron', {
  ...{ app, autoUpdater, BaseWindow, BrowserView, BrowserWindow, clipboard, contentTracing, crashReporter },
  ...{ desktopCapturer, dialog, globalShortcut, ImageView, inAppPurchase, ipcMain, Menu, MenuItem },
  ...{ MessageChannelMain, nativeImage, nativeTheme, net, netLog, Notification, parentPort, powerMonitor },
  ...{ powerSaveBlocker, protocol, pushNotifications, ServiceWorkerMain, ShareMenu, safeStorage, screen, session },
  ...{ shell, systemPreferences, TouchBar, Tray, utilityProcess, View, WebContentsView, webContents, webFrameMain },
})
