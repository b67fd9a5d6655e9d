import type { ManifestInput } from '../manifest/schema.ts'
import { convert, plainName } from './placeholders.ts'
import type { AppRequest, FreshworksApp, Input } from './read-app.ts'
import type { ImportReport } from './report.ts'

export type ImportedRequest = ManifestInput['requests'][string]

export interface ImportedRequests {
  requests: Map<string, ImportedRequest>
  hosts: string[]
  /** Headers that all of them share, with the token. */
  headers: Record<string, string>
  /** Names of the app's values that stand in them. */
  inputs: Set<string>
}

const methods = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE'] as const

/** Which integration a template is signed in with; null: none. */
function integrationOf(app: FreshworksApp, { schema, options }: AppRequest): string | null {
  if (typeof options?.oauth === 'string') return options.oauth
  const token = Object.values(schema.headers ?? {}).some((value) => value.includes('access_token'))
  const only = app.integrations.size === 1 ? ([...app.integrations.keys()][0] ?? null) : null
  return options?.isOAuth === true || token ? only : null
}

/** The request templates of one integration. */
export function importRequests(app: FreshworksApp, integration: string, report: ImportReport): ImportedRequests {
  const found: ImportedRequests = { requests: new Map(), hosts: [], headers: {}, inputs: new Set() }
  for (const [name, template] of app.requests) {
    const of = integrationOf(app, template)
    if (of === integration) importRequest(name, template, app.iparams, found, report)
  }
  return found
}

/** Templates that no integration signs in. Said once for the whole app. */
export function reportUnsigned(app: FreshworksApp, report: ImportReport): void {
  for (const [name, template] of app.requests) {
    const of = integrationOf(app, template)
    if (of === null)
      report.notCarried.push(`Request "${name}": it is not signed in with OAuth, so it belongs to no account.`)
    else if (!app.integrations.has(of))
      report.notCarried.push(`Request "${name}": oauth_config.json has no integration "${of}".`)
  }
}

function importRequest(
  name: string,
  template: AppRequest,
  iparams: FreshworksApp['iparams'],
  found: ImportedRequests,
  report: ImportReport,
): void {
  const { schema } = template
  const method = methods.find((each) => each === schema.method.toUpperCase())
  if (method === undefined) {
    report.notCarried.push(`Request "${name}": the method ${schema.method} is not one of ${methods.join(', ')}.`)
    return
  }
  if (schema.protocol !== undefined && schema.protocol.toLowerCase() !== 'https')
    report.needsAnswer.push(
      `Request "${name}": it used ${schema.protocol}; Manydesk uses https only. Does the host answer there?`,
    )
  const say = (text: string, where: string) => converted(text, `Request "${name}", ${where}`, found, report)
  const host = say(schema.host, 'host')
  if (!found.hosts.includes(host)) found.hosts.push(host)
  const [path = '/', search = ''] = schema.path.split('?', 2)
  const query = Object.fromEntries([
    ...[...new URLSearchParams(search)].map(([key, value]) => [key, say(value, `query ${key}`)] as const),
    ...Object.entries(schema.query ?? {}).map(([key, value]) => [key, say(value, `query ${key}`)] as const),
  ])
  const headers = importHeaders(name, schema.headers ?? {}, iparams, found, report)
  const plain = unused(plainName(name), found)
  found.requests.set(plain, {
    method,
    host,
    path: say(path.startsWith('/') ? path : `/${path}`, 'path'),
    ...(Object.keys(query).length === 0 ? {} : { query }),
    ...(Object.keys(headers).length === 0 ? {} : { headers }),
  })
  report.taken.push(`Request "${name}"${plain === name ? '' : ` as "${plain}"`}: ${method} ${host}${path}`)
  if (method !== 'GET')
    report.needsAnswer.push(
      `Request "${name}": an app builds the body in code. Write it as "json" or "form" of "${plain}".`,
    )
  if (Number(template.options?.maxAttempts ?? 1) > 1)
    report.notCarried.push(
      `Request "${name}": maxAttempts and retryDelay. Manydesk repeats reads by itself and never repeats a write unasked.`,
    )
}

function unused(name: string, found: ImportedRequests): string {
  if (!found.requests.has(name)) return name
  for (let number = 2; ; number += 1) if (!found.requests.has(`${name}_${number}`)) return `${name}_${number}`
}

const droppedHeaders = /^(content-type|accept|host|content-length|user-agent|cookie|connection)$/i

function importHeaders(
  name: string,
  headers: Record<string, string>,
  iparams: ReadonlyMap<string, Input>,
  found: ImportedRequests,
  report: ImportReport,
) {
  const own: Record<string, string> = {}
  for (const [header, value] of Object.entries(headers)) {
    if (droppedHeaders.test(header)) {
      if (/content-type/i.test(header) && !/json/i.test(value))
        report.needsAnswer.push(`Request "${name}": its body is ${value}; a manifest has "json" and "form".`)
      continue
    }
    const { inputs, code } = convert(value)
    const secret = inputs.find((each) => iparams.get(each)?.secure === true)
    if (secret !== undefined) {
      report.notCarried.push(
        `Request "${name}", header ${header}: "${secret}" is a secret of the installation, and a manifest holds none.`,
      )
    } else if (code.length > 0) {
      report.notCarried.push(
        `Request "${name}", header ${header}: "${code[0]}" is code, which a manifest does not run.`,
      )
    } else {
      const text = converted(value, `Request "${name}", header ${header}`, found, report)
      // The token stands in the headers of the whole account.
      if (text.includes('access_token') && found.headers[header] === undefined) found.headers[header] = text
      else if (found.headers[header] !== text) own[header] = text
    }
  }
  return own
}

function converted(text: string, where: string, found: ImportedRequests, report: ImportReport): string {
  const read = convert(text)
  for (const input of read.inputs) found.inputs.add(input)
  for (const name of read.unknown)
    report.needsAnswer.push(
      `${where}: what is context.${name}? Replace it by one of Manydesk's values, or by a fixed text.`,
    )
  for (const code of read.code) report.notCarried.push(`${where}: "${code}" is code, which a manifest does not run.`)
  return read.text
}
