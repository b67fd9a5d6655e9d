import type { CallArgs, Command, ConversationRow, ThreadView } from '../../preload/contract.ts'
import { unwrap } from '../bridge.ts'
import { neighbour } from '../state/inbox-list.ts'
import type { Workspace } from '../workspace.tsx'
import { replySubject } from './mail-route.ts'

/**
 * Marks it solved and goes on to the next conversation of the list, as reading from top to bottom would. Does nothing where its button
 * could not be pressed.
 */
export async function solveAndNext(workspace: Workspace, conversationId: string): Promise<void> {
  const { inbox, thread } = workspace
  const conversation = await openedOrStored(workspace, conversationId)
  if (!conversation?.commands.includes('status') || isFinished(conversation)) return
  const next = neighbour(inbox.getState().rows, conversationId)
  await thread.getState().send(conversationId, [{ kind: 'status', status: 'solved', vendorStatusId: null }])
  if (inbox.getState().openId === conversationId) inbox.getState().open(next)
}

/** Assigns the conversation to the person signed in to its account, where that can be done to it. */
export async function takeOver(workspace: Workspace, conversationId: string): Promise<void> {
  const conversation = await openedOrStored(workspace, conversationId)
  const account = workspace.accounts.getState().accounts.find(({ id }) => id === conversation?.accountId)
  if (account === undefined || !conversation?.commands.includes('assign')) return
  const assigneeVendorId = account.user.vendorUserId
  await workspace.thread.getState().send(conversationId, [{ kind: 'assign', assigneeVendorId }])
}

/** True where there is nothing left to solve. */
export function isFinished({ status }: Pick<ConversationRow, 'status'>): boolean {
  return status === 'solved' || status === 'closed'
}

/** The conversation with what can be done to it. A shortcut may be quicker than its opening: then the store is asked. */
async function openedOrStored(
  { bridge, thread }: Workspace,
  conversationId: string,
): Promise<ThreadView['conversation'] | undefined> {
  const open = thread.getState().thread?.conversation
  if (open?.id === conversationId) return open
  return (await unwrap(bridge.inbox.thread({ conversationId })))?.conversation
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
