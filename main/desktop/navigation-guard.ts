import type { App, WebContents } from 'electron'
import type { Log } from '../ports.ts'

/** Where a page wants to go. */
export interface Navigation {
  url: string
  isMainFrame: boolean
}

/** True lets the navigation happen; false stops it before anything is requested. */
export type NavigationRule = (navigation: Navigation) => boolean

/** Asks the rule for navigations of the page, redirects of the server and navigations of frames (security E11). */
export function guardNavigation(contents: WebContents, rule: NavigationRule): void {
  const decide = (event: { preventDefault(): void }, navigation: Navigation) => {
    if (!rule(navigation)) event.preventDefault()
  }
  contents.on('will-navigate', (event) => decide(event, { url: event.url, isMainFrame: true }))
  contents.on('will-redirect', (event) => decide(event, { url: event.url, isMainFrame: event.isMainFrame }))
  contents.on('will-frame-navigate', (event) => {
    // The main frame was asked about by will-navigate already.
    if (!event.isMainFrame) decide(event, { url: event.url, isMainFrame: false })
  })
}

/**
 * What holds for every page of the app, whoever made it: no webview tags (E03) and no second windows. Denying has no side effect
 * and opens nothing outside (E12, CVE-2026-70608).
 */
export function guardAllContents(app: App, log: Log): void {
  app.on('web-contents-created', (_event, contents) => {
    contents.on('will-attach-webview', (event) => event.preventDefault())
    contents.setWindowOpenHandler(({ url }) => {
      log.info('A page asked for a second window; refused', { host: hostForLog(url) })
      return { action: 'deny' }
    })
  })
}

/** The host of an address, for the log: paths and queries can hold secrets. */
export function hostForLog(url: string): string {
  return URL.canParse(url) ? new URL(url).host : 'unreadable'
}
