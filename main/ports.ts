/**
 * What services need of the machine, as plain arguments. `main/desktop` implements these over Electron; unit tests pass
 * implementations that behave.
 */

/**
 * The Fetch API over the system's network stack, without cookies. A bearer token must not travel along a redirect, so callers that
 * send one ask for `redirect: 'manual'`: Node's fetch then resolves with the 3xx itself, Electron's rejects ("Redirect was cancelled").
 */
export type FetchPort = (input: string | URL | Request, init?: RequestInit) => Promise<Response>

/** What one address answered to a request without cookies and without a sign-in. */
export interface ProbeAnswer {
  status: number
  /** `Location` as it came; the redirect is not followed. */
  location: string | null
  date: string | null
  contentType: string | null
  /** The beginning of the body. */
  text: string
}

/** A look at an address, for finding out why a connection does not work: it sees what `FetchPort` hides, and carries no secret. */
export interface ProbePort {
  /** One GET over https. Rejects with what the network stack says when nothing came. */
  get(url: string, signal: AbortSignal): Promise<ProbeAnswer>
  /** Who issued the certificate that was last refused for this host; null where none was, or it is not known. */
  refusedIssuer(host: string): string | null
}

export interface Clock {
  /** Wall clock, epoch milliseconds. */
  now(): number
  /** Milliseconds that never jump. */
  monotonic(): number
}

/** How well the operating system protects keys here. `weak`: encryption works, but with a published, fixed key. */
export type Protection = 'strong' | 'weak' | 'unavailable'

/** The keyring. Rejections: AppError `keyring_locked` (wait and try again) or `keyring_unavailable`. */
export interface KeyringPort {
  /** Name of the backend, recorded beside what it wrapped (`gnome_libsecret`, `kwallet6`, `dpapi`, `keychain`, `basic_text`). */
  backend(): Promise<string>
  protection(): Promise<Protection>
  wrap(plain: Uint8Array): Promise<Uint8Array>
  /** `reWrap` asks for a fresh `wrap` of the same bytes. @throws AppError `secret_damaged` when the bytes cannot be unwrapped */
  unwrap(wrapped: Uint8Array): Promise<{ plain: Uint8Array; reWrap: boolean }>
}

export interface AuthWindowRequest {
  attemptId: string
  /** Session partition of the account, for example `persist:account-…`. */
  partition: string
  authorizeUrl: string
  /** The window reports a navigation to exactly this URL (query apart) and never loads it. */
  redirectUri: string
  title: string
  /** True for a page by which the vendor says that it does not sign people in inside of apps. */
  refused?(url: string): boolean
  /** Hears of each page that came up in the window, for the trace. */
  onPage?(page: VisitedPage): void
}

/** A page of the vendor in a sign-in window. `status` is that of its HTTP answer. */
export interface VisitedPage {
  url: string
  title: string
  status: number
}

export type AuthWindowOutcome =
  | { kind: 'redirected'; url: string }
  | { kind: 'cancelled' }
  | { kind: 'closed' }
  | { kind: 'refused' }
  | { kind: 'failed'; reason: string }

/** Sign-in windows: sandboxed, no preload, https pages only, address shown, a cancel button. */
export interface AuthWindowsPort {
  open(request: AuthWindowRequest): Promise<AuthWindowOutcome>
  focus(attemptId: string): void
  close(attemptId: string): void
}

export interface BrowserPort {
  /** Opens a checked https or mailto URL outside. @throws AppError `handshake_browser_failed` or `bad_request` */
  openExternal(url: string): Promise<void>
  /** False where the system is known not to bring links of our scheme to this app. */
  linksArrive(): boolean
}

/** A port of this computer that waits for the answer to one sign-in. */
export interface LoopbackListener {
  /** `http://127.0.0.1:<port><path>`, without a query. */
  address: string
  /** The whole URL of the first request that was accepted. */
  received: Promise<string>
  close(): void
}

export interface LoopbackPort {
  /** Opens a free port until an answer is accepted, or `close`. @throws AppError `handshake_port_blocked` */
  listen(path: string, accept: (url: string) => boolean): Promise<LoopbackListener>
}

/** Clears everything a session partition holds (cookies, storage, cache) and flushes it. */
export interface PartitionsPort {
  clear(partition: string): Promise<void>
}

export interface Log {
  debug(message: string, fields?: Record<string, unknown>): void
  info(message: string, fields?: Record<string, unknown>): void
  warn(message: string, fields?: Record<string, unknown>): void
  error(message: string, fields?: Record<string, unknown>): void
}

/** What reading a document found. Only `found` and `absent` permit a plain write: the others must not be overwritten. */
export type DocumentAnswer =
  | { kind: 'found'; value: unknown }
  | { kind: 'absent' }
  /** The bytes are there and are not a document (cut off, zeros, not JSON). */
  | { kind: 'damaged'; reason: string }
  /** The bytes could not be read now (permissions, a disk error): another try may succeed. */
  | { kind: 'unreadable'; reason: string }

/** One small JSON document on disk, always written whole. */
export interface DocumentFile {
  read(): DocumentAnswer
  /** Atomic, on disk and read back when it returns. @throws AppError `file_failed` or `store_full`; the former content then still stands */
  write(value: Record<string, unknown>): void
  /** Keeps the present bytes as `<name>.damaged-<time>` beside it and answers that name; null where there was no file. */
  setAside(): string | null
  remove(): void
}

/** A folder of documents, private to this person (0700, files 0600). Implemented over electron-store in main/accounts/documents.ts. */
export interface DocumentFolder {
  file(name: string): DocumentFile
  /** Moves the whole folder beside itself as `<folder>.damaged-<time>` and answers that name; null where there was none. */
  setAside(): string | null
}
