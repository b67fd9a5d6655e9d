import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { ControlClient } from '../../standin/control-client.ts'
import { FixtureApp, temporaryFolder } from './fixture-app.ts'

let folder: { path: string; remove(): Promise<void> }
let app: FixtureApp
let control: ControlClient

beforeAll(async () => {
  folder = await temporaryFolder()
  const address = join(folder.path, 'control')
  app = await FixtureApp.start({ switches: [`--standin-control=${address}`] })
  control = await ControlClient.connect(address, AbortSignal.timeout(10_000))
  await control.call('ready', {})
})
afterAll(async () => {
  control.close()
  await app.stop()
  await folder.remove()
})

describe('the control channel', () => {
  it('lists windows and views with their addresses', async () => {
    await app.run(async ({ BrowserWindow, WebContentsView }) => {
      const window = new BrowserWindow({ show: false, title: 'Bar' })
      const view = new WebContentsView()
      window.contentView.addChildView(view)
      view.setBounds({ x: 0, y: 40, width: 300, height: 200 })
      await view.webContents.loadURL('data:text/html,<title>Vendor</title>')
      window.show()
    })
    const windows = await control.call('windows', {})
    expect(windows.map(({ kind, title, visible }) => ({ kind, title, visible }))).toEqual([
      { kind: 'window', title: 'Bar', visible: true },
      { kind: 'view', title: 'Vendor', visible: true },
    ])
    const [, view] = windows
    const { png } = await control.call('screenshot', { id: view?.id ?? 0 })
    expect(Buffer.from(png, 'base64').readUInt32BE(16)).toBe(300)
    await control.call('closeWindow', { id: view?.id ?? 0 })
    await app.run(({ BrowserWindow }) => BrowserWindow.getAllWindows().length)
    expect((await control.call('windows', {})).filter(({ kind }) => kind === 'window')).toEqual([])
  })

  it('answers a message box by its button, and cancels one with its cancel button', async () => {
    const ask = () =>
      app.run(({ dialog }) => dialog.showMessageBox({ message: 'Sure?', buttons: ['Yes', 'No', 'Later'], cancelId: 2 }))
    const pressed = ask()
    const shown = await control.call('nextDialog', {})
    expect(shown).toMatchObject({ kind: 'message', message: 'Sure?', buttons: ['Yes', 'No', 'Later'] })
    await control.call('answerDialog', { id: shown.id, answer: { button: 1 } })
    expect(await pressed).toEqual({ response: 1, checkboxChecked: false })
    const cancelled = ask()
    await control.call('answerDialog', { id: (await control.call('nextDialog', {})).id, answer: null })
    expect((await cancelled).response).toBe(2)
  })

  it('gives paths to an open dialog', async () => {
    const chosen = app.run(({ dialog }) => dialog.showOpenDialog({ properties: ['openFile'] }))
    const { id } = await control.call('nextDialog', {})
    await control.call('answerDialog', { id, answer: { paths: ['/a/b'] } })
    expect(await chosen).toEqual({ canceled: false, filePaths: ['/a/b'] })
  })

  it('delivers open-url, power events and a click on a notification', async () => {
    await app.run(({ app, Notification, powerMonitor }, record) => {
      app.on('open-url', (_event, url) => record.log.push(url))
      powerMonitor.on('resume', () => record.log.push('resume'))
      const notification = new Notification({ title: 'New', body: 'message' })
      notification.on('click', () => record.log.push('clicked'))
      notification.show()
    })
    const { notifications } = await control.call('journal', {})
    expect(notifications).toEqual([{ id: expect.any(Number), title: 'New', body: 'message', shown: true }])
    await control.call('openUrl', { url: 'app.fixture://x' })
    await control.call('power', { event: 'resume' })
    await control.call('clickNotification', { id: notifications[0]?.id ?? 0 })
    expect(await app.run((_electron, { log }) => log)).toEqual(['app.fixture://x', 'resume', 'clicked'])
  })

  it('chooses from the application menu', async () => {
    await app.run(({ Menu }, record) => {
      const click = () => record.log.push('chosen')
      Menu.setApplicationMenu(Menu.buildFromTemplate([{ label: '&File', submenu: [{ label: 'Connect…', click }] }]))
      record.log.length = 0
    })
    await control.call('clickMenu', { labels: ['File', 'Connect…'] })
    expect(await app.run((_electron, { log }) => log)).toEqual(['chosen'])
    await expect(control.call('clickMenu', { labels: ['File', 'None'] })).rejects.toThrow('No menu entry')
  })

  it('changes the system’s theme, which pages see and nativeTheme announces', async () => {
    await app.run(async ({ BrowserWindow, nativeTheme }, record) => {
      record.log.length = 0
      nativeTheme.on('updated', () => record.log.push(nativeTheme.shouldUseDarkColors))
      await new BrowserWindow({ show: false }).loadURL('data:text/html,x')
    })
    const seen = () =>
      app.run(({ BrowserWindow }) =>
        BrowserWindow.getAllWindows()[0]?.webContents.executeJavaScript(
          `matchMedia('(prefers-color-scheme: dark)').matches`,
        ),
      )
    expect(await seen()).toBe(false)
    await control.call('systemDark', { dark: true })
    expect(await seen()).toBe(true)
    await app.run(({ nativeTheme }) => {
      nativeTheme.themeSource = 'light'
    })
    expect(await seen()).toBe(false)
    expect(await app.run((_electron, { log }) => log)).toEqual([true, false])
  })

  it('unlocks the keyring of a running app', async () => {
    await control.call('safeStorage', { mode: 'locked' })
    const open = () =>
      app.run(({ safeStorage }) => safeStorage.decryptStringAsync(Buffer.alloc(40)).catch((error) => error.message))
    expect(await open()).toMatch(/temporarily unavailable/)
    await control.call('safeStorage', { mode: 'ok' })
    expect(await open()).not.toMatch(/temporarily unavailable/)
  })
})
