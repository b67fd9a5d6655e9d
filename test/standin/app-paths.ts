import { existsSync, readFileSync } from 'node:fs'
import { homedir, tmpdir } from 'node:os'
import { dirname, join, resolve } from 'node:path'
import { runtime } from './runtime.ts'

interface PackageFile {
  name?: string
  productName?: string
  version?: string
}

function packageDirectory(from: string): string {
  for (let folder = dirname(from); ; folder = dirname(folder)) {
    if (existsSync(join(folder, 'package.json'))) return folder
    if (folder === dirname(folder)) return dirname(from)
  }
}

const entry = resolve(process.argv[1] ?? process.cwd())

/** Directory of the package the entry script belongs to, what `electron <directory>` would be given. */
export const appPath = packageDirectory(entry)

function readPackage(): PackageFile {
  const file = join(appPath, 'package.json')
  return existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as PackageFile) : {}
}

/** Name and version of the app, from its package file. */
export const appPackage = readPackage()

function appDataDirectory(): string {
  if (process.platform === 'darwin') return join(homedir(), 'Library', 'Application Support')
  if (process.platform === 'win32') return process.env.APPDATA ?? join(homedir(), 'AppData', 'Roaming')
  return process.env.XDG_CONFIG_HOME ?? join(homedir(), '.config')
}

/** The directories behind `app.getPath`. */
class AppPaths {
  readonly #set = new Map<string, string>()
  name = appPackage.productName ?? appPackage.name ?? 'Electron'

  get(name: string): string {
    const path = this.#set.get(name) ?? this.#standard(name)
    if (path === undefined) throw new Error(`Failed to get '${name}' path`)
    return path
  }

  set(name: string, path: string): void {
    if (this.#standard(name) === undefined) throw new Error(`Failed to set path: unknown name '${name}'`)
    this.#set.set(name, path)
  }

  #standard(name: string): string | undefined {
    const inHome: Record<string, string> = {
      desktop: 'Desktop',
      documents: 'Documents',
      downloads: 'Downloads',
      music: 'Music',
      pictures: 'Pictures',
      videos: 'Videos',
    }
    const inUserData: Record<string, string> = { logs: 'logs', crashDumps: 'Crashpad' }
    if (name === 'home') return homedir()
    if (name === 'appData') return appDataDirectory()
    if (name === 'userData') return runtime.switches.userDataDir ?? join(this.get('appData'), this.name)
    if (name === 'sessionData') return this.get('userData')
    if (name === 'temp') return tmpdir()
    if (name === 'exe') return process.execPath
    if (name === 'module') return process.execPath
    if (inHome[name]) return join(homedir(), inHome[name])
    return inUserData[name] ? join(this.get('userData'), inUserData[name]) : undefined
  }
}

export const paths = new AppPaths()
