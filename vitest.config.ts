import react from '@vitejs/plugin-react'
import { defineConfig } from 'vitest/config'
import { runQuickly } from './test/harness/quick-runs.ts'

runQuickly()

/** Files whose tests have a DOM (its library holds on to the document it was loaded with) or a mocked module. */
const apart = [
  'test/unit/**/*.test.tsx',
  'test/unit/renderer/inbox/safe-html.test.ts',
  'test/unit/desktop/window-factory.test.ts',
]

export default defineConfig({
  plugins: [react()],
  test: {
    setupFiles: ['test/properties.ts'],
    testTimeout: 30_000,
    hookTimeout: 30_000,
    // One more than the cores of the smallest machine: tests that wait for something leave theirs to others.
    maxWorkers: 3,
    projects: [
      {
        extends: true,
        test: {
          name: 'node',
          include: ['test/{unit,contract,faults}/**/*.test.ts'],
          exclude: apart,
          // No module of ours keeps state (everything is made by a function), so that files can share what they import.
          isolate: false,
        },
      },
      { extends: true, test: { name: 'apart', include: apart } },
    ],
  },
})
