import type { Fault, Place } from './faults.ts'
import type { Manifest, ManifestRequest } from './schema.ts'
import { type Placeholder, parseTemplate } from './template.ts'
import { everyVariable, pagesOf, type Use, usesOf, writeKinds } from './uses.ts'

const forbiddenHeaders = [
  'host',
  'cookie',
  'content-length',
  'connection',
  'transfer-encoding',
  'upgrade',
  'origin',
  'referer',
]

interface Found {
  at: Place
  placeholder: Placeholder
}

/** Requests: their shape, their placeholders, and that the token stays in headers. */
export function checkRequests(manifest: Manifest): Fault[] {
  const uses = usesOf(manifest)
  const every = everyVariable(manifest)
  const own = Object.entries(manifest.requests).flatMap(([name, request]) => {
    const at: Place = ['requests', name]
    const mine = uses.filter((use) => use.request === name)
    return [
      ...checkShape(manifest, request, at, mine),
      ...checkPlaceholders(request, at, mine, every),
      ...checkPages(manifest, request, mine),
    ]
  })
  const common = templatesIn(manifest.api.headers, ['api', 'headers']).flatMap((found) =>
    'fault' in found ? [{ at: found.at, message: found.fault }] : commonHeader(manifest, found),
  )
  return [...own, ...common, ...checkHeaderNames(manifest.api.headers, ['api', 'headers']), ...checkToken(manifest)]
}

function commonHeader(manifest: Manifest, { at, placeholder }: Found): Fault[] {
  const names = ['access_token', ...manifest.account.fields.map((field) => `account.${field.key}`)]
  return names.includes(placeholder.name) ? [] : [{ at, message: unknown(placeholder.name, names) }]
}

const unknown = (name: string, names: readonly string[]) =>
  `There is no value "${name}" here. What can be used: ${names.join(', ')}.`

function checkHeaderNames(headers: Record<string, string>, at: Place): Fault[] {
  return Object.keys(headers)
    .filter((name) => forbiddenHeaders.includes(name.toLowerCase()) || /^(sec|proxy)-/i.test(name))
    .map((name) => ({ at: [...at, name], message: 'A connector cannot set this header.' }))
}

function checkShape(manifest: Manifest, request: ManifestRequest, at: Place, uses: Use[]): Fault[] {
  const faults: Fault[] = checkHeaderNames(request.headers, [...at, 'headers'])
  const plain = request.path.replace(/<%=.*?%>/gs, 'x')
  if (!/^\/[^?#\\\s]*$/.test(plain) || plain.split('/').some((part) => /^(?:\.|%2e){1,2}$/i.test(part)))
    faults.push({
      at: [...at, 'path'],
      message: 'A path begins with / and holds no ?, # or dots alone; parameters stand in "query".',
    })
  if (request.host !== undefined && !manifest.hosts.includes(request.host))
    faults.push({ at: [...at, 'host'], message: 'This must be one of "hosts", written the same way.' })
  if (request.json !== undefined && request.form !== undefined)
    faults.push({ at: [...at, 'form'], message: 'A request has "json" or "form", not both.' })
  if (request.method === 'GET' && (request.json !== undefined || request.form !== undefined))
    faults.push({ at: [...at, 'method'], message: 'A GET has no body.' })
  const read = uses.find((use) => !writeKinds.some((kind) => kind === use.part))
  const changes = request.method !== 'GET' && !(request.method === 'POST' && request.reads)
  if (read !== undefined && changes)
    faults.push({ at: [...at, 'method'], message: 'This is used to read: GET, or POST with "reads": true.' })
  return faults
}

function checkPlaceholders(request: ManifestRequest, at: Place, uses: Use[], every: string[]): Fault[] {
  return templatesIn(request, at).flatMap((found) => {
    if ('fault' in found) return [{ at: found.at, message: found.fault }]
    const { placeholder } = found
    if (placeholder.name === 'access_token') {
      const header = found.at[at.length] === 'headers'
      return header ? [] : [{ at: found.at, message: 'The token travels in headers only.' }]
    }
    const wrong = uses.find((use) => !use.variables.includes(placeholder.name))
    if (wrong) return [{ at: found.at, message: unknown(placeholder.name, wrong.variables) }]
    return every.includes(placeholder.name) ? [] : [{ at: found.at, message: unknown(placeholder.name, every) }]
  })
}

/** A list that never asks for its next page would be read as the same page again. */
function checkPages(manifest: Manifest, request: ManifestRequest, uses: Use[]): Fault[] {
  const names = new Set(templatesIn(request, []).flatMap((found) => ('fault' in found ? [] : [found.placeholder.name])))
  return uses.flatMap((use) => {
    const faults: Fault[] = []
    const pages = pagesOf(manifest, use.part)
    const needed = pages?.kind === 'link' ? undefined : pages?.kind
    if (needed !== undefined && !names.has(needed))
      faults.push({ at: ['requests', use.request], message: `This never asks for another page: use <%= ${needed} %>.` })
    if (use.part !== 'conversations') return faults
    const since = manifest.conversations.changes.since !== undefined
    if (since !== names.has('since'))
      faults.push({
        at: since ? ['conversations', 'changes', 'since'] : ['requests', use.request],
        message: since ? 'The request does not use <%= since %>.' : 'Say in "changes" which form "since" has.',
      })
    return faults
  })
}

/** Every placeholder of every text in a value, with its place. */
function templatesIn(value: unknown, at: Place): (Found | { at: Place; fault: string })[] {
  if (typeof value === 'string') {
    const parts = parseTemplate(value)
    if (!Array.isArray(parts)) return [{ at, fault: parts.fault }]
    return parts.flatMap((placeholder) => (typeof placeholder === 'string' ? [] : [{ at, placeholder }]))
  }
  if (Array.isArray(value)) return value.flatMap((each, index) => templatesIn(each, [...at, index]))
  if (typeof value !== 'object' || value === null) return []
  return Object.entries(value).flatMap(([name, each]) => templatesIn(each, [...at, name]))
}

/** The headers that carry the token are those of the account, so all requests must agree on them. */
function checkToken(manifest: Manifest): Fault[] {
  const forms = new Map<string, string>()
  const faults: Fault[] = []
  const look = (headers: Record<string, string>, at: Place) => {
    for (const [name, text] of Object.entries(headers)) {
      if (!text.includes('access_token')) continue
      const known = forms.get(name.toLowerCase())
      if (known !== undefined && known !== text)
        faults.push({
          at: [...at, name],
          message: 'The token has another form here than in the rest of the connector.',
        })
      else forms.set(name.toLowerCase(), text)
      const parts = parseTemplate(text)
      const others = Array.isArray(parts)
        ? parts.filter(
            (part) => typeof part !== 'string' && part.name !== 'access_token' && !part.name.startsWith('account.'),
          )
        : []
      if (others.length > 0)
        faults.push({ at: [...at, name], message: 'Beside the token only values of the account can stand.' })
    }
  }
  look(manifest.api.headers, ['api', 'headers'])
  for (const [name, request] of Object.entries(manifest.requests)) look(request.headers, ['requests', name, 'headers'])
  return faults
}
