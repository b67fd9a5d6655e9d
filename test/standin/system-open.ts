import { spawn } from 'node:child_process'
import { resolve } from 'node:path'
import { runtime } from './runtime.ts'
import { schemeOf } from './schemes.ts'
import { SystemBrowser } from './system-browser.ts'

/** Schemes the app registered itself for, with the arguments it wants, as the operating system would remember them. */
export const protocolClients = new Map<string, readonly string[]>()
let browser: SystemBrowser | undefined

/**
 * What the operating system does with an address: the app's own schemes start the app a second time with the address as
 * last argument; web addresses go to the person's browser (a real page with `--standin-browser`, otherwise only noted).
 */
export async function openWithSystem(url: string): Promise<void> {
  const client = protocolClients.get(schemeOf(url))
  if (client) return startAgain(client, url)
  runtime.journal.openedExternally.push(url)
  if (!runtime.switches.systemBrowser || !/^https?:/i.test(url)) return
  browser ??= new SystemBrowser(openWithSystem)
  await browser.open(url)
}

/** Pages of the person's own browser, so that a harness can list them beside the app's windows. */
export function systemBrowserPages(): string[] {
  return browser?.pages ?? []
}

/** The command line of this process again, with the arguments the app registered (its script aside) and the address. */
function startAgain(registered: readonly string[], url: string): void {
  const [script = '', ...rest] = process.argv.slice(1)
  const switches = rest.filter((word) => word.startsWith('--') && word !== '--')
  const extra = registered.filter((word) => resolve(word) !== resolve(script))
  const command = [...process.execArgv, script, ...switches, ...extra, url]
  const child = spawn(process.execPath, command, { stdio: 'ignore', detached: true })
  child.unref()
}
