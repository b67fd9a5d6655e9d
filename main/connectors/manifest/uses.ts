import type { Manifest, ManifestRequest, Pages } from './schema.ts'

/** What a request is for. Reads come back as parts of the unified model; the rest are writes. */
export type Part = 'identity' | 'conversations' | 'record' | 'messages' | 'agents' | 'groups' | 'brands'
export type WriteKind = 'reply' | 'note' | 'status' | 'priority' | 'assign' | 'tags'

/** One place of the manifest that names a request. */
export interface Use {
  request: string
  part: Part | WriteKind
  /** Where the name stands in the manifest. */
  at: (string | number)[]
  /** Placeholders the request may hold here. */
  variables: readonly string[]
}

export const reads: readonly Part[] = ['identity', 'conversations', 'record', 'messages', 'agents', 'groups', 'brands']
export const writeKinds: readonly WriteKind[] = ['reply', 'note', 'status', 'priority', 'assign', 'tags']

const me = ['me.id', 'me.name', 'me.email', 'me.site']
const paging = ['page', 'offset', 'cursor', 'size']
const conversation = ['conversation.id', 'conversation.group', 'conversation.brand', 'conversation.status']

/** What a command gives to the request that carries it out. */
export const commandVariables: Record<WriteKind, readonly string[]> = {
  reply: ['command.text', 'command.html'],
  note: ['command.text', 'command.html'],
  status: ['command.status'],
  priority: ['command.priority'],
  assign: ['command.assignee'],
  tags: ['command.tags', 'command.add', 'command.remove'],
}

export function accountNames(manifest: Pick<Manifest, 'account'>): string[] {
  return manifest.account.fields.map((field) => `account.${field.key}`)
}

/** How the list that a request answers is paged; undefined where it is no list, or all in one answer. */
export function pagesOf({ conversations, thread, directory }: Manifest, part: Use['part']): Pages | undefined {
  if (part === 'conversations') return conversations.pages
  if (part === 'messages') return thread.messages?.pages
  return part === 'agents' || part === 'groups' || part === 'brands' ? directory[part]?.pages : undefined
}

/** Every use of a request. */
export function usesOf(manifest: Manifest): Use[] {
  const { identity, conversations, thread, directory, writes } = manifest
  const account = accountNames(manifest)
  const uses: Use[] = []
  const add = (request: string | undefined, part: Use['part'], at: Use['at'], variables: readonly string[]) => {
    if (request !== undefined)
      uses.push({ request, part, at: [...at, 'request'], variables: [...account, ...variables] })
  }
  add(identity.request, 'identity', ['identity'], [])
  add(conversations.request, 'conversations', ['conversations'], [...me, ...paging, 'since'])
  add(thread.record?.request, 'record', ['thread', 'record'], [...me, 'conversation.id'])
  add(thread.messages?.request, 'messages', ['thread', 'messages'], [...me, ...paging, 'conversation.id'])
  for (const part of ['agents', 'groups', 'brands'] as const)
    add(directory[part]?.request, part, ['directory', part], [...me, ...paging])
  for (const kind of writeKinds)
    add(writes[kind]?.request, kind, ['writes', kind], [...me, ...conversation, ...commandVariables[kind]])
  return uses
}

/** All names a template of a request may hold, for requests that nothing uses. */
export function everyVariable(manifest: Manifest): string[] {
  const commands = Object.values(commandVariables).flat()
  return [...accountNames(manifest), ...me, ...paging, ...conversation, ...commands, 'since']
}

/** A request of the manifest that is known to be there since the manifest passed validation. */
export function requestOf(manifest: Manifest, name: string): ManifestRequest {
  const found = Object.hasOwn(manifest.requests, name) ? manifest.requests[name] : undefined
  if (found === undefined) throw new Error(`the manifest ${manifest.id} has no request ${name}`)
  return found
}
