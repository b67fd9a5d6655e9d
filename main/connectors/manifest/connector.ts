import type { AppError } from '../../errors.ts'
import type { Connector, Operation, RateRules, Site } from '../connector.ts'
import type { Unified } from '../model.ts'
import { unified } from '../model.ts'
import { errorObject, textOf, vendorError } from '../read-error.ts'
import { find } from './path.ts'
import { accountVariables, renderHeader, renderHost } from './places.ts'
import { pull } from './pull.ts'
import { readIdentity, readPart } from './read-payload.ts'
import type { Manifest } from './schema.ts'
import { baseAddress, send, tokenHeaders } from './send.ts'
import { signInOf } from './sign-in.ts'
import { readThread, readWholeDirectory } from './thread.ts'
import { type Part, reads, usesOf, writeKinds } from './uses.ts'
import { execute, probe } from './write.ts'

/** A connector that does what a validated manifest says. The manifest is data: nothing of it is run. */
export function createManifestConnector(manifest: Manifest): Connector {
  const token = tokenHeaders(manifest)
  return {
    id: manifest.id,
    name: manifest.name,
    description: manifest.description,
    signIn: signInOf(manifest),
    capabilities: {
      commands: writeKinds.filter((kind) => manifest.writes[kind] !== undefined),
      attachments: manifest.thread.messages?.fields.attachments !== undefined,
      limits: manifest.limits,
    },
    rate: rateRules(manifest),
    hosts: (site) => ({
      api: baseAddress(manifest, site),
      allowed: manifest.hosts.map((host) => renderHost(host, site)),
    }),
    authorize(accessToken, { site }) {
      const variables = { ...accountVariables(site), access_token: accessToken }
      return Object.fromEntries(Object.entries(token).map(([name, text]) => [name, renderHeader(text, variables)]))
    },
    async identify({ http, signal, site, tokenAnswer }) {
      const { request } = manifest.identity
      const payload =
        request === undefined
          ? tokenAnswer
          : (await send({ http, signal }, manifest, request, site, accountVariables(site))).payload
      return readIdentity(manifest, payload, site)
    },
    pull: (ctx, cursor) => pull(ctx, manifest, cursor),
    async thread(ctx, id) {
      const { conversation, messages, people, quarantined } = await readThread(ctx, manifest, id)
      return { conversation, messages, people, quarantined }
    },
    directory: (ctx) => readWholeDirectory(ctx, manifest),
    operations: operationsOf(manifest),
    execute: (ctx, conversation, command) => execute(ctx, manifest, conversation, command),
    probe: (ctx, conversation, command, sentAt) => probe(ctx, manifest, conversation, command, sentAt),
    download: (ctx, attachment) => ctx.http.get(attachment.url, { signal: ctx.signal }).bytes(),
    readError: (status, _headers, body) => readError(manifest, status, body),
  }
}

function readError({ name, api }: Manifest, status: number, body: string): AppError {
  const parsed = errorObject(body)
  const words = (path: string | undefined) =>
    path === undefined || parsed === null ? null : textOf(find(path, parsed))
  const usual = [parsed?.error_description, parsed?.message, parsed?.error, parsed?.description].map(textOf)
  const text = words(api.error.message) ?? usual.find((each) => each !== null) ?? null
  return vendorError(name, status, { text, code: words(api.error.code) })
}

function rateRules({ api: { limit, limitHeaders } }: Manifest): RateRules {
  const amount = (headers: Headers, name: string | undefined): number | null => {
    const value = name === undefined ? Number.NaN : Number.parseFloat(headers.get(name) ?? '')
    return Number.isFinite(value) ? value : null
  }
  return {
    defaultLimit: limit.requests,
    windowMs: limit.seconds * 1000,
    concurrency: limit.concurrent,
    read(headers) {
      const remaining = amount(headers, limitHeaders?.remaining)
      if (limitHeaders === undefined || remaining === null) return null
      const reset = amount(headers, limitHeaders.reset)
      const date = Date.parse(headers.get('date') ?? '')
      const resetMs =
        reset === null
          ? null
          : limitHeaders.resetIs === 'seconds'
            ? reset * 1000
            : Math.max(0, reset * 1000 - (Number.isFinite(date) ? date : Date.now()))
      return { remaining, limit: amount(headers, limitHeaders.limit), resetMs }
    },
  }
}

const sentences: Record<Part, string> = {
  identity: 'who signed in',
  conversations: 'the list of conversations',
  record: 'one conversation',
  messages: 'the messages of a conversation',
  agents: 'the agents',
  groups: 'the groups',
  brands: 'the brands',
}

/** What each read request is for, by its name in the manifest. */
export function readRequests(manifest: Manifest): Map<string, Part[]> {
  const found = new Map<string, Part[]>()
  for (const { request, part } of usesOf(manifest)) {
    const read = reads.find((each) => each === part)
    if (read !== undefined) found.set(request, [...(found.get(request) ?? []), read])
  }
  return found
}

/** One per read request, under its name in the manifest.. */
function operationsOf(manifest: Manifest): Operation[] {
  return [...readRequests(manifest)].map(([name, parts]) => ({
    name,
    summary: `Reads ${parts.map((part) => sentences[part]).join(' and ')}.`,
    read: (payload, site) => readParts(manifest, parts, payload, site),
  }))
}

/** @throws AppError `vendor_bad_answer` */
export function readParts(manifest: Manifest, parts: readonly Part[], payload: unknown, site: Site): Unified {
  const all = parts.map((part) => readPart(manifest, part, payload, site))
  return unified({
    conversations: all.flatMap((each) => each.conversations),
    messages: all.flatMap((each) => each.messages),
    people: all.flatMap((each) => each.people),
    directory: Object.assign({}, ...all.map((each) => each.directory)),
    removedVendorIds: all.flatMap((each) => each.removedVendorIds),
    quarantined: all.flatMap((each) => each.quarantined),
  })
}
