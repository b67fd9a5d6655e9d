/** Whose tokens or sessions are meant; an empty filter means everybody's. `user` is an e-mail address. */
export interface TokenFilter {
  site?: string
  user?: string
}

export interface IssuedToken {
  kind: 'access' | 'refresh'
  value: string
  site: string
  user: string
  clientId: string
  scopes: string[]
  /** Epoch seconds. */
  issuedAt: number
  expiresAt: number
  state: 'live' | 'expired' | 'revoked'
}

/** A reply or note that arrived at a vendor through its API. */
export interface ReceivedMessage {
  site: string
  conversationId: string
  messageId: string
  kind: 'reply' | 'note'
  author: string
  html: string
  text: string
  files: string[]
  /** Epoch milliseconds. */
  at: number
}

/** The true state of a conversation, whatever the API shows. Status, assignee and group by their plain names. */
export interface ConversationState {
  id: string
  subject: string
  status: string
  statusKind: string
  priority: string | null
  assignee: string | null
  group: string | null
  tags: string[]
  customer: { name: string; email: string }
  messages: {
    id: string
    kind: 'reply' | 'note' | 'event'
    by: 'customer' | 'staff' | 'system'
    text: string
    at: number
  }[]
  createdAt: number
  updatedAt: number
}

/** Changes another agent makes behind our back. Status by id, assignee and group by e-mail address and name. */
export interface OutsideChange {
  status?: string
  assignee?: string | null
  group?: string | null
  priority?: 'low' | 'normal' | 'high' | 'urgent' | null
  tags?: string[]
  subject?: string
}
