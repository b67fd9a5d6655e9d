/**
 * The note of an order is one text field. What Manydesk adds stands below what was there, under a line of its own, so that people read it in
 * the shop's admin and it can be told apart here:
 *
 *   Please leave it at the back door
 *
 *   [Manydesk 2026-03-01 09:14:08 UTC, Mia Berg]
 *   Called her, it is with the neighbour
 */
export interface NoteEntry {
  /** Epoch milliseconds, whole seconds. */
  at: number
  author: string
  text: string
}

export interface ReadNote {
  /** What others wrote: the customer in the cart, or the shop. */
  text: string
  entries: NoteEntry[]
}

const marker = /^\[Manydesk (\d{4}-\d\d-\d\d) (\d\d:\d\d:\d\d) UTC, ([^\]\n]*)\][ \t\r]*$/gm

export function readNote(note: string): ReadNote {
  const marks = [...note.matchAll(marker)]
  const entries = marks.flatMap((mark, index) => {
    const at = Date.parse(`${mark[1]}T${mark[2]}Z`)
    const from = mark.index + mark[0].length
    const text = note.slice(from, marks[index + 1]?.index ?? note.length).trim()
    return Number.isNaN(at) ? [] : [{ at, author: (mark[3] ?? '').trim(), text }]
  })
  return { text: note.slice(0, marks[0]?.index ?? note.length).trim(), entries }
}

/** The whole new note: every character of the old one, then the entry. */
export function appendNote(note: string | null, entry: NoteEntry): string {
  const iso = new Date(entry.at).toISOString()
  const head = `[Manydesk ${iso.slice(0, 10)} ${iso.slice(11, 19)} UTC, ${authorName(entry.author)}]`
  // A text that brings such a line along must not look like another entry.
  const text = entry.text.trim().replace(/^\[Manydesk /gm, ' [Manydesk ')
  const before = note === null || note === '' ? '' : `${note}\n\n`
  return `${before}${head}\n${text}`
}

export const authorName = (name: string): string => name.replace(/[\]\p{C}]+/gu, ' ').trim() || 'agent'
