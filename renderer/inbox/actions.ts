import type { AccountView, CallArgs, Command, ConversationRow, ThreadView } from '../../preload/contract.ts'
import { neighbour } from '../state/inbox-list.ts'
import type { Workspace } from '../workspace.tsx'
import { replySubject } from './mail-route.ts'

/** The account a conversation came in by. */
function accountOf({ accounts }: Workspace, row: Pick<ConversationRow, 'accountId'>): AccountView | undefined {
  return accounts.getState().accounts.find(({ id }) => id === row.accountId)
}

/** Marks it solved and goes on to the next conversation of the list, as reading from top to bottom would. */
export async function solveAndNext(workspace: Workspace, conversationId: string): Promise<void> {
  const { inbox, thread } = workspace
  const next = neighbour(inbox.getState().rows, conversationId)
  await thread.getState().send(conversationId, [{ kind: 'status', status: 'solved', vendorStatusId: null }])
  if (inbox.getState().openId === conversationId) inbox.getState().open(next)
}

/** Assigns the conversation to the person signed in to its account. */
export async function takeOver(workspace: Workspace, conversationId: string): Promise<void> {
  const row = rowOf(workspace, conversationId)
  const account = row && accountOf(workspace, row)
  if (account === undefined || !account.commands.includes('assign')) return
  const assigneeVendorId = account.user.vendorUserId
  await workspace.thread.getState().send(conversationId, [{ kind: 'assign', assigneeVendorId }])
}

/** The row as shown: from the open thread, or from the list. */
function rowOf({ inbox, thread }: Workspace, conversationId: string): ConversationRow | undefined {
  const open = thread.getState().thread?.conversation
  return open?.id === conversationId ? open : inbox.getState().rows.find(({ id }) => id === conversationId)
}

/** Plain text as the HTML a vendor accepts: paragraphs and line breaks, everything else escaped. */
export function htmlOf(text: string): string {
  const escaped = text.replace(/[&<>"]/g, (sign) => `&#${sign.charCodeAt(0)};`)
  return escaped
    .split(/\n{2,}/)
    .map((paragraph) => `<p>${paragraph.replaceAll('\n', '<br>')}</p>`)
    .join('')
}

/** The brand's signature under a text, where there is one. */
function signed(text: string, signature: string): string {
  return signature.trim() === '' ? text.trimEnd() : `${text.trimEnd()}\n\n${signature.trim()}`
}

/** A written reply or note as a command; the brand's signature goes under replies. */
export function writtenCommand(kind: 'reply' | 'note', text: string, signature: string): Command {
  const body = kind === 'reply' ? signed(text, signature) : text.trimEnd()
  return { kind, bodyText: body, bodyHtml: htmlOf(body) }
}

/** A written reply as a mail of its own, for a conversation whose helpdesk sends none. */
export function writtenMail(
  conversation: ThreadView['conversation'],
  text: string,
  signature: string,
): CallArgs<'outbox.compose'>['message'] {
  const body = signed(text, signature)
  const to = { name: conversation.customerName || null, email: conversation.customerEmail ?? '' }
  return { kind: 'compose', to, subject: replySubject(conversation.subject), bodyText: body, bodyHtml: htmlOf(body) }
}
