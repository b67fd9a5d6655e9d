import react from '@vitejs/plugin-react'
import { defineConfig } from 'vitest/config'

export default defineConfig({
  plugins: [react()],
  test: {
    include: ['test/{unit,contract,faults}/**/*.test.{ts,tsx}'],
    setupFiles: ['test/properties.ts'],
    testTimeout: 30_000,
    hookTimeout: 30_000,
    // One more than the cores of the smallest machine: tests that wait for something leave theirs to others.
    maxWorkers: 3,
  },
})
