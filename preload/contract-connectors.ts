/** Shapes of the calls about connectors described by data. */
import { z } from 'zod'
import {
  call,
  channel,
  commandKind,
  conversationStatus,
  errorShape,
  id,
  nothing,
  priority,
  text,
  time,
} from './contract-words.ts'

/** Something wrong with a manifest; lines and columns count from 1. `path` is empty for the text as a whole. */
const manifestFault = z.object({
  line: z.number().int(),
  column: z.number().int(),
  path: z.string(),
  message: z.string(),
})

const describedConnector = z.object({
  id,
  name: z.string(),
  /** `shipped` comes with the app: it can be copied under another id, not changed. */
  origin: z.enum(['shipped', 'own']),
  text: z.string(),
  /** What keeps it from being used. */
  faults: z.array(manifestFault),
  /** Accounts that use it. */
  accountIds: z.array(id),
})

/** What a manifest without faults would be allowed to do, for the person who saves it. */
const manifestSummary = z.object({
  id: z.string(),
  name: z.string(),
  /** All that get a secret of an account, those of signing in included. With placeholders of the account, as written. */
  hosts: z.array(z.string()),
  scopes: z.array(z.object({ id: z.string(), reason: z.string() })),
  commands: z.array(commandKind),
  /** What can be tried. `aboutOne`: it needs a conversation. */
  reads: z.array(z.object({ request: z.string(), summary: z.string(), aboutOne: z.boolean() })),
  /** Hosts that the saved connector of that id does not have: the sign-in of its accounts would go there, too. */
  newHosts: z.array(z.string()),
})

const mappedPerson = z.object({
  vendorId: z.string().nullable(),
  name: z.string().nullable(),
  email: z.string().nullable(),
  phone: z.string().nullable(),
})

/** A payload in the unified model, as main/connectors/model.ts has it. */
const mappedPayload = z.object({
  conversations: z.array(
    z.object({
      vendorId: z.string(),
      subject: z.string(),
      preview: z.string(),
      status: conversationStatus,
      vendorStatus: z.object({ id: z.string(), label: z.string() }),
      priority: priority.nullable(),
      channel,
      customer: mappedPerson,
      assigneeVendorId: z.string().nullable(),
      groupVendorId: z.string().nullable(),
      tags: z.array(z.string()),
      brandKey: z.string().nullable(),
      createdAt: time,
      updatedAt: time,
      lastMessageBy: z.enum(['customer', 'agent']).nullable(),
      dueAt: time.nullable(),
      url: z.string(),
      vendor: z.record(z.string(), z.unknown()),
    }),
  ),
  messages: z.array(
    z.object({
      vendorId: z.string(),
      kind: z.enum(['reply', 'note', 'event']),
      direction: z.enum(['in', 'out']),
      author: mappedPerson.extend({ role: z.enum(['customer', 'agent', 'system']) }),
      createdAt: time,
      bodyHtml: z.string().nullable(),
      bodyText: z.string(),
      attachments: z.array(z.object({ name: z.string(), contentType: z.string(), size: z.number().nullable() })),
      vendor: z.record(z.string(), z.unknown()),
    }),
  ),
  people: z.array(mappedPerson),
  agents: z.array(
    z.object({ vendorId: z.string(), name: z.string(), email: z.string().nullable(), active: z.boolean() }),
  ),
  groups: z.array(z.object({ vendorId: z.string(), name: z.string() })),
  brands: z.array(z.object({ key: z.string(), name: z.string() })),
  removedVendorIds: z.array(z.string()),
  /** Records that could not be read, with the path of the field. */
  quarantined: z.array(z.object({ vendorId: z.string().nullable(), path: z.string(), reason: z.string() })),
})

const triedRequest = z.object({
  method: z.string(),
  path: z.string(),
  /** The answer as JSON text, without secrets, cut where it is too long. */
  raw: z.string(),
  truncated: z.boolean(),
  /** Null where the answer as a whole is not what the manifest expects; `fault` says why. */
  mapped: mappedPayload.nullable(),
  fault: errorShape.nullable(),
})

const importReport = z.object({
  taken: z.array(z.string()),
  needsAnswer: z.array(z.string()),
  notCarried: z.array(z.string()),
})
const importedApp = z.object({
  /** One for each sign-in of the app. */
  manifests: z.array(
    z.object({
      integration: z.string(),
      id: z.string(),
      text: z.string(),
      faults: z.array(manifestFault),
      report: importReport,
    }),
  ),
  /** What concerns the app as a whole. */
  report: importReport,
})

const describedServer = z.object({
  issuer: z.string(),
  authorizeUrl: z.string().nullable(),
  tokenUrl: z.string(),
  revokeUrl: z.string().nullable(),
  deviceUrl: z.string().nullable(),
  /** Takes the sign-in request directly (RFC 9126). */
  pushed: z.boolean(),
  /** Binds tokens to a key of this computer (RFC 9449). */
  bound: z.boolean(),
  scopes: z.array(z.string()),
})

const manifestText = text(400_000)

export const connectorCalls = {
  /** Connectors described by a manifest: those that come with the app, then the person's own. */
  'connectors.list': call(nothing, z.array(describedConnector)),
  'connectors.check': call(
    z.object({ text: manifestText }),
    z.object({ faults: z.array(manifestFault), summary: manifestSummary.nullable() }),
  ),
  /** Asks an authorization server what it says of itself (RFC 8414, OpenID Connect Discovery). */
  'connectors.discover': call(z.object({ issuer: text(1000) }), describedServer),
  /** Keeps the manifest and uses it from now on; `bad_request` with the first fault where it has one. */
  'connectors.save': call(z.object({ text: manifestText }), z.object({ id: z.string() })),
  /** Refused with `vendor_conflict` while an account uses it. */
  'connectors.remove': call(z.object({ id }), nothing),
  /** Runs one read request with the sign-in of an account of that connector, and shows the answer raw and mapped. */
  'connectors.try': call(
    z.object({ text: manifestText, accountId: id, request: text(60), conversationVendorId: id.nullable().optional() }),
    triedRequest,
  ),
  /** Makes manifests of the configuration files of a Freshworks app. Saves nothing. */
  'connectors.importFreshworks': call(
    z.object({ oauthConfig: manifestText, requests: manifestText, iparams: manifestText.optional() }),
    importedApp,
  ),
} as const

export type ManifestSummary = z.infer<typeof manifestSummary>
export type TriedRequest = z.infer<typeof triedRequest>
export type DescribedConnector = z.infer<typeof describedConnector>
export type DescribedServer = z.infer<typeof describedServer>
export type ManifestFault = z.infer<typeof manifestFault>
export type ImportedApp = z.infer<typeof importedApp>
