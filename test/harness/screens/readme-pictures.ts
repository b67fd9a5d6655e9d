import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Page } from 'playwright'
import { designSize, type Theme, wear } from './camera.ts'

interface ReadmePicture {
  scene: string
  theme: Theme
  /** In docs/images. */
  file: string
}

/** What the README shows. */
export const readmePictures: ReadmePicture[] = [
  { scene: 'app-thread-normal', theme: 'light', file: 'inbox.webp' },
  { scene: 'app-composer-reply', theme: 'dark', file: 'dark.webp' },
  { scene: 'app-sign-in-waiting', theme: 'light', file: 'connect.webp' },
  { scene: 'app-thread-offline', theme: 'light', file: 'offline.webp' },
  { scene: 'app-accounts', theme: 'light', file: 'accounts.webp' },
]

/** WebP, a quarter of a PNG: the repository carries every version of them for ever. Answers the names of the files. */
export async function photographForReadme(page: Page, scene: string, folder: string): Promise<string[]> {
  const wanted = readmePictures.filter((picture) => picture.scene === scene)
  await page.setViewportSize(designSize)
  const session = await page.context().newCDPSession(page)
  for (const { theme, file } of wanted) {
    await wear(page, theme)
    const { data } = await session.send('Page.captureScreenshot', { format: 'webp', quality: 84 })
    writeFileSync(join(folder, file), Buffer.from(data, 'base64'))
  }
  await session.detach()
  await wear(page, 'light')
  return wanted.map(({ file }) => file)
}
