import { z } from 'zod'
import { AppError, isAppError } from '../../errors.ts'
import type { ConnectorContext, Site } from '../connector.ts'
import type { Identity } from '../model.ts'
import { optionalText, vendorId } from '../read-records.ts'
import { openDesk } from './desk.ts'
import { agentKind, agentName, type DeskAgent } from './directory-map.ts'
import { type Kind, readOne, readPayload } from './payload.ts'

const portalSchema = z.looseObject({
  id: vendorId,
  companyName: optionalText,
  portalName: optionalText,
  isDefault: z.boolean().nullish().catch(null),
})
export type Portal = z.infer<typeof portalSchema>
export const portalKind: Kind<Portal> = {
  name: 'portal',
  schema: portalSchema,
  signs: ['companyName', 'portalName', 'portalURL', 'edition'],
}

/** A login with more portals than these is asked for one by name. */
const mostTried = 12

/**
 * Who signed in, and to which portal. A login may have several; the token works for the one that was chosen on the consent page and for no
 * other (`OAUTH_ORG_MISMATCH`), and nothing but trying tells which: the named portal, or else all, the default one first.
 * @throws AppError `site_invalid` when the login has no portal of that name, or another one was chosen
 */
export async function identify(ctx: Pick<ConnectorContext, 'http' | 'signal'> & { site: Site }): Promise<Identity> {
  const { body } = await openDesk(ctx.http, ctx.signal, null).get('organizations')
  const portals = readPayload(portalKind, body).values
  const wanted = portals.filter((portal) => isNamed(portal, ctx.site.portal ?? ''))
  if (wanted.length === 0) throw noSuchPortal(ctx.site.portal ?? '', portals)
  for (const portal of wanted.sort(defaultFirst).slice(0, mostTried)) {
    const me = await agentAt(ctx, portal.id)
    if (me === null) continue
    return {
      vendorUserId: me.id,
      siteKey: portal.id,
      name: agentName(me),
      email: me.emailId ?? null,
      role: me.rolePermissionType ?? null,
    }
  }
  throw otherPortal(ctx.site.portal ?? '')
}

const defaultFirst = (a: Portal, b: Portal) => Number(b.isDefault === true) - Number(a.isDefault === true)

function isNamed({ id, companyName, portalName }: Portal, name: string): boolean {
  return name === '' || [id, companyName, portalName].some((each) => each?.toLowerCase() === name.toLowerCase())
}

/** The agent behind the token at a portal; null where the token is not for it. */
async function agentAt(ctx: Pick<ConnectorContext, 'http' | 'signal'>, orgId: string): Promise<DeskAgent | null> {
  try {
    const { body } = await openDesk(ctx.http, ctx.signal, orgId).get('myinfo')
    return readOne(agentKind, body)
  } catch (error) {
    if (isAppError(error, 'vendor_forbidden')) return null
    throw error
  }
}

const nameOf = ({ id, portalName, companyName }: Portal) => portalName ?? companyName ?? id

function noSuchPortal(name: string, portals: Portal[]): AppError {
  const known = portals.map(nameOf).join(', ')
  const message =
    name === '' ? 'This Zoho login has no Zoho Desk portal.' : `This Zoho login has no portal called "${name}".`
  return new AppError('site_invalid', message, {
    action: known === '' ? 'Sign in with the login you work with in Zoho Desk.' : `It has: ${known}.`,
  })
}

function otherPortal(name: string): AppError {
  const which = name === '' ? 'a portal this login does not work in' : `another portal than "${name}"`
  return new AppError('site_invalid', `The sign-in was given for ${which}.`, {
    action: 'Connect again and choose the right portal on the page of Zoho.',
  })
}
