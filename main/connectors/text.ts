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

/** Plain text of HTML where the vendor sends no text of its own: for search and previews, never shown as HTML. */
export function htmlToText(html: string): string {
  return html
    .replace(/<(style|script|head|title)\b[^>]*>[\s\S]*?<\/\1\s*>/gi, ' ')
    .replace(/<(br|\/p|\/div|\/li|\/tr|\/h[1-6])\b[^>]*>/gi, '\n')
    .replace(/<[^>]*>/g, '')
    .replace(/&(#x?[0-9a-f]+|[a-z]+);/gi, entity)
    .replace(/[ \t\u00a0]+/g, ' ')
    .replace(/ *\n */g, '\n')
    .replace(/\n{3,}/g, '\n\n')
    .trim()
}

/** Two texts are the same message when they differ in nothing but white space and markup habits. */
export function sameText(one: string, other: string): boolean {
  const letters = (text: string) => text.normalize('NFC').replace(/\s+/g, '')
  return letters(one) === letters(other)
}
