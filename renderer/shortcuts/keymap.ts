import { views } from '../state/inbox-filters.ts'

/** Every shortcut with the words of the help overlay. The names are what `useGlobalShortcuts` acts on. */
export interface Shortcut {
  keys: string
  words: string
}

export const shortcutGroups: readonly { name: string; shortcuts: readonly Shortcut[] }[] = [
  {
    name: 'Conversations',
    shortcuts: [
      { keys: 'J', words: 'Next conversation' },
      { keys: 'K', words: 'Previous conversation' },
      { keys: 'Enter', words: 'Read the conversation' },
      { keys: 'Esc', words: 'Back to the list' },
      { keys: '/', words: 'Search' },
    ],
  },
  {
    name: 'Answer',
    shortcuts: [
      { keys: 'R', words: 'Reply' },
      { keys: 'N', words: 'Note' },
      { keys: 'Mod+Enter', words: 'Send' },
      { keys: 'E', words: 'Solve and go to the next' },
      { keys: 'U', words: 'Mark as unread' },
      { keys: 'I', words: 'Assign to me' },
    ],
  },
  {
    name: 'Go to',
    shortcuts: [
      ...views.map((view) => ({ keys: `G ${view.key}`, words: view.name })),
      { keys: 'G C', words: 'Accounts' },
      { keys: 'Alt+0', words: 'All brands' },
      { keys: 'Alt+1', words: 'First brand, and so on to 9' },
    ],
  },
  {
    name: 'Window',
    shortcuts: [
      { keys: '[', words: 'Show or hide views' },
      { keys: ']', words: 'Show or hide details' },
      { keys: '?', words: 'This help' },
    ],
  },
]

export type ShortcutAction =
  | { do: 'step'; by: number }
  | { do: 'search' | 'reply' | 'note' | 'solve' | 'unread' | 'take' | 'help' | 'views' | 'details' }
  | { do: 'view'; key: string }
  | { do: 'accounts' }
  | { do: 'brand'; index: number }
  | { do: 'prefix' }

interface Pressed {
  key: string
  code: string
  ctrlKey: boolean
  metaKey: boolean
  altKey: boolean
}

const single: Record<string, ShortcutAction> = {
  j: { do: 'step', by: 1 },
  k: { do: 'step', by: -1 },
  '/': { do: 'search' },
  r: { do: 'reply' },
  n: { do: 'note' },
  e: { do: 'solve' },
  u: { do: 'unread' },
  i: { do: 'take' },
  '?': { do: 'help' },
  '[': { do: 'views' },
  ']': { do: 'details' },
  g: { do: 'prefix' },
}

/**
 * What a key press means outside of text fields; null for nothing. `afterG` is true when `G` was the press before.
 * Brands go by the physical digit key, because Alt and a digit type a letter on some layouts.
 */
export function actionFor(pressed: Pressed, afterG: boolean): ShortcutAction | null {
  if (pressed.ctrlKey || pressed.metaKey) return null
  if (pressed.altKey) {
    const digit = /^Digit(\d)$/.exec(pressed.code)?.[1]
    return digit === undefined ? null : { do: 'brand', index: Number(digit) }
  }
  const key = pressed.key.length === 1 ? pressed.key.toLowerCase() : pressed.key
  if (afterG) {
    if (key === 'c') return { do: 'accounts' }
    return views.some((view) => view.key.toLowerCase() === key) ? { do: 'view', key: key.toUpperCase() } : null
  }
  return single[key] ?? null
}
