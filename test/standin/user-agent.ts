import { appPackage, paths } from './app-paths.ts'
import { ELECTRON_VERSION } from './versions.ts'

const SYSTEMS: Record<string, string> = {
  darwin: 'Macintosh; Intel Mac OS X 10_15_7',
  win32: 'Windows NT 10.0; Win64; x64',
}
let chromium = '0.0.0.0'

/** The browser's version is only known once it runs. */
export function setChromiumVersion(version: string): void {
  chromium = version
}

/** Electron's default user agent: the browser's, with the app's name and version and Electron's. */
export function defaultUserAgent(): string {
  const system = SYSTEMS[process.platform] ?? 'X11; Linux x86_64'
  const app = `${paths.name.replace(/\s/g, '')}/${appPackage.version ?? '0.0.0'}`
  return `Mozilla/5.0 (${system}) AppleWebKit/537.36 (KHTML, like Gecko) ${app} Chrome/${chromium} Electron/${ELECTRON_VERSION} Safari/537.36`
}
