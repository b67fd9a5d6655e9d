import { abilityOf } from '../connectors/missing-scopes.ts'
import type { CommandKind, Directory } from '../connectors/model.ts'
import { parseConversationId } from '../inbox/model.ts'
import type { InboxChange } from '../inbox/sync.ts'
import { commandRefusal } from '../policy/connector-rules.ts'
import { demand } from '../policy/enforce.ts'
import type { Services } from '../workstation/services.ts'
import type { Handlers } from './router.ts'

type InboxCalls =
  | 'inbox.list'
  | 'inbox.counts'
  | 'inbox.thread'
  | 'inbox.refreshThread'
  | 'inbox.setRead'
  | 'inbox.directory'
  | 'inbox.download'
  | 'drafts.get'
  | 'drafts.save'
  | 'outbox.send'
  | 'inbox.applyMacro'
  | 'inbox.customer'
  | 'outbox.compose'
  | 'outbox.list'
  | 'outbox.retry'
  | 'outbox.discard'

type InboxServices = Pick<
  Services,
  'store' | 'sync' | 'outbox' | 'downloads' | 'accounts' | 'connectorFor' | 'macros' | 'customers' | 'policy'
>

/** What the window's own writes change must be told like everything else: another window, or another part of this one, shows it too. */
export interface InboxTell {
  inboxChanged(change: InboxChange): void
  outboxChanged(): void
}

export function inboxHandlers(services: () => InboxServices, tell: InboxTell): Pick<Handlers, InboxCalls> {
  return { ...readingHandlers(services, tell), ...draftHandlers(services, tell), ...outboxHandlers(services, tell) }
}

function changeOf(revision: number, conversationIds: string[]): InboxChange {
  const accountIds = [...new Set(conversationIds.map((id) => parseConversationId(id).accountId))]
  return { revision, accountIds, conversationIds }
}

function readingHandlers(services: () => InboxServices, tell: InboxTell) {
  return {
    'inbox.list': (query) => services().store.list(query),
    'inbox.counts': () => services().store.counts(),
    'inbox.thread': ({ conversationId }) => threadView(services(), conversationId),
    'inbox.refreshThread': ({ conversationId }) => services().sync.refreshThread(conversationId),
    async 'inbox.setRead'({ conversationIds, read }) {
      const { revision } = await services().store.setRead(conversationIds, read)
      tell.inboxChanged(changeOf(revision, conversationIds))
    },
    'inbox.directory': async ({ accountId }) => directoryView(await services().store.directory(accountId)),
    'inbox.applyMacro': ({ conversationId, macroId }) => services().macros.apply(conversationId, macroId),
    'inbox.customer': ({ conversationId }) => services().customers.about(conversationId),
    'inbox.download': ({ messageId, attachmentId }) => services().downloads.download(messageId, attachmentId),
  } satisfies Partial<Handlers>
}

/** What the conversation can do is at most what its account can do now. */
async function threadView({ store, accounts, connectorFor, policy }: InboxServices, conversationId: string) {
  const thread = await store.thread(conversationId)
  if (thread === null) return null
  const account = accounts.find(thread.conversation.accountId)
  const connector = account && connectorFor(account.vendor)
  const ofAccount = connector
    ? abilityOf(connector, account.scopes, policy.forbiddenScopes(connector, account.scopes)).commands
    : []
  const own = thread.conversation.commands
  const commands = own === null ? ofAccount : ofAccount.filter((kind) => own.includes(kind))
  return { ...thread, conversation: { ...thread.conversation, commands } }
}

function directoryView({ statuses, macros, ...lists }: Directory) {
  return { ...lists, macros: macros ?? [], statuses: statuses.map((each) => ({ ...each, scope: each.scope ?? null })) }
}

function draftHandlers(services: () => InboxServices, tell: InboxTell) {
  return {
    'drafts.get': ({ conversationId }) => services().store.draft(conversationId),
    async 'drafts.save'(draft) {
      const { store } = services()
      await store.saveDraft(draft)
      tell.inboxChanged(changeOf((await store.counts()).revision, [draft.conversationId]))
    },
  } satisfies Partial<Handlers>
}

/** @throws AppError `policy_forbids` for what only a forbidden right makes possible */
function demandAllowed(
  { accounts, connectorFor, policy }: InboxServices,
  conversationId: string,
  commands: readonly { kind: CommandKind }[],
): void {
  const account = accounts.find(parseConversationId(conversationId).accountId)
  const connector = account && connectorFor(account.vendor)
  if (!connector) return
  const kinds = commands.map(({ kind }) => kind)
  demand(commandRefusal(policy, connector, account.scopes, kinds))
}

function outboxHandlers(services: () => InboxServices, tell: InboxTell) {
  return {
    async 'outbox.send'({ conversationId, commands }) {
      const { store, outbox } = services()
      demandAllowed(services(), conversationId, commands)
      const items = await store.enqueue(conversationId, commands)
      outbox.wake(parseConversationId(conversationId).accountId)
      tell.outboxChanged()
      tell.inboxChanged(changeOf((await store.counts()).revision, [conversationId]))
      return items
    },
    async 'outbox.compose'({ conversationId, accountId, message }) {
      const { store, outbox } = services()
      const item = await store.enqueueCompose(conversationId, accountId, message)
      outbox.wake(accountId)
      tell.outboxChanged()
      tell.inboxChanged(changeOf((await store.counts()).revision, [conversationId]))
      return item
    },
    'outbox.list': () => services().store.outbox(),
    'outbox.retry': ({ id }) => services().outbox.retry(id),
    'outbox.discard': ({ id }) => services().outbox.discard(id),
  } satisfies Partial<Handlers>
}
