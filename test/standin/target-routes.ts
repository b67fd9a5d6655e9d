import type { Chromium } from './chromium.ts'
import { allContents } from './contents-registry.ts'

/** Sends the browser's reports about targets to the webContents they belong to. Called once per browser. */
export function routeTargets(browser: Chromium): void {
  const byTarget = (targetId: string) => allContents().find((contents) => contents.targetId === targetId)
  browser.onTargetGone((targetId) => byTarget(targetId)?.onGone())
  browser.root.on('Browser.downloadWillBegin', ({ frameId, url, suggestedFilename }) => {
    const owner = allContents().find((contents) => contents.hasFrame(frameId))
    owner?.onDownload(url, suggestedFilename)
  })
  browser.onPopup((popup, openerId) => {
    const opener = byTarget(openerId)
    if (opener) return opener.onPopup(popup)
    // The person's own browser opens its windows itself.
    popup.session.tell('Runtime.runIfWaitingForDebugger')
  })
}
