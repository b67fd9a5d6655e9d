import { runtime } from './runtime.ts'

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

async function restoreOrigin(contextId: string | undefined, origin: string, items: Record<string, string>) {
  const browser = await runtime.browser()
  const { targetId, session } = await browser.createPage({ contextId, width: 10, height: 10, hidden: true })
  const body = Buffer.from('<!doctype html>').toString('base64')
  session.on('Fetch.requestPaused', ({ requestId }) => {
    const responseHeaders = [{ name: 'content-type', value: 'text/html' }]
    session.tell('Fetch.fulfillRequest', { requestId, responseCode: 200, responseHeaders, body })
  })
  session.tell('Fetch.enable', { patterns: [{ urlPattern: '*' }] })
  session.tell('Runtime.runIfWaitingForDebugger')
  await session.send('Page.navigate', { url: `${origin}/` })
  const expression = `Object.assign(localStorage, ${JSON.stringify(items)})`
  await session.send('Runtime.evaluate', { expression })
  await browser.root.send('Target.closeTarget', { targetId })
}
