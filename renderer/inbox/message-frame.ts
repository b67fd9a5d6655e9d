import frameStyles from './message-frame.css?url'
import type { SafeHtml } from './safe-html.ts'

/**
 * The document of a customer's message lives in a frame with `sandbox="allow-same-origin"` and no scripts.
 *
 * Without `allow-scripts` nothing in it can run. `allow-same-origin` is what lets the app put checked nodes into it (instead of a
 * string that would be parsed again), measure its height and hear a click on a link, all from the outside. The frame has a
 * policy of its own on top of the app's, without a script source, so two walls stand behind the sanitiser.
 */
const framePolicy = [
  "default-src 'none'",
  'img-src data:',
  "style-src 'self' 'unsafe-inline'",
  "font-src 'self'",
  "form-action 'none'",
  "base-uri 'none'",
].join('; ')

const handedOver = ['--text', '--text-quiet', '--text-faint', '--line', '--accent-text', '--focus']

export interface FrameEvents {
  onHeight: (height: number) => void
  onLink: (href: string, text: string) => void
}

/** Puts the message into the frame and follows its height. Answers a function that lets go of it. */
export function fillFrame(frame: HTMLIFrameElement, html: SafeHtml, events: FrameEvents): () => void {
  const page = frame.contentDocument
  if (page === null) return () => undefined
  page.head.replaceChildren(meta(page, 'http-equiv', 'Content-Security-Policy', framePolicy))
  page.head.append(
    meta(page, 'name', 'referrer', 'no-referrer'),
    meta(page, 'http-equiv', 'x-dns-prefetch-control', 'off'),
  )
  const styles = page.createElement('link')
  styles.rel = 'stylesheet'
  styles.href = frameStyles
  page.head.append(styles)
  handOverTokens(page)
  page.body.replaceChildren(page.adoptNode(html.nodes))
  for (const { element, name, value } of html.styles) element.style.setProperty(name, value)

  const measure = () => events.onHeight(Math.ceil(page.documentElement.getBoundingClientRect().height))
  const observer = typeof ResizeObserver === 'undefined' ? null : new ResizeObserver(measure)
  observer?.observe(page.documentElement)
  styles.addEventListener('load', measure)
  const onClick = (event: MouseEvent) => {
    const link = linkOf(event.target)
    if (link === null) return
    event.preventDefault()
    events.onLink(link.href, link.textContent ?? '')
  }
  const onKey = (event: KeyboardEvent) => passOn(frame, event)
  page.addEventListener('click', onClick)
  page.addEventListener('auxclick', onClick)
  page.addEventListener('keydown', onKey)
  measure()
  return () => {
    observer?.disconnect()
    page.removeEventListener('click', onClick)
    page.removeEventListener('auxclick', onClick)
    page.removeEventListener('keydown', onKey)
  }
}

/** Colours of the app as they are now; called again when the theme changes. */
export function handOverTokens(page: Document): void {
  const app = getComputedStyle(document.documentElement)
  const { style } = page.documentElement
  style.colorScheme = document.documentElement.dataset.theme ?? 'light'
  for (const name of handedOver) style.setProperty(name, app.getPropertyValue(name))
}

function meta(page: Document, attribute: 'name' | 'http-equiv', name: string, content: string): HTMLMetaElement {
  const element = page.createElement('meta')
  element.setAttribute(attribute, name)
  element.content = content
  return element
}

/** The frame has its own classes, so `instanceof` of this window does not know its links. */
function linkOf(target: EventTarget | null): HTMLAnchorElement | null {
  const element = target as Element | null
  return typeof element?.closest === 'function' ? element.closest<HTMLAnchorElement>('a[href]') : null
}

/** Shortcuts go on working after a click into a message. */
function passOn(frame: HTMLIFrameElement, event: KeyboardEvent): void {
  const { key, code, ctrlKey, metaKey, altKey, shiftKey } = event
  if (key === 'Tab' || key === 'Enter' || ctrlKey || metaKey) return
  frame.dispatchEvent(
    new KeyboardEvent('keydown', { key, code, ctrlKey, metaKey, altKey, shiftKey, bubbles: true, cancelable: true }),
  )
}
