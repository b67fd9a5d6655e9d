import { AppError, isAppError } from '../../errors.ts'
import type { ConnectorContext } from '../connector.ts'
import type { Unified } from '../model.ts'
import { readParts, readRequests } from './connector.ts'
import { readPage } from './pages.ts'
import { readConversations, recordsIn } from './read-payload.ts'
import type { Manifest, Pages } from './schema.ts'
import { prepare, variablesOf } from './send.ts'
import { placeholders } from './template.ts'
import { type Part, pagesOf, requestOf } from './uses.ts'

/** What one read request of a manifest answered, raw and mapped. */
export interface Trial {
  method: string
  /** Path and query, without the host. */
  path: string
  payload: unknown
  unified: Unified | null
  /** Why the answer could not be mapped, or null. */
  fault: AppError | null
}

/**
 * Runs one read request and maps its answer.
 * @param conversationId for requests about one conversation; null takes the first of the list
 * @throws AppError `bad_request` for a request that does not read; what the HTTP client throws
 */
export async function tryRequest(
  ctx: ConnectorContext,
  manifest: Manifest,
  name: string,
  conversationId: string | null,
): Promise<Trial> {
  const parts = readRequests(manifest).get(name)
  if (parts === undefined)
    throw new AppError('bad_request', 'Only requests that read can be tried.', { action: 'Choose another request.' })
  const asks = JSON.stringify(requestOf(manifest, name))
  const needsOne = placeholders(asks).some((each) => each.name === 'conversation.id')
  const id = needsOne ? (conversationId ?? (await firstConversation(ctx, manifest))) : null
  const extra = id === null ? {} : { 'conversation.id': id }
  const [pages] = parts.flatMap((part) => pagesOf(manifest, part) ?? [])
  const answer = await readPage(ctx, manifest, { request: name, pages }, null, extra, () => 0)
  const { method, url } = prepare(manifest, name, ctx.account.site, {
    ...variablesOf(ctx),
    ...extra,
    ...firstPage(pages),
  })
  const mapped = map(manifest, parts, answer.payload, ctx)
  return { method, path: `${url.pathname}${url.search}`, payload: answer.payload, ...mapped }
}

function map(
  manifest: Manifest,
  parts: readonly Part[],
  payload: unknown,
  ctx: ConnectorContext,
): Pick<Trial, 'unified' | 'fault'> {
  try {
    return { unified: readParts(manifest, parts, payload, ctx.account.site), fault: null }
  } catch (error) {
    if (isAppError(error)) return { unified: null, fault: error }
    throw error
  }
}

const firstPage = (pages: Pages | undefined) => ({
  ...(pages?.size === undefined ? {} : { size: pages.size }),
  ...(pages?.kind === 'page' ? { page: pages.first } : {}),
  ...(pages?.kind === 'offset' ? { offset: 0 } : {}),
})

/** @throws AppError `not_found` for an empty list */
async function firstConversation(ctx: ConnectorContext, manifest: Manifest): Promise<string> {
  const { conversations } = manifest
  const count = (payload: unknown) => recordsIn(manifest, conversations.records, payload).length
  const { payload } = await readPage(ctx, manifest, conversations, null, {}, count)
  const [first] = readConversations(manifest, payload, ctx.account.site).conversations
  if (first !== undefined) return first.vendorId
  throw new AppError('not_found', 'There is no conversation to try this with.', {
    action: `Try "${conversations.request}" first.`,
  })
}
