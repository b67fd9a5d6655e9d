import { checkMapping } from './check-mapping.ts'
import { checkRequests } from './check-requests.ts'
import type { Fault, Place } from './faults.ts'
import { isHostName } from './places.ts'
import type { Manifest } from './schema.ts'
import { waysOf } from './sign-in.ts'
import { parseTemplate } from './template.ts'
import { accountNames, commandVariables, usesOf, writeKinds } from './uses.ts'

/** What the form alone cannot say: names that lead nowhere, a token that could leave, lists that would never end. */
export function manifestFaults(manifest: Manifest): Fault[] {
  return [
    ...checkAccount(manifest),
    ...checkAddresses(manifest),
    ...checkSignIn(manifest),
    ...checkReferences(manifest),
    ...checkRequests(manifest),
    ...checkMapping(manifest),
    ...checkReading(manifest),
    ...checkWrites(manifest),
  ]
}

function checkAccount({ account }: Manifest): Fault[] {
  const keys = account.fields.map((field) => field.key)
  return account.fields.flatMap((field, index) => {
    const at: Place = ['account', 'fields', index]
    const faults: Fault[] = []
    if (keys.indexOf(field.key) !== index) faults.push({ at: [...at, 'key'], message: 'This name is used twice.' })
    if ((field.kind === 'subdomain') !== (field.domain !== undefined))
      faults.push({ at: [...at, 'kind'], message: 'A subdomain has a "domain", other kinds have none.' })
    if (field.domain !== undefined && !isHostName(field.domain))
      faults.push({ at: [...at, 'domain'], message: 'This is not the name of a domain.' })
    if ((field.kind === 'choice') !== (field.options?.length ?? 0) > 0)
      faults.push({ at: [...at, 'kind'], message: 'A choice has "options", other kinds have none.' })
    return faults
  })
}

/** A template that may name values of the account only. `inHost`: of those kinds that are checked for it. */
function accountTemplate(manifest: Manifest, text: string, at: Place, inHost: boolean): Fault[] {
  const parts = parseTemplate(text)
  if (!Array.isArray(parts)) return [{ at, message: parts.fault }]
  const fit = manifest.account.fields
    .filter((field) => !inHost || field.kind !== 'text')
    .map((field) => `account.${field.key}`)
  return parts.flatMap((part) => {
    if (typeof part === 'string' || (fit.includes(part.name) && part.filter === null)) return []
    if (part.name === 'access_token') return [{ at, message: 'The token travels in headers only.' }]
    const known = accountNames(manifest).includes(part.name)
    const why = known
      ? 'Free text cannot stand in a host.'
      : `Only values of the account can stand here, not "${part.name}".`
    return [{ at, message: why }]
  })
}

/** What would stand there for some account. */
const sample = (text: string) => text.replace(/<%=.*?%>/gs, 'x')

function checkAddress(manifest: Manifest, text: string, at: Place): Fault[] {
  const [, host, rest] = /^https:\/\/([^/?#]*)(.*)$/s.exec(text) ?? []
  if (host === undefined || rest === undefined)
    return [{ at, message: 'This must be an address that begins with https://.' }]
  const faults = [...accountTemplate(manifest, host, at, true), ...accountTemplate(manifest, rest, at, false)]
  if (faults.length > 0) return faults
  const whole = /^<%=[^%]*%>$/.test(host.trim())
  if (!whole && !isHostName(sample(host)))
    return [{ at, message: 'This is not the name of a host (no port, no user, no number).' }]
  return URL.canParse(`https://vendor.example${sample(rest)}`) ? [] : [{ at, message: 'This is not an address.' }]
}

function checkAddresses(manifest: Manifest): Fault[] {
  const { hosts, signIn, api, account } = manifest
  const faults = hosts.flatMap((host, index) => checkAddress(manifest, `https://${host}`, ['hosts', index]))
  hosts.forEach((host, index) => {
    if (/[/?#]/.test(host)) faults.push({ at: ['hosts', index], message: 'This must be a host alone, without a path.' })
  })
  const addresses: [string | undefined, Place][] = [
    [api.baseUrl, ['api', 'baseUrl']],
    ...(signIn.kind === 'oauth'
      ? (['authorizeUrl', 'tokenUrl', 'revokeUrl', 'deviceUrl', 'issuer'] as const).map(
          (name): [string | undefined, Place] => [signIn[name], ['signIn', name]],
        )
      : []),
  ]
  const statement = signIn.kind === 'oauth' ? signIn.statement : undefined
  for (const name of ['subject', 'audience', 'keyId'] as const) {
    const text = statement?.[name]
    if (text !== undefined) faults.push(...accountTemplate(manifest, text, ['signIn', 'statement', name], false))
  }
  for (const [text, at] of addresses) if (text !== undefined) faults.push(...checkAddress(manifest, text, at))
  const base = /^https:\/\/([^/?#]*)([^?#]*)$/s.exec(api.baseUrl)
  if (base === null || !hosts.includes(base[1] ?? ''))
    faults.push({
      at: ['api', 'baseUrl'],
      message: 'Its host must be one of "hosts", written the same way, and nothing follows its path.',
    })
  faults.push(...accountTemplate(manifest, account.label, ['account', 'label'], false))
  return faults
}

function checkSignIn({ signIn }: Manifest): Fault[] {
  const faults: Fault[] = []
  if (!/^https:\/\//.test(signIn.registration.url))
    faults.push({
      at: ['signIn', 'registration', 'url'],
      message: 'This must be an address that begins with https://.',
    })
  if (signIn.kind === 'oauth') faults.push(...checkServer(signIn), ...checkGrant(signIn))
  if (signIn.kind === 'oauth' && signIn.clientAuthentication === 'none' && signIn.pkce === 'none')
    faults.push({
      at: ['signIn', 'pkce'],
      message: 'Without a client secret, PKCE is what protects the sign-in: use S256.',
    })
  return faults
}

type OAuthManifest = Extract<Manifest['signIn'], { kind: 'oauth' }>

/** Its addresses are written down, or the issuer tells them; half of both would leave open which one counts. */
function checkServer(signIn: OAuthManifest): Fault[] {
  const { grant, authorizeUrl, tokenUrl, issuer } = signIn
  // A code on another device needs no page that we know of.
  const byPage = grant === 'authorization_code' && waysOf(signIn).some((way) => way !== 'device')
  const fault = (message: string): Fault[] => [{ at: ['signIn'], message }]
  if (tokenUrl === undefined && issuer === undefined)
    return fault('Say where to sign in: "authorizeUrl" and "tokenUrl", or the "issuer" that tells them.')
  if (byPage && (tokenUrl === undefined) !== (authorizeUrl === undefined))
    return fault('"authorizeUrl" and "tokenUrl" stand together, or both are left to the "issuer".')
  if (tokenUrl === undefined && issuer !== undefined && /[?#]/.test(sample(issuer)))
    return [{ at: ['signIn', 'issuer'], message: 'An issuer has no ? and no #.' }]
  return []
}

function checkGrant(signIn: OAuthManifest): Fault[] {
  const { grant, clientAuthentication, statement, deviceUrl, tokenUrl, ways } = signIn
  const faults: Fault[] = []
  const add = (key: string, message: string) => faults.push({ at: ['signIn', key], message })
  if (grant !== 'authorization_code' && clientAuthentication === 'none')
    add('clientAuthentication', 'A client that signs in as itself needs a secret or a key.')
  if (grant !== 'authorization_code' && deviceUrl !== undefined)
    add('deviceUrl', 'A code is typed by a person: it belongs to the grant authorization_code.')
  if (grant !== 'authorization_code' && ways !== undefined)
    add('ways', 'Ways are those of a person: they belong to the grant authorization_code.')
  if (ways?.includes('device') && deviceUrl === undefined && tokenUrl !== undefined)
    add('ways', 'The way device needs "deviceUrl", or an "issuer" that tells it.')
  if (deviceUrl !== undefined && ways !== undefined && !ways.includes('device'))
    add('deviceUrl', 'It serves the way device, which "ways" does not name.')
  if (grant !== 'jwt_bearer' && statement !== undefined) add('statement', 'Only the grant jwt_bearer has a statement.')
  return faults
}

function checkReferences(manifest: Manifest): Fault[] {
  return usesOf(manifest)
    .filter((use) => !Object.hasOwn(manifest.requests, use.request))
    .map((use) => ({ at: use.at, message: `There is no request named "${use.request}".` }))
}

function checkReading({ conversations, thread }: Manifest): Fault[] {
  const faults: Fault[] = []
  const { pages, changes } = conversations
  if (changes.order === 'oldest' && (pages?.kind === 'page' || pages?.kind === 'offset'))
    faults.push({
      at: ['conversations', 'changes', 'order'],
      message: 'With numbered pages the list must come newest first, or changes are skipped while it is read.',
    })
  if (thread.record === undefined && thread.messages === undefined)
    faults.push({ at: ['thread'], message: 'A thread needs "record", "messages", or both.' })
  if (thread.record === undefined && thread.messages !== undefined && thread.messages.request === undefined)
    faults.push({
      at: ['thread', 'messages'],
      message: 'Name the request, or the "record" whose answer holds the messages.',
    })
  if (thread.record === undefined && conversations.description !== undefined)
    faults.push({
      at: ['conversations', 'description'],
      message: 'A thread needs "record" so that the first message stays in it.',
    })
  return faults
}

function checkWrites({ writes, requests, directory }: Manifest): Fault[] {
  return writeKinds.flatMap((kind) => {
    const write = writes[kind]
    const request = write && Object.hasOwn(requests, write.request) ? requests[write.request] : undefined
    if (write === undefined || request === undefined) return []
    const faults: Fault[] = []
    const at: Place = ['writes', kind]
    if (request.method === 'GET') faults.push({ at: [...at, 'request'], message: 'A GET changes nothing.' })
    const text = JSON.stringify([request.path, request.query, request.json, request.form])
    if (!commandVariables[kind].some((name) => text.includes(name)))
      faults.push({
        at: [...at, 'request'],
        message: `This request carries nothing of the command: use ${commandVariables[kind].join(' or ')}.`,
      })
    if (kind === 'status' && writes.status?.values === undefined && directory.statuses === undefined)
      faults.push({ at, message: 'Say what the statuses are called: "values" here, or "statuses" in the directory.' })
    return faults
  })
}
