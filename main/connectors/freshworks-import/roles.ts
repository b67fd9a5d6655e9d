import type { ManifestInput } from '../manifest/schema.ts'
import type { ImportReport } from './report.ts'
import type { ImportedRequest } from './requests.ts'

/** What each request is probably for, by its method, path and name; an app says that in code only, so all of it is to be confirmed. */
export interface Roles {
  identity: ManifestInput['identity']
  conversations: ManifestInput['conversations']
  thread: ManifestInput['thread']
  writes: NonNullable<ManifestInput['writes']>
}

type Entry = [name: string, request: ImportedRequest]

const aboutOne = ([, request]: Entry) => request.path.includes('conversation.id')
const reads = ([, { method }]: Entry) => method === 'GET'
const below = ([, { path }]: Entry) => /conversation\.id\s*%>(?:\.json)?\/./.test(path)
const known = ([, request]: Entry) => !JSON.stringify(request).includes('context.')

export function guessRoles(requests: ReadonlyMap<string, ImportedRequest>, report: ImportReport): Roles {
  const entries = [...requests]
  const identity = entries.find(
    (each) =>
      reads(each) &&
      !aboutOne(each) &&
      /(^|[/_])(me|whoami|self|current[_-]?user|profile|user_?info|current)($|[/_?.])/i.test(
        `${each[0]} ${each[1].path}`.replaceAll(' ', '/'),
      ),
  )
  const lists = entries.filter((each) => reads(each) && !aboutOne(each) && each !== identity)
  const score = (each: Entry) =>
    Number(/ticket|case|conversation|issue|quer|request|entr|record/i.test(each[0] + each[1].path)) * 2 +
    Number(JSON.stringify(each[1]).includes('page') || JSON.stringify(each[1]).includes('since')) +
    Number(known(each))
  const [list] = lists.toSorted((a, b) => score(b) - score(a))
  const record = entries.find((each) => reads(each) && aboutOne(each) && !below(each))
  const messages = entries.find((each) => reads(each) && below(each))
  return {
    identity: identityOf(identity, report),
    conversations: conversationsOf(list, report),
    thread: threadOf(record, messages, report),
    writes: writesOf(entries, report),
  }
}

function identityOf(entry: Entry | undefined, report: ImportReport): Roles['identity'] {
  report.needsAnswer.push(
    entry === undefined
      ? 'Who signed in: name a request in "identity" that answers with the user, or delete "request" if the token answer holds it.'
      : `Who signed in: "${entry[0]}" looks like it. Check the paths of id, name and e-mail in "identity".`,
  )
  return { request: entry?.[0] ?? 'who_am_i', fields: { id: '$.id', name: '$.name', email: '$.email' } }
}

function conversationsOf(entry: Entry | undefined, report: ImportReport): Roles['conversations'] {
  report.needsAnswer.push(
    entry === undefined
      ? 'The list of conversations: no request looks like it. Add one and name it in "conversations".'
      : `The list of conversations: "${entry[0]}" looks like it. Say where the records are and which field is what: an app does that in code.`,
  )
  const text = entry === undefined ? '' : JSON.stringify(entry[1])
  const has = (name: string) => text.includes(`<%= ${name} %>`)
  const pages = has('page')
    ? { pages: { kind: 'page' as const, size: sizeIn(entry) } }
    : has('offset')
      ? { pages: { kind: 'offset' as const, size: sizeIn(entry) } }
      : has('cursor')
        ? { pages: { kind: 'cursor' as const, next: '$.next' } }
        : {}
  if (entry !== undefined && !has('page') && !has('offset') && !has('cursor'))
    report.needsAnswer.push('Pages: the list has none in the app. Does it have more than one? Say so in "pages".')
  const changes = has('since') ? { changes: { since: 'iso' as const } } : {}
  return {
    request: entry?.[0] ?? 'list_conversations',
    records: '$',
    ...pages,
    ...changes,
    fields: { id: '$.id', subject: '$.subject', status: '$.status', updatedAt: '$.updated_at' },
  }
}

/** A fixed page size in the query, else what most vendors take. */
function sizeIn(entry: Entry | undefined): number {
  const query: Record<string, string> = entry?.[1].query ?? {}
  const fixed = Object.entries(query).find(
    ([name, value]) => /per_?page|limit|size/i.test(name) && /^\d{1,3}$/.test(value),
  )
  return fixed === undefined ? 30 : Math.max(1, Number(fixed[1]))
}

function threadOf(record: Entry | undefined, messages: Entry | undefined, report: ImportReport): Roles['thread'] {
  report.needsAnswer.push(
    record === undefined && messages === undefined
      ? 'A conversation and its messages: no request looks like it. Add one and name it in "thread".'
      : `A conversation and its messages: ${[record, messages].flatMap((each) => (each === undefined ? [] : [`"${each[0]}"`])).join(' and ')} look like it. Check "thread".`,
  )
  if (record === undefined && messages === undefined) return { record: { request: 'get_conversation' } }
  return {
    ...(record === undefined ? {} : { record: { request: record[0] } }),
    ...(messages === undefined
      ? {}
      : {
          messages: {
            request: messages[0],
            records: '$',
            fields: { id: '$.id', createdAt: '$.created_at', text: '$.body', author: { id: '$.user_id' } },
          },
        }),
  }
}

/** Only what has an obvious body; the rest stays in `requests` for whoever knows it. */
function writesOf(entries: Entry[], report: ImportReport): Roles['writes'] {
  const post = entries.filter((each) => each[1].method === 'POST' && aboutOne(each) && known(each))
  const reply = post.find(([name, { path }]) => /repl|answer|respond/i.test(name + path))
  const note = post.find((each) => each !== reply && /note|comment/i.test(each[0] + each[1].path))
  const writes: Roles['writes'] = {}
  for (const [kind, entry] of [
    ['reply', reply],
    ['note', note],
  ] as const) {
    if (entry === undefined) continue
    entry[1].json = { body: '<%= command.text %>' }
    writes[kind] = { request: entry[0] }
    report.needsAnswer.push(`"${entry[0]}" looks like a ${kind}. Its body is a guess: {"body": "<%= command.text %>"}.`)
  }
  const rest = entries.filter((each) => each[1].method !== 'GET' && each !== reply && each !== note)
  for (const [name] of rest)
    report.needsAnswer.push(
      `"${name}" changes something: name it in "writes" if it is a status, a priority, an assignee or tags.`,
    )
  return writes
}
