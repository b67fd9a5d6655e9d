import type { AppState, Theme } from '../../preload/contract.ts'
import { type AppError, toErrorShape } from '../errors.ts'
import type { Preferences } from '../workstation/preferences.ts'
import type { Progress } from '../workstation/startup.ts'
import type { Tell } from './router.ts'

interface AppStateOptions {
  version: string
  platform: NodeJS.Platform
  preferences: Preferences
  startup: { progress(): Progress; onChange(listener: () => void): () => void }
  online: { online(): boolean; onChange(listener: () => void): () => void }
  applyTheme(theme: Theme): void
  tell: Tell
}

export interface AppStateSource {
  state(): AppState
  setTheme(theme: Theme): void
  /** Something was repaired or left out while starting; said once for each code and sentence. */
  notice(notice: AppError): void
}

function supported(platform: NodeJS.Platform): AppState['platform'] {
  return platform === 'darwin' || platform === 'win32' ? platform : 'linux'
}

/** What the window must know of the app as a whole, told anew at each change. */
export function createAppState(options: AppStateOptions): AppStateSource {
  const { preferences, startup, online, tell } = options
  const notices = new Map<string, AppError>()
  const state = (): AppState => ({
    version: options.version,
    platform: supported(options.platform),
    ...startup.progress(),
    notices: [...notices.values()].map(toErrorShape),
    online: online.online(),
    theme: preferences.value().theme,
  })
  const changed = () => tell('app.changed', state())
  const keep = (notice: AppError) => notices.set(`${notice.code} ${notice.message}`, notice)

  if (preferences.notice !== null) keep(preferences.notice)
  startup.onChange(changed)
  online.onChange(changed)
  return {
    state,
    setTheme(theme) {
      preferences.change({ theme })
      options.applyTheme(theme)
      changed()
    },
    notice(notice) {
      keep(notice)
      changed()
    },
  }
}
