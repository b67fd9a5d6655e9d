import { type Unified, unified } from '../model.ts'
import {
  isOnlyDrafts,
  isThreadGone,
  type MailThread,
  peopleOf,
  readThread,
  toConversation,
  toMessages,
  type World,
} from './map.ts'

export const threadPath = (id: string) => `threads/${encodeURIComponent(id)}?format=full`

/** What threads become. Callers choose: drafts are part of a payload, and no part of the inbox. */
export interface ReadThreads {
  all: Unified
  /** Without threads of nothing but drafts. */
  spoken: Pick<Unified, 'conversations' | 'messages' | 'people'>
  /** Ids of the threads of nothing but drafts. */
  drafts: string[]
}

/** Reads whole threads, as `threads.get` answers them. */
export function readThreads(records: readonly unknown[], name: string, world: World): ReadThreads {
  const read = records.map((record, place) => readThread(record, `${name}[${place}]`))
  const threads = read.flatMap(({ thread }) => thread ?? [])
  return fromThreads(
    threads,
    world,
    read.flatMap(({ quarantined }) => quarantined),
  )
}

export function fromThreads(threads: MailThread[], world: World, quarantined: Unified['quarantined']): ReadThreads {
  const present = threads
    .filter((thread) => !isThreadGone(thread))
    .map((thread) => ({
      id: thread.id,
      onlyDrafts: isOnlyDrafts(thread),
      conversation: toConversation(thread, world),
      messages: toMessages(thread, world),
    }))
  const of = (some: typeof present) => {
    const conversations = some.map(({ conversation }) => conversation)
    const messages = some.flatMap((each) => each.messages)
    return { conversations, messages, people: peopleOf(conversations, messages) }
  }
  return {
    all: unified({
      ...of(present),
      quarantined,
      removedVendorIds: threads.filter(isThreadGone).map((thread) => thread.id),
    }),
    spoken: of(present.filter(({ onlyDrafts }) => !onlyDrafts)),
    drafts: present.filter(({ onlyDrafts }) => onlyDrafts).map(({ id }) => id),
  }
}
