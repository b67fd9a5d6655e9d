/** First 200 characters of a text on one line, for the list. */
export function preview(text: string | null | undefined): string {
  const line = (text ?? '').slice(0, 2000).replace(/\s+/g, ' ').trim()
  const characters = Array.from(line)
  return characters.length <= 200 ? line : `${characters.slice(0, 199).join('')}…`
}

const entities: Record<string, string> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'", nbsp: ' ' }

function entity(whole: string, name: string): string {
  if (!name.startsWith('#')) return entities[name.toLowerCase()] ?? whole
  const code = /^#x/i.test(name) ? Number.parseInt(name.slice(2), 16) : Number(name.slice(1))
  return code > 0 && code <= 0x10ffff && !(code >= 0xd800 && code <= 0xdfff) ? String.fromCodePoint(code) : whole
}

const hidden = new Set(['style', 'script', 'head', 'title'])
const breaking = new Set(['br', 'p', 'div', 'li', 'tr', 'h1', 'h2', 'h3', 'h4', 'h5', 'h6'])

/**
 * Plain text of HTML where the vendor sends no text of its own: for search and previews, never shown as HTML. Strangers write this
 * HTML, so every character is looked at a bounded number of times.
 */
export function htmlToText(html: string): string {
  return withoutTags(html)
    .replace(/&(#x?[0-9a-f]+|[a-z]+);/gi, entity)
    .replace(/[ \t\u00a0]+/g, ' ')
    .replace(/ ?\n ?/g, '\n')
    .replace(/\n{3,}/g, '\n\n')
    .trim()
}

function withoutTags(html: string): string {
  const lower = html.toLowerCase()
  const pieces: string[] = []
  let at = 0
  while (at < html.length) {
    const open = html.indexOf('<', at)
    if (open === -1) break
    pieces.push(html.slice(at, open))
    const end = endOfTag(lower, open)
    if (end === null) {
      pieces.push('<')
      at = open + 1
    } else {
      if (end.line) pieces.push('\n')
      at = end.at
    }
  }
  return pieces.join('') + html.slice(at)
}

/** Where the markup that begins at `open` ends; null where a `<` begins none. What is never closed reaches to the end. */
function endOfTag(lower: string, open: number): { at: number; line: boolean } | null {
  const upTo = (text: string, from: number) => {
    const found = lower.indexOf(text, from)
    return found === -1 ? lower.length : found + text.length
  }
  if (lower.startsWith('<!--', open)) return { at: upTo('-->', open), line: false }
  const [, slash, name] = /^<(\/?)([a-z][a-z0-9]*|[!?])/.exec(lower.slice(open, open + 20)) ?? []
  if (name === undefined) return null
  const close = upTo('>', open)
  if (slash === '' && hidden.has(name)) return { at: upTo('>', upTo(`</${name}`, close)), line: false }
  return { at: close, line: breaking.has(name) && (slash === '/' || name === 'br') }
}

/** Two texts are the same message when they differ in nothing but white space and markup habits. */
export function sameText(one: string, other: string): boolean {
  const letters = (text: string) => text.normalize('NFC').replace(/\s+/g, '')
  return letters(one) === letters(other)
}

const words = (text: string) => text.normalize('NFC').replace(/\s+/g, ' ').trim()

/** True where a text begins with other words, up to the end of one of its lines and white space apart. Every line is looked at once. */
export function beginsWith(text: string, beginning: string): boolean {
  const wanted = words(beginning)
  let at = 0
  for (const line of text.split('\n')) {
    const said = words(line)
    if (said !== '') {
      const next = at === 0 ? said : ` ${said}`
      if (!wanted.startsWith(next, at)) return false
      at += next.length
    }
    if (at === wanted.length) return true
  }
  return false
}

const escaped: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' }

/** Text as HTML that shows exactly that text. */
export const escapeHtml = (text: string): string => text.replace(/[&<>"']/g, (character) => escaped[character] ?? '')

/** Plain text as HTML: paragraphs where it has empty lines, line breaks where it has line ends. */
export function textToHtml(text: string): string {
  const paragraphs = text
    .replace(/\r\n?/g, '\n')
    .trim()
    .split(/\n{2,}/)
  return paragraphs.map((each) => `<p>${escapeHtml(each).replaceAll('\n', '<br>')}</p>`).join('')
}
