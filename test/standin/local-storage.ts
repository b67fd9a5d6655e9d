import { setTimeout as sleep } from 'node:timers/promises'
import type { Page } from './page.ts'
import { runtime } from './runtime.ts'

const READ_LIMIT_MS = 500

/**
 * Puts saved local storage back into a new browser context: one passing page per origin, answered by us, so nothing is
 * asked of the real site.
 */
export async function restoreLocalStorage(
  contextId: string | undefined,
  saved: Record<string, Record<string, string>>,
): Promise<void> {
  await Promise.all(
    Object.entries(saved)
      .filter(([, items]) => Object.keys(items).length > 0)
      .map(([origin, items]) => restoreOrigin(contextId, origin, items)),
  )
}

/**
 * What a page about to close has in local storage. Asked of the page itself, because reports of its last writes may still be
 * on their way. A page that does not answer in time is left alone.
 */
export async function readLocalStorage({ session }: Page): Promise<[string, Record<string, string>] | undefined> {
  const expression = 'JSON.stringify([location.origin, { ...localStorage }])'
  const asked = session.send('Runtime.evaluate', { expression, returnByValue: true })
  const late = sleep(READ_LIMIT_MS, undefined, { ref: false })
  const answer = await Promise.race([asked, late]).catch(() => undefined)
  const text: unknown = answer?.result.value
  return typeof text === 'string' ? JSON.parse(text) : undefined
}

async function restoreOrigin(contextId: string | undefined, origin: string, items: Record<string, string>) {
  const browser = await runtime.browser()
  const { targetId, session } = await browser.createPage({ contextId, width: 10, height: 10, hidden: true })
  const body = Buffer.from('<!doctype html>').toString('base64')
  session.on('Fetch.requestPaused', ({ requestId }) => {
    const responseHeaders = [{ name: 'content-type', value: 'text/html' }]
    session.tell('Fetch.fulfillRequest', { requestId, responseCode: 200, responseHeaders, body })
  })
  const ready = [session.send('Page.enable'), session.send('Fetch.enable', { patterns: [{ urlPattern: '*' }] })]
  session.tell('Runtime.runIfWaitingForDebugger')
  await Promise.all(ready)
  await session.send('Page.navigate', { url: `${origin}/` })
  const expression = `Object.assign(localStorage, ${JSON.stringify(items)})`
  await session.send('Runtime.evaluate', { expression })
  await browser.root.send('Target.closeTarget', { targetId })
}
