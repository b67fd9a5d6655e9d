import type { ErrorShape } from '../../preload/errors.ts'

/** What the person is told beside the error's own words: what is safe, and which ways on there are. */
export interface TroubleWords {
  /** Short facts that calm: what was kept. */
  kept: readonly string[]
  retry: string | null
  /** May the person go on without a protected key store? */
  mayContinue: boolean
  /** May the local copy be set aside and made anew? */
  mayRebuild: boolean
}

/** The ways on for a start that could not go through. A newer or merely busy store is never offered to be replaced. */
export function troubleWords(phase: 'keyring' | 'store' | 'fatal', error: ErrorShape): TroubleWords {
  if (phase === 'keyring') {
    const locked = error.code === 'keyring_locked'
    return {
      kept: [
        'Your sign-ins and conversations on this computer are untouched.',
        ...(locked
          ? []
          : ['Going on for this session only leaves nothing secret on disk; you sign in again next time.']),
      ],
      retry: locked ? 'Try again' : 'Check again',
      mayContinue: true,
      mayRebuild: false,
    }
  }
  if (phase === 'store') {
    const damaged = error.code === 'store_damaged'
    return {
      kept: damaged
        ? [
            'Your sign-ins are kept.',
            'Everything at your helpdesks is untouched.',
            'The old file is set aside, not deleted.',
          ]
        : ['Nothing was changed or deleted.'],
      retry: error.code === 'store_newer' ? null : 'Try again',
      mayContinue: false,
      mayRebuild: damaged,
    }
  }
  return { kept: ['Nothing was changed or deleted.'], retry: null, mayContinue: false, mayRebuild: false }
}
