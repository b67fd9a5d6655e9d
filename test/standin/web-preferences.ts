import type { WebPreferences } from 'electron'
import { NotImplementedError } from './absent.ts'

const REFUSED = ['nodeIntegration', 'nodeIntegrationInSubFrames', 'nodeIntegrationInWorker', 'webviewTag'] as const

/** Throws for preferences that ask for a page with more power than the stand-in can give; otherwise gives them back. */
export function supportedPreferences(preferences: WebPreferences = {}): WebPreferences {
  for (const name of REFUSED) if (preferences[name]) throw new NotImplementedError(`webPreferences.${name}`)
  if (preferences.contextIsolation === false) throw new NotImplementedError('webPreferences.contextIsolation: false')
  if (preferences.sandbox === false) throw new NotImplementedError('webPreferences.sandbox: false')
  return preferences
}
