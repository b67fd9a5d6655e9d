/** Shapes of the calls about how accounts do and for how long they will. */
import { z } from 'zod'
import { call, errorShape, id, nothing, time } from './contract-words.ts'

const forecast = z.object({
  /** What ends, or is wrong. */
  limit: z.enum([
    'sign_in',
    'access',
    'refresh_age',
    'refresh_idle',
    'test_mode',
    'client_secret',
    'scopes',
    'clock',
    'renewal',
  ]),
  /** Null where it has no date, or is so now. */
  at: time.nullable(),
  certainty: z.enum(['told', 'documented', 'learned', 'entered', 'measured', 'possible']),
  /** `later` is known and no reason to do anything yet. */
  severity: z.enum(['broken', 'urgent', 'soon', 'later']),
  sentence: z.string(),
  remedy: z.object({ kind: z.enum(['reconnect', 'resume', 'new_secret', 'set_clock', 'wait']), words: z.string() }),
})

/** Calls of each of the last 24 hours, the present one last. */
const hours = z.array(z.number().int().nonnegative()).length(24)

const accountHealth = z.object({
  accountId: id,
  /** The worst and nearest first. */
  forecast: z.array(forecast),
  /** A person should look. */
  attention: z.boolean(),
  /** Newer conversations than those that are here may exist. `since` null: it was never read to its end. */
  notCurrent: z
    .object({
      since: time.nullable(),
      reason: z.enum(['signed_out', 'paused', 'offline', 'failing', 'throttled', 'behind']),
    })
    .nullable(),
  lastSuccessAt: time.nullable(),
  lastError: z.object({ at: time.nullable(), error: errorShape }).nullable(),
  /** Null where there is nothing to renew, or it is not known yet. */
  renewable: z.boolean().nullable(),
  nextRefreshAt: time.nullable(),
  rate: z
    .object({
      left: z.number().int(),
      capacity: z.number().int(),
      limit: z.number().int(),
      windowMs: z.number(),
      waitUntil: time.nullable(),
    })
    .nullable(),
  calls: hours,
  failedCalls: hours,
  /** How far this computer's clock is ahead, in milliseconds. */
  clockAheadMs: z.number().int().nullable(),
  secretExpiresAt: time.nullable(),
})

export const healthCalls = {
  /** How every account does, and what will end its work. No secret is in it. */
  'health.list': call(nothing, z.array(accountHealth)),
  /** When the secret of the account's OAuth client ends, as its maker told; null takes the date away. */
  'health.setSecretExpiry': call(z.object({ accountId: id, at: time.nullable() }), nothing),
} as const

export const healthEvents = {
  'health.changed': z.array(accountHealth),
} as const

export type AccountHealth = z.infer<typeof accountHealth>
export type Forecast = z.infer<typeof forecast>
