import DOMPurify from 'dompurify'
import { allowedStyles, type StyleRule } from './safe-style.ts'

/** Customer HTML made safe. Nodes, never a string: what was checked is not parsed a second time (mutation XSS). */
export interface SafeHtml {
  nodes: DocumentFragment
  /** Inline styles that are allowed, to be set one by one on the nodes once these are in their frame. */
  styles: readonly StyleRule[]
  /** Images that would have been fetched from elsewhere. None of them is. */
  blockedImages: number
}

const tags = [
  ...[
    'a',
    'abbr',
    'address',
    'article',
    'b',
    'bdi',
    'bdo',
    'big',
    'blockquote',
    'br',
    'caption',
    'center',
    'cite',
    'code',
  ],
  ...[
    'col',
    'colgroup',
    'dd',
    'del',
    'details',
    'dfn',
    'div',
    'dl',
    'dt',
    'em',
    'figcaption',
    'figure',
    'font',
    'footer',
  ],
  ...[
    'h1',
    'h2',
    'h3',
    'h4',
    'h5',
    'h6',
    'header',
    'hr',
    'i',
    'img',
    'ins',
    'kbd',
    'li',
    'main',
    'mark',
    'ol',
    'p',
    'pre',
  ],
  ...['q', 'rp', 'rt', 'ruby', 's', 'samp', 'section', 'small', 'span', 'strike', 'strong', 'sub', 'summary', 'sup'],
  ...['table', 'tbody', 'td', 'tfoot', 'th', 'thead', 'time', 'tr', 'tt', 'u', 'ul', 'var', 'wbr'],
]
const attributes = [
  ...['align', 'alt', 'cite', 'class', 'colspan', 'datetime', 'dir', 'height', 'href', 'lang', 'reversed', 'rowspan'],
  ...['src', 'start', 'style', 'title', 'valign', 'width'],
]

/** https, mailto and cid; `data:` only for the raster images that stand in the message itself. */
const addresses = /^(?:https:|mailto:|cid:|data:image\/(?:png|gif|jpeg|webp);base64,)/i
const inlineImage = /^data:image\/(?:png|gif|jpeg|webp);base64,/i

/** See security-reliability 6: an own list, no forms, no SVG, no style elements, no ids, no data attributes. */
export function sanitize(html: string): SafeHtml {
  const nodes = DOMPurify.sanitize(html, {
    ALLOWED_TAGS: tags,
    ALLOWED_ATTR: attributes,
    ALLOWED_URI_REGEXP: addresses,
    ALLOW_DATA_ATTR: false,
    ALLOW_ARIA_ATTR: false,
    ALLOW_UNKNOWN_PROTOCOLS: false,
    SANITIZE_NAMED_PROPS: true,
    FORBID_CONTENTS: ['script', 'style', 'template', 'noscript', 'svg', 'math', 'select', 'textarea', 'title'],
    RETURN_DOM_FRAGMENT: true,
  })
  const styles = takeStyles(nodes)
  const blockedImages = holdImages(nodes)
  holdLinks(nodes)
  foldQuotes(nodes)
  for (const element of nodes.querySelectorAll('[class]')) element.removeAttribute('class')
  return { nodes, styles, blockedImages }
}

function takeStyles(nodes: DocumentFragment): StyleRule[] {
  return [...nodes.querySelectorAll<HTMLElement>('[style]')].flatMap((element) => {
    const declared = allowedStyles(element.getAttribute('style') ?? '')
    element.removeAttribute('style')
    return declared.map(([name, value]) => ({ element, name, value }))
  })
}

/** Every image that is not in the message itself gives way to its description. */
function holdImages(nodes: DocumentFragment): number {
  let blocked = 0
  for (const image of nodes.querySelectorAll('img')) {
    if (inlineImage.test(image.getAttribute('src') ?? '')) continue
    blocked += 1
    const alt = (image.getAttribute('alt') ?? '').trim()
    const pixel = Number(image.getAttribute('width') ?? 9) <= 2 || Number(image.getAttribute('height') ?? 9) <= 2
    if (pixel || alt === '') {
      image.remove()
      continue
    }
    const words = image.ownerDocument.createElement('span')
    words.setAttribute('role', 'img')
    words.setAttribute('aria-label', alt)
    words.dataset.image = ''
    words.textContent = alt
    image.replaceWith(words)
  }
  return blocked
}

/** Links show where they lead; a link without an address is plain text. */
function holdLinks(nodes: DocumentFragment): void {
  for (const link of nodes.querySelectorAll('a')) {
    const href = link.getAttribute('href')
    if (href === null || !/^(https|mailto):/i.test(href)) link.removeAttribute('href')
    else link.setAttribute('title', href)
  }
}

const quotes = 'blockquote, .gmail_quote, .yahoo_quoted, .moz-cite-prefix, .zd_quoted'

/** The outermost quotes of older messages fold, so that what is new is seen first. */
function foldQuotes(nodes: DocumentFragment): void {
  for (const quote of nodes.querySelectorAll(quotes)) {
    if (quote.parentElement?.closest(`${quotes}, details`) != null) continue
    const { ownerDocument } = quote
    const details = ownerDocument.createElement('details')
    const summary = ownerDocument.createElement('summary')
    summary.textContent = 'Quoted text'
    quote.replaceWith(details)
    details.append(summary, quote)
  }
}
