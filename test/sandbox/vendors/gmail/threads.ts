import type { Entry } from '../../content/conversations.ts'
import { isRecord, json, type Reply } from '../../exchange.ts'
import { body, type Call, formatOf, page, threadIndex } from './call.ts'
import { refuse } from './errors.ts'
import { snippetOf } from './mime.ts'
import { waitingLabel } from './sites.ts'

/** Which mails `labelIds` and `q` mean. Of Gmail's search: `in:`, `-in:`, `rfc822msgid:` with OR, `newer_than:{n}d`. */
function mailFilter(call: Call): (index: number, entry: Entry) => boolean {
  const { query, wire, store } = call
  const wanted = query.getAll('labelIds')
  const hiddenToo = query.get('includeSpamTrash') === 'true'
  const words = (query.get('q') ?? '').split(/\s+/).filter((word) => word !== '' && word !== 'OR')
  const ids = words
    .filter((word) => word.startsWith('rfc822msgid:'))
    .map((word) => `<${word.slice(12).replace(/^<|>$/g, '')}>`)
  const inside = words.filter((word) => word.startsWith('in:')).map((word) => word.slice(3).toUpperCase())
  const outside = words.filter((word) => word.startsWith('-in:')).map((word) => word.slice(4).toUpperCase())
  const days = words.map((word) => /^newer_than:(\d+)d$/.exec(word)?.[1]).find((found) => found !== undefined)
  return (index, entry) => {
    if (!hiddenToo && store.hidden.has(index)) return false
    const labels = wire.labelsOf(index, entry)
    return (
      [...wanted, ...inside].every((label) => labels.includes(label)) &&
      !outside.some((label) => labels.includes(label)) &&
      (ids.length === 0 || ids.includes(wire.mailId(index, entry))) &&
      (days === undefined || wire.timeOf(index, entry) > Date.now() - Number(days) * 86_400_000)
    )
  }
}

/** GET threads: newest first by the last message; a thread is in the list when one of its mails fits. */
export function listThreads(call: Call): Reply {
  const fits = mailFilter(call)
  const { indexes, ...next } = page(call, call.store.messages, {
    descending: true,
    keep: (index) => call.wire.mails(index).some((entry) => fits(index, entry)),
  })
  const threads = indexes.map((index) => ({
    id: call.wire.threadId(index),
    snippet: snippetOf(call.wire.mails(index).at(-1)?.text ?? ''),
    historyId: call.wire.historyId(index),
  }))
  return json(200, { ...(threads.length > 0 ? { threads } : {}), ...next, resultSizeEstimate: 201 })
}

/** GET messages: a page is filled thread by thread, so it may hold a few more than asked. */
export function listMessages(call: Call): Reply {
  const fits = mailFilter(call)
  const found = (index: number) => call.wire.mails(index).filter((entry) => fits(index, entry))
  const { indexes, ...next } = page(call, call.store.messages, {
    descending: true,
    keep: (index) => found(index).length > 0,
  })
  const messages = indexes.flatMap((index) =>
    found(index)
      .reverse()
      .map((entry) => ({ id: call.wire.messageId(index, entry.seq), threadId: call.wire.threadId(index) })),
  )
  return json(200, { ...(messages.length > 0 ? { messages } : {}), ...next, resultSizeEstimate: messages.length })
}

export function showThread(call: Call): Reply {
  const { format, wanted } = formatOf(call)
  return json(200, call.wire.thread(threadIndex(call), format, wanted))
}

function mailOf(call: Call, id: string): { index: number; entry: Entry } {
  const place = call.wire.place(id)
  const entry = place && call.wire.mails(place.index).find((each) => each.seq === place.seq)
  if (!place || !entry) throw refuse.notFound()
  return { index: place.index, entry }
}

export function showMessage(call: Call): Reply {
  const { index, entry } = mailOf(call, call.params.id ?? '')
  const { format, wanted } = formatOf(call)
  return json(200, call.wire.message(index, entry, format, wanted))
}

export function showAttachment(call: Call): Reply {
  mailOf(call, call.params.message ?? '')
  const bytes = call.wire.file(call.params.id ?? '')
  if (!bytes) throw refuse.argument('Invalid attachment token')
  return json(200, { size: bytes.length, data: bytes.toString('base64url') })
}

const memoryMs = 7 * 86_400_000

/** GET history: what changed after an id, oldest first; a week back at most. */
export function listHistory(call: Call): Reply {
  const { store, wire, query } = call
  const since = Number(query.get('startHistoryId') ?? Number.NaN)
  if (!Number.isFinite(since)) throw refuse.argument('Invalid startHistoryId')
  if (since < Date.now() - memoryMs && Number(wire.newestHistoryId) >= Date.now() - memoryMs) throw refuse.notFound()
  const { indexes, ...next } = page(call, store.changes, { descending: false, from: since })
  const history = indexes.map((index) => {
    const mails = wire.mails(index)
    const ref = (entry: Entry) => ({
      id: wire.messageId(index, entry.seq),
      threadId: wire.threadId(index),
      labelIds: wire.labelsOf(index, entry),
    })
    const added = mails.filter((entry) => wire.timeOf(index, entry) > since).map((entry) => ({ message: ref(entry) }))
    const labelled = mails
      .slice(-1)
      .map((entry) => ({ message: ref(entry), labelIds: ref(entry).labelIds.slice(0, 1) }))
    return {
      id: wire.historyId(index),
      messages: mails
        .slice(-1)
        .map((entry) => ({ id: wire.messageId(index, entry.seq), threadId: wire.threadId(index) })),
      ...(added.length > 0 ? { messagesAdded: added } : { labelsAdded: labelled }),
    }
  })
  return json(200, { ...(history.length > 0 ? { history } : {}), ...next, historyId: wire.newestHistoryId })
}

function idsIn(value: unknown, call: Call): string[] {
  const ids = Array.isArray(value) ? value.map(String) : []
  const known = new Set([...systemLabels, ...call.wire.userLabels.map((label) => label.id)])
  const strange = ids.find((id) => !known.has(id) || id === 'SENT' || id === 'DRAFT')
  if (strange !== undefined) throw refuse.argument(`Invalid label: ${strange}`)
  return ids
}

const systemLabels = [
  'INBOX',
  'SENT',
  'DRAFT',
  'TRASH',
  'SPAM',
  'UNREAD',
  'STARRED',
  'IMPORTANT',
  'CHAT',
  'CATEGORY_PERSONAL',
]

/** POST threads/{id}/modify: labels on and off all mails of a thread. */
export function modifyThread(call: Call): Reply {
  const index = threadIndex(call)
  const wish = body(call)
  const add = idsIn(wish.addLabelIds, call)
  const remove = idsIn(wish.removeLabelIds, call)
  const { store, wire } = call
  const row = store.row(index)
  const ask = (label: string, before: boolean) => (add.includes(label) ? true : remove.includes(label) ? false : before)
  const waits = ask(waitingLabel, row.status === waitingLabel)
  const status = waits ? waitingLabel : ask('INBOX', row.status !== 'ARCHIVED') ? 'INBOX' : 'ARCHIVED'
  const tags = wire.userLabels
    .filter(({ id, name }) => id !== waitingLabel && ask(id, row.tags.includes(name)))
    .map(({ name }) => name)
  if (add.includes('UNREAD') || remove.includes('UNREAD')) wire.setUnread(index, add.includes('UNREAD'))
  store.change(index, { status, tags })
  const messages = wire.mails(index).map((entry) => ({
    id: wire.messageId(index, entry.seq),
    threadId: wire.threadId(index),
    labelIds: wire.labelsOf(index, entry),
  }))
  return json(200, { id: wire.threadId(index), messages })
}

const visible = { messageListVisibility: 'show', labelListVisibility: 'labelShow' }

export function listLabels(call: Call): Reply {
  const system = systemLabels.map((id) => ({ id, name: id, type: 'system' }))
  const own = call.wire.userLabels.map(({ id, name }) => ({ id, name, ...visible, type: 'user' }))
  return json(200, { labels: [...system, ...own] })
}

export function createLabel(call: Call): Reply {
  const wish = body(call)
  const name = isRecord(wish) && typeof wish.name === 'string' ? wish.name.trim() : ''
  if (name === '') throw refuse.argument('Invalid label name')
  const taken = [...systemLabels, ...call.wire.userLabels.map((label) => label.name)]
  if (taken.some((each) => each.toLowerCase() === name.toLowerCase())) throw refuse.exists()
  const label = { id: `Label_${call.wire.userLabels.length + 1}`, name }
  call.wire.userLabels.push(label)
  return json(200, { ...label, ...visible, type: 'user' })
}

export function showProfile(call: Call): Reply {
  const { store, wire } = call
  return json(200, {
    emailAddress: wire.address,
    messagesTotal: store.size * 3,
    threadsTotal: store.size,
    historyId: wire.newestHistoryId,
  })
}

/** The address itself, its aliases, and one alias nobody has confirmed yet. */
export function listSendAs(call: Call): Reply {
  const { wire, store } = call
  const aliases = store.spec.brands.filter((brand) => brand !== wire.address)
  const common = { replyToAddress: '', signature: '', treatAsAlias: true }
  return json(200, {
    sendAs: [
      { ...common, sendAsEmail: wire.address, displayName: store.spec.name, isPrimary: true, isDefault: true },
      ...aliases.map((sendAsEmail) => ({
        ...common,
        ...{
          sendAsEmail,
          displayName: `${store.spec.name} (${sendAsEmail.split('@')[0]})`,
          verificationStatus: 'accepted',
        },
      })),
      { ...common, sendAsEmail: `new@${wire.address.split('@')[1]}`, displayName: '', verificationStatus: 'pending' },
    ],
  })
}
