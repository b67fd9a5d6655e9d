import { resolve } from 'node:path'
import react from '@vitejs/plugin-react'
import { defineConfig } from 'electron-vite'

const at = (path: string) => resolve(import.meta.dirname, path)

/** Three bundles, one per process. Only the native database driver stays outside of the main bundle. */
export default defineConfig({
  main: {
    build: {
      outDir: 'out/main',
      externalizeDeps: false,
      rollupOptions: {
        input: { index: at('main/index.ts'), 'store-worker': at('main/inbox/store-worker.ts') },
        external: ['electron', 'better-sqlite3-multiple-ciphers'],
        output: { format: 'es' },
      },
    },
  },
  preload: {
    build: {
      outDir: 'out/preload',
      externalizeDeps: false,
      rollupOptions: {
        input: { index: at('preload/index.ts') },
        external: ['electron'],
        // A sandboxed preload cannot be an ES module.
        output: { format: 'cjs', entryFileNames: '[name].cjs' },
      },
    },
  },
  renderer: {
    root: at('renderer'),
    plugins: [react()],
    build: {
      outDir: at('out/renderer'),
      // Pages are served by a private scheme that maps file names, so nothing is inlined as data.
      assetsInlineLimit: 0,
      rollupOptions: { input: { index: at('renderer/index.html'), 'auth-bar': at('renderer/auth-bar.html') } },
    },
  },
})
