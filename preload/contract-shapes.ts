/** What the calls and events of the contract carry: the application, vendors, brands, accounts, sign-ins, the inbox. */
import { z } from 'zod'
import {
  channel,
  command,
  commandKind,
  commandState,
  compose,
  conversationStatus,
  errorShape,
  id,
  priority,
  redirectKind,
  signInWay,
  text,
  time,
} from './contract-words.ts'

// ---- Application --------------------------------------------------------------------------------------------------

export const theme = z.enum(['system', 'light', 'dark'])

/**
 * `starting` while keys and store open; `keyring` when the person must act on the key store first; `store` when the
 * local copy cannot be opened; `ready` otherwise.
 */
export const appState = z.object({
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

export const vendor = z.object({
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
  /** Who acts where the OAuth client signs in as itself, in plain words; absent where only people sign in. */
  service: z.string().optional(),
  registration: z.object({ url: z.string(), steps: z.array(z.string()) }),
  commands: z.array(commandKind),
  /** Site labels for which the configuration brings an OAuth client; `*` for every site. */
  providedClients: z.array(z.string()),
  /** Why the organisation does not let accounts of this vendor be connected, or null. */
  forbidden: z.string().nullable(),
  /** Those of `providedClients` that the policy provides: no other client may be used there. */
  lockedClients: z.array(z.string()).optional(),
  /** Why ways to sign in, or scopes, that the vendor has are not among the above: the organisation does not allow them. */
  withheld: z.object({ ways: z.string().nullable(), scopes: z.string().nullable() }).optional(),
})

export const brandFields = {
  name: text(80).trim().min(1),
  color: z.string().regex(/^#[0-9a-f]{6}$/i),
  monogram: text(3).trim().min(1),
  replyName: text(120),
  replyAddress: text(200),
  signature: text(4000),
}
export const brand = z.object({ id, ...brandFields, position: z.number().int() })

export const account = z.object({
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
  scopes: z.array(
    z.object({
      id: z.string(),
      reason: z.string().nullable(),
      granted: z.boolean(),
      optional: z.boolean().optional(),
      /** Given, and not used: the organisation forbids it. */ forbidden: z.boolean().optional(),
    }),
  ),
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
  /** The vendor can be made to ask for the rights again. */
  asksRights: z.boolean().optional(),
  /** Why the organisation does not let this be done to the account, or null. */
  locked: z.object({ remove: z.string().nullable(), reconnect: z.string().nullable() }).optional(),
})

export const handshake = z.object({
  attemptId: id,
  vendor: id,
  siteLabel: z.string(),
  way: signInWay,
  step: z.enum(['preparing', 'waiting', 'exchanging', 'verifying', 'saving', 'done', 'failed']),
  accountId: id.nullable(),
  error: errorShape.nullable(),
  /** What to type where, while a device code is waited for. `completeUrl` has the code filled in. */
  device: z.object({ userCode: z.string(), url: z.string(), completeUrl: z.string().nullable() }).nullable(),
  /** After a failure of the way itself: the next one. */
  next: z.object({ way: signInWay, redirect: redirectKind.nullable() }).nullable(),
  startedAt: time,
  expiresAt: time,
})

export const traceEntry = z.object({
  at: time,
  kind: z.enum(['step', 'page', 'redirect', 'request']),
  title: z.string(),
  method: z.string().nullable(),
  url: z.string().nullable(),
  sent: z.record(z.string(), z.string()),
  status: z.number().int().nullable(),
  received: z.record(z.string(), z.string()),
  ms: z.number().nullable(),
  error: z.string().nullable(),
})

export const oauthClient = z.object({
  clientId: text(500).trim().min(1),
  clientSecret: text(6000).trim().min(1).nullable(),
})

export const connectRequest = z.object({
  vendor: id,
  site: z.record(text(40), text(300)),
  /** Null: use the client of the configuration. */
  client: oauthClient.nullable(),
  way: signInWay,
  /** Null where there is no handshake. */
  redirect: redirectKind.nullable(),
  /** The vendor's secret, for `way` `key`. */
  key: text(8000).trim().min(1).optional(),
})

// ---- Inbox --------------------------------------------------------------------------------------------------------

export const listQuery = z.object({
  brandId: id.optional(),
  accountId: id.optional(),
  statuses: z.array(conversationStatus).max(6).optional(),
  assignee: z.enum(['me', 'none']).optional(),
  unreadOnly: z.boolean().optional(),
  text: text(500).optional(),
  after: text(1000).optional(),
  limit: z.number().int().min(1).max(200),
})

export const conversationRow = z.object({
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

export const listPage = z.object({
  rows: z.array(conversationRow),
  next: z.string().nullable(),
  revision: z.number().int(),
})

export const message = z.object({
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

export const thread = z.object({
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

export const counts = z.object({
  revision: z.number().int(),
  total: z.object({ all: z.number(), unread: z.number(), mine: z.number(), unassigned: z.number() }),
  byBrand: z.record(z.string(), z.object({ open: z.number(), unread: z.number() })),
  byAccount: z.record(z.string(), z.object({ all: z.number(), open: z.number(), unread: z.number() })),
})

export const directory = z.object({
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

/** What one account's vendor knows about a customer who writes somewhere else, an order for example. */
export const customerRecord = z.object({
  accountId: id,
  name: z.string().nullable(),
  entries: z.array(
    z.object({
      vendorId: z.string(),
      subject: z.string(),
      status: conversationStatus,
      vendorStatusLabel: z.string(),
      url: z.string(),
      updatedAt: time,
    }),
  ),
  trouble: errorShape.nullable(),
})

export const outboxItem = z.object({
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

export const draft = z.object({
  conversationId: id,
  kind: z.enum(['reply', 'note']),
  bodyText: z.string(),
  updatedAt: time,
})
