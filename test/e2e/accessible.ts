import { AxeBuilder } from '@axe-core/playwright'
import type { Page } from 'playwright'
import { expect } from './fixtures.ts'

const themes = ['light', 'dark'] as const

/** No rule of axe is broken on what is shown, in light and in dark. */
export async function isAccessible(page: Page, screen: string): Promise<void> {
  for (const theme of themes) {
    await page.evaluate((wanted) => window.manydesk.app.setTheme({ theme: wanted }), theme)
    await expect(page.locator('html')).toHaveAttribute('data-theme', theme)
    await page.waitForFunction(() =>
      document
        .getAnimations()
        .every((each) => each.playState !== 'running' || each.effect?.getTiming().iterations === Infinity),
    )
    expect.soft(await broken(page), `${screen}, ${theme}`).toEqual([])
  }
}

/** Axe takes the second line of a menu entry, which describes it (`aria-describedby`), for a part of its label. */
const isDescription = /^label-content-name-mismatch: .*role="menuitem".*aria-describedby/

/** What only a theme can change. */
export const colourRules = ['color-contrast', 'link-in-text-block']

/** The rules that are broken, each with the element that breaks it. `only`: no other rules than these. */
export async function broken(page: Page, only?: string[]): Promise<string[]> {
  // Legacy: the other mode opens a page of its own in the browser, which a workstation is not made for.
  // The announcer of React Aria names by ids of what has just gone; it is heard, never visited.
  // `region`: a popover stands beside the landmarks of the window, not in one of them.
  const axe = new AxeBuilder({ page }).setLegacyMode().exclude('[data-live-announcer]')
  const { violations } = await (only === undefined ? axe.disableRules('region') : axe.withRules(only)).analyze()
  return violations
    .flatMap(({ id, nodes }) => nodes.map((node) => `${id}: ${node.html.slice(0, 200)}`))
    .filter((found) => !isDescription.test(found))
}
