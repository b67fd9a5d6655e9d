import { AppError } from '../../errors.ts'
import type { ConnectorContext } from '../connector.ts'
import { find } from './path.ts'
import { renderHost } from './places.ts'
import type { Manifest, Pages } from './schema.ts'
import { type Answer, follow, send, variablesOf } from './send.ts'
import { textOf, type Variables } from './template.ts'

/** Where a list goes on: the number of a page, an offset, or the vendor's own cursor or link. Null: at its beginning. */
export type Position = number | string | null

export interface PageAnswer extends Answer {
  next: Position
}

interface ListSource {
  request: string
  pages?: Pages | undefined
}

function pageVariables(pages: Pages | undefined, at: Position): Variables {
  if (pages === undefined) return {}
  const size = pages.size === undefined ? {} : { size: pages.size }
  if (pages.kind === 'page') return { ...size, page: typeof at === 'number' ? at : pages.first }
  if (pages.kind === 'offset') return { ...size, offset: typeof at === 'number' ? at : 0 }
  return pages.kind === 'cursor' && at !== null ? { ...size, cursor: at } : size
}

/**
 * Reads the page at a position.
 * @param count how many records an answer holds
 */
export async function readPage(
  ctx: ConnectorContext,
  manifest: Manifest,
  { request, pages }: ListSource,
  at: Position,
  extra: Variables,
  count: (payload: unknown) => number,
): Promise<PageAnswer> {
  const { site } = ctx.account
  const variables = { ...variablesOf(ctx), ...extra, ...pageVariables(pages, at) }
  const answer =
    pages?.kind === 'link' && typeof at === 'string'
      ? await follow(ctx, manifest, request, site, variables, at)
      : await send(ctx, manifest, request, site, variables)
  return { ...answer, next: nextPosition(manifest, site, pages, at, answer, count(answer.payload)) }
}

function nextPosition(
  manifest: Manifest,
  site: ConnectorContext['account']['site'],
  pages: Pages | undefined,
  at: Position,
  answer: Answer,
  count: number,
): Position {
  if (pages === undefined) return null
  if (pages.kind === 'link') return nextLink(manifest, site, pages.next, answer)
  const told = pages.more === undefined ? undefined : find(pages.more, answer.payload)
  if (told === false || told === 'false' || told === 0) return null
  if (pages.kind === 'cursor') {
    const next = textOf(find(pages.next, answer.payload))
    // A cursor that leads to itself would never end.
    return next === null || next === '' || next === String(at) ? null : next
  }
  // Without a word of the vendor a page that is not full is the last; an empty one is the last in any case.
  if (count === 0 || (pages.more === undefined && count < pages.size)) return null
  if (pages.kind === 'page') return (typeof at === 'number' ? at : pages.first) + 1
  return (typeof at === 'number' ? at : 0) + count
}

/** The next page by its address, which must be at a declared host: it gets the account's token. @throws AppError `vendor_bad_answer` */
function nextLink(
  manifest: Manifest,
  site: ConnectorContext['account']['site'],
  path: string | undefined,
  answer: Answer,
): string | null {
  const text = path === undefined ? linkHeader(answer.headers.get('link')) : textOf(find(path, answer.payload))
  if (text === null || text === '') return null
  const url = URL.canParse(text, answer.url.href) ? new URL(text, answer.url.href) : null
  const hosts = manifest.hosts.map((host) => renderHost(host, site))
  const fit = url?.protocol === 'https:' && url.port === '' && url.username === '' && hosts.includes(url.hostname)
  if (url === null || !fit) {
    throw new AppError(
      'vendor_bad_answer',
      `${manifest.name} sent a link to a next page that this connector does not follow.`,
      {
        action: 'Add the host to "hosts" of the connector if it belongs to the vendor.',
        detail: `next page at ${url?.host ?? 'no address'}`,
        outcome: 'refused',
      },
    )
  }
  return url.href === answer.url.href ? null : url.href
}

/** The target of `rel="next"` of a Link header (RFC 8288), or null. */
export function linkHeader(header: string | null): string | null {
  for (const [, target, parameters] of (header ?? '').matchAll(/<([^>]*)>([^<]*)/g)) {
    const [, quoted, bare] = /;\s*rel\s*=\s*(?:"([^"]*)"|([^\s;,"]+))/i.exec(parameters ?? '') ?? []
    const relations = (quoted ?? bare ?? '').toLowerCase().split(/\s+/)
    if (target !== undefined && relations.includes('next')) return target
  }
  return null
}

/** All pages of a short list, up to a bound. `complete` is false where the bound cut it off. */
export async function readAll(
  ctx: ConnectorContext,
  manifest: Manifest,
  source: ListSource,
  extra: Variables,
  count: (payload: unknown) => number,
  mostPages = 60,
): Promise<{ payloads: unknown[]; complete: boolean }> {
  const payloads: unknown[] = []
  let at: Position = null
  for (let page = 0; page < mostPages; page += 1) {
    const answer: PageAnswer = await readPage(ctx, manifest, source, at, extra, count)
    payloads.push(answer.payload)
    at = answer.next
    if (at === null) return { payloads, complete: true }
  }
  return { payloads, complete: false }
}
