import { AppError } from '../../errors.ts'
import type { Site } from '../connector.ts'
import { lookUp, partsOf, renderText, type Variables } from './template.ts'

/** A value is escaped for the place it stands in, or refused: it can never reach out of that place. */

function unfit(what: string): AppError {
  return new AppError('bad_request', `A value does not fit into ${what} of this connector's request.`, {
    action: 'Check it under Accounts, Custom connectors.',
    detail: what,
    outcome: 'refused',
  })
}

/** The values a person gave for an account, as variables. */
export const accountVariables = (site: Site): Variables =>
  Object.fromEntries(Object.entries(site).map(([key, value]) => [`account.${key}`, value]))

const label = '[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?'
/** A full host name with a dot and a last part that is no number: no port, nothing of this machine. */
const hostName = new RegExp(`^(?:${label}\\.)+(?=[a-z0-9-]*[a-z])${label}$`)
const hostPart = new RegExp(`^${label}(?:\\.${label})*$`)

/** As a URL has it: whatever form of a number it would read as an address (`0x7f.0x1`) comes back changed. */
const staysItself = (text: string): boolean => URL.parse(`https://${text}/`)?.hostname === text

export const isHostName = (text: string): boolean =>
  text.length <= 253 && hostName.test(text) && !/(^|\.)localhost$/.test(text) && staysItself(text)

/** A host with its values. @throws AppError `site_invalid` */
export function renderHost(text: string, site: Site): string {
  const host = renderText(text, accountVariables(site), (value) => (hostPart.test(value) ? value : '?'))
  if (isHostName(host)) return host
  throw new AppError('site_invalid', 'This is not the name of a host.', {
    action: 'Check what was entered for the account.',
  })
}

/** An https address: values of the account in its host are host names, in the rest they are encoded. @throws AppError `site_invalid` */
export function renderAddress(text: string, site: Site): string {
  const [, host = '', rest = ''] = /^https:\/\/([^/?#]*)(.*)$/s.exec(text) ?? []
  const path = renderText(rest, accountVariables(site), encodeURIComponent)
  return `https://${renderHost(host, site)}${path}`
}

const dots = /^(?:\.|%2e){1,2}$/i

/** The path of a request. A value is one piece of it: it is encoded whole, and may be neither empty nor dots. @throws AppError */
export function renderPath(text: string, variables: Variables): string {
  const path = renderText(text, variables, (value) => {
    if (value === '') throw unfit('the path')
    return encode(value)
  })
  if (path.split('/').some((segment) => dots.test(segment))) throw unfit('the path')
  return path
}

function encode(value: string): string {
  try {
    return encodeURIComponent(value)
  } catch {
    // Half of a surrogate pair.
    throw unfit('the path')
  }
}

/** The query of a request; empty parameters are left out, lists are repeated. */
export function renderQuery(query: Readonly<Record<string, string>>, variables: Variables): URLSearchParams {
  const parameters = new URLSearchParams()
  for (const [name, text] of Object.entries(query)) {
    const [only, ...others] = partsOf(text)
    const list = others.length === 0 && only !== undefined && typeof only !== 'string' ? lookUp(only, variables) : null
    const values = Array.isArray(list) ? list.map(String) : [renderText(text, variables, (value) => value)]
    for (const value of values) if (value !== '') parameters.append(name, value)
  }
  return parameters
}

/** The value of a header: printable ASCII, so that it can begin no other. @throws AppError */
export function renderHeader(text: string, variables: Variables): string {
  const value = renderText(text, variables, (each) => each)
  if (/^[\x20-\x7e]*$/.test(value)) return value
  throw unfit('a header')
}

/** Values in a JSON body keep their type where nothing else stands in the text; members that are not there are left out. */
export function renderJson(body: unknown, variables: Variables): unknown {
  if (typeof body === 'string') return renderJsonText(body, variables)
  if (Array.isArray(body)) return body.map((each) => renderJson(each, variables)).filter((each) => each !== undefined)
  if (typeof body !== 'object' || body === null) return body
  const members = Object.entries(body).map(([name, value]) => [name, renderJson(value, variables)] as const)
  return Object.fromEntries(members.filter(([, value]) => value !== undefined))
}

function renderJsonText(text: string, variables: Variables): unknown {
  const [only, ...others] = partsOf(text)
  if (only !== undefined && others.length === 0 && typeof only !== 'string') return lookUp(only, variables)
  return renderText(text, variables, (value) => value)
}
