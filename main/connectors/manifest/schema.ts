import { z } from 'zod'

/**
 * The form of a connector manifest, version 1. `resources/connector.schema.json` is made from this, and `docs/custom-connectors.md` explains
 * it. Three kinds of text: a path into an answer (JSONPath, begins with `$`), a template (`<%= name %>` placeholders), and plain words.
 */

const words = (max: number) => z.string().min(1).max(max)
const template = z.string().max(4000)
const path = z
  .string()
  .max(500)
  .regex(/^\$/, 'a path begins with $, for example $.data.items')
  .meta({ id: 'path', description: 'JSONPath (RFC 9535) into the answer' })
const requestName = z
  .string()
  .regex(/^[a-z][a-z0-9_]{0,59}$/, 'a name of small letters, digits and _')
  .meta({ id: 'requestName', description: 'Name of one of `requests`' })

const timeForm = z
  .enum(['iso', 'seconds', 'milliseconds'])
  .describe('ISO 8601 text (UTC where it names no zone), or seconds or milliseconds since 1970')

const full = z.strictObject({
  from: template.describe('A path, or a text with placeholders'),
  values: z
    .record(z.string(), z.string().nullable())
    .optional()
    .describe("The vendor's words and what they are in Manydesk; null: nothing"),
  otherwise: z.string().nullable().optional().describe('For a word that `values` does not name'),
  time: timeForm.optional(),
})
const value = z
  .union([template, full], { error: 'a path such as $.name, a text, or an object with "from"' })
  .meta({ id: 'value', description: 'Where a field comes from' })

// ---- Signing in ---------------------------------------------------------------------------------------------------

const accountField = z.strictObject({
  key: z.string().regex(/^[a-z][a-z0-9_]{0,39}$/, 'a name of small letters, digits and _'),
  label: words(80),
  help: words(300),
  placeholder: z.string().max(120).default(''),
  kind: z
    .enum(['subdomain', 'host', 'word', 'text', 'choice'])
    .describe('`text` cannot stand in a host; the others are checked so that they can'),
  domain: z.string().max(200).optional().describe('With kind subdomain: what follows the name'),
  options: z
    .array(z.strictObject({ value: words(100), label: words(100) }))
    .max(50)
    .optional()
    .describe('With kind choice'),
  optional: z.boolean().default(false),
})

const registration = z.strictObject({ url: words(1000), steps: z.array(words(500)).min(1).max(12) })
const parameters = z.record(z.string().min(1).max(100), z.string().max(1000))

const oauth = z.strictObject({
  kind: z.literal('oauth'),
  grant: z
    .enum(['authorization_code', 'client_credentials', 'jwt_bearer'])
    .default('authorization_code')
    .describe(
      'Who signs in: a person, or the OAuth client itself by its secret (RFC 6749 4.4) or by a statement signed with its private key (RFC 7523)',
    ),
  authorizeUrl: template.optional().describe('Leave out authorizeUrl and tokenUrl to have them discovered at `issuer`'),
  tokenUrl: template.optional(),
  revokeUrl: template.optional().describe('RFC 7009'),
  deviceUrl: template.optional().describe('RFC 8628: offers signing in by a code on another device'),
  ways: z
    .array(z.enum(['auth-window', 'system-browser', 'device']))
    .min(1)
    .max(3)
    .refine((ways) => new Set(ways).size === ways.length, 'names a way twice')
    .optional()
    .describe(
      'Ways the server lets a person sign in, the best first; else auth-window, system-browser and, with deviceUrl, device. Name device where the issuer tells its address (device_authorization_endpoint)',
    ),
  issuer: template
    .optional()
    .describe(
      'Value of `iss` (RFC 9207); else the origin of authorizeUrl. Alone: the server there describes itself (RFC 8414), pushed requests (RFC 9126) and DPoP (RFC 9449) included',
    ),
  statement: z
    .strictObject({
      subject: template.optional().describe('`sub`: whom it is about; else the client itself'),
      audience: template.optional().describe('`aud`; else tokenUrl'),
      keyId: template.optional().describe('`kid` of the key'),
      scopeInside: z.boolean().default(false).describe('Scopes stand in the statement, not beside it'),
    })
    .optional()
    .describe('With grant jwt_bearer. The client ID is `iss`, the client secret is the private key (PKCS #8, PEM)'),
  scopes: z
    .array(z.strictObject({ id: words(300), reason: words(300), optional: z.boolean().default(false) }))
    .max(60)
    .default([]),
  scopeSeparator: z.enum([' ', ',']).default(' '),
  optionalScopeParameter: words(100).optional(),
  pkce: z.enum(['S256', 'none']).default('S256'),
  clientAuthentication: z
    .enum(['basic', 'body', 'none'])
    .default('body')
    .describe('How the client secret travels to the token URL; none: there is no secret'),
  redirects: z
    .array(z.enum(['handover', 'app', 'loopback']))
    .min(1)
    .max(3)
    .default(['handover', 'app'])
    .describe('Forms of redirect URL the vendor lets people register, the best first'),
  tokenBody: z.enum(['form', 'json']).default('form'),
  authorizeParameters: parameters.default({}),
  prompts: z
    .array(z.enum(['login', 'select_account', 'consent']))
    .max(3)
    .default([])
    .describe(
      'Values of `prompt` the server knows: login or select_account when another user is to sign in, consent when rights are asked for again. A server that describes itself may add to them (prompt_values_supported)',
    ),
  tokenParameters: parameters.default({}).describe('Sent with the code and with each refresh'),
  accessTokenSeconds: z.int().min(60).max(31_536_000).default(3600).describe('Where the answer does not say'),
  refreshTokenDays: z.int().min(1).max(3650).optional(),
  registration,
})

const key = z.strictObject({
  kind: z.literal('key'),
  label: words(80),
  help: words(500),
  note: words(500),
  registration,
})

// ---- Requests -----------------------------------------------------------------------------------------------------

const headers = z.record(z.string().regex(/^[A-Za-z0-9-]{1,100}$/, 'not a name of a header'), template)
const request = z.strictObject({
  method: z.enum(['GET', 'POST', 'PUT', 'PATCH', 'DELETE']),
  host: template
    .optional()
    .describe('One of `hosts`, where it is not the one of `api.baseUrl`; the path is then the whole path'),
  path: template.describe('Begins with /; follows api.baseUrl'),
  query: z
    .record(z.string().min(1).max(100), template)
    .default({})
    .describe('Parameters that come out empty are left out'),
  headers: headers.default({}),
  json: z.union([z.record(z.string(), z.unknown()), z.array(z.unknown())]).optional(),
  form: z.record(z.string().min(1).max(100), template).optional(),
  reads: z.boolean().default(false).describe('A POST that changes nothing, such as a search: it may be repeated'),
})

const more = path.optional().describe('True while there is another page, where the answer says so')
const size = z.int().min(1).max(1000).describe('Records of a full page; `<%= size %>` in the request')
const pages = z
  .discriminatedUnion('kind', [
    z.strictObject({ kind: z.literal('page'), size, first: z.int().min(0).max(1).default(1), more }),
    z.strictObject({ kind: z.literal('offset'), size, more }),
    z.strictObject({ kind: z.literal('cursor'), size: size.optional(), next: path, more }),
    z.strictObject({
      kind: z.literal('link'),
      size: size.optional(),
      next: path.optional().describe('Address of the next page in the answer; else the Link header with rel="next"'),
    }),
  ])
  .meta({ id: 'pages', description: 'How a list goes on; absent: it has one page' })

// ---- Mapping ------------------------------------------------------------------------------------------------------

const person = z
  .strictObject({
    id: value.optional(),
    name: value.optional(),
    email: value.optional(),
    phone: value.optional(),
  })
  .meta({ id: 'person' })

const conversationFields = z.strictObject({
  id: value,
  subject: value.optional(),
  preview: value.optional(),
  status: value.optional().describe('new, open, pending, on_hold, solved or closed'),
  statusLabel: value.optional(),
  priority: value.optional().describe('low, normal, high or urgent'),
  channel: value.optional().describe('email, chat, phone, web, social, api or other'),
  customer: person.optional(),
  assignee: value.optional(),
  group: value.optional(),
  tags: value.optional(),
  brand: value.optional(),
  createdAt: value.optional(),
  updatedAt: value,
  lastMessageBy: value.optional().describe('customer or agent'),
  dueAt: value.optional(),
  url: value.optional().describe("https address of the conversation on the vendor's site"),
})

const attachments = z.strictObject({
  records: path,
  fields: z.strictObject({
    id: value.optional(),
    name: value.optional(),
    contentType: value.optional(),
    size: value.optional(),
    url: value,
    inline: value.optional(),
    contentId: value.optional(),
  }),
})

const messageFields = z
  .strictObject({
    id: value,
    kind: value.optional().describe('reply, note or event; reply where absent'),
    role: value.optional().describe('Who wrote: customer, agent or system; customer where absent'),
    author: person.optional(),
    createdAt: value,
    text: value.optional(),
    html: value.optional(),
    attachments: attachments.optional(),
  })
  .meta({ id: 'message' })

const list = <F extends z.ZodType>(fields: F) =>
  z.strictObject({ request: requestName, records: path, pages: pages.optional(), fields })

const changes = z.strictObject({
  since: z
    .enum(['iso', 'seconds', 'milliseconds', 'date'])
    .optional()
    .describe('Form of `<%= since %>`, where the request can ask for what changed'),
  order: z.enum(['newest', 'oldest', 'none']).default('newest').describe('In which order of change the list comes'),
  overlapSeconds: z.int().min(0).max(86_400).default(120),
  fullReadHours: z
    .int()
    .min(1)
    .max(720)
    .default(24)
    .describe('How often everything is read again, for what slipped through between pages'),
})

// ---- Writes -------------------------------------------------------------------------------------------------------

const done = z
  .strictObject({ path, equals: z.union([z.string(), z.number(), z.boolean(), z.null()]) })
  .describe('What the answer says when it worked, for APIs that answer 200 to everything')
const write = z.strictObject({
  request: requestName,
  done: done.optional(),
  conversation: path.optional().describe('The changed conversation in the answer'),
  look: z.boolean().default(true).describe('After a lost answer, look in the thread whether it arrived'),
})
const speak = write.extend({ message: path.optional().describe('The new message in the answer') })
const set = write.extend({
  values: z.record(z.string(), z.string()).optional().describe("Manydesk's words and what they are at the vendor"),
})

export const manifestSchema = z.strictObject({
  $schema: z.string().optional(),
  manifest: z.literal(1).describe('Version of this form'),
  id: z.string().regex(/^[a-z][a-z0-9-]{1,39}$/, 'small letters, digits and -, at most 40'),
  name: words(60),
  description: words(120),
  account: z
    .strictObject({
      fields: z.array(accountField).max(8).default([]),
      label: template.describe(
        'What the account is called beside its user, for example <%= account.workspace %>.vendor.example',
      ),
    })
    .describe('What is asked before signing in; `<%= account.key %>` in templates'),
  hosts: z.array(template).min(1).max(10).describe('Every host the token may travel to'),
  signIn: z.discriminatedUnion('kind', [oauth, key]),
  api: z.strictObject({
    baseUrl: template,
    headers: headers.default({}).describe('Of each request. Default: Authorization: Bearer <%= access_token %>'),
    times: timeForm.default('iso'),
    limit: z
      .strictObject({
        requests: z.int().min(1).max(100_000),
        seconds: z.int().min(1).max(86_400),
        concurrent: z.int().min(1).max(10).default(2),
      })
      .default({ requests: 60, seconds: 60, concurrent: 2 }),
    limitHeaders: z
      .strictObject({
        remaining: words(100),
        limit: words(100).optional(),
        reset: words(100).optional(),
        resetIs: z.enum(['seconds', 'time']).default('seconds').describe('From now, or seconds since 1970'),
      })
      .optional(),
    error: z.strictObject({ message: path.optional(), code: path.optional() }).default({}),
  }),
  requests: z.record(requestName, request),
  identity: z
    .strictObject({
      request: requestName.optional().describe('Absent: the answer of the token URL tells who signed in'),
      fields: z.strictObject({
        id: value,
        name: value.optional(),
        email: value.optional(),
        role: value.optional(),
        site: value.optional().describe('Name of the site, where all sites share one host'),
      }),
    })
    .describe('Who signed in'),
  conversations: list(conversationFields).extend({
    changes: changes.default({ order: 'newest', overlapSeconds: 120, fullReadHours: 24 }),
    description: messageFields.optional().describe('The first message, where it is part of the conversation itself'),
    removed: value.optional().describe('True for a conversation that is gone'),
    total: path.optional(),
  }),
  thread: z.strictObject({
    record: z.strictObject({ request: requestName, record: path.default('$') }).optional(),
    messages: z
      .strictObject({
        request: requestName.optional().describe('Absent: the messages stand in the answer of `record`'),
        records: path,
        pages: pages.optional(),
        fields: messageFields,
      })
      .optional(),
  }),
  directory: z
    .strictObject({
      agents: list(
        z.strictObject({ id: value, name: value.optional(), email: value.optional(), active: value.optional() }),
      ).optional(),
      groups: list(z.strictObject({ id: value, name: value })).optional(),
      brands: list(z.strictObject({ id: value, name: value })).optional(),
      statuses: z
        .array(
          z.strictObject({
            id: words(100),
            label: words(100),
            status: z.enum(['new', 'open', 'pending', 'on_hold', 'solved', 'closed']),
          }),
        )
        .max(100)
        .optional(),
    })
    .default({}),
  writes: z
    .strictObject({
      reply: speak.optional(),
      note: speak.optional(),
      status: set.optional(),
      priority: set.optional(),
      assign: write.optional(),
      tags: write.optional(),
    })
    .default({}),
  limits: z.array(words(300)).max(20).default([]).describe("What the vendor's API does not give, in plain words"),
})

/** A manifest as it is worked with, defaults filled in. */
export type Manifest = z.infer<typeof manifestSchema>
/** A manifest as it is written. */
export type ManifestInput = z.input<typeof manifestSchema>
export type ManifestRequest = Manifest['requests'][string]
export type Value = z.infer<typeof value>
export type Pages = z.infer<typeof pages>
export type ConversationFields = z.infer<typeof conversationFields>
export type MessageFields = z.infer<typeof messageFields>
export type PersonFields = z.infer<typeof person>
export type TimeForm = z.infer<typeof timeForm>

/** The same as a JSON Schema, for editors. */
export function manifestJsonSchema(): Record<string, unknown> {
  return {
    $id: 'https://manydesk.app/connector.schema.json',
    title: 'Manydesk connector',
    ...z.toJSONSchema(manifestSchema, { io: 'input', target: 'draft-2020-12' }),
  }
}
