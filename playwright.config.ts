import { defineConfig } from '@playwright/test'
import { runQuickly } from './test/harness/quick-runs.ts'

runQuickly()

/** Every spec starts its own app and sandbox, so nothing is shared and nothing is retried. */
export default defineConfig({
  testDir: 'test/e2e',
  outputDir: 'out/e2e/results',
  timeout: 90_000,
  expect: { timeout: 15_000 },
  fullyParallel: true,
  workers: 2,
  retries: 0,
  forbidOnly: Boolean(process.env.CI),
  reporter: [['list'], ['json', { outputFile: 'out/e2e/report.json' }]],
})
