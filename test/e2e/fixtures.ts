import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test as base } from '@playwright/test'
import { type AppDriver, type LaunchOptions, launchApp } from '../harness/driver.ts'
import { chooseHost, type Host } from '../harness/host.ts'
import { type Sandbox, startSandbox } from '../sandbox/sandbox.ts'

/** Starts the app; `profile` and `network` are this test's own unless told otherwise. */
export type Launch = (options?: Partial<LaunchOptions>) => Promise<AppDriver>

interface Fixtures {
  host: Host
  /** Seeded conversations for each share of a site. */
  perShare: number
  sandbox: Sandbox
  /** User-data folder of this test. Two launches without another one are two starts of one installation. */
  profile: string
  launch: Launch
}

/** Every test has a sandbox, a profile and apps of its own; all of them end with it, also when it fails. */
export const test = base.extend<Fixtures>({
  perShare: [22, { option: true }],
  // biome-ignore lint/correctness/noEmptyPattern: Playwright reads the fixture's needs from this pattern
  host: async ({}, use) => {
    await use(await chooseHost({ fetchElectron: false }))
  },
  sandbox: async ({ perShare }, use) => {
    const sandbox = await startSandbox({ perShare })
    await use(sandbox)
    await sandbox.close()
  },
  // biome-ignore lint/correctness/noEmptyPattern: as above
  profile: async ({}, use) => {
    const folder = mkdtempSync(join(tmpdir(), 'manydesk-e2e-'))
    await use(folder)
    rmSync(folder, { recursive: true, force: true, maxRetries: 5 })
  },
  launch: async ({ host, sandbox, profile }, use, info) => {
    const apps: AppDriver[] = []
    await use(async (options = {}) => {
      const app = await launchApp(host, { profile, network: sandbox, ...options })
      apps.push(app)
      app.window.setDefaultTimeout(15_000)
      return app
    })
    const failed = info.status !== info.expectedStatus
    for (const [index, app] of apps.entries()) {
      if (failed) await info.attach(`app-${index}-output`, { body: app.output(), contentType: 'text/plain' })
      if (failed) await attachPicture(app, index, info)
      await app.kill()
    }
  },
})

async function attachPicture(app: AppDriver, index: number, info: ReturnType<typeof test.info>): Promise<void> {
  const path = info.outputPath(`app-${index}.png`)
  try {
    await app.screenshot(app.window, path)
    await info.attach(`app-${index}`, { path, contentType: 'image/png' })
  } catch {
    await info.attach(`app-${index}`, { body: 'The window was gone', contentType: 'text/plain' })
  }
}

export { expect } from '@playwright/test'
