import type { SiteSpec } from '../../content/site.ts'
import { usersOf } from '../../directory.ts'
import { type Exchange, formBody, isRecord, json, jsonBody, type Reply } from '../../exchange.ts'
import { Authority } from '../../oauth/authority.ts'
import type { World } from '../../vendor.ts'
import { zendeskClients, zendeskSites } from './sites.ts'

const day = 86_400

/** Reads an optional lifetime from the token request; undefined when it is absent or out of the documented bounds. */
function lifetime(value: unknown, least: number, most: number): number | undefined {
  const seconds = Number(value)
  return value !== undefined && seconds >= least && seconds <= most ? seconds : undefined
}

export function zendeskAuthority(site: SiteSpec, world: World): Authority {
  return new Authority(
    {
      vendor: 'zendesk',
      host: site.authorityHost,
      style: { vendorName: 'Zendesk', title: site.name, colour: '#03363d' },
      paths: { authorize: '/oauth/authorizations/new', token: '/oauth/tokens' },
      clients: zendeskClients.filter((client) => client.authorityHosts.includes(site.authorityHost)),
      clientAuth: 'client_secret_post',
      scopes: {
        read: 'Read everything you can see: tickets, people, groups',
        write: 'Change and answer what you can: tickets, notes, tags',
        'tickets:read': 'Read tickets and their comments',
        'tickets:write': 'Answer and change tickets',
        'users:read': 'Read requesters and agents',
      },
      users: usersOf('zendesk', zendeskSites).filter((user) => user.authorityHost === site.authorityHost),
      siteNames: new Map([[site.id, site.name]]),
      picksSite: false,
      refusesConsent: () => null,
      accessSeconds: (body) => lifetime(body.expires_in, 300, 2 * day) ?? 1800,
      refreshSeconds: (body) => lifetime(body.refresh_token_expires_in, 7 * day, 90 * day) ?? 30 * day,
      codeSeconds: 120,
      rotatesRefresh: true,
      accessTokenBits: 512,
    },
    world,
  )
}

/** POST /oauth/tokens. JSON is documented; a form is taken as well. `expires_in` is told only to those who asked for it. */
export async function zendeskToken(authority: Authority, exchange: Exchange): Promise<Reply> {
  const isJson = exchange.headers['content-type']?.includes('json')
  const given = isJson ? jsonBody(exchange) : Object.fromEntries(formBody(exchange))
  if (!isRecord(given))
    return json(400, { error: 'invalid_request', error_description: 'The request body could not be read' })
  const form: Record<string, string> = {}
  for (const [name, value] of Object.entries(given))
    if (value !== null && value !== undefined) form[name] = String(value)
  const { status, body, bearer } = await authority.token({ ...exchange, headers: withoutAuthorization(exchange) }, form)
  if (!bearer) return json(status === 401 ? 401 : 400, { error: body.error, error_description: body.error_description })
  return json(form.grant_type === 'refresh_token' ? 200 : 201, {
    access_token: body.access_token,
    token_type: 'bearer',
    scope: bearer.scopes.join(' '),
    refresh_token: body.refresh_token,
    refresh_token_expires_in: lifetime(form.refresh_token_expires_in, 7 * day, 90 * day) ?? 30 * day,
    ...(form.expires_in === undefined ? {} : { expires_in: body.expires_in }),
  })
}

function withoutAuthorization(exchange: Exchange): Exchange['headers'] {
  const { authorization: _, ...rest } = exchange.headers
  return rest
}
