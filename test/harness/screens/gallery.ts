import type { Page } from 'playwright'
import type { Size } from './camera.ts'
import type { Scene } from './scene.ts'

interface Line {
  scene: string
  pictures: number
  trouble: string
}

/** Takes the pictures of a scene that is shown. Answers the names of the files. */
type Photograph = (page: Page, scene: { name: string; sizes?: readonly Size[] }) => Promise<string[]>

interface GalleryOptions {
  photograph: Photograph
  /** Where a picture of what was shown goes when a scene could not be reached. */
  folder: string
  isWanted: (name: string) => boolean
}

/** Goes from scene to scene and takes its pictures. A scene that cannot be reached is told, and the next one is tried. */
export class Gallery {
  readonly lines: Line[] = []
  readonly #photograph: Photograph
  readonly #folder: string
  readonly #isWanted: (name: string) => boolean

  constructor({ photograph, folder, isWanted }: GalleryOptions) {
    this.#photograph = photograph
    this.#folder = folder
    this.#isWanted = isWanted
  }

  wants(scenes: readonly { name: string }[]): boolean {
    return scenes.some(({ name }) => this.#isWanted(name))
  }

  /** Scenes that stand alone: what is not wanted is not visited. */
  async takeEach<Stage extends { page: Page }>(stage: Stage, scenes: readonly Scene<Stage>[]): Promise<void> {
    for (const scene of scenes.filter(({ name }) => this.#isWanted(name))) await this.#take(stage, scene)
  }

  /** Scenes that go on from one another: all are visited up to the last wanted one, and the first that fails ends the way. */
  async takeInOrder<Stage extends { page: Page }>(stage: Stage, scenes: readonly Scene<Stage>[]): Promise<void> {
    const last = scenes.findLastIndex(({ name }) => this.#isWanted(name))
    for (const [index, scene] of scenes.slice(0, last + 1).entries()) {
      if (await this.#take(stage, scene)) continue
      for (const { name } of scenes.slice(index + 1, last + 1)) this.#tell(name, 0, `after ${scene.name}`)
      return
    }
  }

  async #take<Stage extends { page: Page }>(stage: Stage, scene: Scene<Stage>): Promise<boolean> {
    try {
      const page = (await scene.show(stage)) ?? stage.page
      if (this.#isWanted(scene.name)) this.#tell(scene.name, (await this.#photograph(page, scene)).length, '')
      return true
    } catch (error) {
      const words = error instanceof Error ? error.message : String(error)
      console.error(`${scene.name}: ${words}`)
      this.#tell(scene.name, 0, words.split('\n')[0] ?? '')
      await stage.page.screenshot({ path: `${this.#folder}/failed-${scene.name}.png` }).catch(() => undefined)
      return false
    }
  }

  #tell(scene: string, pictures: number, trouble: string): void {
    this.lines.push({ scene, pictures, trouble })
  }
}
