import type { KyInstance } from 'ky'
import type { AppError } from '../errors.ts'
import type { FetchPort } from '../ports.ts'
import type {
  Attachment,
  Command,
  CommandKind,
  Compose,
  Conversation,
  Directory,
  Identity,
  Page,
  Receipt,
  Thread,
  Unified,
} from './model.ts'

/** Values a person gives to name a vendor's site, after `SiteField.normalise`. For example `{ subdomain: 'acme' }`. */
export type Site = Record<string, string>

export interface SiteField {
  key: string
  label: string
  placeholder: string
  help: string
  /** Where there is only a choice, not something to type. The first is the default. */
  options?: { value: string; label: string }[]
  /** May be left empty; `normalise` then gets the empty text. */
  optional?: boolean
  /**
   * Reduces what people paste (a full URL, upper case, blanks) to the plain value.
   * @throws AppError `site_invalid` with a sentence that says what was expected
   */
  normalise(text: string): string
}

export interface ScopeNeed {
  id: string
  /** In plain words: "Read tickets", "Send replies and notes". */
  reason: string
  /** Signing in works without it; what it is for is then not offered. */
  optional: boolean
  /** Commands that are impossible without it. */
  enables?: CommandKind[]
}

/** `handover` is the static https page, `app` the custom protocol reached directly, `loopback` a port of this computer (RFC 8252 7.3). */
export type RedirectKind = 'handover' | 'app' | 'loopback'
/**
 * `device`: a code typed into any browser (RFC 8628). `key`: no handshake at all, the person pastes a secret of the vendor (`KeySignIn`).
 */
export type SignInWay = 'auth-window' | 'system-browser' | 'device' | ServiceWay | 'key'
/** Without a person: the OAuth client itself signs in, by its secret (RFC 6749 4.4) or by a signed statement (RFC 7523). */
export type ServiceWay = 'client-credentials' | 'jwt-bearer'

/** What an authorization request can make the server ask, although it knows the person (OpenID Connect Core 3.1.2.1). */
export type Prompt = 'login' | 'select_account' | 'consent'

export interface Endpoints {
  /** Expected value of `iss` (RFC 9207) if the server sends it. */
  issuer: string
  authorize: string
  token: string
  /** RFC 7009 endpoint, or null. A vendor with another form of revocation implements `Connector.revoke`. */
  revoke: string | null
  /** RFC 8628 device authorization endpoint; absent: the vendor has none. */
  device?: string
  /** True where `issuer` tells all other addresses itself (RFC 8414): `authorize` and `token` are then empty here. */
  discovered?: true
}

/** How an OAuth client signs in as itself, for the ways without a person. */
export interface ServiceSignIn {
  /** Says honestly who acts, for example "Acts as the shop, not as a person." */
  note: string
  /** False where the vendor takes no `scope` and gives all that the client has. */
  sendsScope: boolean
  /** Sent with the token request. */
  params: Record<string, string>
  /** For `jwt-bearer`: what the statement says beside the client (`iss`). The client secret is then its private key (PKCS #8, PEM). */
  statement?(site: Site): {
    /** Whom it is about; null: the client itself. */
    subject: string | null
    /** Absent: the token endpoint. */
    audience?: string
    keyId?: string
    /** Where the vendor reads `scope` in the statement in place of the request. */
    scopeInside: boolean
  }
}

/** Ends that no answer of the vendor tells. In days. */
export interface GrantLimits {
  /** A sign-in that is not refreshed for this long ends. */
  idleDays?: number
  /** A sign-in ends after this long while the client is in a test mode of the vendor, which cannot be asked for. */
  testModeDays?: number
}

/** What every way of signing in has. */
interface SignInBase {
  fields: SiteField[]
  /** Host shown to people and used in labels, for example `acme.zendesk.com`. */
  siteLabel(site: Site): string
  /** For vendors where all sites share one host: the name that tells a signed-in account's site from the others. */
  nameSite?(identity: Identity): string
  /** What to do at the vendor to get a client id, or the key: shown beside the form. */
  registration: { url: string; steps: string[] }
}

/**
 * A vendor without OAuth: the person pastes a secret that does not expire by itself. It is kept in the vault like a grant and turned into
 * headers by `Connector.authorize`.
 */
export interface KeySignIn extends SignInBase {
  kind: 'key'
  /** Label of the field, for example "API key". */
  label: string
  /** Where the secret is found. */
  help: string
  /** Says honestly what this is in place of a sign-in, for example "An API key acts as you until you change it. Freshdesk has no OAuth." */
  note: string
  /** Checks what was pasted, without the network. @throws AppError `bad_request` with a sentence that says what was expected */
  normalise(text: string): string
}

/** All that is known of signing in at one vendor by OAuth. Data and pure functions: `main/oauth` runs it. */
export interface OAuthSignIn extends SignInBase {
  kind: 'oauth'
  scopes: ScopeNeed[]
  endpoints(site: Site): Endpoints
  clientAuth: 'basic' | 'body'
  /** False where the vendor also takes public clients (no secret). */
  secretRequired: boolean
  tokenBody: 'form' | 'json'
  /** Where the revocation endpoint wants the token; absent: in the body (RFC 7009 2.1). */
  revokeTokenIn?: 'query'
  pkce: 'S256' | 'none'
  /** Ways the vendor accepts, the best first. */
  ways: Exclude<SignInWay, 'key'>[]
  /** Redirect forms the vendor lets people register, the best first. */
  redirects: RedirectKind[]
  /** Host of the loopback redirect where the vendor registers no addresses, only this name. Absent: 127.0.0.1. */
  loopbackHost?: 'localhost'
  /** True for a page by which the vendor refuses to sign people in inside of a window of an app. */
  refusesWindow?(url: string): boolean
  authorizeParams: Record<string, string>
  /** Values of `prompt` the vendor knows; absent: none. A server that describes itself may add to them. */
  prompts?: readonly Prompt[]
  /** True where it takes only one value at a time. */
  onePrompt?: true
  /** Where the vendor takes optional scopes apart from the others; absent: they are sent in `scope` with the rest. */
  optionalScopeParameter?: string
  /** For the ways without a person. */
  service?: ServiceSignIn
  /** Between scopes in the authorization request; absent: a blank (RFC 6749 3.3). */
  scopeSeparator?: ','
  /** The form `ScopeNeed.id` has of a scope the vendor spells otherwise in its answer. */
  readScope?(granted: string): string
  tokenParams: Record<string, string>
  /** Seconds an access token lives when the answer does not say. */
  defaultLifetimeS: number
  /** Days a refresh token lives, if documented. */
  refreshLifetimeDays: number | null
  /** Other ends of a sign-in that the vendor documents; absent: none is known. */
  limits?: GrantLimits
  /** For vendors that must give a refresh token: what to do when they did not. Absent: going without one is normal. */
  withoutRefreshToken?: string
  /**
   * Reads a token endpoint error that is not in the form of RFC 6749 5.2 (`status` below 500, also 200; `body` the parsed JSON object) into its
   * words: `error` is `invalid_grant`, `invalid_client` or another code. Null or absent: the standard form.
   */
  readTokenError?(status: number, body: Record<string, unknown>): { error: string; description: string | null } | null
  /**
   * The site the answer of the authorization endpoint belongs to, where the vendor tells it there (a data centre): used for everything
   * after. Only values the connector knows; called after `state` was checked. @throws AppError `site_invalid`
   */
  siteOfRedirect?(site: Site, parameters: URLSearchParams): Site
  /**
   * The vendor's own proof that the answer of the authorization endpoint is authentic and of this site. False: refused as
   * `handshake_state_mismatch`. Called after `state` was checked.
   */
  verifyRedirect?(site: Site, parameters: URLSearchParams, clientSecret: string | null): boolean
}

export type SignIn = OAuthSignIn | KeySignIn

/** What an account of this vendor can do: the renderer offers nothing else. */
export interface Capabilities {
  /** What can be done to any conversation; `Conversation.commands` narrows it. */
  commands: CommandKind[]
  attachments: boolean
  /** True where replies cannot be sent here and go out through a mail account of the brand. */
  repliesByMail?: boolean
  /** What the vendor's API does not give, in plain words, one sentence each; shown on the account's page. */
  limits?: string[]
}

/**
 * One kind of payload the connector reads, under the name of the vendor's call (`list_tickets`). `read` is the code that sync runs, so that
 * any payload can be tried (`npm run normalize`).
 */
export interface Operation {
  name: string
  summary: string
  /**
   * Pure. A record it cannot read is quarantined with the path of the offending field, the rest goes on.
   * @throws AppError `vendor_bad_answer` (path in `detail`) when the payload as a whole is not of this kind
   */
  read(payload: unknown, site: Site): Unified
}

export interface ConnectedAccount {
  id: string
  site: Site
  identity: Identity
}

/** What a connector works with. `http` is already authorised, budgeted and bound to the hosts of the account. */
export interface ConnectorContext {
  account: ConnectedAccount
  http: KyInstance
  /** Epoch milliseconds. */
  now(): number
  signal: AbortSignal
}

/** A limit of some calls within the account's. */
interface RateBucket {
  name: string
  limit: number
  windowMs: number
  /** `method` in upper case, `path` the URL's path without query. */
  match(method: string, path: string): boolean
}

/** What `main/connectors/http.ts` must know of a vendor's limits. */
export interface RateRules {
  /** Calls allowed per window before headers have told better. */
  defaultLimit: number
  windowMs: number
  concurrency: number
  /** Calls with a smaller limit of their own: a full bucket holds back only its own calls. The first match counts. */
  buckets?: RateBucket[]
  /** Reads the budget from response headers; null where they say nothing. */
  read(headers: Headers): { remaining: number; limit: number | null; resetMs: number | null } | null
}

/** All that is known of one vendor: how to sign in, read, write, page, slow down, and read its errors. */
export interface Connector {
  id: string
  name: string
  /** One line for the vendor grid. */
  description: string
  signIn: SignIn
  capabilities: Capabilities
  rate: RateRules
  /** Base URL and every host the token may travel to, for one site. All https. */
  hosts(site: Site): { api: string; allowed: string[] }
  /** Headers that carry the token, where it is not `Authorization: Bearer`. Called for each request. */
  authorize?(token: string, request: { site: Site; now: number }): Record<string, string>
  /** First call after sign-in: who is this, and at which site? `ctx.account.identity` is not yet meaningful here. */
  identify(
    ctx: Pick<ConnectorContext, 'http' | 'now' | 'signal'> & { site: Site; tokenAnswer: Record<string, unknown> },
  ): Promise<Identity>
  /** The next page of what changed since `cursor` (null: never read), newest first on a first fill, resumable at every page. */
  pull(ctx: ConnectorContext, cursor: string | null): Promise<Page>
  thread(ctx: ConnectorContext, conversationVendorId: string): Promise<Thread>
  directory(ctx: ConnectorContext): Promise<Directory>
  /** Every payload this connector reads, by the vendor's name of the call. */
  operations: readonly Operation[]
  /**
   * What is known of a customer who writes somewhere else: the person, and their newest conversations or orders, also those that are no
   * query. Nobody and nothing where they are not known. Absent where the vendor keeps no records of customers.
   */
  aboutCustomer?(ctx: ConnectorContext, who: { email: string | null; phone: string | null }): Promise<Unified>
  /** The commands of one of `Directory.macros` for one conversation, with the vendor's placeholders filled in. Absent: as they are. */
  applyMacro?(ctx: ConnectorContext, conversation: Conversation, macroId: string): Promise<Command[]>
  /**
   * Sends once. Never retries by itself after the request may have reached the vendor. A rejection carries
   * `AppError.outcome`: after `not_sent` it may be sent again later, after `refused` it is over, after `unknown` call `probe` first.
   */
  execute(ctx: ConnectorContext, conversation: Conversation, command: Command): Promise<Receipt>
  /**
   * After an unknown outcome: did the command arrive? Looks for our message among the vendor's newest ones sent at or after
   * `sentAt`, or for the changed property. Null: it cannot be told.
   */
  probe(
    ctx: ConnectorContext,
    conversation: Conversation,
    command: Command,
    sentAt: number,
  ): Promise<Receipt | 'absent' | null>
  /** Mail: begins a conversation with an address. Sends once, like `execute`; `probe` is how to look whether it arrived. Absent: not offered. */
  compose?: {
    execute(ctx: ConnectorContext, command: Compose): Promise<Receipt>
    probe(ctx: ConnectorContext, command: Compose, sentAt: number): Promise<Receipt | 'absent' | null>
  }
  /** Bytes of an attachment. Foreign hosts get no Authorization header. */
  download(ctx: ConnectorContext, attachment: Attachment): Promise<Uint8Array>
  /** Vendor-shaped error answer of an API call, in words. `body` is text of at most 64 KiB. */
  readError(status: number, headers: Headers, body: string): AppError
  /** Revokes the grant where the vendor has its own way; absent: RFC 7009 through `Endpoints.revoke`, or not possible. */
  revoke?(ctx: Pick<ConnectorContext, 'http' | 'signal'> & { site: Site }): Promise<void>
}

/** Where the authorised HTTP client gets the bearer token of one account. Implemented by `main/oauth`. */
export interface TokenSource {
  /** A token good for at least the next moments; refreshes first when it is about to expire. @throws AppError needs_sign_in, keyring_*, offline */
  current(): Promise<string>
  /** After a 401 with `rejected`: one refresh for all callers that hold the same token. @throws AppError needs_sign_in */
  renew(rejected: string): Promise<string>
  /**
   * Sends with proof that we hold the key `token` is bound to (RFC 9449), in place of a bearer header. Null or absent: it is a bearer token.
   */
  proven?(token: string, fetch: FetchPort): Promise<FetchPort | null>
}
