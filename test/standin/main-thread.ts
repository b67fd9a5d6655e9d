import { registerHooks } from 'node:module'
import { pathToFileURL } from 'node:url'
import { app } from './app.ts'
import { paths } from './app-paths.ts'
import { serveControl } from './control-server.ts'
import { dialog } from './dialog.ts'
import { runtime } from './runtime.ts'
import { lockHolder } from './single-instance.ts'
import { ELECTRON_VERSION } from './versions.ts'

/** Makes 'electron' ours, and the app ready once the entry script has run, as in Electron. */

const ELECTRON = new URL('electron.ts', import.meta.url).href
const entryUrl = pathToFileURL(process.argv[1] ?? '').href
const ENTRY_DONE = Symbol.for('manydesk.standin.entry-done')

registerHooks({
  resolve: (specifier, context, next) => {
    if (/^electron(\/(main|common))?$/.test(specifier))
      return { url: ELECTRON, shortCircuit: true, format: 'module-typescript' }
    return next(specifier, context)
  },
  load: (url, context, next) => {
    const loaded = next(url, context)
    if (url !== entryUrl || loaded.source === undefined || loaded.source === null) return loaded
    return { ...loaded, source: `${loaded.source}\n;globalThis[Symbol.for('manydesk.standin.entry-done')]()` }
  },
})

Reflect.set(globalThis, ENTRY_DONE, () => {
  Reflect.deleteProperty(globalThis, ENTRY_DONE)
  app.becomeReady().catch((error: Error) => {
    process.stderr.write(`[stand-in] ${error.stack ?? error.message}\n`)
    process.exit(1)
  })
})

Object.defineProperties(process, {
  versions: { value: Object.freeze({ ...process.versions, electron: ELECTRON_VERSION, chrome: 'system' }) },
  type: { value: 'browser' },
  defaultApp: { value: true },
  resourcesPath: { value: app.getAppPath() },
})

// Electron shows an error box and goes on; a rejection nobody handles is only a warning there.
process.on('uncaughtException', (error) => {
  if (process.listenerCount('uncaughtException') > 1) return
  process.stderr.write(`A JavaScript error occurred in the main process\n${error.stack ?? error.message}\n`)
  dialog.showErrorBox('A JavaScript error occurred in the main process', error.stack ?? error.message)
})
process.on('unhandledRejection', (reason) => {
  if (process.listenerCount('unhandledRejection') > 1) return
  process.stderr.write(`UnhandledPromiseRejectionWarning: ${reason instanceof Error ? reason.stack : String(reason)}\n`)
})
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => app.quit())

// The browser is started beside the app's own start-up, unless this start will only hand its arguments over.
if (lockHolder(paths.get('userData')) === undefined) {
  runtime.browser().catch(() => undefined)
  if (runtime.switches.control !== undefined) serveControl(runtime.switches.control)
}
