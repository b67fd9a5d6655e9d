import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { mainFolder, productSources, readSource, root, type Source } from './sources.ts'

const services = ['accounts', 'oauth', 'connectors', 'inbox', 'policy', 'diagnostics', 'health']

interface Rule {
  name: string
  breaks(source: Source): string[]
}

const inFolder = (path: string, folder: string) => path.startsWith(`${folder}/`)
const isElectronPlace = (path: string) => inFolder(path, 'main/desktop') || inFolder(path, 'preload')

const importRule = (name: string, breaks: (path: string, imported: string) => boolean): Rule => ({
  name,
  breaks: (source) => source.imports.filter((imported) => breaks(source.path, imported)),
})

/** A name that only the listed files may use. */
const onlyIn = (name: string, words: string[], files: string[]): Rule => ({
  name,
  breaks: (source) => (files.includes(source.path) ? [] : source.uses.filter((use) => words.includes(use))),
})

const rules: Rule[] = [
  importRule(
    'only main/desktop and the preload import Electron',
    (path, imported) => /^electron($|\/)/.test(imported) && !isElectronPlace(path),
  ),
  importRule(
    'the preload imports Electron in its bridge and its entry only',
    (path, imported) =>
      inFolder(path, 'preload') && imported === 'electron' && !['preload/index.ts', 'preload/bridge.ts'].includes(path),
  ),
  importRule(
    'the renderer knows the contract and nothing else outside of itself',
    (path, imported) =>
      inFolder(path, 'renderer') &&
      (inFolder(imported, 'main') ||
        (inFolder(imported, 'preload') && !['preload/contract.ts', 'preload/errors.ts'].includes(imported)) ||
        imported.startsWith('node:') ||
        imported.startsWith('..')),
  ),
  importRule(
    'the preload imports nothing of main or the renderer',
    (path, imported) => inFolder(path, 'preload') && (inFolder(imported, 'main') || inFolder(imported, 'renderer')),
  ),
  importRule(
    'main imports nothing of the renderer',
    (path, imported) => inFolder(path, 'main') && inFolder(imported, 'renderer'),
  ),
  importRule(
    'services import neither ipc nor desktop',
    (path, imported) => services.includes(mainFolder(path)) && ['ipc', 'desktop'].includes(mainFolder(imported)),
  ),
  importRule(
    'ipc imports nothing of desktop',
    (path, imported) => mainFolder(path) === 'ipc' && mainFolder(imported) === 'desktop',
  ),
  importRule(
    'desktop imports no service',
    (path, imported) => mainFolder(path) === 'desktop' && services.includes(mainFolder(imported)),
  ),
  importRule(
    'connectors import no service but the model they share',
    (path, imported) =>
      mainFolder(path) === 'connectors' &&
      services.includes(mainFolder(imported)) &&
      mainFolder(imported) !== 'connectors',
  ),
  importRule(
    'nothing imports the composition root',
    (_path, imported) => imported === 'main/index.ts' || imported === 'preload/index.ts',
  ),
  importRule(
    'product code imports nothing of the tests',
    (_path, imported) => inFolder(imported, 'test') || imported.startsWith('vitest'),
  ),
  importRule(
    'no own HTTP stack: the network is reached through Chromium only',
    (path, imported) =>
      inFolder(path, 'main') &&
      // The listener of a browser sign-in (RFC 8252 7.3) serves; it reaches nothing.
      path !== 'main/desktop/loopback.ts' &&
      ['node:http', 'node:https', 'node:http2', 'node:net', 'node:tls', 'undici'].includes(imported),
  ),
  {
    name: 'product code does not call the global fetch of Node, which Chromium knows nothing of',
    breaks: (source) => (inFolder(source.path, 'main') ? source.uses.filter((use) => use === 'globalThis.fetch') : []),
  },
  onlyIn(
    'E01: one factory makes windows and views',
    ['new BrowserWindow', 'new WebContentsView', 'new BrowserView'],
    ['main/desktop/window-factory.ts'],
  ),
  onlyIn(
    'E13: one function hands addresses to the operating system',
    ['shell.openExternal'],
    ['main/desktop/shell-links.ts'],
  ),
  onlyIn('E14: files are never opened by the app', ['shell.openPath', 'openPath'], []),
  onlyIn(
    'E15: ipcMain is touched by its host only',
    ['ipcMain.handle', 'ipcMain.on', 'ipcMain.handleOnce', 'ipcMain.once'],
    ['main/desktop/ipc-host.ts'],
  ),
  onlyIn('E17: ipcRenderer is touched by the preload only', ['ipcRenderer'], ['preload/index.ts']),
  onlyIn('E19: no certificate is ever waved through', ['setCertificateVerifyProc', 'certificate-error'], []),
  onlyIn(
    'E28: the clipboard is written by the desktop only',
    ['clipboard', 'navigator.clipboard'],
    ['main/desktop/desktop.ts'],
  ),
  onlyIn(
    'S1: no synchronous safeStorage',
    ['encryptString', 'decryptString', 'isEncryptionAvailable', 'setUsePlainTextEncryption'],
    [],
  ),
  {
    name: 'E04: no page comes from a file',
    breaks: (source) => [
      ...source.uses.filter((use) => /(^|\.)loadFile$/.test(use)),
      ...source.texts.filter((text) => text.startsWith('file:')),
    ],
  },
  {
    name: 'untrusted HTML enters the page through the message frame only',
    breaks: (source) => {
      if (!inFolder(source.path, 'renderer')) return []
      const attributes = source.attributes.filter((name) => name === 'dangerouslySetInnerHTML')
      const sinks = source.uses.filter((use) =>
        /(^|\.)(innerHTML|outerHTML|insertAdjacentHTML|document\.write)$/.test(use),
      )
      return [...attributes, ...sinks]
    },
  },
  {
    name: 'nothing evaluates text as code',
    breaks: (source) => source.uses.filter((use) => ['eval', 'new Function', 'executeJavaScript'].includes(use)),
  },
]

const sources = productSources()

describe('dependency rules', () => {
  for (const rule of rules) {
    it(rule.name, () => {
      const broken = sources.flatMap((source) => rule.breaks(source).map((what) => `${source.path}: ${what}`))
      expect(broken).toEqual([])
    })
  }

  it('a vendor is named in its own folder only', () => {
    const folder = join(root, 'main', 'connectors')
    const vendors = readdirSync(folder, { withFileTypes: true })
      .filter((entry) => entry.isDirectory() && existsSync(join(folder, entry.name, 'index.ts')))
      .map((entry) => entry.name)
    const broken = sources.flatMap((source) =>
      vendors
        .filter((vendor) => !inFolder(source.path, `main/connectors/${vendor}`))
        .filter((vendor) => source.texts.some((text) => text.toLowerCase() === vendor))
        .map((vendor) => `${source.path}: ${vendor}`),
    )
    expect(broken).toEqual([])
  })

  it('no file grows beyond 450 lines', () => {
    const long = sources
      .map(({ path }) => ({ path, lines: readFileSync(join(root, path), 'utf8').split('\n').length }))
      .filter(({ lines }) => lines > 450)
    expect(long).toEqual([])
  })
})

describe('the rules themselves', () => {
  const broken = (path: string, text: string) =>
    rules.filter((rule) => rule.breaks(readSource(path, text)).length > 0).map((rule) => rule.name)

  it.each([
    ['main/oauth/x.ts', "import { app } from 'electron'", 'only main/desktop and the preload import Electron'],
    ['main/oauth/x.ts', "import type { App } from 'electron'", 'only main/desktop and the preload import Electron'],
    ['main/oauth/x.ts', "const e = require('electron')", 'only main/desktop and the preload import Electron'],
    [
      'renderer/x.tsx',
      "import { Vault } from '../main/oauth/vault.ts'",
      'the renderer knows the contract and nothing else outside of itself',
    ],
    [
      'renderer/a/x.tsx',
      "type V = import('../../main/oauth/vault.ts').Vault",
      'the renderer knows the contract and nothing else outside of itself',
    ],
    ['main/inbox/x.ts', "export * from '../ipc/router.ts'", 'services import neither ipc nor desktop'],
    [
      'main/connectors/acme/x.ts',
      "const s = await import('../../inbox/sync.ts')",
      'connectors import no service but the model they share',
    ],
    [
      'main/index.ts',
      "shell.openExternal('https://a.example')",
      'E13: one function hands addresses to the operating system',
    ],
    ['main/desktop/x.ts', 'new BrowserWindow({})', 'E01: one factory makes windows and views'],
    ['main/desktop/x.ts', "ipcMain.on('x', () => 1)", 'E15: ipcMain is touched by its host only'],
    [
      'renderer/x.tsx',
      'const a = <p dangerouslySetInnerHTML={{ __html: x }} />',
      'untrusted HTML enters the page through the message frame only',
    ],
    ['renderer/x.ts', 'element.innerHTML = text', 'untrusted HTML enters the page through the message frame only'],
    ['main/desktop/x.ts', "window.loadURL('file:///etc/passwd')", 'E04: no page comes from a file'],
    [
      'main/oauth/x.ts',
      "import { get } from 'node:https'",
      'no own HTTP stack: the network is reached through Chromium only',
    ],
  ])('%s with %s is refused', (path, text, name) => {
    expect(broken(path, text)).toContain(name)
  })
})
