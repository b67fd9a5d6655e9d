import { join } from 'node:path'
import type { Page } from 'playwright'

export const themes = ['light', 'dark'] as const
export type Theme = (typeof themes)[number]
export interface Size {
  width: number
  height: number
}
/** What screens are drawn for, and where every scene is reached. */
export const designSize: Size = { width: 1280, height: 800 }
export const sizes: readonly Size[] = [designSize, { width: 1920, height: 1080 }]

/** Follows the system's theme, as the app does at first, so that every screen has both without a restart. */
export async function wear(page: Page, theme: Theme): Promise<void> {
  await page.emulateMedia({ colorScheme: theme, reducedMotion: 'reduce' })
  await settled(page)
}

/** Resolves once nothing moves any more, but for what always moves. */
async function settled(page: Page): Promise<void> {
  await page.waitForFunction(() =>
    document
      .getAnimations()
      .every((each) => each.playState !== 'running' || each.effect?.getTiming().iterations === Infinity),
  )
  await page.evaluate(async () => {
    await document.fonts.ready
    await new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve)))
  })
}

export interface Shots {
  folder: string
  themes: readonly Theme[]
  sizes: readonly Size[]
}

/** Pictures of what the page shows, in each theme and size. Answers the names of the files. */
export async function photograph(page: Page, name: string, shots: Shots): Promise<string[]> {
  const files: string[] = []
  for (const size of shots.sizes) {
    await page.setViewportSize(size)
    for (const theme of shots.themes) {
      await wear(page, theme)
      const file = `${name}-${theme}-${size.width}.png`
      await page.screenshot({ path: join(shots.folder, file) })
      files.push(file)
    }
  }
  // Scenes are reached at the design size, whatever size they are photographed in.
  await page.setViewportSize(designSize)
  await wear(page, 'light')
  return files
}
