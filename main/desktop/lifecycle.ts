import { resolve } from 'node:path'
import type { App } from 'electron'
import type { Clock, Log } from '../ports.ts'
import { type DeepLinks, linkFromArguments, linkScheme } from './deep-links.ts'

/** How long quitting waits for work that is under way before it goes on without it. */
const quitBoundMs = 5000

/** What starts this app for a link. An unpackaged app is started through its runtime and needs its script named. */
export interface LinkRun {
  defaultApp: boolean
  execPath: string
  argv: readonly string[]
}

/**
 * Makes the operating system send our links here. The lone `--` ends the switches, so that a link can never become one
 * (CVE-2018-1000006).
 */
export function registerLinkScheme(app: App, run: LinkRun): void {
  app.setAsDefaultProtocolClient(linkScheme, run.execPath, linkArguments(run))
}

/** False where the system says that links of ours go elsewhere, or nowhere (a desktop without our package, for example). */
export function linksArrive(app: App, run: LinkRun): boolean {
  return app.isDefaultProtocolClient(linkScheme, run.execPath, linkArguments(run))
}

function linkArguments({ defaultApp, argv }: LinkRun): string[] {
  const script = argv[1]
  return [...(defaultApp && script !== undefined ? [resolve(script)] : []), '--']
}

/** One path for links of all three entries: first start, another start, and macOS's own event (security E21). */
export function receiveLinks(app: App, links: DeepLinks, argv: readonly string[], onSecondStart: () => void): void {
  app.on('open-url', (event, url) => {
    event.preventDefault()
    links.offer(url)
  })
  app.on('second-instance', (_event, secondArgv) => {
    const link = linkFromArguments(secondArgv)
    if (link !== null) links.offer(link)
    onSecondStart()
  })
  const first = linkFromArguments(argv)
  if (first !== null) links.offer(first)
}

/** Quits when the last window is gone, except on macOS, where the app stays for its Dock icon. */
export function followPlatformHabits(app: App, platform: NodeJS.Platform, reopen: () => void): void {
  app.on('window-all-closed', () => {
    if (platform !== 'darwin') app.quit()
  })
  app.on('activate', reopen)
}

/** Lets running work end before the app goes: quitting waits once, with a bound, then quits for certain. */
export function finishBeforeQuit(app: App, finish: () => Promise<void>, log: Log): void {
  let state: 'running' | 'finishing' | 'finished' = 'running'
  app.on('will-quit', (event) => {
    if (state === 'finished') return
    event.preventDefault()
    if (state === 'finishing') return
    state = 'finishing'
    const bound = new Promise<void>((done) => setTimeout(done, quitBoundMs).unref())
    void Promise.race([finish(), bound])
      .catch((error: unknown) => log.error('Closing failed', { error: String(error) }))
      .finally(() => {
        state = 'finished'
        app.quit()
      })
  })
}

/** Wall clock and a clock that never jumps. */
export const systemClock: Clock = { now: () => Date.now(), monotonic: () => performance.now() }
