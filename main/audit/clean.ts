import { redactText } from '../diagnostics/redact.ts'

const longest = 160

/** Control characters and the marks that turn the reading direction: a name must not forge a line or hide a part of itself. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is taken out
const invisible = /[\u0000-\u001f\u007f-\u009f\u061c\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]+/g
const address = /^[^\s@]{1,64}@[^\s@]{1,95}$/

/** A text as it may stand in the log: one line, at most 160 characters, without anything that has the look of a secret. */
export function cleanText(text: string): string {
  const line = text.replace(invisible, ' ').trim()
  const clean = redactText(line)
  return clean.length > longest ? `${clean.slice(0, longest - 1)}…` : clean
}

/** Who an agent is at a vendor: mail vendors know their people by address only, so that alone may stand here. */
export function cleanUser(text: string): string {
  const line = text.replace(invisible, ' ').trim()
  // A secret in place of the name of the mailbox would be no address anybody has.
  const [name = ''] = line.split('@')
  return address.test(line) && redactText(name) === name ? line : cleanText(line)
}
