import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { LaunchOptions } from '../driver.ts'
import type { AppStage } from './app-scenes.ts'
import type { Scene } from './scene.ts'

/** A start of the app that ends at a screen in place of the inbox. Each has a profile of its own. */
interface GateStart {
  scene: Scene<AppStage>
  options: Partial<LaunchOptions>
  /** What happens to the profile of an app that was started once and is closed. Absent: it is the first start. */
  harm?: (profile: string) => void
}

const at = (name: string, title: string | RegExp): Scene<AppStage> => ({
  name,
  show: async ({ page }) => {
    await page.getByRole('heading', { name: title }).waitFor()
    return page
  },
})

export const gateStarts: GateStart[] = [
  {
    scene: at('app-keyring-unprotected', 'This desktop has no protected key store.'),
    options: { keyring: 'basic_text' },
  },
  {
    scene: at('app-keyring-locked', 'Your system keyring is locked.'),
    options: { keyring: 'locked' },
    harm: () => undefined,
  },
  {
    scene: at('app-store-damaged', /damaged|cannot be (opened|read)/),
    options: {},
    harm: (profile) => writeFileSync(join(profile, 'inbox.db'), 'This is no database. '.repeat(4000)),
  },
]
