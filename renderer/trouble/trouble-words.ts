import type { ErrorShape } from '../../preload/errors.ts'

/** What the person is told beside the error's own words: what is safe, and which ways on there are. */
export interface TroubleWords {
  /** Short facts that calm: what was kept. */
  kept: readonly string[]
  retry: string | null
  /** May the person go on without a protected key store? */
  mayContinue: boolean
  /** What is damaged may be set aside and made anew, after this question; null where nothing is. */
  startOver: StartOver | null
}

/** The question before something is set aside. */
export interface StartOver {
  button: string
  question: string
  text: string
  confirm: string
}

const newCopy: StartOver = {
  button: 'Start a new local copy',
  question: 'Start a new local copy?',
  text: 'Manydesk sets the damaged file aside and reads your conversations again from your accounts. Drafts and unsent replies are carried over where they can still be read.',
  confirm: 'Start a new copy',
}

const newKeys: StartOver = {
  button: 'Start over',
  question: 'Start over with new keys?',
  text: 'Manydesk sets what it cannot read aside, keeps your list of accounts and brands, and asks for a new sign-in or key of each account. Conversations are then read again; drafts and replies that were not sent stay in the old file.',
  confirm: 'Start over',
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
      startOver: error.code === 'secret_damaged' ? newKeys : null,
    }
  }
  if (phase === 'store') {
    const damaged = error.code === 'store_damaged'
    return {
      kept: damaged
        ? [
            'Your sign-ins are kept.',
            'Everything in your helpdesks, mailboxes and shops is untouched.',
            'The old file is set aside, not deleted.',
          ]
        : ['Nothing was changed or deleted.'],
      retry: error.code === 'store_newer' ? null : 'Try again',
      mayContinue: false,
      startOver: damaged ? newCopy : null,
    }
  }
  return { kept: ['Nothing was changed or deleted.'], retry: null, mayContinue: false, startOver: null }
}
