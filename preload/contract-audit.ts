/** Shapes of the calls about the audit log. */
import { z } from 'zod'
import { call, id, nothing, text, time } from './contract-words.ts'

const group = z.enum(['sign_in', 'account', 'connector', 'export', 'policy', 'keys', 'log'])

const entry = z.object({
  /** Where it stands in the log; stays the same for good. */
  id,
  /** Its number in the log. */
  seq: z.number().int(),
  at: time,
  group,
  kind: z.string(),
  actor: z.enum(['agent', 'workstation', 'policy']),
  account: z
    .object({ id: id.nullable(), vendor: z.string(), site: z.string(), user: z.string().nullable() })
    .nullable(),
  /** What happened, as a sentence. */
  summary: z.string(),
  /** `good`: something worked; `bad`: something was refused or failed; `quiet`: the rest. */
  tone: z.enum(['good', 'bad', 'quiet']),
  /** False: it is not the entry that was written. Null: the key it was written with is gone, nobody can tell. */
  sound: z.boolean().nullable(),
})

const verification = z.object({
  /** `memory`: this session keeps no log on disk. */
  state: z.enum(['intact', 'broken', 'memory']),
  checked: z.number().int(),
  /** Entries that were written with a key that is lost. */
  unverifiable: z.number().int(),
  /** Where it broke first. */
  broken: z.object({ seq: z.number().int(), message: z.string() }).nullable(),
})

export const auditCalls = {
  /** Newest first. `before` is the `next` of the page before. */
  'audit.list': call(
    z.object({
      groups: z.array(group).max(10).optional(),
      accountId: id.optional(),
      before: text(40).optional(),
      limit: z.number().int().min(1).max(200),
    }),
    z.object({ entries: z.array(entry), next: z.string().nullable() }),
  ),
  /** Reads the whole log and checks that nothing was changed, taken away or added. */
  'audit.verify': call(nothing, verification),
  /** As JSON lines in the downloads folder. */
  'audit.export': call(nothing, z.object({ fileName: z.string(), folder: z.string() })),
}

export type AuditGroup = z.infer<typeof group>
export type AuditEntryView = z.infer<typeof entry>
export type AuditVerification = z.infer<typeof verification>
