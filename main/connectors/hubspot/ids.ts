/**
 * One customer query is one conversation: a ticket together with the threads that belong to it (`ticket:9001`), or a thread of the
 * conversations inbox that nobody made a ticket of (`thread:6155979`).
 */
export type Subject = { kind: 'ticket' | 'thread'; id: string }

export const ticketKey = (id: string) => `ticket:${id}`
export const threadKey = (id: string) => `thread:${id}`

/** The other way round; null for anything else. */
export function readKey(vendorId: string): Subject | null {
  const [, kind, id] = /^(ticket|thread):(.+)$/.exec(vendorId) ?? []
  return (kind === 'ticket' || kind === 'thread') && id !== undefined ? { kind, id } : null
}

/** Actors of the conversations inbox: `A-` and the user's id for an agent. */
export const agentActor = (userId: string) => `A-${userId}`
export const userOfActor = (actor: string | null | undefined): string | null =>
  actor?.startsWith('A-') ? actor.slice(2) : null
