import { z } from 'zod'
import { isAppError } from '../../errors.ts'
import type { ConnectorContext } from '../connector.ts'
import type { Directory, Identity } from '../model.ts'
import { optionalId, optionalText, readAnswer, readRecords } from '../read-records.ts'
import { remembered } from '../remember.ts'
import { vendorName } from './errors.ts'
import { type Label, type Labels, labelSchema, statusOptions } from './labels.ts'
import type { World } from './map.ts'
import { requireMailScope } from './sign-in.ts'

type Asker = Pick<ConnectorContext, 'http' | 'signal'>

export const profileSchema = z.looseObject({
  emailAddress: z.string().regex(/@/, 'not an address'),
  historyId: optionalId,
  threadsTotal: z.number().nullish().catch(null),
})
export type Profile = z.infer<typeof profileSchema>
export const labelList = z.looseObject({ labels: z.array(z.unknown()).nullish() })
export const sendAsList = z.looseObject({ sendAs: z.array(z.unknown()).nullish() })

export const sendAsSchema = z.looseObject({
  sendAsEmail: z.string().regex(/@/, 'not an address'),
  displayName: optionalText,
  isPrimary: z.boolean().nullish().catch(null),
  isDefault: z.boolean().nullish().catch(null),
  verificationStatus: optionalText,
})
export type SendAs = z.infer<typeof sendAsSchema>

export async function readProfile(ctx: Asker): Promise<Profile> {
  const answer: unknown = await ctx.http.get('profile', { signal: ctx.signal }).json()
  return readAnswer(profileSchema, answer, vendorName)
}

export const labelsById = (list: readonly Label[]): Labels => new Map(list.map((label) => [label.id, label]))

export async function readLabels(ctx: Asker): Promise<Labels> {
  const answer: unknown = await ctx.http.get('labels', { signal: ctx.signal }).json()
  const { labels } = readAnswer(labelList, answer, vendorName)
  return labelsById(readRecords(labelSchema, labels ?? [], 'labels').values)
}

/** The main address has no verification; an alias that is not confirmed would be rewritten when sending. */
export const isUsable = (each: SendAs) => each.isPrimary === true || each.verificationStatus === 'accepted'

/** Addresses the mailbox may send as. A Workspace can forbid looking at settings: then only its own is known. */
export const sendAs = remembered(60 * 60_000, async (ctx): Promise<SendAs[]> => {
  try {
    const answer: unknown = await ctx.http.get('settings/sendAs', { signal: ctx.signal }).json()
    const list = readAnswer(sendAsList, answer, vendorName).sendAs ?? []
    return readRecords(sendAsSchema, list, 'sendAs').values.filter(isUsable)
  } catch (error) {
    if (isAppError(error, 'vendor_forbidden', 'vendor_not_found', 'vendor_rejected')) return []
    throw error
  }
})

/** What the mapping must know around the threads of an account. Labels are asked anew: a thread may carry one made a moment ago. */
export async function worldOf(ctx: ConnectorContext): Promise<World> {
  const { identity } = ctx.account
  const addresses = (await sendAs(ctx)).map((each) => each.sendAsEmail)
  const own = [...addresses, ...(identity.email === null ? [] : [identity.email])].map((each) => each.toLowerCase())
  return { labels: await readLabels(ctx), own: new Set(own), self: identity }
}

export const brandsOf = (list: readonly SendAs[]): Directory['brands'] =>
  list.map(({ sendAsEmail, displayName }) => ({
    key: sendAsEmail.toLowerCase(),
    name: displayName ? `${displayName} <${sendAsEmail}>` : sendAsEmail,
  }))

/** One mailbox is one agent; the brands are the addresses it sends as. */
export async function directory(ctx: ConnectorContext): Promise<Directory> {
  const { vendorUserId, name, email } = ctx.account.identity
  return {
    agents: [{ vendorId: vendorUserId, name, email, active: true }],
    groups: [],
    statuses: statusOptions(await readLabels(ctx)),
    brands: brandsOf(await sendAs(ctx)),
  }
}

const userInfo = z.looseObject({ sub: z.string().min(1) })
/** OpenID Connect Core 5.3; named by https://accounts.google.com/.well-known/openid-configuration */
const userInfoUrl = 'https://openidconnect.googleapis.com/v1/userinfo'

type Identifying = Pick<ConnectorContext, 'http' | 'now' | 'signal'> & { tokenAnswer: Record<string, unknown> }

/**
 * The mailbox, and the lasting id of its Google account: addresses can be changed.
 * @throws AppError `handshake_denied` where the box for the mail was left unticked
 */
export async function identify(ctx: Identifying): Promise<Identity> {
  requireMailScope(ctx.tokenAnswer)
  const { emailAddress } = await readProfile(ctx)
  const answer: unknown = await ctx.http.get(userInfoUrl, { signal: ctx.signal }).json()
  const primary = (await sendAs(ctx)).find((each) => each.isPrimary === true)
  return {
    vendorUserId: readAnswer(userInfo, answer, vendorName).sub,
    siteKey: 'mail.google.com',
    name: primary?.displayName || emailAddress,
    email: emailAddress.toLowerCase(),
    role: null,
  }
}
