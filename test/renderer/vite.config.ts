import { resolve } from 'node:path'
import react from '@vitejs/plugin-react'
import { defineConfig } from 'vite'

/** The renderer on a fake bridge, in any browser: `npx vite --config test/renderer/vite.config.ts`. */
export default defineConfig({
  root: import.meta.dirname,
  plugins: [react()],
  server: { host: '127.0.0.1', port: 5199, strictPort: true, fs: { allow: [resolve(import.meta.dirname, '../..')] } },
  build: { outDir: resolve(import.meta.dirname, '../../out/renderer-preview'), emptyOutDir: true },
})
