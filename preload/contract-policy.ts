/** What the window must know of the policy of an organisation: its rules in words, and why it cannot be used. No secret is in it. */
import { z } from 'zod'
import { call, nothing } from './contract-words.ts'

export const policyView = z.object({
  managed: z.boolean(),
  /** Whom to ask, as the policy says. */
  contact: z.string().nullable(),
  rules: z.array(z.object({ text: z.string(), reason: z.string().nullable() })),
  /** Not null: the policy cannot be used, and nothing works until it can. Places count from 1, null for the file as a whole. */
  broken: z
    .array(
      z.object({
        file: z.string(),
        line: z.number().int().nullable(),
        column: z.number().int().nullable(),
        path: z.string(),
        message: z.string(),
      }),
    )
    .nullable(),
  /** Why files about sign-ins, and attachments, may not be saved; null where they may. */
  forbids: z.object({ export: z.string().nullable(), downloads: z.string().nullable() }),
  appLock: z
    .object({ afterMinutes: z.number().int(), withSystemLock: z.boolean(), reason: z.string().nullable() })
    .nullable(),
  updateChannel: z.enum(['stable', 'beta', 'none']).nullable(),
})

export type PolicyView = z.infer<typeof policyView>

export const policyCalls = {
  'policy.state': call(nothing, policyView),
  /** Reads the policy files again now. */
  'policy.retry': call(nothing, policyView),
} as const
