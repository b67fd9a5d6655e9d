import { isAppError } from '../../errors.ts'
import type { ConnectorContext } from '../connector.ts'
import { readThread, ticketPath } from '../freshworks/tickets-thread.ts'
import type { Thread } from '../model.ts'
import { sameText } from '../text.ts'
import { desk } from './directory.ts'

/** The ticket with all its messages, oldest first. Tickets closed and quiet for 120 days lie in the archive, where nothing can be changed. */
export async function thread(ctx: ConnectorContext, id: string): Promise<Thread> {
  try {
    return withoutRepeat(await readThread(ctx, ticketPath(id), desk))
  } catch (error) {
    if (!isAppError(error, 'vendor_not_found')) throw error
    const archived = await readThread(ctx, `tickets/archived/${encodeURIComponent(id)}`, desk, {})
    const conversation = archived.conversation === null ? null : { ...archived.conversation, commands: [] }
    return withoutRepeat({ ...archived, conversation })
  }
}

/** In chats the ticket's text is its first entry once more: the entry stays, for it has an id, a time and files of its own. */
function withoutRepeat(thread: Thread): Thread {
  const [text, first, ...rest] = thread.messages
  if (thread.conversation?.channel !== 'chat' || text === undefined || first === undefined) return thread
  const repeated = first.direction === text.direction && sameText(text.bodyText, first.bodyText)
  const loses = text.attachments.length > first.attachments.length
  return repeated && !loses ? { ...thread, messages: [first, ...rest] } : thread
}
