import type { AppState, Theme } from '../../preload/contract.ts'
import type { BrowserPort } from '../ports.ts'
import type { Handlers } from './router.ts'

type AppCalls =
  | 'app.state'
  | 'app.setTheme'
  | 'app.continueForThisSession'
  | 'app.retry'
  | 'app.rebuildStore'
  | 'app.openLink'
  | 'app.copy'
  | 'app.showLogFile'

export interface AppServices {
  state(): AppState
  setTheme(theme: Theme): void
  startup: { begin(): Promise<void>; continueForThisSession(): Promise<void>; startOver(): Promise<void> }
  browser: BrowserPort
  copy(text: string): void
  showLogFile(): void
}

export function appHandlers(services: AppServices): Pick<Handlers, AppCalls> {
  return {
    'app.state': services.state,
    'app.setTheme': ({ theme }) => services.setTheme(theme),
    'app.continueForThisSession': () => services.startup.continueForThisSession(),
    'app.retry': () => services.startup.begin(),
    'app.rebuildStore': () => services.startup.startOver(),
    'app.openLink': ({ url }) => services.browser.openExternal(url),
    'app.copy': ({ text }) => services.copy(text),
    'app.showLogFile': services.showLogFile,
  }
}
