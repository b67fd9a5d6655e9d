import { randomBytes } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { createCodec } from './codec.ts'
import { isolatedWorld, mainWorld, makeBridge, type WorldSettings } from './page-worlds.ts'

export const ISOLATED_WORLD = 'Electron Isolated Context'
export const BINDING = '__standinPost'
export const INLET = '__standinTake'

/** The scripts a page gets before its own: the isolated world's first, since it has to wait for the main world's call. */
export function worldScripts(preloadPath: string | undefined): { isolated: string; main: string } {
  const settings: WorldSettings = {
    secret: `standin-${randomBytes(16).toString('hex')}`,
    binding: BINDING,
    inlet: INLET,
    versions: { ...process.versions } as Record<string, string>,
    platform: process.platform,
    arch: process.arch,
  }
  const shared = `${JSON.stringify(settings)}, ${createCodec}, ${makeBridge}`
  const preload = preloadPath === undefined ? 'undefined' : preloadFunction(preloadPath)
  return {
    isolated: `(${isolatedWorld})(${shared}, ${preload})`,
    main: `(${mainWorld})(${shared})`,
  }
}

function preloadFunction(path: string): string {
  const source = readFileSync(path, 'utf8')
  return `function (require, module, exports, process) {\n${source}\n}\n//# sourceURL=${path}\n`
}
