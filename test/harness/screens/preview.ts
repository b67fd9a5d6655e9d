import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Browser, chromium, type Page } from 'playwright'
import { build, type PreviewServer, preview } from 'vite'
import { readSwitches } from '../../standin/switches.ts'
import { root } from '../host.ts'
import type { PreviewScene, Scene } from './scene.ts'

const configFile = join(root, 'test', 'renderer', 'vite.config.ts')

/** The window on the fake bridge, in a plain browser: states that a running app has for a moment only, or never on this machine. */
export interface Preview {
  page: Page
  url: string
  /** What the page complained of since it was last asked. */
  complaints(): string[]
  close(): Promise<void>
}

/** Builds and serves `test/renderer`, and opens a browser for it. */
export async function startPreview(): Promise<Preview> {
  // A folder of its own, because several may be built at once.
  const outDir = mkdtempSync(join(tmpdir(), 'manydesk-preview-'))
  const options = { configFile, logLevel: 'error', build: { outDir, emptyOutDir: true } } as const
  await build(options)
  const server = await preview({ ...options, preview: { host: '127.0.0.1', strictPort: false } })
  const browser = await chromium.launch({
    executablePath: readSwitches([]).chromiumPath,
    args: ['--no-sandbox', '--disable-gpu', '--no-first-run', '--disable-background-networking'],
  })
  try {
    return await opened(server, browser, outDir)
  } catch (error) {
    await browser.close()
    await server.close()
    throw error
  }
}

async function opened(server: PreviewServer, browser: Browser, outDir: string): Promise<Preview> {
  const page = await browser.newPage({ viewport: { width: 1280, height: 800 } })
  page.setDefaultTimeout(5_000)
  const complaints: string[] = []
  page.on('pageerror', (error) => complaints.push(error.message))
  page.on('console', (line) => {
    if (line.type() === 'error' || line.type() === 'warning') complaints.push(line.text())
  })
  const [url] = server.resolvedUrls?.local ?? []
  if (url === undefined) throw new Error('The preview is served nowhere')
  return {
    page,
    url,
    complaints: () => complaints.splice(0),
    close: async () => {
      await browser.close()
      await server.close()
      rmSync(outDir, { recursive: true, force: true })
    },
  }
}

/** Every scene is a fresh page, so that none leaves anything behind. @throws when the page complains */
export function fromScenario({ name, scenario, sees, act }: PreviewScene): Scene<Preview> {
  return {
    name,
    show: async ({ page, url, complaints }) => {
      complaints()
      await page.goto(`${url}?scenario=${scenario}`)
      await sees(page).waitFor()
      await act?.(page)
      const heard = complaints()
      if (heard.length > 0) throw new Error(heard.join('\n'))
      return page
    },
  }
}
