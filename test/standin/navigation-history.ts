import { Guarded } from './absent.ts'
import type { Page } from './page.ts'

/** `webContents.navigationHistory`: moving works, questions that need an answer at once are not implemented. */
export class NavigationHistory extends Guarded {
  readonly #opened: () => Promise<Page>

  constructor(opened: () => Promise<Page>) {
    super()
    this.#opened = opened
  }

  goBack(): void {
    this.goToOffset(-1)
  }

  goForward(): void {
    this.goToOffset(1)
  }

  goToOffset(offset: number): void {
    this.#move(offset).catch(() => undefined)
  }

  clear(): void {
    this.#opened().then(
      ({ session }) => session.tell('Page.resetNavigationHistory'),
      () => undefined,
    )
  }

  async #move(offset: number): Promise<void> {
    const { session } = await this.#opened()
    const { currentIndex, entries } = await session.send('Page.getNavigationHistory')
    const entry = entries[currentIndex + offset]
    if (entry) session.tell('Page.navigateToHistoryEntry', { entryId: entry.id })
  }
}
