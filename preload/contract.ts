/**
 * Every IPC call and event, typed once. `main/ipc` answers these calls, `preload/index.ts` exposes them, the renderer
 * compiles against the inferred types. Arguments are parsed before a service sees them; results are parsed before they leave, so that
 * nothing which is not named here can cross.
 */
import { z } from 'zod'
import { auditCalls } from './contract-audit.ts'
import { connectorCalls } from './contract-connectors.ts'
import { doctorCalls, doctorRun } from './contract-doctor.ts'
import { healthCalls, healthEvents } from './contract-health.ts'
import { lockCalls, lockEvents } from './contract-lock.ts'
import { movingCalls } from './contract-moving.ts'
import { policyCalls, policyView } from './contract-policy.ts'
import {
  account,
  appState,
  brand,
  brandFields,
  connectRequest,
  type conversationRow,
  counts,
  customerRecord,
  directory,
  draft,
  handshake,
  listPage,
  listQuery,
  type message,
  oauthClient,
  outboxItem,
  theme,
  thread,
  traceEntry,
  vendor,
} from './contract-shapes.ts'
import {
  call,
  command,
  compose,
  type conversationStatus,
  id,
  nothing,
  type priority,
  redirectKind,
  signInWay,
  text,
} from './contract-words.ts'
import type { ErrorShape } from './errors.ts'

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
  ...doctorCalls,
  ...healthCalls,
  ...auditCalls,
  ...policyCalls,
  ...movingCalls,
  ...lockCalls,

  'brands.list': call(nothing, z.array(brand)),
  'brands.save': call(z.object({ id: id.nullable(), ...brandFields }), brand),
  'brands.remove': call(z.object({ id }), nothing),
  'brands.reorder': call(z.object({ ids: z.array(id).max(500) }), nothing),

  'accounts.list': call(nothing, z.array(account)),
  /** Starts a handshake and answers at once; progress comes as `handshake.changed`. */
  'accounts.connect': call(connectRequest, handshake),
  'accounts.reconnect': call(
    z.object({
      accountId: id,
      way: signInWay.optional(),
      redirect: redirectKind.nullable().optional(),
      key: text(8000).trim().min(1).optional(),
      /** The OAuth client, where the saved one is lost or was never on this computer. */
      client: oauthClient.optional(),
      /** Rights to add. What was granted before stays until they have come. */
      scopes: z.array(text(300).min(1)).min(1).max(60).optional(),
      /** Another user of the same site may take the account over; what is cached of the present one is then dropped. */
      switchUser: z.boolean().optional(),
      /** The vendor is to ask for all rights again, also for those given before. */
      askRights: z.boolean().optional(),
    }),
    handshake,
  ),
  /**
   * Another secret for the OAuth client of an account that works. It is tried first; where the vendor refuses it, the former one stays.
   * Answers how many accounts have it now; the day on which the former one ended is forgotten.
   */
  'accounts.replaceSecret': call(
    z.object({ accountId: id, clientSecret: text(6000).trim().min(1) }),
    z.object({ accounts: z.number().int() }),
  ),
  'accounts.handshakes': call(nothing, z.array(handshake)),
  /** What happened in a sign-in, line by line, with every secret masked. */
  'accounts.trace': call(z.object({ attemptId: id }), z.array(traceEntry)),
  /** The same as an HTTP archive in the downloads folder. */
  'accounts.saveTrace': call(z.object({ attemptId: id }), z.object({ fileName: z.string(), folder: z.string() })),
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
  /** Gives every sign-in back and deletes it here. Accounts, conversations and unsent replies stay and ask for signing in again. */
  'accounts.signOutEverywhere': call(
    nothing,
    z.array(
      z.object({
        accountId: id,
        /** `locked`: the organisation keeps it signed in, and nothing was changed. */
        revoked: z.enum(['revoked', 'not_offered', 'not_reached', 'locked']),
        /** False where it could not be deleted from this computer. */
        deleted: z.boolean(),
      }),
    ),
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
  /** What the other accounts of the conversation's brand know about its customer; asked at their vendors. Empty offline. */
  'inbox.customer': call(z.object({ conversationId: id }), z.array(customerRecord)),
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
  /** The administrator changed the policy, or it cannot be read any more, or can again. */
  'policy.changed': policyView,
  /** Connectors came, changed or went. */
  'vendors.changed': z.array(vendor),
  'brands.changed': z.array(brand),
  'accounts.changed': z.array(account),
  ...healthEvents,
  ...lockEvents,
  'handshake.changed': handshake,
  /** A step of a connection test began or ended. */
  'doctor.changed': doctorRun,
  /** Rows, threads, counts or drafts of these accounts changed. `conversationIds` is null when too many changed. */
  'inbox.changed': z.object({
    revision: z.number().int(),
    accountIds: z.array(id),
    conversationIds: z.array(id).nullable(),
  }),
  'outbox.changed': z.array(outboxItem),
  /** There are new entries. */
  'audit.changed': nothing,
  /** Main asks the window to show something (menu, notification, deep link). */
  'app.navigate': z.discriminatedUnion('to', [
    z.object({ to: z.literal('inbox') }),
    z.object({ to: z.literal('conversation'), conversationId: id }),
    z.object({ to: z.literal('accounts') }),
    z.object({ to: z.literal('health') }),
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
export type { AuditEntryView, AuditGroup, AuditVerification } from './contract-audit.ts'
export type {
  DescribedConnector,
  DescribedServer,
  ImportedApp,
  ManifestFault,
  ManifestSummary,
  TriedRequest,
} from './contract-connectors.ts'
export type { AccountHealth, Forecast } from './contract-health.ts'
export type { LockState } from './contract-lock.ts'
export type { ImportPreview } from './contract-moving.ts'
export type { PolicyView } from './contract-policy.ts'
export type BrandView = z.infer<typeof brand>
export type AccountView = z.infer<typeof account>
export type DoctorRun = z.infer<typeof doctorRun>
export type TraceEntry = z.infer<typeof traceEntry>
export type HandshakeView = z.infer<typeof handshake>
export type ConversationRow = z.infer<typeof conversationRow>
export type ConversationStatus = z.infer<typeof conversationStatus>
export type Priority = z.infer<typeof priority>
export type ListQuery = z.infer<typeof listQuery>
export type ListPage = z.infer<typeof listPage>
export type ThreadView = z.infer<typeof thread>
export type MessageView = z.infer<typeof message>
export type Counts = z.infer<typeof counts>
export type CustomerRecord = z.infer<typeof customerRecord>
export type DirectoryView = z.infer<typeof directory>
export type Command = z.infer<typeof command>
export type OutboxItem = z.infer<typeof outboxItem>
export type Draft = z.infer<typeof draft>
export type SignInWay = z.infer<typeof signInWay>
