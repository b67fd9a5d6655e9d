import { createRequire } from 'node:module'

/** The Electron whose API this stand-in follows: the one the project installs. */
export const ELECTRON_VERSION: string = createRequire(import.meta.url)('electron/package.json').version
