import { z } from 'zod'
import { openSettings } from '../accounts/settings.ts'
import { type AppError, isAppError } from '../errors.ts'
import type { DocumentFolder, Log } from '../ports.ts'

const bounds = z.object({ x: z.number(), y: z.number(), width: z.number(), height: z.number() })
const preferencesFile = z.object({
  theme: z.enum(['system', 'light', 'dark']),
  place: z.object({ bounds, maximized: z.boolean() }).nullable(),
})

type PreferenceValues = z.infer<typeof preferencesFile>

/** How the window looks and where it was. Never a reason not to start: what cannot be read or kept holds for this run only. */
export interface Preferences {
  value(): PreferenceValues
  change(part: Partial<PreferenceValues>): void
  notice: AppError | null
}

/** Preferences over `preferences.json`. */
export function openPreferences(documents: DocumentFolder, log: Log): Preferences {
  const empty: PreferenceValues = { theme: 'system', place: null }
  let current = empty
  let save: (values: PreferenceValues) => void = () => undefined
  let notice: AppError | null = null
  try {
    const options = {
      documents,
      name: 'preferences',
      label: 'preferences',
      schema: preferencesFile,
      migrations: [],
      empty,
    }
    const settings = openSettings(options)
    current = settings.value()
    notice = settings.notice
    save = settings.save
  } catch (error) {
    if (!isAppError(error)) throw error
    notice = error
  }
  return {
    value: () => current,
    notice,
    change(part) {
      current = { ...current, ...part }
      try {
        save(current)
      } catch (error) {
        log.warn('Preferences could not be kept', { error })
      }
    },
  }
}
