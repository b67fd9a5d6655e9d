import { generateKeyPairSync, randomBytes } from 'node:crypto'
import Provider, { type Configuration, type KoaContextWithOIDC } from 'oidc-provider'
import type { ClientSpec, UserEntry } from '../directory.ts'
import { type Exchange, html, json, type Reply } from '../exchange.ts'
import type { Troubles } from '../troubles.ts'
import { ask } from './ask.ts'
import { devicePages } from './device-pages.ts'
import { Interactions } from './interactions.ts'
import { Ledger, type TokenRecord } from './ledger.ts'
import { errorPage, loginPage, type PageStyle } from './pages.ts'
import type { Passwords } from './passwords.ts'
import type { Secrets } from './secrets.ts'

export interface AuthoritySpec {
  vendor: string
  host: string
  style: PageStyle
  paths: { authorize: string; token: string; revoke?: string }
  clients: ClientSpec[]
  clientAuth: 'client_secret_basic' | 'client_secret_post'
  /** Every scope there is, with what it means in plain words. */
  scopes: Record<string, string>
  /** Scopes with a box of their own on the consent page, which people may leave unticked. Absent: all or nothing. */
  granular?: readonly string[]
  users: UserEntry[]
  siteNames: Map<string, string>
  /** Whether people pick one of their sites after signing in; otherwise their first site is it. */
  picksSite: boolean
  /** Why this person may not let an app in, or null. */
  refusesConsent(user: UserEntry): string | null
  /** Seconds; the token request's body may ask for something else. */
  accessSeconds(body: Record<string, unknown>): number
  refreshSeconds(body: Record<string, unknown>): number
  codeSeconds: number
  rotatesRefresh: boolean
  /** Randomness in bits, which sets how long tokens are. */
  accessTokenBits: number
  /** Members the vendor adds to (or takes from) the address it sends the browser back to, success only. */
  dressRedirect?(url: URL, from: { user: UserEntry | undefined; site: string; client: ClientSpec | undefined }): void
  /** False where the vendor gives no refresh token for this sign-in. Absent: always. `query` is that of the authorization request. */
  givesRefresh?(query: URLSearchParams, user: UserEntry, client: ClientSpec): boolean
  /** True where the server tells its addresses and abilities at its issuer (RFC 8414), and `iss` with each answer (RFC 9207). */
  describesItself?: boolean
  /** Requests handed in beforehand (RFC 9126). */
  pushed?: 'offered' | 'required'
  /** Tokens bound to a key of the client (RFC 9449), with a nonce of the server in each proof. */
  proof?: 'offered' | 'required'
  /** Codes typed on another device (RFC 8628): how long they live and how often an app may ask, in seconds. */
  device?: { seconds: number; interval: number }
  /** Gives the token another look, for example a JWT around it. */
  dress?(raw: string, token: TokenRecord, site: string): string
}

/** Who a bearer token speaks for. */
export interface Bearer extends TokenRecord {
  user: UserEntry
  site: string
}

/** The authorisation server of one host: oidc-provider inside, the vendor's paths and habits outside. */
export class Authority {
  readonly spec: AuthoritySpec
  readonly ledger: Ledger
  readonly #grantSites = new Map<string, string>()
  readonly #dressed = new Map<string, string>()
  /** Authorization requests, by their state and then by the grant that came of them. */
  readonly #asked = new Map<string, URLSearchParams>()
  readonly #askedOfGrant = new Map<string, URLSearchParams>()
  readonly #secrets: Secrets
  readonly #passwords: Passwords
  readonly #troubles: Troubles
  #parts: { provider: Provider; interactions: Interactions } | undefined

  constructor(spec: AuthoritySpec, world: { secrets: Secrets; passwords: Passwords; troubles: Troubles }) {
    this.spec = spec
    this.ledger = new Ledger(world.secrets)
    this.#secrets = world.secrets
    this.#passwords = world.passwords
    this.#troubles = world.troubles
    for (const user of spec.users) world.passwords.set(spec.host, user.email, user.password)
    for (const client of spec.clients) world.secrets.add('client_secret', client.clientSecret ?? '')
  }

  client(clientId: string | null): ClientSpec | undefined {
    return this.spec.clients.find((client) => client.clientId === clientId)
  }

  user(accountId: string): UserEntry | undefined {
    return this.spec.users.find((user) => user.email === accountId)
  }

  siteOf(grantId: string, user: UserEntry): string {
    return this.#grantSites.get(grantId) ?? user.sites[0] ?? ''
  }

  /** Any page of the sign-in: authorize, login, consent, and the way back. Undefined for paths that are not of it. */
  async page(exchange: Exchange): Promise<Reply | undefined> {
    const path = exchange.url.pathname
    const parts = this.#open()
    if (this.spec.describesItself && path.startsWith('/.well-known/')) return this.#description(exchange)
    if (exchange.method === 'POST' && path === pushedPath && this.spec.pushed)
      return this.#refusePushed(exchange) ?? ask(exchange, parts.provider.callback())
    if (this.spec.device && path.startsWith(devicePath)) return this.#device(exchange, this.spec.device)
    if (path.startsWith('/signin/')) return parts.interactions.answer(exchange)
    if (path !== this.spec.paths.authorize && !path.startsWith(`${this.spec.paths.authorize}/`)) return undefined
    if (path === this.spec.paths.authorize) {
      const refusal = this.#refuseRequest(exchange.url.searchParams)
      if (refusal) return refusal
      this.#asked.set(exchange.url.searchParams.get('state') ?? '', exchange.url.searchParams)
    }
    return this.#wayBack(await ask(exchange, parts.provider.callback()))
  }

  /**
   * The token endpoint. `form` holds the standard parameters; `authorization` is the Basic header where the vendor takes it.
   * Answers with the status and body of the certified server, the access token dressed as the vendor's.
   */
  async token(
    exchange: Exchange,
    form: Record<string, string>,
  ): Promise<{ status: number; body: Record<string, unknown>; nonce: Record<string, string>; bearer?: Bearer }> {
    const given = form.refresh_token
    const reply = await this.#post(exchange, this.spec.paths.token, form)
    const body = JSON.parse(reply.body.toString()) as Record<string, unknown>
    const told = reply.headers['dpop-nonce']
    const nonce: Record<string, string> = typeof told === 'string' ? { 'dpop-nonce': told } : {}
    if (reply.status !== 200 || typeof body.access_token !== 'string') return { status: reply.status, body, nonce }
    const token = this.ledger.token('AccessToken', body.access_token)
    if (!token) throw new Error('the token just issued is not in the ledger')
    if (given && this.spec.rotatesRefresh) this.#dropOlder(token)
    const user = this.user(token.accountId)
    if (!user) throw new Error(`nobody is called ${token.accountId}`)
    const site = this.siteOf(token.grantId, user)
    if (this.spec.dress) {
      const look = this.spec.dress(token.value, token, site)
      this.#dressed.set(look, token.value)
      this.#secrets.add('access_token', look)
      body.access_token = look
    }
    return { status: 200, body, nonce, bearer: { ...token, user, site } }
  }

  /** A token of the client itself (RFC 6749 4.4), which works at the site of that person and in their rights. */
  async mint(
    clientId: string,
    user: UserEntry,
    scopes: string[],
    seconds: number,
  ): Promise<{ accessToken: string; bearer: Bearer }> {
    const value = randomBytes(24).toString('base64url')
    const now = Math.floor(Date.now() / 1000)
    await this.ledger.adapter('AccessToken').upsert(
      value,
      {
        accountId: user.email,
        clientId,
        grantId: `client:${value}`,
        scope: scopes.join(' '),
        iat: now,
        exp: now + seconds,
      },
      seconds,
    )
    const token = this.ledger.token('AccessToken', value)
    if (!token) throw new Error('the token just minted is not in the ledger')
    const site = user.sites[0] ?? ''
    const accessToken = this.spec.dress?.(value, token, site) ?? value
    this.#dressed.set(accessToken, value)
    this.#secrets.add('access_token', accessToken)
    return { accessToken, bearer: { ...token, user, site } }
  }

  /** RFC 7009 and 7662, for vendors that offer them under their own paths. */
  async introspect(
    exchange: Exchange,
    form: Record<string, string>,
  ): Promise<{ status: number; body: Record<string, unknown> }> {
    const reply = await this.#post(exchange, '/introspection', form)
    return { status: reply.status, body: JSON.parse(reply.body.toString()) as Record<string, unknown> }
  }

  /** The bearer of an API call. `unknown`: never issued here. */
  check(value: string): { state: 'unknown' } | (Bearer & { state: 'live' | 'expired' | 'revoked' }) {
    const raw = this.spec.dress ? this.#dressed.get(value) : value
    const token = raw === undefined ? undefined : this.ledger.token('AccessToken', raw)
    const user = token && this.user(token.accountId)
    return token && user ? { ...token, user, site: this.siteOf(token.grantId, user) } : { state: 'unknown' }
  }

  /** Tokens of one kind, each with its bearer, narrowed to a site or a person. */
  bearers(kind: 'AccessToken' | 'RefreshToken', filter: { site?: string; user?: string }): Bearer[] {
    return this.ledger.tokens(kind).flatMap((token) => {
      const user = this.user(token.accountId)
      if (!user) return []
      const site = this.siteOf(token.grantId, user)
      const fits = (!filter.site || filter.site === site) && (!filter.user || filter.user === user.email)
      return fits ? [{ ...token, user, site }] : []
    })
  }

  dump(): unknown {
    return { entries: this.ledger.dump(), sites: [...this.#grantSites], dressed: [...this.#dressed] }
  }

  restore(saved: unknown): void {
    const known = saved as {
      entries: ReturnType<Ledger['dump']>
      sites: [string, string][]
      dressed: [string, string][]
    }
    this.ledger.restore(known.entries)
    for (const [grant, site] of known.sites) this.#grantSites.set(grant, site)
    for (const [look, raw] of known.dressed) {
      this.#dressed.set(look, raw)
      this.#secrets.add('access_token', look)
    }
  }

  /** RFC 8628: what an app asks for, and the pages on which a person types what it shows. */
  async #device(exchange: Exchange, { interval }: NonNullable<AuthoritySpec['device']>): Promise<Reply> {
    const reply = await ask(exchange, this.#open().provider.callback())
    if (exchange.url.pathname !== deviceAuthorizationPath || reply.status !== 200) return reply
    return json(200, { ...JSON.parse(reply.body.toString()), interval })
  }

  /** The redirect that ends a sign-in, as this vendor sends it. */
  #wayBack(reply: Reply): Reply {
    const { location } = reply.headers
    if (typeof location !== 'string' || !URL.canParse(location)) return reply
    const url = new URL(location)
    // Most vendors do not send `iss` (RFC 9207); oidc-provider always does.
    if (!this.spec.describesItself) url.searchParams.delete('iss')
    const code = this.ledger.code(url.searchParams.get('code') ?? '')
    if (code) {
      const asked = this.#asked.get(url.searchParams.get('state') ?? '')
      if (asked) this.#askedOfGrant.set(code.grantId, asked)
      const user = this.user(code.accountId)
      const site = user ? this.siteOf(code.grantId, user) : ''
      this.spec.dressRedirect?.(url, { user, site, client: this.client(code.clientId) })
    }
    return { ...reply, headers: { ...reply.headers, location: url.href } }
  }

  #givesRefresh(grantId: string, accountId: string, clientId: string): boolean {
    const user = this.user(accountId)
    const client = this.client(clientId)
    if (!user || !client || !this.spec.givesRefresh) return true
    return this.spec.givesRefresh(this.#askedOfGrant.get(grantId) ?? new URLSearchParams(), user, client)
  }

  #dropOlder(token: TokenRecord): void {
    for (const other of this.ledger.tokens('AccessToken')) {
      if (other.grantId === token.grantId && other.value !== token.value) this.ledger.revoke('AccessToken', other.value)
    }
  }

  #post(exchange: Exchange, path: string, form: Record<string, string>): Promise<Reply> {
    const headers = { ...exchange.headers, 'content-type': 'application/x-www-form-urlencoded' }
    const body = Buffer.from(new URLSearchParams(form).toString())
    const url = new URL(path, `https://${this.spec.host}`)
    return ask(
      { ...exchange, method: 'POST', host: this.spec.host, url, headers, body },
      this.#open().provider.callback(),
    )
  }

  /** In the words of the server inside, which knows nothing of addresses that were registered anew. */
  #refusePushed(exchange: Exchange): Reply | undefined {
    const form = new URLSearchParams(exchange.body.toString())
    const registered = this.#troubles.redirects.get(form.get('client_id') ?? '')
    if (registered === undefined || registered.includes(withoutLoopbackPort(form.get('redirect_uri') ?? ''))) {
      return undefined
    }
    const words = "redirect_uri did not match any of the client's registered redirect_uris"
    return json(400, { error: 'invalid_redirect_uri', error_description: words })
  }

  /** Faults that must never be sent to the redirect address: it is not known to be the client's. */
  #refuseRequest(query: URLSearchParams): Reply | undefined {
    const client = this.client(query.get('client_id'))
    // What was handed in beforehand was checked then.
    if (client && this.spec.pushed && query.has('request_uri')) return undefined
    const refuse = (detail: string) =>
      html(400, errorPage(this.spec.style, { title: 'This app cannot be connected', detail }))
    if (!client) return refuse('The client is not known here (invalid_client).')
    const asked = withoutLoopbackPort(query.get('redirect_uri') ?? '')
    const registered = this.#troubles.redirects.get(client.clientId) ?? client.redirectUris
    if (!registered.includes(asked)) {
      return refuse('The redirect address is not one of those registered for this app (redirect_uri mismatch).')
    }
    // The server inside would not take it; a person gets no further than the login either way.
    if (!client.redirectUris.includes(asked)) {
      return html(200, loginPage(this.spec.style, { action: '/signin/elsewhere', email: '', error: null }))
    }
    return undefined
  }

  /** RFC 8414 where it is asked for under that name, OpenID Connect Discovery under the other: one document. */
  async #description(exchange: Exchange): Promise<Reply | undefined> {
    const { pathname } = exchange.url
    if (pathname !== '/.well-known/oauth-authorization-server' && pathname !== oidcPath) return undefined
    const reply = await ask({ ...exchange, url: new URL(oidcPath, exchange.url) }, this.#open().provider.callback())
    const document = JSON.parse(reply.body.toString()) as Record<string, unknown>
    document.prompt_values_supported = ['none', 'login', 'consent']
    if (this.spec.paths.revoke) document.revocation_endpoint = `https://${this.spec.host}${this.spec.paths.revoke}`
    return json(200, document)
  }

  #open(): { provider: Provider; interactions: Interactions } {
    if (this.#parts) return this.#parts
    const provider = new Provider(`https://${this.spec.host}`, this.#configuration())
    const interactions = new Interactions({
      provider,
      spec: this.spec,
      passwords: this.#passwords,
      troubles: this.#troubles,
      choose: (grantId, site) => this.#grantSites.set(grantId, site),
      asked: (state) => this.#asked.get(state),
    })
    this.#parts = { provider, interactions }
    return this.#parts
  }

  #configuration(): Configuration {
    const { spec, ledger } = this
    const body = (ctx: KoaContextWithOIDC | undefined) => ctx?.oidc?.body ?? {}
    const key = generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey.export({ format: 'jwk' })
    return {
      adapter: (name: string) => ledger.adapter(name),
      clients: spec.clients.map((client) => ({
        client_id: client.clientId,
        ...(client.clientSecret === null ? {} : { client_secret: client.clientSecret }),
        client_name: client.name,
        // Custom schemes and fixed loopback ports are only let in for native clients.
        application_type: 'native',
        redirect_uris: client.redirectUris,
        grant_types: ['authorization_code', 'refresh_token', ...(spec.device ? [deviceGrant] : [])],
        response_types: ['code'],
        token_endpoint_auth_method: client.clientSecret === null ? 'none' : spec.clientAuth,
        ...(spec.proof === 'required' ? { dpop_bound_access_tokens: true } : {}),
        scope: client.scopes.join(' '),
        id_token_signed_response_alg: 'ES256',
      })),
      scopes: Object.keys(spec.scopes),
      jwks: { keys: [{ ...key, use: 'sig', alg: 'ES256' }] },
      cookies: {
        keys: [],
        names: { session: `_${spec.vendor}_session`, interaction: '_signin', resume: '_signin_resume' },
      },
      routes: {
        authorization: spec.paths.authorize,
        token: spec.paths.token,
        introspection: '/introspection',
        pushed_authorization_request: pushedPath,
        code_verification: devicePath,
        device_authorization: deviceAuthorizationPath,
      },
      features: {
        devInteractions: { enabled: false },
        introspection: { enabled: true, allowedPolicy: async () => true },
        pushedAuthorizationRequests: {
          enabled: spec.pushed !== undefined,
          requirePushedAuthorizationRequests: spec.pushed === 'required',
        },
        deviceFlow: { enabled: spec.device !== undefined, ...devicePages(spec.style) },
        dPoP: {
          enabled: spec.proof !== undefined,
          nonceSecret: Buffer.alloc(32, spec.host),
          requireNonce: () => true,
        },
      },
      pkce: { required: (_ctx, client) => client.clientSecret === undefined },
      interactions: { url: (_ctx, interaction) => `/signin/${interaction.uid}` },
      findAccount: async (_ctx, id) =>
        this.user(id) ? { accountId: id, claims: async () => ({ sub: id }) } : undefined,
      // Each consent makes a grant of its own: two accounts connected from one browser live and die apart.
      loadExistingGrant: async (ctx) => {
        const grantId = ctx.oidc.result?.consent?.grantId
        return grantId ? ctx.oidc.provider.Grant.find(grantId) : undefined
      },
      issueRefreshToken: async (_ctx, client, code) =>
        this.#givesRefresh(code.grantId ?? '', code.accountId ?? '', client.clientId),
      expiresWithSession: async () => false,
      rotateRefreshToken: spec.rotatesRefresh,
      formats: { bitsOfOpaqueRandomness: (_ctx, token) => (token.kind === 'AccessToken' ? spec.accessTokenBits : 256) },
      ttl: {
        AccessToken: (ctx) => spec.accessSeconds(body(ctx)),
        RefreshToken: (ctx) => spec.refreshSeconds(body(ctx)),
        AuthorizationCode: spec.codeSeconds,
        DeviceCode: spec.device?.seconds ?? 600,
        Grant: 400 * 86_400,
        Session: 14 * 86_400,
        Interaction: 3600,
        IdToken: 3600,
      },
      renderError: async (ctx, out) => {
        ctx.type = 'html'
        ctx.body = errorPage(spec.style, {
          title: 'Sign-in failed',
          detail: `${out.error}: ${out.error_description ?? ''}`,
        })
      },
    }
  }
}

const pushedPath = '/par'
const devicePath = '/device'
const deviceAuthorizationPath = '/device/code'
const deviceGrant = 'urn:ietf:params:oauth:grant-type:device_code'
const oidcPath = '/.well-known/openid-configuration'

/** On 127.0.0.1 the port is not compared: the app gets another one each time. */
function withoutLoopbackPort(uri: string): string {
  return uri.replace(/^http:\/\/127\.0\.0\.1:\d+\//, 'http://127.0.0.1/')
}
