import type { ConnectorContext } from '../connector.ts'
import type { Attachment, Quarantined, Thread } from '../model.ts'
import { readConversation, readMessagePage, readUser, toChat } from './chats.ts'
import type { ChatMessage } from './map-messages.ts'

const mostPages = 60

/** The conversation and all its messages, oldest first. */
export async function thread(ctx: ConnectorContext, id: string): Promise<Thread> {
  const conversation = await readConversation(ctx, id)
  const values: ChatMessage[] = []
  const quarantined: Quarantined[] = []
  for (let page = 1; page <= mostPages; page += 1) {
    const read = await readMessagePage(ctx, id, { page })
    values.push(...read.values)
    quarantined.push(...read.quarantined)
    if (!read.more) break
  }
  // What is written while the pages are read pushes the rest to the next page: each message counts once.
  const once = [...new Map(values.map((message) => [message.id, message])).values()]
  const customerId = conversation.user_id ?? conversation.users?.[0]?.id ?? null
  // A deleted or merged customer must not hide the chat.
  const customer = customerId === null ? null : await readUser(ctx, customerId).catch(() => null)
  return { ...(await toChat(ctx, conversation, once, customer)), quarantined }
}

/** Some files are public, others of the account's own host: only that gets the token. */
export async function download(ctx: ConnectorContext, attachment: Attachment): Promise<Uint8Array> {
  return ctx.http.get(attachment.url, { signal: ctx.signal }).bytes()
}
