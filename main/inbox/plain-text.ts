const blocks = new Set(
  'address article aside blockquote br dd div dl dt fieldset figure footer form h1 h2 h3 h4 h5 h6 header hr li main nav ol p pre section table td th tr ul'.split(
    ' ',
  ),
)
/** Their content is never text for people. */
const silent = new Set(['script', 'style', 'head', 'title', 'template', 'noscript', 'svg', 'math', 'iframe', 'object'])
const entities: Record<string, string> = {
  amp: '&',
  lt: '<',
  gt: '>',
  quot: '"',
  apos: "'",
  nbsp: ' ',
  ndash: '–',
  mdash: '—',
  hellip: '…',
  euro: '€',
  copy: '©',
  reg: '®',
  laquo: '«',
  raquo: '»',
  auml: 'ä',
  ouml: 'ö',
  uuml: 'ü',
  Auml: 'Ä',
  Ouml: 'Ö',
  Uuml: 'Ü',
  szlig: 'ß',
  eacute: 'é',
  egrave: 'è',
  agrave: 'à',
  ccedil: 'ç',
  ntilde: 'ñ',
}

/**
 * Words of untrusted HTML for previews and search, in one pass and linear time. The result is text: it may contain `<` and must never be
 * used as HTML.
 */
export function plainText(html: string): string {
  let text = ''
  let at = 0
  while (at < html.length) {
    const open = html.indexOf('<', at)
    if (open < 0) return tidy(text + html.slice(at))
    text += html.slice(at, open)
    const tag = tagAt(html, open)
    if (!tag) {
      text += '<'
      at = open + 1
    } else {
      if (blocks.has(tag.name)) text += '\n'
      at = silent.has(tag.name) && !tag.closing ? endOf(html, tag.name, tag.end) : tag.end
    }
  }
  return tidy(text)
}

function tagAt(html: string, open: number): { name: string; closing: boolean; end: number } | null {
  if (html.startsWith('<!--', open)) return { name: '!', closing: false, end: after(html, '-->', open + 4) }
  const found = /^<(\/?)([a-z!?][a-z0-9]*)/i.exec(html.slice(open, open + 40))
  if (!found) return null
  return { name: (found[2] ?? '').toLowerCase(), closing: found[1] === '/', end: after(html, '>', open + 1) }
}

function endOf(html: string, name: string, from: number): number {
  const closing = new RegExp(`</${name}[^>]{0,200}>`, 'gi')
  closing.lastIndex = from
  return closing.exec(html) ? closing.lastIndex : html.length
}

function after(html: string, mark: string, from: number): number {
  const found = html.indexOf(mark, from)
  return found < 0 ? html.length : found + mark.length
}

function tidy(text: string): string {
  return text
    .replaceAll(/&(#x[0-9a-f]{1,6}|#[0-9]{1,7}|[a-z]{2,8});/gi, (whole, name: string) => entity(name) ?? whole)
    .replaceAll(/[^\S\n]+/g, ' ')
    .replaceAll(/ ?\n[\s]*/g, '\n')
    .trim()
}

function entity(name: string): string | undefined {
  if (!name.startsWith('#')) return Object.hasOwn(entities, name) ? entities[name] : undefined
  const code = /^#x/i.test(name) ? Number.parseInt(name.slice(2), 16) : Number.parseInt(name.slice(1), 10)
  return code > 0 && code <= 0x10ffff && (code < 0xd800 || code > 0xdfff) ? String.fromCodePoint(code) : '\ufffd'
}
