import type { Conversation, Message } from './model.ts'

/** Who said the last thing to the other side. Notes are said among ourselves. @param messages oldest first */
export function lastSpeaker(messages: readonly Message[]): Conversation['lastMessageBy'] {
  const last = messages.findLast((message) => message.kind === 'reply')
  return last === undefined ? null : last.direction === 'in' ? 'customer' : 'agent'
}
