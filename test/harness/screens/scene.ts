import type { Locator, Page } from 'playwright'
import type { Size } from './camera.ts'

/** One picture: what it is called (`<screen>-<state>`), and how its screen is reached in the window. */
export interface Scene<Stage> {
  name: string
  /** Resolves once the screen is shown. Answers the page to photograph where it is not the window. @throws when it cannot be reached */
  show(stage: Stage): Promise<Page | undefined>
  /** Where the page has a size of its own. */
  sizes?: readonly Size[]
}

/** A scene of the window on the fake bridge: a scenario of `test/renderer`, what must then be seen, and what a person does there. */
export interface PreviewScene {
  name: string
  scenario: string
  sees: (page: Page) => Locator
  act?: (page: Page) => Promise<unknown>
}

export const heading = (name: string | RegExp) => (page: Page) => page.getByRole('heading', { name }).first()
export const words = (text: string | RegExp) => (page: Page) => page.getByText(text).first()
export const dialog =
  (name: string | RegExp = /./) =>
  (page: Page) =>
    page.getByRole('dialog', { name }).or(page.getByRole('alertdialog', { name }))
export const button = (name: string | RegExp) => (page: Page) => page.getByRole('button', { name }).first()
export const waiting = (name: string) => (page: Page) =>
  page.getByRole('status', { name }).locator('[aria-hidden]').first()

/** A person's clicks, one after another. */
export const press =
  (...names: (string | RegExp)[]) =>
  async (page: Page) => {
    for (const name of names) {
      const exact = typeof name === 'string'
      const target = (['button', 'menuitem', 'tab'] as const).map((role) => page.getByRole(role, { name, exact }))
      const [first, ...others] = target
      await others
        .reduce((all, one) => all.or(one), first ?? page.locator('button'))
        .first()
        .click()
    }
  }
