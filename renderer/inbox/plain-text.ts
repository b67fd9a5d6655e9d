/** A piece of a plain text message: words, or a link that stands in them. */
export type Piece = { kind: 'text'; text: string } | { kind: 'link'; text: string; href: string }

export interface PlainMessage {
  /** What the author wrote now. */
  fresh: string
  /** Older messages carried along under it; empty when there are none. */
  quoted: string
}

const attribution =
  /^(?:on .{4,200} wrote:|am .{4,200} schrieb.{0,120}:|le .{4,200} a écrit\s?:|-{2,}\s*original message\s*-{2,}|_{20,})$/i

/** Parts the quoted tail of a plain text message off: from the attribution line, or the first `>` block that reaches the end. */
export function splitQuote(text: string): PlainMessage {
  const lines = text.replaceAll('\r\n', '\n').split('\n')
  const byWords = lines.findIndex((line) => attribution.test(line.trim()))
  const start = byWords !== -1 ? byWords : tailOfQuotes(lines)
  const fresh = lines.slice(0, start).join('\n').trim()
  // A message that is nothing but a quote is shown as it is.
  if (start === lines.length || fresh === '') return { fresh: text.trim(), quoted: '' }
  return { fresh, quoted: lines.slice(start).join('\n').trim() }
}

function tailOfQuotes(lines: readonly string[]): number {
  let start = lines.length
  for (let index = lines.length - 1; index >= 0; index -= 1) {
    const line = lines[index]?.trim() ?? ''
    if (line.startsWith('>')) start = index
    else if (line !== '') break
  }
  return start
}

const address = /https:\/\/[^\s<>"'`]+/g

/** Words and links in order. A closing bracket or a full stop after a link is not part of it. */
export function withLinks(text: string): Piece[] {
  const pieces: Piece[] = []
  let from = 0
  for (const match of text.matchAll(address)) {
    const href = match[0].replace(/[.,;:!?)\]}]+$/, '')
    if (match.index > from) pieces.push({ kind: 'text', text: text.slice(from, match.index) })
    pieces.push({ kind: 'link', text: href, href })
    from = match.index + href.length
  }
  if (from < text.length) pieces.push({ kind: 'text', text: text.slice(from) })
  return pieces
}
