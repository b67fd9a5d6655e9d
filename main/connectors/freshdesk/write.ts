import type { ConnectorContext } from '../connector.ts'
import { execute as executeOnTicket, probe as probeTicket } from '../freshworks/tickets-write.ts'
import type { Command, Conversation, Receipt } from '../model.ts'
import { desk } from './directory.ts'
import { webChat } from './map.ts'

/** Sends once. https://developers.freshdesk.com/api/#reply_ticket, #add_note_to_a_ticket, #update_ticket */
export async function execute(ctx: ConnectorContext, conversation: Conversation, command: Command): Promise<Receipt> {
  const text = command.kind === 'reply' && isWebChat(conversation) ? structured(command.bodyText) : null
  return executeOnTicket(ctx, desk, conversation, command, text)
}

const isWebChat = (conversation: Conversation) => String(conversation.vendor.source) === webChat

/** A web chat takes no HTML. https://developers.freshdesk.com/api/#reply_ticket (to confirm on a live account) */
const structured = (content: string) => ({
  structured_body: { body_contents: [{ type: 'text', data: { content } }] },
})

export const probe = (
  ctx: ConnectorContext,
  conversation: Conversation,
  command: Command,
  sentAt: number,
): Promise<Receipt | 'absent' | null> => probeTicket(ctx, desk, conversation, command, sentAt)
