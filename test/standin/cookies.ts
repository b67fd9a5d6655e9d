import type { Cookie, CookiesGetFilter, CookiesSetDetails, Cookies as ElectronCookies } from 'electron'
import { GuardedEmitter } from './absent.ts'
import type { Protocol } from './cdp.ts'
import type { StoredCookie } from './partition-store.ts'
import { runtime } from './runtime.ts'

type CookieParam = Protocol.Network.CookieParam
type Implemented = Pick<ElectronCookies, 'get' | 'set' | 'remove' | 'flushStore'>

const SAME_SITE = { Strict: 'strict', Lax: 'lax', None: 'no_restriction' } as const

function toElectron(cookie: StoredCookie): Cookie {
  return {
    name: cookie.name,
    value: cookie.value,
    domain: cookie.domain,
    hostOnly: !cookie.domain.startsWith('.'),
    path: cookie.path,
    secure: cookie.secure,
    httpOnly: cookie.httpOnly,
    session: cookie.session,
    sameSite: cookie.sameSite ? SAME_SITE[cookie.sameSite] : 'unspecified',
    ...(cookie.session ? {} : { expirationDate: cookie.expires }),
  }
}

function appliesTo(cookie: Pick<StoredCookie, 'domain' | 'path' | 'secure'>, url: URL): boolean {
  const domain = cookie.domain.replace(/^\./, '')
  const hostFits = cookie.domain.startsWith('.')
    ? url.hostname === domain || url.hostname.endsWith(`.${domain}`)
    : url.hostname === domain
  const folder = cookie.path.endsWith('/') ? cookie.path : `${cookie.path}/`
  const pathFits = url.pathname === cookie.path || `${url.pathname}/`.startsWith(folder)
  return hostFits && pathFits && (!cookie.secure || url.protocol === 'https:' || url.hostname === '127.0.0.1')
}

function matches(cookie: Cookie, filter: CookiesGetFilter): boolean {
  const domain = cookie.domain?.replace(/^\./, '') ?? ''
  const wanted = filter.domain?.replace(/^\./, '')
  return (
    (filter.name === undefined || cookie.name === filter.name) &&
    (wanted === undefined || domain === wanted || domain.endsWith(`.${wanted}`)) &&
    (filter.path === undefined || cookie.path === filter.path) &&
    (filter.secure === undefined || cookie.secure === filter.secure) &&
    (filter.session === undefined || cookie.session === filter.session) &&
    (filter.httpOnly === undefined || cookie.httpOnly === filter.httpOnly)
  )
}

/** The cookie jar of one session, which lives in its browser context. */
export class Cookies extends GuardedEmitter implements Implemented {
  readonly #context: () => Promise<string | undefined>
  readonly #save: () => Promise<void>

  constructor(context: () => Promise<string | undefined>, save: () => Promise<void>) {
    super()
    this.#context = context
    this.#save = save
  }

  async raw(): Promise<StoredCookie[]> {
    const [browser, scope] = await Promise.all([runtime.browser(), this.#scope()])
    return (await browser.root.send('Storage.getCookies', scope)).cookies
  }

  async get(filter: CookiesGetFilter): Promise<Cookie[]> {
    const url = filter.url === undefined ? undefined : new URL(filter.url)
    const cookies = (await this.raw()).filter((cookie) => url === undefined || appliesTo(cookie, url))
    return cookies.map(toElectron).filter((cookie) => matches(cookie, filter))
  }

  async set(details: CookiesSetDetails): Promise<void> {
    const { url, name = '', value = '', domain, path, secure, httpOnly, expirationDate, sameSite } = details
    const site = Object.entries(SAME_SITE).find(([, ours]) => ours === sameSite)?.[0] as StoredCookie['sameSite']
    await this.store([
      {
        url,
        name,
        value,
        ...(domain === undefined ? {} : { domain }),
        ...(path === undefined ? {} : { path }),
        ...(secure === undefined ? {} : { secure }),
        ...(httpOnly === undefined ? {} : { httpOnly }),
        ...(expirationDate === undefined ? {} : { expires: expirationDate }),
        ...(site === undefined ? {} : { sameSite: site }),
      },
    ])
  }

  async remove(url: string, name: string): Promise<void> {
    const page = new URL(url)
    const all = await this.raw()
    const kept = all.filter((cookie) => cookie.name !== name || !appliesTo(cookie, page))
    if (kept.length === all.length) return
    const [browser, scope] = await Promise.all([runtime.browser(), this.#scope()])
    await browser.root.send('Storage.clearCookies', scope)
    await this.restore(kept)
  }

  /** Writes the jar to disk now instead of a moment later. */
  async flushStore(): Promise<void> {
    await this.#save()
  }

  async clear(): Promise<void> {
    const [browser, scope] = await Promise.all([runtime.browser(), this.#scope()])
    await browser.root.send('Storage.clearCookies', scope)
  }

  /** The Cookie header for a request of the app itself, undefined when no cookie applies. */
  async header(url: string): Promise<string | undefined> {
    const page = new URL(url)
    const fitting = (await this.raw()).filter((cookie) => appliesTo(cookie, page))
    return fitting.length > 0 ? fitting.map(({ name, value }) => `${name}=${value}`).join('; ') : undefined
  }

  /** Takes the Set-Cookie lines of an answer the app itself got from `url`. */
  async accept(url: string, lines: readonly string[]): Promise<void> {
    if (lines.length > 0) await this.store(lines.map((line) => parseSetCookie(url, line)))
  }

  async restore(cookies: readonly StoredCookie[]): Promise<void> {
    await this.store(
      cookies.map(({ session, expires, size: _, ...cookie }) => (session ? cookie : { ...cookie, expires })),
    )
  }

  private async store(cookies: CookieParam[]): Promise<void> {
    const [browser, scope] = await Promise.all([runtime.browser(), this.#scope()])
    if (cookies.length > 0) await browser.root.send('Storage.setCookies', { cookies, ...scope })
  }

  async #scope(): Promise<{ browserContextId?: string }> {
    const browserContextId = await this.#context()
    return browserContextId === undefined ? {} : { browserContextId }
  }
}

/** One Set-Cookie line (RFC 6265 5.2) as the browser's cookie store takes it. */
function parseSetCookie(url: string, line: string): CookieParam {
  const [pair = '', ...attributes] = line.split(';').map((part) => part.trim())
  const at = pair.indexOf('=')
  const named = new Map(
    attributes.map((attribute) => {
      const [key = '', value = ''] = attribute.split(/=(.*)/s)
      return [key.toLowerCase(), value]
    }),
  )
  const cookie: CookieParam = { url, name: pair.slice(0, at), value: pair.slice(at + 1) }
  const maxAge = Number(named.get('max-age') ?? Number.NaN)
  const expires = Number.isNaN(maxAge) ? Date.parse(named.get('expires') ?? '') / 1000 : Date.now() / 1000 + maxAge
  const domain = named.get('domain')?.replace(/^\./, '')
  const path = named.get('path')
  const site = Object.keys(SAME_SITE).find((name) => name.toLowerCase() === named.get('samesite')?.toLowerCase())
  if (named.has('httponly')) cookie.httpOnly = true
  if (named.has('secure')) cookie.secure = true
  if (domain) cookie.domain = `.${domain}`
  if (path?.startsWith('/')) cookie.path = path
  if (!Number.isNaN(expires)) cookie.expires = expires
  if (site) cookie.sameSite = site as Protocol.Network.CookieSameSite
  return cookie
}
