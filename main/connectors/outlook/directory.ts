import { z } from 'zod'
import { AppError, isAppError } from '../../errors.ts'
import type { ConnectorContext, Site } from '../connector.ts'
import type { Directory, Identity } from '../model.ts'
import { optionalText, readAnswer } from '../read-records.ts'
import { vendorName } from './errors.ts'
import { folderSchema, mailboxPath, read } from './mailbox.ts'
import { statusOptions } from './map.ts'

export const userSchema = z.looseObject({
  id: z.string().min(1),
  displayName: optionalText,
  mail: optionalText,
  userPrincipalName: optionalText,
  proxyAddresses: z.array(z.unknown()).nullish().catch(null),
})
export type GraphUser = z.infer<typeof userSchema>

/** `/me` has answered 200 with an error inside. */
const failedAnswer = z.looseObject({ error: z.looseObject({}) })

const addressOf = (user: GraphUser) => user.mail || user.userPrincipalName || null

/**
 * Who signed in, and whether the mailbox opens. One person may have several accounts: the own mailbox (known by the person's id, because
 * addresses change) and shared ones (known by their address).
 */
export async function identify(ctx: Pick<ConnectorContext, 'http' | 'signal'>, site: Site): Promise<Identity> {
  const answer = await read(ctx, 'me', { $select: 'id,displayName,mail,userPrincipalName' })
  if (failedAnswer.safeParse(answer).success)
    throw new AppError('vendor_failed', `${vendorName} did not tell who you are.`, {
      action: 'Try again.',
      outcome: 'unknown',
    })
  const user = readAnswer(userSchema, answer, vendorName)
  const path = mailboxPath(site, { vendorUserId: user.id })
  readAnswer(folderSchema, await read(ctx, `${path}/mailFolders/inbox`, { $select: 'id,displayName' }), vendorName)
  const email = addressOf(user)
  return {
    vendorUserId: user.id,
    siteKey: site.mailbox || user.id,
    name: user.displayName || email || user.id,
    email,
    role: null,
  }
}

/** Addresses mail may come to, the main one first: `SMTP:` in capitals marks it, `smtp:` the others. */
function addressesOf(user: GraphUser | null): string[] {
  const listed = (user?.proxyAddresses ?? []).flatMap((each) =>
    typeof each === 'string' && /^smtp:/i.test(each) ? [each] : [],
  )
  return listed.sort().map((each) => each.slice(5).toLowerCase())
}

/** The person signed in, the statuses of `map.ts`, and the addresses of the mailbox as far as the person may see them. */
export async function directory(ctx: ConnectorContext): Promise<Directory> {
  const { site, identity } = ctx.account
  const user = await readUser(ctx, mailboxPath(site, identity))
  const main = site.mailbox || identity.email?.toLowerCase()
  const brands = [...new Set([...(main ? [main] : []), ...addressesOf(user)])]
  return toDirectory(brands, [
    { vendorId: identity.vendorUserId, name: identity.name, email: identity.email, active: true },
  ])
}

export const toDirectory = (addresses: string[], agents: Directory['agents']): Directory => ({
  agents,
  groups: [],
  statuses: statusOptions,
  brands: addresses.map((address) => ({ key: address, name: address })),
})

/** Other people's entries need a permission that is not asked for: null then. */
async function readUser(ctx: ConnectorContext, path: string): Promise<GraphUser | null> {
  try {
    return readAnswer(
      userSchema,
      await read(ctx, path, { $select: 'id,displayName,mail,userPrincipalName,proxyAddresses' }),
      vendorName,
    )
  } catch (error) {
    if (isAppError(error, 'vendor_forbidden', 'vendor_not_found', 'vendor_rejected')) return null
    throw error
  }
}

/** The directory that a user record alone tells. */
export function directoryOfUser(user: GraphUser): Partial<Directory> {
  const email = addressOf(user)
  const name = user.displayName || email || user.id
  const main = email?.toLowerCase()
  const addresses = [...new Set([...(main ? [main] : []), ...addressesOf(user)])]
  return toDirectory(addresses, [{ vendorId: user.id, name, email, active: true }])
}
