import { z } from 'zod'
import { optionalId, optionalText, readRecords, vendorId } from '../read-records.ts'

/** Lists of ids, as `threads.list`, `messages.list` and `history.list` give them. A key without rows is left out of the answer. */

const listedThread = z.looseObject({ id: vendorId, historyId: optionalId, snippet: optionalText })
export const threadList = z.looseObject({ threads: z.array(z.unknown()).nullish(), nextPageToken: optionalText })
export const listedThreads = (list: z.infer<typeof threadList>) =>
  readRecords(listedThread, list.threads ?? [], 'threads')

/** Of a message only where it is; `messages.send` answers the same. */
export const messageRef = z.looseObject({ id: vendorId, threadId: vendorId })
export const messageList = z.looseObject({ messages: z.array(z.unknown()).nullish(), nextPageToken: optionalText })
export const listedMessages = (list: z.infer<typeof messageList>) =>
  readRecords(messageRef, list.messages ?? [], 'messages').values

const named = z.looseObject({
  message: z.looseObject({ threadId: vendorId, labelIds: z.array(z.string()).nullish().catch(null) }),
})
const kinds = ['messagesAdded', 'messagesDeleted', 'labelsAdded', 'labelsRemoved'] as const
export const historyList = z.looseObject({
  history: z.array(z.unknown()).nullish(),
  nextPageToken: optionalText,
  historyId: optionalId,
})

/** Ids of the threads a piece of history is about, each once. Drafts do not count: Gmail saves one at each pause in typing. */
export function changedThreads(list: z.infer<typeof historyList>): string[] {
  const ids = new Set<string>()
  for (const record of list.history ?? []) {
    for (const kind of kinds) {
      const entries: unknown = Object(record)[kind]
      for (const { message } of readRecords(named, Array.isArray(entries) ? entries : [], kind).values) {
        if (!message.labelIds?.includes('DRAFT')) ids.add(message.threadId)
      }
    }
  }
  return [...ids]
}
