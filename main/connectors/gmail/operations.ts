import { z } from 'zod'
import type { Operation } from '../connector.ts'
import { type Conversation, joined, type Unified, unified } from '../model.ts'
import { readAnswer, readRecords, vendorId } from '../read-records.ts'
import { preview } from '../text.ts'
import { vendorName } from './errors.ts'
import { labelSchema, statusOptions } from './labels.ts'
import { historyList, listedThreads, messageList, messageRef, threadList } from './lists.ts'
import { brandsOf, isUsable, labelList, labelsById, profileSchema, sendAsList, sendAsSchema } from './mailbox.ts'
import { nothingKnown, readMessages, snippetText } from './map.ts'
import { fileAnswer } from './thread.ts'
import { fromThreads, readThreads } from './threads.ts'

/** One answer, or a list of them as recordings keep several. */
const answersOf = (payload: unknown): unknown[] => (Array.isArray(payload) ? payload : [payload])

const object = z.looseObject({})
const eachAnswer =
  <T>(schema: z.ZodType<T>, become: (answer: T) => Partial<Unified>) =>
  (payload: unknown): Unified =>
    joined(answersOf(payload).map((answer) => unified(become(readAnswer(schema, answer, vendorName)))))

/** Threads as `threads.get` gives them, alone, as a list, or in an envelope `{threads: […]}`. */
function threadsIn(payload: unknown): Unified {
  const lone = !Array.isArray(payload)
  const { threads } = Object(payload) as { threads?: unknown }
  if (lone && !Array.isArray(threads))
    readAnswer(z.looseObject({ id: vendorId, messages: z.array(z.unknown()) }), payload, vendorName)
  const records = Array.isArray(threads) ? threads : answersOf(payload)
  return readThreads(records, 'threads', nothingKnown).all
}

/** Messages as `messages.get` gives them, alone, as a list, or in an envelope `{messages: […]}`; put together by thread. */
function messagesIn(payload: unknown): Unified {
  const { messages } = Object(payload) as { messages?: unknown }
  const lone = !Array.isArray(payload) && !Array.isArray(messages)
  if (lone) readAnswer(z.looseObject({ id: vendorId }), payload, vendorName)
  const read = readMessages(Array.isArray(messages) ? messages : answersOf(payload), 'messages')
  return fromThreads(read.threads, nothingKnown, read.quarantined).all
}

const draftsIn = (payload: unknown): Unified =>
  messagesIn(
    answersOf(payload).map((draft) => readAnswer(z.looseObject({ message: z.unknown() }), draft, vendorName).message),
  )

/**
 * A row of `threads.list` tells an id, the newest words and the history id: reading goes on with `threads.get`, which
 * tells the rest (until then it counts as open, so that nothing is overlooked). The
 * time is in the id: its upper 44 bits are the milliseconds when the thread began.
 */
function listedConversation(row: {
  id: string
  historyId?: string | null | undefined
  snippet?: string | null | undefined
}): Conversation {
  const began = /^[0-9a-f]{16}$/i.test(row.id) ? Number(BigInt(`0x${row.id}`) >> 20n) : 0
  return {
    ...{
      vendorId: row.id,
      version: Number(row.historyId ?? 0) || 0,
      subject: '',
      preview: preview(snippetText(row.snippet)),
    },
    ...{ status: 'open', vendorStatus: { id: '', label: '' }, priority: null, channel: 'email' },
    ...{
      customer: { vendorId: null, name: null, email: null, phone: null },
      assigneeVendorId: null,
      groupVendorId: null,
    },
    ...{ tags: [], brandKey: null, createdAt: began, updatedAt: began, lastMessageBy: null, dueAt: null },
    ...{ url: `https://mail.google.com/mail/#all/${encodeURIComponent(row.id)}`, vendor: {} },
  }
}

const listOfThreads = eachAnswer(threadList, (list) => {
  const { values, quarantined } = listedThreads(list)
  return { conversations: values.map(listedConversation), quarantined }
})

const labelsIn = eachAnswer(labelList, ({ labels }) => {
  const { values, quarantined } = readRecords(labelSchema, labels ?? [], 'labels')
  return { directory: { statuses: statusOptions(labelsById(values)) }, quarantined }
})

const profileIn = eachAnswer(profileSchema, ({ emailAddress: email }) => ({
  directory: { agents: [{ vendorId: email.toLowerCase(), name: email, email: email.toLowerCase(), active: true }] },
}))

const sendAsIn = eachAnswer(sendAsList, ({ sendAs }) => {
  const { values, quarantined } = readRecords(sendAsSchema, sendAs ?? [], 'sendAs')
  return { directory: { brands: brandsOf(values.filter(isUsable)) }, quarantined }
})

/** Answers that say where something is, or hold bytes: nothing of them is shown by itself. */
const nothingIn = (schema: z.ZodType<unknown>) => eachAnswer(schema, () => ({}))

export const operations: readonly Operation[] = [
  {
    name: 'get_thread_full',
    summary: 'A thread with the bodies of its mails (threads.get, format=full)',
    read: threadsIn,
  },
  {
    name: 'get_thread_metadata',
    summary: 'A thread with headers and first words only (threads.get, format=metadata)',
    read: threadsIn,
  },
  { name: 'get_message_full', summary: 'A mail with its parts (messages.get, format=full)', read: messagesIn },
  {
    name: 'get_message_metadata',
    summary: 'A mail with headers and first words only (messages.get, format=metadata)',
    read: messagesIn,
  },
  { name: 'get_draft', summary: 'A draft; reading the inbox leaves drafts out (drafts.get)', read: draftsIn },
  { name: 'list_threads', summary: 'Ids and first words of threads, newest first (threads.list)', read: listOfThreads },
  { name: 'list_history', summary: 'Which threads changed since an id (history.list)', read: nothingIn(historyList) },
  { name: 'list_messages', summary: 'Ids of mails that a search found (messages.list)', read: nothingIn(messageList) },
  {
    name: 'list_labels',
    summary: 'The labels of the mailbox, those that mean a status among them (labels.list)',
    read: labelsIn,
  },
  { name: 'list_send_as', summary: 'The addresses the mailbox may send as (settings.sendAs.list)', read: sendAsIn },
  { name: 'get_profile', summary: 'Whose mailbox it is (getProfile)', read: profileIn },
  { name: 'get_attachment', summary: 'The bytes of a file (messages.attachments.get)', read: nothingIn(fileAnswer) },
  { name: 'send_message', summary: 'Where a mail went that was sent (messages.send)', read: nothingIn(messageRef) },
  { name: 'modify_thread', summary: 'The labels of a thread after a change (threads.modify)', read: nothingIn(object) },
  { name: 'create_label', summary: 'A label that was made (labels.create)', read: nothingIn(labelSchema) },
]
