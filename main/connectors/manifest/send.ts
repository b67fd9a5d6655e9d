import type { Options } from 'ky'
import { AppError } from '../../errors.ts'
import type { ConnectorContext, Site } from '../connector.ts'
import { readByPost } from '../http.ts'
import type { Identity } from '../model.ts'
import {
  accountVariables,
  renderAddress,
  renderHeader,
  renderHost,
  renderJson,
  renderPath,
  renderQuery,
} from './places.ts'
import type { Manifest, ManifestRequest } from './schema.ts'
import { renderText, type Variables } from './template.ts'
import { requestOf } from './uses.ts'

/** A complete answer of the vendor. */
export interface Answer {
  payload: unknown
  headers: Headers
  /** The address that was asked, for links that are relative to it. */
  url: URL
}

/** A request with its values filled in. It can go to a declared host only. */
export interface Prepared {
  method: ManifestRequest['method']
  url: URL
  headers: Record<string, string>
  body: Pick<Options, 'json' | 'body'>
}

type Caller = Pick<ConnectorContext, 'http' | 'signal'>

export const identityVariables = (identity: Identity): Variables => ({
  'me.id': identity.vendorUserId,
  'me.name': identity.name,
  'me.email': identity.email,
  'me.site': identity.siteKey,
})

/** The variables every request of an account has. */
export const variablesOf = (ctx: ConnectorContext): Variables => ({
  ...accountVariables(ctx.account.site),
  ...identityVariables(ctx.account.identity),
})

const carriesToken = (text: string) => text.includes('access_token')

/** Headers that carry the token: those of the manifest that name it, else a bearer token. */
export function tokenHeaders(manifest: Manifest): Record<string, string> {
  const all = [manifest.api.headers, ...Object.values(manifest.requests).map((request) => request.headers)]
  const named = all.flatMap((headers) => Object.entries(headers)).filter(([, text]) => carriesToken(text))
  if (named.length === 0) return { authorization: 'Bearer <%= access_token %>' }
  return Object.fromEntries(named.map(([name, text]) => [name.toLowerCase(), text]))
}

/** The base address, with its path and without a slash at its end. @throws AppError `site_invalid` */
export const baseAddress = (manifest: Manifest, site: Site): string =>
  renderAddress(manifest.api.baseUrl, site).replace(/\/$/, '')

/** @throws AppError `bad_request` for a value that does not fit where it should stand */
export function prepare(manifest: Manifest, name: string, site: Site, variables: Variables): Prepared {
  const request = requestOf(manifest, name)
  const base = request.host === undefined ? baseAddress(manifest, site) : `https://${renderHost(request.host, site)}`
  const url = new URL(`${base}${renderPath(request.path, variables)}`)
  url.search = renderQuery(request.query, variables).toString()
  const plain = Object.entries({ ...manifest.api.headers, ...request.headers }).filter(
    ([, text]) => !carriesToken(text),
  )
  const headers = Object.fromEntries(plain.map(([header, text]) => [header, renderHeader(text, variables)]))
  return {
    method: request.method,
    url,
    headers: { accept: 'application/json', ...headers },
    body: bodyOf(request, variables),
  }
}

function bodyOf(request: ManifestRequest, variables: Variables): Prepared['body'] {
  if (request.json !== undefined) return { json: renderJson(request.json, variables) }
  if (request.form === undefined) return {}
  const fields = Object.entries(request.form).map(([name, text]) => {
    return [name, renderText(text, variables, (value) => value)] as const
  })
  return { body: new URLSearchParams(Object.fromEntries(fields)) }
}

/** Sends a request of the manifest. @throws AppError of the account's HTTP client */
export async function send(
  ctx: Caller,
  manifest: Manifest,
  name: string,
  site: Site,
  variables: Variables,
): Promise<Answer> {
  const { method, url, headers, body } = prepare(manifest, name, site, variables)
  const again = method === 'POST' && requestOf(manifest, name).reads ? readByPost : {}
  const response = await ctx.http(url.href, { method, headers, ...body, ...again, signal: ctx.signal })
  return { payload: payloadOf(manifest, await response.text(), method), headers: response.headers, url }
}

/** Follows a link to a next page with the headers of the request that began the list. */
export async function follow(
  ctx: Caller,
  manifest: Manifest,
  name: string,
  site: Site,
  variables: Variables,
  link: string,
): Promise<Answer> {
  const { headers } = prepare(manifest, name, site, variables)
  const url = new URL(link)
  const response = await ctx.http(url.href, { method: 'GET', headers, signal: ctx.signal })
  return { payload: payloadOf(manifest, await response.text(), 'GET'), headers: response.headers, url }
}

function payloadOf(manifest: Manifest, text: string, method: string): unknown {
  if (text.trim() === '') return null
  try {
    return JSON.parse(text)
  } catch {
    throw new AppError('vendor_bad_answer', `${manifest.name} sent an answer that Manydesk cannot read.`, {
      action: 'Try again later.',
      detail: 'not JSON',
      outcome: method === 'GET' ? 'refused' : 'unknown',
    })
  }
}
