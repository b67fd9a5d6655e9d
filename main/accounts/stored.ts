import { z } from 'zod'
import { errorCodes } from '../../preload/errors.ts'
import type { Account, Brand } from './model.ts'

/** What may stand in the settings files. The model is the truth; the compiler compares. */

const errorShape = z.object({
  code: z.enum(errorCodes),
  message: z.string(),
  action: z.string().nullable(),
  detail: z.string().nullable(),
})

const storedBrand = z.object({
  id: z.string().min(1),
  name: z.string(),
  color: z.string(),
  monogram: z.string(),
  replyName: z.string(),
  replyAddress: z.string(),
  signature: z.string(),
  position: z.number().int(),
}) satisfies z.ZodType<Brand>

const storedAccount = z.object({
  id: z.string().min(1),
  vendor: z.string().min(1),
  site: z.record(z.string(), z.string()),
  siteLabel: z.string(),
  identity: z.object({
    vendorUserId: z.string(),
    siteKey: z.string(),
    name: z.string(),
    email: z.string().nullable(),
    role: z.string().nullable(),
  }),
  brandId: z.string().nullable(),
  routing: z.record(z.string(), z.string()),
  state: z.enum(['connected', 'needs_sign_in', 'paused']),
  trouble: errorShape.nullable(),
  clientId: z.string(),
  way: z.enum(['auth-window', 'system-browser', 'device', 'client-credentials', 'jwt-bearer', 'key']),
  redirect: z.enum(['handover', 'app', 'loopback']).nullable(),
  scopes: z.array(z.string()),
  accessExpiresAt: z.number().nullable(),
  refreshExpiresAt: z.number().nullable(),
  connectedAt: z.number(),
  lastSyncAt: z.number().nullable(),
  partition: z.string(),
}) satisfies z.ZodType<Account>

export const brandsFile = z.object({ brands: z.array(storedBrand) })

/** `removing` holds accounts whose removal has begun: they are no longer shown, and start-up finishes what is left. */
export const accountsFile = z.object({ accounts: z.array(storedAccount), removing: z.array(storedAccount) })
