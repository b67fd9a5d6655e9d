import { decodeCursor, encodeCursor, pageAfter } from '../../content/paging.ts'
import { isRecord, json, type Reply } from '../../exchange.ts'
import { type Call, context, folderOf, lasting, mailOf, pageSize, wire } from './call.ts'
import { refuse } from './errors.ts'
import { type Folder, folderNames, type Mail } from './mailbox.ts'
import { attachmentWire, select } from './wire.ts'

const moment = (text: string) => {
  const at = Date.parse(text)
  if (Number.isNaN(at)) throw refuse.bad(`Invalid filter clause: ${text}`)
  return at
}
const seconds = (ms: number) => Math.floor(ms / 1000) * 1000

/** The few filters this mailbox understands. An order is taken only where the filter is by the same property. */
function filtered(call: Call, mails: () => Mail[]): Mail[] {
  const filter = call.query.get('$filter')
  const order = call.query.get('$orderby')
  if (order !== null && order !== 'receivedDateTime desc') throw refuse.bad('Only receivedDateTime desc is known here.')
  if (filter === null) return mails()
  const [, conversation] = /^conversationId eq '(.*)'$/.exec(filter) ?? []
  if (conversation !== undefined) {
    if (order !== null) throw refuse.inefficient()
    return call.mailbox.byConversationId(conversation.replaceAll("''", "'"))
  }
  const [, operator, text] = /^receivedDateTime (le|lt|ge|gt) (\S+)$/.exec(filter) ?? []
  if (operator === undefined || text === undefined) throw refuse.bad('Invalid filter clause')
  const at = moment(text)
  const tests = {
    le: (ms: number) => ms <= at,
    lt: (ms: number) => ms < at,
    ge: (ms: number) => ms >= at,
    gt: (ms: number) => ms > at,
  }
  const fits = tests[operator as keyof typeof tests]
  return mails().filter((mail) => fits(seconds(mail.at)))
}

function page(call: Call, mails: Mail[], path: string): Reply {
  const top = Number(call.query.get('$top') ?? 10)
  const skip = Number(call.query.get('$skip') ?? 0)
  if (!Number.isInteger(top) || top < 1 || top > 1000) throw refuse.bad('The value of $top must be between 1 and 1000.')
  const shown = mails.slice(skip, skip + top)
  const next = new URL(call.exchange.url)
  next.searchParams.set('$skip', String(skip + top))
  return json(200, {
    '@odata.context': context(call, path),
    value: shown.map((mail) => select(wire(call, mail), call.query.get('$select'))),
    ...(skip + top < mails.length ? { '@odata.nextLink': next.href } : {}),
  })
}

export function listMessages(call: Call): Reply {
  return page(
    call,
    filtered(call, () => call.mailbox.all()),
    'messages',
  )
}

export function listFolderMessages(call: Call): Reply {
  const folder = folderOf(call)
  const inFolder = () => call.mailbox.all().filter((mail) => mail.folder === folder)
  return page(call, filtered(call, inFolder), `mailFolders('${call.params.folder}')/messages`)
}

export function showMessage(call: Call): Reply {
  const record = select(wire(call, mailOf(call)), call.query.get('$select'))
  return json(200, { '@odata.context': context(call, 'messages/$entity'), ...record })
}

interface Token {
  folder: Folder
  select: string | null
  /** Changes up to this key were told. */
  key: number
  /** Read marks that were told. */
  reads: number
  /** Changes of loose mails up to this moment were told. */
  loose: number
  /** Still walking through what was there at the beginning. */
  first: boolean
}

function readToken(call: Call, folder: Folder): Token {
  const text = call.query.get('$deltatoken') ?? call.query.get('$skiptoken')
  const { reads } = call.mailbox
  if (text === null)
    return { folder, select: call.query.get('$select'), key: -1, reads: reads.length, loose: 0, first: true }
  const value = decodeCursor(text)
  if (!isRecord(value) || typeof value.key !== 'number') throw refuse.bad('Badly formed token.')
  return value as unknown as Token
}

/** GET …/mailFolders/{id}/messages/delta. Pages are counted in conversations, so that one may hold more or fewer messages. */
export function delta(call: Call): Reply {
  const folder = folderOf(call)
  const token = readToken(call, folder)
  const { changes } = call.mailbox.store
  const slice = pageAfter(changes, {
    limit: pageSize(call, 10),
    descending: false,
    after: token.key < 0 ? undefined : token.key,
  })
  const rows = slice.indexes
    .flatMap((index) => call.mailbox.ofConversation(index))
    .flatMap((mail) => rowOf(call, token, mail))
  const key = slice.lastKey ?? token.key
  const link = (name: string, next: Token) => {
    const url = new URL(call.exchange.url.pathname, call.exchange.url)
    url.searchParams.set(name, encodeCursor(next))
    return url.href
  }
  const head = { '@odata.context': 'https://graph.microsoft.com/v1.0/$metadata#Collection(message)' }
  const headers = { 'preference-applied': call.prefer }
  if (slice.more)
    return json(200, { ...head, '@odata.nextLink': link('$skiptoken', { ...token, key }), value: rows }, headers)
  const loose = [...call.mailbox.loose.values()].filter(
    (mail) => mail.folder === folder && mail.modifiedAt > token.loose,
  )
  const newest = Math.max(token.loose, ...loose.map((mail) => mail.modifiedAt))
  const next = { ...token, key, loose: newest, reads: call.mailbox.reads.length, first: false }
  const value = [
    ...rows,
    ...loose.map((mail) => select(wire(call, mail), token.select)),
    ...readRows(call, token, rows),
  ]
  return json(200, { ...head, '@odata.deltaLink': link('$deltatoken', next), value }, headers)
}

/** A mail of a conversation that changed. One that is not in the folder may have left it. */
function rowOf(call: Call, token: Token, mail: Mail): Record<string, unknown>[] {
  if (mail.folder === token.folder) {
    if (!token.first && mail.modifiedAt <= token.key) return []
    return [{ '@odata.type': '#microsoft.graph.message', ...select(wire(call, mail), token.select) }]
  }
  const home = mail.folder === 'sentitems' ? 'sentitems' : 'inbox'
  if (token.first || token.folder === 'sentitems' || home === 'sentitems') return []
  const id = lasting(call) ? mail.id : call.mailbox.ids.mutable(mail.id, token.folder)
  const reason = mail.folder === 'deleteditems' ? 'deleted' : 'changed'
  return [{ '@odata.type': '#microsoft.graph.message', id, '@removed': { reason } }]
}

/** Where nothing but the read mark changed, nothing else is told. */
function readRows(call: Call, token: Token, rows: Record<string, unknown>[]): Record<string, unknown>[] {
  const told = new Set(rows.map((row) => row.id))
  return call.mailbox.reads.slice(token.reads).flatMap(({ id, isRead }) => {
    const mail = call.mailbox.find(id)
    if (!mail || mail.folder !== token.folder || told.has(id)) return []
    return [{ '@odata.type': '#microsoft.graph.message', '@odata.etag': `W/"${mail.modifiedAt}"`, id, isRead }]
  })
}

function folderWire(call: Call, name: Folder): Record<string, unknown> {
  const mails = call.mailbox.all().filter((mail) => mail.folder === name)
  return {
    id: call.mailbox.ids.folder(name),
    displayName: folderNames[name],
    parentFolderId: call.mailbox.ids.folder('msgfolderroot'),
    childFolderCount: 0,
    unreadItemCount: mails.filter((mail) => !mail.isRead).length,
    totalItemCount: mails.length,
    sizeInBytes: 0,
    isHidden: false,
  }
}

export function listFolders(call: Call): Reply {
  const names = Object.keys(folderNames) as Folder[]
  const value = names.map((name) => select(folderWire(call, name), call.query.get('$select')))
  return json(200, { '@odata.context': context(call, 'mailFolders'), value })
}

export function showFolder(call: Call): Reply {
  const record = select(folderWire(call, folderOf(call)), call.query.get('$select'))
  return json(200, { '@odata.context': context(call, 'mailFolders/$entity'), ...record })
}

export function listAttachments(call: Call): Reply {
  const mail = mailOf(call)
  const value = mail.files.map((file, place) =>
    select(attachmentWire(call.mailbox, mail, file, place), call.query.get('$select')),
  )
  return json(200, { '@odata.context': context(call, `messages('${mail.id}')/attachments`), value })
}

export function attachmentBytes(call: Call): Reply {
  const file = mailOf(call).files[call.mailbox.ids.attachmentPlace(call.params.attachment ?? '')]
  if (!file) throw refuse.notFound()
  return { status: 200, headers: { 'content-type': file.contentType }, body: file.bytes }
}
