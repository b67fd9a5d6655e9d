import { join, relative } from 'node:path'
import type { Sandbox } from '../sandbox/sandbox.ts'
import type { DemoAccount } from './demo-accounts.ts'
import type { AppDriver } from './driver.ts'
import { root } from './host.ts'
import { connectAccount } from './person.ts'

export const folder = join(root, 'out', 'demo')
export const profile = join(folder, 'profile')
/** Paths of the pictures taken so far, from the project's folder. */
export const pictures: string[] = []
/** How long the person needed for each account, by `keyOf`. */
export const seconds = new Map<string, number>()
const started = performance.now()

export function say(text: string): void {
  console.log(`[${((performance.now() - started) / 1000).toFixed(1).padStart(5)} s] ${text}`)
}

export async function picture(driver: AppDriver, name: string, page = driver.window): Promise<void> {
  const path = join(folder, `${String(pictures.length + 1).padStart(2, '0')}-${name}.png`)
  await driver.screenshot(page, path)
  pictures.push(relative(root, path))
}

/** Connects one account and notes how long the person needed. */
export async function connect(driver: AppDriver, sandbox: Sandbox, account: DemoAccount): Promise<void> {
  const begin = performance.now()
  await connectAccount(driver, sandbox, account.wish, account.brand, 'Connect another')
  seconds.set(keyOf(account), (performance.now() - begin) / 1000)
  say(`connected ${account.wish.email} at ${account.wish.site} for ${account.brand.name} (${account.wish.way})`)
}

export const keyOf = (account: DemoAccount) => `${account.wish.email} ${account.wish.site}`
