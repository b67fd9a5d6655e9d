/** The words that calls and events of the contract are made of: ids, times, kinds and commands. */
import { z } from 'zod'
import { type ErrorShape, errorCodes } from './errors.ts'

export const id = z.string().min(1).max(200)
export const time = z.number().int()
export const text = (max: number) => z.string().max(max)

export const errorShape = z.object({
  code: z.enum(errorCodes),
  message: z.string(),
  action: z.string().nullable(),
  detail: z.string().nullable(),
}) satisfies z.ZodType<ErrorShape>

export const conversationStatus = z.enum(['new', 'open', 'pending', 'on_hold', 'solved', 'closed'])
export const priority = z.enum(['low', 'normal', 'high', 'urgent'])
export const channel = z.enum(['email', 'chat', 'phone', 'web', 'social', 'api', 'other'])
export const signInWay = z.enum(['auth-window', 'system-browser', 'device', 'client-credentials', 'jwt-bearer', 'key'])
export const redirectKind = z.enum(['handover', 'app', 'loopback'])
export const commandKind = z.enum(['reply', 'note', 'status', 'priority', 'assign', 'tags'])
export const commandState = z.enum(['queued', 'sending', 'unknown', 'sent', 'failed'])

export const command = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('reply'), bodyText: text(100_000).min(1), bodyHtml: text(200_000) }),
  z.object({ kind: z.literal('note'), bodyText: text(100_000).min(1), bodyHtml: text(200_000) }),
  z.object({ kind: z.literal('status'), status: conversationStatus, vendorStatusId: id.nullable() }),
  z.object({ kind: z.literal('priority'), priority }),
  z.object({ kind: z.literal('assign'), assigneeVendorId: id.nullable() }),
  z.object({
    kind: z.literal('tags'),
    add: z.array(text(200).min(1)).max(50),
    remove: z.array(text(200).min(1)).max(50),
  }),
])

export const compose = z.object({
  kind: z.literal('compose'),
  to: z.object({ name: text(300).nullable(), email: text(320).min(3) }),
  subject: text(1000),
  bodyText: text(100_000).min(1),
  bodyHtml: text(200_000),
})

export const nothing = z.void()
export const call = <A extends z.ZodType, R extends z.ZodType>(args: A, result: R) => ({ args, result })
