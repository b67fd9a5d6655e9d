import { createHash, randomBytes } from 'node:crypto'
import { type Landing, type PageView, PocketBrowser } from './browser.ts'
import type { SandboxFetch } from './client.ts'
import { type ClientSpec, type Directory, registeredRedirectUris, type SiteEntry, type UserEntry } from './directory.ts'
import type { VendorFlow } from './flow.ts'
import { vendors } from './vendors.ts'

export interface SignInWish {
  site: string
  email: string
  clientId?: string
  /** In place of the registered one. */
  clientSecret?: string
  scopes?: string[]
  redirectUri?: string
  browser?: PocketBrowser
  /** Extra parameters of the authorize request. */
  authorize?: Record<string, string>
  /** Extra parameters of the token request. */
  token?: Record<string, string>
}

export interface SignedIn {
  accessToken: string
  refreshToken: string
  answer: Record<string, unknown>
  status: number
}

/** Signs in to the sandbox the way a person and a correct client would: every page, PKCE, the vendor's own token request. */
export class SignInFlow {
  readonly site: SiteEntry
  readonly user: UserEntry
  readonly client: ClientSpec
  readonly redirectUri: string
  readonly verifier = randomBytes(32).toString('base64url')
  readonly state = randomBytes(16).toString('hex')
  readonly browser: PocketBrowser
  readonly #fetch: SandboxFetch
  readonly #wish: SignInWish
  readonly #flow: VendorFlow

  constructor(fetch: SandboxFetch, directory: Directory, wish: SignInWish) {
    const site = directory.sites.find((known) => known.id === wish.site)
    const user = directory.users.find((known) => known.email === wish.email && known.sites.includes(wish.site))
    const client = directory.clients.find(
      (known) =>
        site &&
        known.authorityHosts.includes(site.authorityHost) &&
        known.vendor === site.vendor &&
        (!wish.clientId || known.clientId === wish.clientId),
    )
    if (!site || !user || !client) throw new Error(`cannot sign in ${wish.email} at ${wish.site}: not in the directory`)
    const flow = vendors.find((vendor) => vendor.id === site.vendor)?.flow
    if (!flow) throw new Error(`${site.vendor} has no OAuth`)
    this.#flow = flow
    this.site = site
    this.user = user
    this.client = client
    this.redirectUri = wish.redirectUri ?? registeredRedirectUris[0] ?? ''
    this.browser = wish.browser ?? new PocketBrowser(fetch, registeredRedirectUris)
    this.#fetch = fetch
    this.#wish = wish
  }

  get authorizeUrl(): string {
    const query = new URLSearchParams({
      response_type: 'code',
      client_id: this.client.clientId,
      redirect_uri: this.redirectUri,
      scope: (this.#wish.scopes ?? this.#flow.scopes(this.client)).join(this.#flow.scopeSeparator ?? ' '),
      state: this.state,
      code_challenge: createHash('sha256').update(this.verifier).digest('base64url'),
      code_challenge_method: 'S256',
      ...this.#flow.authorize,
      ...this.#wish.authorize,
    })
    return `${this.#flow.authorizeUrl(this.site)}?${query}`
  }

  /** The consent page, having signed in and picked the site where that is asked. */
  async consent(): Promise<PageView> {
    let landing = await this.browser.open(this.authorizeUrl)
    if (page(landing).html.includes('name="password"')) {
      landing = await this.browser.submit(page(landing), 'login', {
        email: this.user.email,
        password: this.user.password,
      })
    }
    if (page(landing).html.includes('/choose"'))
      landing = await this.browser.submit(page(landing), 'choose', { site: this.site.id })
    return page(landing)
  }

  /** Presses Allow. The address the vendor sends the browser to. */
  async allow(): Promise<URL> {
    const landing = await this.browser.submit(await this.consent(), 'allow')
    if (landing.kind !== 'redirected') throw new Error(`no redirect: ${landing.page.html}`)
    return landing.url
  }

  async exchange(code: string, change: Record<string, string> = {}): Promise<SignedIn> {
    return this.#token({
      grant_type: 'authorization_code',
      code,
      redirect_uri: this.redirectUri,
      code_verifier: this.verifier,
      ...change,
    })
  }

  async refresh(refreshToken: string): Promise<SignedIn> {
    return this.#token({ grant_type: 'refresh_token', refresh_token: refreshToken })
  }

  async run(): Promise<SignedIn> {
    const code = (await this.allow()).searchParams.get('code')
    if (!code) throw new Error('the redirect has no code')
    return this.exchange(code)
  }

  async #token(standard: Record<string, string>): Promise<SignedIn> {
    const { clientId } = this.client
    const clientSecret = this.#wish.clientSecret ?? this.client.clientSecret
    const body = { ...standard, ...this.#wish.token }
    const request = this.#flow.token(this.site, body, { clientId, clientSecret })
    const response = await this.#fetch(request.url, {
      method: 'POST',
      headers: {
        ...(request.json ? { 'content-type': 'application/json' } : {}),
        ...(request.basic ? { authorization: `Basic ${Buffer.from(request.basic).toString('base64')}` } : {}),
      },
      body: request.json ? JSON.stringify(request.json) : new URLSearchParams(request.form),
    })
    const answer = (await response.json()) as Record<string, unknown>
    return {
      status: response.status,
      answer,
      accessToken: String(answer.access_token ?? ''),
      refreshToken: String(answer.refresh_token ?? ''),
    }
  }
}

function page(landing: Landing): PageView {
  if (landing.kind !== 'page') throw new Error(`redirected to ${landing.url} instead of showing a page`)
  return landing.page
}
