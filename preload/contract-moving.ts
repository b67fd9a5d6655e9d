/** Shapes of the calls that take accounts and brands from one computer to another. */
import { z } from 'zod'
import { call, id, nothing, text } from './contract-words.ts'

/** Something wrong with the file; lines and columns count from 1. */
const fileFault = z.object({ line: z.number().int(), column: z.number().int(), path: z.string(), message: z.string() })

const importPreview = z.object({
  /** Not empty: nothing of the file can be taken. */
  faults: z.array(fileFault),
  brands: z.array(z.object({ name: z.string(), verdict: z.enum(['new', 'here']) })),
  accounts: z.array(
    z.object({
      vendorName: z.string(),
      siteLabel: z.string(),
      userName: z.string(),
      email: z.string().nullable(),
      /** `new` would be added, `here` is left as it is, `refused` cannot be taken. */
      verdict: z.enum(['new', 'here', 'refused']),
      /** Why it cannot be taken. */
      reason: z.string().nullable(),
    }),
  ),
})

const fileText = text(4_000_000)

export const movingCalls = {
  /** Accounts and brands without any secret, as a file in the downloads folder. */
  'moving.export': call(
    nothing,
    z.object({
      fileName: z.string(),
      folder: z.string(),
      accounts: z.number().int(),
      brands: z.number().int(),
    }),
  ),
  /** What importing this file would do. Changes nothing. */
  'moving.preview': call(z.object({ text: fileText }), importPreview),
  /** Adds what is new. Answers the accounts that ask for a sign-in now, in the order of the file. */
  'moving.import': call(z.object({ text: fileText }), z.object({ accountIds: z.array(id), brands: z.number().int() })),
} as const

export type ImportPreview = z.infer<typeof importPreview>
