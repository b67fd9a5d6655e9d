/**
 * Every IPC call and event, typed once. `main/ipc` answers these calls, `preload/index.ts` exposes them, the renderer
 * compiles against the inferred types. Arguments are parsed before a service sees them; results are parsed before they leave, so that
 * nothing which is not named here can cross.
 */
import { z } from 'zod'
import { connectorCalls } from './contract-connectors.ts'
import {
  call,
  channel,
  command,
  commandKind,
  commandState,
  compose,
  conversationStatus,
  errorShape,
  id,
  nothing,
  priority,
  redirectKind,
  signInWay,
  text,
  time,
} from './contract-words.ts'
import type { ErrorShape } from './errors.ts'

// ---- Application --------------------------------------------------------------------------------------------------

const theme = z.enum(['system', 'light', 'dark'])

/**
 * `starting` while keys and store open; `keyring` when the person must act on the key store first; `store` when the
 * local copy cannot be opened; `ready` otherwise.
 */
const appState = z.object({
  version: z.string(),
  platform: z.enum(['darwin', 'win32', 'linux']),
  phase: z.enum(['starting', 'keyring', 'store', 'ready']),
  trouble: errorShape.nullable(),
  /** Something was set aside or repaired at start (a damaged settings file, for example); the app goes on. */
  notices: z.array(errorShape),
  protection: z.enum(['strong', 'weak', 'unavailable']),
  /** True after the person chose to go on without a protected key store: nothing secret is kept on disk. */
  sessionOnly: z.boolean(),
  online: z.boolean(),
  theme,
})

// ---- Vendors, brands, accounts ------------------------------------------------------------------------------------

const vendor = z.object({
  id,
  name: z.string(),
  description: z.string(),
  siteFields: z.array(
    z.object({
      key: z.string(),
      label: z.string(),
      placeholder: z.string(),
      help: z.string(),
      options: z.array(z.object({ value: z.string(), label: z.string() })).nullable(),
      optional: z.boolean(),
    }),
  ),
  /** A secret of the vendor in place of a sign-in; null where there is OAuth. */
  key: z.object({ label: z.string(), help: z.string(), note: z.string() }).nullable(),
  scopes: z.array(z.object({ id: z.string(), reason: z.string(), optional: z.boolean() })),
  ways: z.array(signInWay),
  redirects: z.array(z.object({ kind: redirectKind, url: z.string() })),
  secretRequired: z.boolean(),
  registration: z.object({ url: z.string(), steps: z.array(z.string()) }),
  commands: z.array(commandKind),
  /** Site labels for which the configuration brings an OAuth client; `*` for every site. */
  providedClients: z.array(z.string()),
  /** Why the organisation does not let accounts of this vendor be connected, or null. */
  forbidden: z.string().nullable(),
})

const brandFields = {
  name: text(80).trim().min(1),
  color: z.string().regex(/^#[0-9a-f]{6}$/i),
  monogram: text(3).trim().min(1),
  replyName: text(120),
  replyAddress: text(200),
  signature: text(4000),
}
const brand = z.object({ id, ...brandFields, position: z.number().int() })

const account = z.object({
  id,
  vendor: id,
  vendorName: z.string(),
  siteLabel: z.string(),
  brandId: id.nullable(),
  user: z.object({
    name: z.string(),
    email: z.string().nullable(),
    role: z.string().nullable(),
    vendorUserId: z.string(),
  }),
  state: z.enum(['connected', 'needs_sign_in', 'paused']),
  trouble: errorShape.nullable(),
  way: signInWay,
  redirect: redirectKind.nullable(),
  scopes: z.array(z.object({ id: z.string(), reason: z.string().nullable(), granted: z.boolean() })),
  accessExpiresAt: time.nullable(),
  refreshExpiresAt: time.nullable(),
  connectedAt: time,
  lastSyncAt: time.nullable(),
  sync: z.object({
    phase: z.enum(['idle', 'first-fill', 'updating', 'waiting', 'failing']),
    conversations: z.number().int(),
    /** What the vendor says there are, null where unknown. */
    total: z.number().int().nullable(),
    waitUntil: time.nullable(),
    quarantined: z.number().int(),
  }),
  commands: z.array(commandKind),
  /** Mail: it can begin a conversation with an address. */
  composes: z.boolean(),
  /** Replies go out through a mail account of the brand. */
  repliesByMail: z.boolean(),
  /** What the vendor's API does not give, in plain words. */
  limits: z.array(z.string()),
  /** The vendor's own brands and the Manydesk brand each goes to; empty where the vendor has none. */
  vendorBrands: z.array(z.object({ key: z.string(), name: z.string(), brandId: id.nullable() })),
})

const handshake = z.object({
  attemptId: id,
  vendor: id,
  siteLabel: z.string(),
  way: signInWay,
  step: z.enum(['preparing', 'waiting', 'exchanging', 'verifying', 'saving', 'done', 'failed']),
  accountId: id.nullable(),
  error: errorShape.nullable(),
  startedAt: time,
  expiresAt: time,
})

const connectRequest = z.object({
  vendor: id,
  site: z.record(text(40), text(300)),
  /** Null: use the client of the configuration. */
  client: z.object({ clientId: text(500).trim().min(1), clientSecret: text(2000).trim().min(1).nullable() }).nullable(),
  way: signInWay,
  /** Null where there is no handshake. */
  redirect: redirectKind.nullable(),
  /** The vendor's secret, for `way` `key`. */
  key: text(8000).trim().min(1).optional(),
})

// ---- Inbox --------------------------------------------------------------------------------------------------------

const listQuery = z.object({
  brandId: id.optional(),
  accountId: id.optional(),
  statuses: z.array(conversationStatus).max(6).optional(),
  assignee: z.enum(['me', 'none']).optional(),
  unreadOnly: z.boolean().optional(),
  text: text(500).optional(),
  after: text(1000).optional(),
  limit: z.number().int().min(1).max(200),
})

const conversationRow = z.object({
  id,
  accountId: id,
  vendorId: z.string(),
  brandId: id.nullable(),
  subject: z.string(),
  preview: z.string(),
  status: conversationStatus,
  vendorStatusLabel: z.string(),
  priority: priority.nullable(),
  channel,
  customerName: z.string(),
  customerEmail: z.string().nullable(),
  assigneeVendorId: z.string().nullable(),
  assigneeName: z.string().nullable(),
  tags: z.array(z.string()),
  unread: z.boolean(),
  sending: z.boolean(),
  failed: z.boolean(),
  hasDraft: z.boolean(),
  createdAt: time,
  updatedAt: time,
  lastMessageBy: z.enum(['customer', 'agent']).nullable(),
  dueAt: time.nullable(),
})

const listPage = z.object({ rows: z.array(conversationRow), next: z.string().nullable(), revision: z.number().int() })

const message = z.object({
  id: z.string(),
  vendorId: z.string().nullable(),
  kind: z.enum(['reply', 'note', 'event']),
  direction: z.enum(['in', 'out']),
  authorName: z.string(),
  authorEmail: z.string().nullable(),
  authorRole: z.enum(['customer', 'agent', 'system']),
  createdAt: time,
  bodyHtml: z.string().nullable(),
  bodyText: z.string(),
  attachments: z.array(
    z.object({
      id: z.string(),
      name: z.string(),
      contentType: z.string(),
      size: z.number().nullable(),
      inline: z.boolean(),
    }),
  ),
  delivery: z.object({ commandId: id, state: commandState, error: errorShape.nullable() }).nullable(),
})

const thread = z.object({
  conversation: conversationRow.extend({
    url: z.string(),
    brandKey: z.string().nullable(),
    vendor: z.record(z.string(), z.unknown()),
    customerPhone: z.string().nullable(),
    /** What can be done to it: what the account can do, or less. */
    commands: z.array(commandKind),
    /** The list of statuses it moves in, as in the directory; null where there is one. */
    statusScope: z.string().nullable(),
  }),
  messages: z.array(message),
  loadedAt: time.nullable(),
})

const counts = z.object({
  revision: z.number().int(),
  total: z.object({ all: z.number(), unread: z.number(), mine: z.number(), unassigned: z.number() }),
  byBrand: z.record(z.string(), z.object({ open: z.number(), unread: z.number() })),
  byAccount: z.record(z.string(), z.object({ all: z.number(), open: z.number(), unread: z.number() })),
})

const directory = z.object({
  agents: z.array(
    z.object({ vendorId: z.string(), name: z.string(), email: z.string().nullable(), active: z.boolean() }),
  ),
  groups: z.array(z.object({ vendorId: z.string(), name: z.string() })),
  statuses: z.array(
    z.object({ id: z.string(), label: z.string(), status: conversationStatus, scope: z.string().nullable() }),
  ),
  brands: z.array(z.object({ key: z.string(), name: z.string() })),
  macros: z.array(z.object({ id: z.string(), name: z.string(), commands: z.array(command) })),
})

const outboxItem = z.object({
  id,
  conversationId: id,
  /** The account that sends it. */
  accountId: id,
  command: z.discriminatedUnion('kind', [...command.options, compose]),
  state: commandState,
  attempts: z.number().int(),
  createdAt: time,
  sentAt: time.nullable(),
  notBefore: time,
  error: errorShape.nullable(),
  subject: z.string(),
  customerName: z.string(),
})

const draft = z.object({ conversationId: id, kind: z.enum(['reply', 'note']), bodyText: z.string(), updatedAt: time })

// ---- Calls and events ---------------------------------------------------------------------------------------------

/** Calls from the renderer: `noun.verb`, one argument (or none), one result. */
export const calls = {
  'app.state': call(nothing, appState),
  'app.setTheme': call(z.object({ theme }), nothing),
  /** Go on without a protected key store: secrets live in memory until the app quits. */
  'app.continueForThisSession': call(nothing, nothing),
  /** Ask the keyring (or the store) again. */
  'app.retry': call(nothing, nothing),
  /** Sets damaged keys or a damaged local copy aside (never deletes them) and starts anew; it fills from the vendors. */
  'app.rebuildStore': call(nothing, nothing),
  /** Opens a link of a customer or vendor outside, after the person has seen where it leads. */
  'app.openLink': call(z.object({ url: text(4000) }), nothing),
  'app.copy': call(z.object({ text: text(10_000) }), nothing),
  'app.showLogFile': call(nothing, nothing),

  'vendors.list': call(nothing, z.array(vendor)),
  /** Reduces what a person typed for a site to the plain values, or answers `site_invalid`. */
  'vendors.checkSite': call(
    z.object({ vendor: id, site: z.record(text(40), text(300)) }),
    z.object({ site: z.record(z.string(), z.string()), siteLabel: z.string() }),
  ),

  ...connectorCalls,

  'brands.list': call(nothing, z.array(brand)),
  'brands.save': call(z.object({ id: id.nullable(), ...brandFields }), brand),
  'brands.remove': call(z.object({ id }), nothing),
  'brands.reorder': call(z.object({ ids: z.array(id).max(500) }), nothing),

  'accounts.list': call(nothing, z.array(account)),
  /** Starts a handshake and answers at once; progress comes as `handshake.changed`. */
  'accounts.connect': call(connectRequest, handshake),
  'accounts.reconnect': call(
    z.object({ accountId: id, way: signInWay.optional(), key: text(8000).trim().min(1).optional() }),
    handshake,
  ),
  'accounts.handshakes': call(nothing, z.array(handshake)),
  'accounts.cancelHandshake': call(z.object({ attemptId: id }), nothing),
  /** Brings the sign-in window of a running handshake to the front, or opens the browser page again. */
  'accounts.showHandshake': call(z.object({ attemptId: id }), nothing),
  'accounts.setBrand': call(z.object({ accountId: id, brandId: id.nullable() }), nothing),
  'accounts.setRouting': call(z.object({ accountId: id, key: text(200).min(1), brandId: id.nullable() }), nothing),
  'accounts.pause': call(z.object({ accountId: id }), nothing),
  'accounts.resume': call(z.object({ accountId: id }), nothing),
  'accounts.syncNow': call(z.object({ accountId: id.optional() }), nothing),
  'accounts.remove': call(
    z.object({ accountId: id }),
    /** What happened at the vendor: revoked there, not offered by the vendor, or not reached. */
    z.object({ revoked: z.enum(['revoked', 'not_offered', 'not_reached']) }),
  ),

  'inbox.list': call(listQuery, listPage),
  'inbox.counts': call(nothing, counts),
  /** From the local store at once; null when the conversation is not known (any more). */
  'inbox.thread': call(z.object({ conversationId: id }), thread.nullable()),
  /** Reads the thread from the vendor now. The result comes as `inbox.changed`. */
  'inbox.refreshThread': call(z.object({ conversationId: id }), nothing),
  'inbox.setRead': call(z.object({ conversationIds: z.array(id).min(1).max(500), read: z.boolean() }), nothing),
  'inbox.directory': call(z.object({ accountId: id }), directory),
  /** What one of the account's macros does to this conversation, with the vendor's placeholders filled in where it can be reached. */
  'inbox.applyMacro': call(z.object({ conversationId: id, macroId: id }), z.array(command)),
  /** Fetches the bytes, stores them under a clean name in the downloads folder and answers that name. */
  'inbox.download': call(
    z.object({ messageId: text(500).min(1), attachmentId: text(500).min(1) }),
    z.object({ fileName: z.string(), folder: z.string() }),
  ),

  'drafts.get': call(z.object({ conversationId: id }), draft.nullable()),
  /** Empty text removes the draft. */
  'drafts.save': call(
    z.object({ conversationId: id, kind: z.enum(['reply', 'note']), bodyText: text(100_000) }),
    nothing,
  ),

  /** Durable before it answers. The commands are sent in the given order, each at most once. */
  'outbox.send': call(z.object({ conversationId: id, commands: z.array(command).min(1).max(10) }), z.array(outboxItem)),
  /** Begins a mail conversation through another account, in answer to a conversation whose vendor sends no replies. */
  'outbox.compose': call(z.object({ conversationId: id, accountId: id, message: compose }), outboxItem),
  'outbox.list': call(nothing, z.array(outboxItem)),
  'outbox.retry': call(z.object({ id }), nothing),
  'outbox.discard': call(z.object({ id }), nothing),
} as const

/** Events from main. They say what changed; the renderer asks again for what it shows. */
export const events = {
  'app.changed': appState,
  /** Connectors came, changed or went. */
  'vendors.changed': z.array(vendor),
  'brands.changed': z.array(brand),
  'accounts.changed': z.array(account),
  'handshake.changed': handshake,
  /** Rows, threads, counts or drafts of these accounts changed. `conversationIds` is null when too many changed. */
  'inbox.changed': z.object({
    revision: z.number().int(),
    accountIds: z.array(id),
    conversationIds: z.array(id).nullable(),
  }),
  'outbox.changed': z.array(outboxItem),
  /** Main asks the window to show something (menu, notification, deep link). */
  'app.navigate': z.discriminatedUnion('to', [
    z.object({ to: z.literal('inbox') }),
    z.object({ to: z.literal('conversation'), conversationId: id }),
    z.object({ to: z.literal('accounts') }),
    z.object({ to: z.literal('connect') }),
    z.object({ to: z.literal('shortcuts') }),
  ]),
} as const

export type CallName = keyof typeof calls
export type CallArgs<N extends CallName> = z.infer<(typeof calls)[N]['args']>
export type CallResult<N extends CallName> = z.infer<(typeof calls)[N]['result']>
export type EventName = keyof typeof events
export type EventValue<N extends EventName> = z.infer<(typeof events)[N]>

/** Every call is answered by data, never by a thrown error: Electron keeps only the message of those. */
export type Answer<T> = { ok: true; value: T } | { ok: false; error: ErrorShape }

type NounOf<K extends string> = K extends `${infer N}.${string}` ? N : never
type VerbOf<K extends string, N extends string> = K extends `${N}.${infer V}` ? V : never

type Caller<N extends CallName> = (
  ...args: CallArgs<N> extends undefined ? [] : [CallArgs<N>]
) => Promise<Answer<CallResult<N>>>

/** What the preload exposes as `window.manydesk`: `manydesk.accounts.list()`, `manydesk.on('inbox.changed', …)`. */
export type Bridge = {
  readonly [N in NounOf<CallName>]: {
    readonly [V in VerbOf<CallName, N>]: Caller<Extract<CallName, `${N}.${V}`>>
  }
} & {
  /** Subscribes; the returned function unsubscribes exactly this listener. */
  readonly on: <N extends EventName>(name: N, listener: (value: EventValue<N>) => void) => () => void
}

export type AppState = z.infer<typeof appState>
export type Theme = z.infer<typeof theme>
export type VendorView = z.infer<typeof vendor>
export type {
  DescribedConnector,
  ImportedApp,
  ManifestFault,
  ManifestSummary,
  TriedRequest,
} from './contract-connectors.ts'
export type BrandView = z.infer<typeof brand>
export type AccountView = z.infer<typeof account>
export type HandshakeView = z.infer<typeof handshake>
export type ConversationRow = z.infer<typeof conversationRow>
export type ConversationStatus = z.infer<typeof conversationStatus>
export type Priority = z.infer<typeof priority>
export type ListQuery = z.infer<typeof listQuery>
export type ListPage = z.infer<typeof listPage>
export type ThreadView = z.infer<typeof thread>
export type MessageView = z.infer<typeof message>
export type Counts = z.infer<typeof counts>
export type DirectoryView = z.infer<typeof directory>
export type Command = z.infer<typeof command>
export type OutboxItem = z.infer<typeof outboxItem>
export type Draft = z.infer<typeof draft>
export type SignInWay = z.infer<typeof signInWay>
