import { z } from 'zod'

/**
 * The form of a policy file, version 1. `resources/policy.schema.json` is made from this, and `docs/policy.md` explains it. What is left out
 * is not restricted; what is not known is a fault, because it was meant to restrict something.
 */
const reason = z
  .string()
  .trim()
  .min(1)
  .max(500)
  .optional()
  .describe('Shown to agents where the rule stops them, as it is.')

const vendor = z.string().min(1).max(100).describe('Id of a connector, or * for every vendor.')

/** An exact name, or `*.acme.com`, `*@acme.com`: one star, at the start. Never a regular expression. */
const pattern = z
  .string()
  .max(300)
  .regex(/^(\*[.@])?[^\s*]+$/, 'This must be a name, or begin with *. or *@ and have no other star.')

const forVendor = { vendor: vendor.default('*'), reason }
const allowed = z.strictObject({ allowed: z.boolean(), reason })

export const signInWays = [
  'auth-window',
  'system-browser',
  'device',
  'client-credentials',
  'jwt-bearer',
  'key',
] as const

const client = z.strictObject({
  vendor: z.string().min(1).max(100),
  site: z.string().min(1).max(300).default('*').describe('Host of the site as agents see it, or * for every site.'),
  clientId: z.string().trim().min(1).max(500),
  clientSecret: z.string().trim().min(1).max(2000).nullable().default(null),
  reason,
})

const lockedAccount = z.strictObject({
  ...forVendor,
  site: z.union([z.literal('*'), pattern]).default('*'),
  user: pattern.optional().describe('E-mail address or id of the user at the vendor. Left out: every user.'),
  against: z
    .array(z.enum(['remove', 'reconnect']))
    .min(1)
    .default(['remove', 'reconnect']),
})

const connecting = z.strictObject({
  ...forVendor,
  level: z
    .enum(['agent', 'account'])
    .default('agent')
    .describe('agent: everybody signs in for themselves. account: only administrators connect accounts.'),
  administrators: z
    .array(z.string().min(1).max(100))
    .max(100)
    .default([])
    .describe('Users of the operating system who connect accounts where the level is "account".'),
  users: z.array(pattern).min(1).max(200).optional().describe('E-mail addresses that may be signed in.'),
})

export const policySchema = z.strictObject({
  $schema: z.string().optional(),
  version: z.literal(1).default(1),
  contact: z.string().trim().min(1).max(200).optional().describe('Whom agents ask, for example it@acme.example.'),
  apiKeys: z.union([z.boolean(), allowed]).optional(),
  vendors: z.strictObject({ allowed: z.array(z.string().min(1).max(100)).max(500), reason }).optional(),
  sites: z
    .array(z.strictObject({ ...forVendor, allowed: z.array(pattern).min(1).max(500) }))
    .max(200)
    .default([]),
  ways: z
    .array(z.strictObject({ ...forVendor, allowed: z.array(z.enum(signInWays)).min(1) }))
    .max(200)
    .default([]),
  scopes: z
    .array(
      z.strictObject({
        vendor: z.string().min(1).max(100),
        allowed: z.array(z.string().min(1).max(300)).max(500),
        reason,
      }),
    )
    .max(200)
    .default([]),
  clients: z.array(client).max(500).default([]),
  lockedAccounts: z.array(lockedAccount).max(500).default([]),
  connecting: z.array(connecting).max(200).default([]),
  cache: z.strictObject({ maxAgeDays: z.number().int().min(1).max(3650), reason }).optional(),
  export: allowed.optional(),
  downloads: allowed.optional(),
  appLock: z
    .strictObject({
      afterMinutes: z.number().int().min(1).max(1440),
      withSystemLock: z.boolean().default(true),
      reason,
    })
    .optional(),
  updateChannel: z.strictObject({ channel: z.enum(['stable', 'beta', 'none']), reason }).optional(),
})

/** What one file says, with everything left out filled in. */
export type PolicyRules = z.infer<typeof policySchema>
/** A policy as it is written. */
export type PolicyInput = z.input<typeof policySchema>
export type LockedAction = z.infer<typeof lockedAccount>['against'][number]
export type UpdateChannel = NonNullable<PolicyRules['updateChannel']>['channel']

/** The same as a JSON Schema, for editors and for those who distribute policies. */
export function policyJsonSchema(): Record<string, unknown> {
  return {
    $id: 'https://manydesk.app/policy.schema.json',
    title: 'Manydesk policy',
    ...z.toJSONSchema(policySchema, { io: 'input', target: 'draft-2020-12' }),
  }
}
