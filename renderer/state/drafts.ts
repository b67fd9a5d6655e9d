import type { Bridge, Command } from '../../preload/contract.ts'

export type ReplyKind = 'reply' | 'note'

/** What is being written in one conversation. */
export interface Writing {
  kind: ReplyKind
  bodyText: string
  /** Changes that go out together with the text, in order. */
  alongside: Command[]
  /** The mail account a reply by mail goes through; null: the brand's first. */
  throughAccountId: string | null
}

export const emptyWriting: Writing = { kind: 'reply', bodyText: '', alongside: [], throughAccountId: null }

const saveAfter = 400

export interface Drafts {
  /** Puts the text on disk at once, where it waits to be. */
  flush(): void
  /** Keeps what is written: the text on disk a moment after the typing stops, what goes along with it for the life of the window. */
  keep(conversationId: string, writing: Writing): void
  /** What a conversation is opened with; its text is read from disk. */
  opened(conversationId: string | null): Writing
  /** Takes what was sent out of a conversation that is not open any more. */
  sent(conversationId: string, sent: Writing): void
}

/** Drafts of every conversation. */
export function createDrafts(bridge: Pick<Bridge, 'drafts'>): Drafts {
  /** Of conversations that have something to go along. */
  const along = new Map<string, Pick<Writing, 'alongside' | 'throughAccountId'>>()
  let pending: { conversationId: string; kind: ReplyKind; bodyText: string } | null = null
  let timer: ReturnType<typeof setTimeout> | undefined
  const keepAlong = (conversationId: string, { alongside, throughAccountId }: Omit<Writing, 'kind' | 'bodyText'>) => {
    if (alongside.length === 0 && throughAccountId === null) along.delete(conversationId)
    else along.set(conversationId, { alongside, throughAccountId })
  }
  const flush = () => {
    clearTimeout(timer)
    if (pending !== null) void bridge.drafts.save(pending)
    pending = null
  }
  return {
    flush,
    keep: (conversationId, writing) => {
      keepAlong(conversationId, writing)
      pending = { conversationId, kind: writing.kind, bodyText: writing.bodyText }
      clearTimeout(timer)
      timer = setTimeout(flush, saveAfter)
    },
    opened: (conversationId) => ({ ...emptyWriting, ...(conversationId !== null && along.get(conversationId)) }),
    sent: (conversationId, sent) => {
      const kept = along.get(conversationId)
      if (kept !== undefined) keepAlong(conversationId, { ...kept, alongside: unsent(kept.alongside, sent) })
      if (sent.bodyText !== '') void bridge.drafts.save({ conversationId, kind: sent.kind, bodyText: '' })
    },
  }
}

/** The changes that did not go out with what was sent. */
export function unsent(alongside: readonly Command[], sent: Pick<Writing, 'alongside'>): Command[] {
  return alongside.filter((command) => !sent.alongside.includes(command))
}
