import { spawnSync } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

export const root = join(import.meta.dirname, '..', '..')
const electronFolder = join(root, 'node_modules', 'electron')

/** What runs the built bundle: real Electron where its binary is, the stand-in elsewhere. */
export type Host = { kind: 'electron'; executable: string; reason: string } | { kind: 'standin'; reason: string }

function electronExecutable(): string | null {
  const pathFile = join(electronFolder, 'path.txt')
  const relative = existsSync(pathFile) ? readFileSync(pathFile, 'utf8') : 'electron'
  const folder = process.env.ELECTRON_OVERRIDE_DIST_PATH ?? join(electronFolder, 'dist')
  const executable = join(folder, relative)
  return existsSync(executable) ? executable : null
}

function electronVersion(): string {
  return (JSON.parse(readFileSync(join(electronFolder, 'package.json'), 'utf8')) as { version: string }).version
}

/** Asks for the release's checksum file, so that a refused network costs seconds and a good one is not cut off while it downloads. */
async function releaseReachable(version: string): Promise<boolean> {
  const mirror = process.env.ELECTRON_MIRROR ?? 'https://github.com/electron/electron/releases/download/'
  try {
    const answer = await fetch(`${mirror}v${version}/SHASUMS256.txt`, {
      method: 'HEAD',
      signal: AbortSignal.timeout(9_000),
    })
    return answer.ok
  } catch {
    return false
  }
}

/**
 * Finds the host. With `fetchElectron` a missing binary is downloaded where the network lets us; it gives up within ten
 * seconds where it does not. `MANYDESK_HOST=standin` asks for the stand-in although Electron is there.
 */
export async function chooseHost(options: { fetchElectron: boolean }): Promise<Host> {
  if (process.env.MANYDESK_HOST === 'standin') return { kind: 'standin', reason: 'MANYDESK_HOST asks for it' }
  const present = electronExecutable()
  if (present) return { kind: 'electron', executable: present, reason: 'its binary is present' }
  if (!options.fetchElectron) return { kind: 'standin', reason: "Electron's binary is not on this machine" }
  const version = electronVersion()
  if (!(await releaseReachable(version))) {
    return { kind: 'standin', reason: "Electron's binary is not on this machine and cannot be downloaded from here" }
  }
  console.log(`Downloading Electron ${version} ...`)
  spawnSync(process.execPath, [join(electronFolder, 'install.js')], { stdio: 'inherit' })
  const fetched = electronExecutable()
  if (fetched) return { kind: 'electron', executable: fetched, reason: 'its binary was downloaded' }
  return { kind: 'standin', reason: "the download of Electron's binary failed" }
}

/** The one line that says which host is used and why. */
export function describeHost(host: Host): string {
  return host.kind === 'electron'
    ? `Running on Electron: ${host.reason}.`
    : `Running on the stand-in (the same bundle on Node and Chromium): ${host.reason}.`
}

export function hasDisplay(): boolean {
  return process.platform !== 'linux' || Boolean(process.env.DISPLAY || process.env.WAYLAND_DISPLAY)
}
