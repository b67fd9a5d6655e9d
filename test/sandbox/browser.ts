import type { SandboxFetch } from './client.ts'

export interface PageView {
  url: string
  status: number
  html: string
}

/** Where a chain of redirects ended: at a page, or at a redirect address of the app, which is not loaded. */
export type Landing = { kind: 'page'; page: PageView } | { kind: 'redirected'; url: URL }

interface Cookie {
  value: string
  path: string
}

/** A browser small enough to read: cookies, redirects, and the buttons of the sandbox's own pages. */
export class PocketBrowser {
  readonly #fetch: SandboxFetch
  readonly #stopAt: string[]
  readonly #cookies = new Map<string, Map<string, Cookie>>()

  /** Navigations to an address that begins with one of `stopAt` end there. */
  constructor(fetch: SandboxFetch, stopAt: string[]) {
    this.#fetch = fetch
    this.#stopAt = stopAt
  }

  async open(url: string): Promise<Landing> {
    return this.#go(url, { method: 'GET' })
  }

  /** Presses the button of a form whose address ends in `/step`, with all hidden fields, all boxes ticked, and the given ones. */
  async submit(page: PageView, step: string, fields: Record<string, string> = {}): Promise<Landing> {
    const action = new RegExp(`(?:form)?action="([^"]*/${step})"`).exec(page.html)?.[1]
    if (!action) throw new Error(`the page at ${page.url} has no button ${step}: ${title(page.html)}`)
    const hidden = [...page.html.matchAll(/<input type="(?:hidden|checkbox)" name="([^"]*)" value="([^"]*)"/g)].map(
      ([, name = '', value = '']) => [name, value],
    )
    const body = new URLSearchParams({ ...Object.fromEntries(hidden), ...fields })
    return this.#go(new URL(action, page.url).href, { method: 'POST', body })
  }

  cookiesOf(host: string): string[] {
    return [...(this.#cookies.get(host)?.keys() ?? [])]
  }

  async #go(start: string, first: { method: string; body?: URLSearchParams }): Promise<Landing> {
    let url = start
    let request: { method: string; body?: URLSearchParams } = first
    for (let hops = 0; hops < 10; hops++) {
      if (this.#stopAt.some((stop) => url.startsWith(stop))) return { kind: 'redirected', url: new URL(url) }
      const { body, method } = request
      const response = await this.#fetch(url, {
        method,
        redirect: 'manual',
        headers: { cookie: this.#header(url) },
        ...(body ? { body } : {}),
      })
      this.#keep(url, response.headers.getSetCookie())
      const location = response.headers.get('location')
      if (!location) return { kind: 'page', page: { url, status: response.status, html: await response.text() } }
      await response.body?.cancel()
      url = new URL(location, url).href
      request = { method: 'GET' }
    }
    throw new Error(`too many redirects from ${start}`)
  }

  #header(url: string): string {
    const { host, pathname } = new URL(url)
    return [...(this.#cookies.get(host) ?? [])]
      .filter(([, cookie]) => pathname.startsWith(cookie.path))
      .map(([name, cookie]) => `${name}=${cookie.value}`)
      .join('; ')
  }

  #keep(url: string, headers: string[]): void {
    const { host } = new URL(url)
    const jar = this.#cookies.get(host) ?? new Map<string, Cookie>()
    this.#cookies.set(host, jar)
    for (const header of headers) {
      const [pair = '', ...attributes] = header.split(/;\s*/)
      const [name = '', value = ''] = pair.split(/=(.*)/s)
      const path = attributes.find((attribute) => attribute.toLowerCase().startsWith('path='))?.slice(5) ?? '/'
      if (value === '' || attributes.some((attribute) => /^expires=thu, 01 jan 1970/i.test(attribute))) jar.delete(name)
      else jar.set(name, { value, path })
    }
  }
}

function title(html: string): string {
  return /<title>([^<]*)/.exec(html)?.[1] ?? html.slice(0, 80)
}
