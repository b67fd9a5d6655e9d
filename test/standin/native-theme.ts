import type { NativeTheme as ElectronTheme } from 'electron'
import { GuardedEmitter } from './absent.ts'

type Source = ElectronTheme['themeSource']
type Implemented = Pick<
  ElectronTheme,
  | 'themeSource'
  | 'shouldUseDarkColors'
  | 'shouldUseHighContrastColors'
  | 'shouldUseInvertedColorScheme'
  | 'prefersReducedTransparency'
>

/** The system's and the app's choice of colours; pages see it as `prefers-color-scheme`. */
class NativeTheme extends GuardedEmitter implements Implemented {
  readonly shouldUseHighContrastColors = false
  readonly shouldUseInvertedColorScheme = false
  readonly prefersReducedTransparency = false
  #source: Source = 'system'
  #systemDark = false

  get themeSource(): Source {
    return this.#source
  }

  set themeSource(source: Source) {
    this.#change(() => {
      this.#source = source
    })
  }

  get shouldUseDarkColors(): boolean {
    return this.#source === 'system' ? this.#systemDark : this.#source === 'dark'
  }

  get shouldUseDarkColorsForSystemIntegratedUI(): boolean {
    return this.#systemDark
  }

  /** The person changes the system's setting. */
  setSystemDark(dark: boolean): void {
    this.#change(() => {
      this.#systemDark = dark
    })
  }

  #change(apply: () => void): void {
    const before = this.shouldUseDarkColors
    apply()
    if (before !== this.shouldUseDarkColors) this.emit('updated')
  }
}

export const nativeTheme = new NativeTheme().setMaxListeners(0)
