import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { ConnectorContext } from '../../../main/connectors/connector.ts'
import { gmail } from '../../../main/connectors/gmail/index.ts'
import type { Page } from '../../../main/connectors/model.ts'
import { gmailContext } from './gmail.fixtures.ts'

/**
 * A mailbox that changes while it is read: before any of its answers, mail arrives, moves, is binned or deleted. What the connector has
 * read in the end must be what the mailbox holds.
 */
type Event = 'arrive' | 'archive' | 'back' | 'bin' | 'unbin' | 'delete' | 'open' | 'draft' | 'nothing'

interface Row {
  id: string
  subject: string
  labels: string[]
  at: number
  history: number
}

class Mailbox {
  rows: Row[] = []
  /** What happened, by history id. */
  records: {
    id: number
    thread: string
    kind: 'messagesAdded' | 'messagesDeleted' | 'labelsAdded'
    labels: string[]
  }[] = []
  history = 1000
  /** Older ids are forgotten. */
  memory = 0
  batches = 0
  asked: string[] = []

  constructor(count: number) {
    for (let place = 0; place < count; place += 1) this.happen('open', place)
  }

  happen(event: Event, at: number): void {
    if (event === 'nothing') return
    const row = this.rows[at % Math.max(1, this.rows.length)]
    this.history += 1 + (at % 3)
    const id = this.history
    if (event === 'open' || row === undefined) {
      const made = {
        id: `t${id}`,
        subject: `opened ${id}`,
        labels: at % 2 === 0 ? ['INBOX'] : ['IMPORTANT'],
        at: id,
        history: id,
      }
      this.rows.push(made)
      this.records.push({ id, thread: made.id, kind: 'messagesAdded', labels: made.labels })
      return
    }
    if (event === 'draft') {
      this.records.push({ id, thread: row.id, kind: 'messagesAdded', labels: ['DRAFT'] })
      return
    }
    if (event === 'delete') this.rows.splice(this.rows.indexOf(row), 1)
    if (event === 'arrive') Object.assign(row, { subject: `arrived ${id}`, labels: ['INBOX'], at: id })
    if (event === 'archive') row.labels = ['IMPORTANT']
    if (event === 'back' || event === 'unbin') row.labels = ['INBOX']
    if (event === 'bin') row.labels = ['TRASH']
    row.history = id
    const kind = event === 'arrive' ? 'messagesAdded' : event === 'delete' ? 'messagesDeleted' : 'labelsAdded'
    this.records.push({ id, thread: row.id, kind, labels: row.labels })
  }

  answer(method: string, url: URL, body: string): { status: number; type?: string; body: string } {
    const path = url.pathname.replace('/gmail/v1/users/me/', '')
    this.asked.push(path)
    const json = (value: unknown, status = 200) => ({ status, body: JSON.stringify(value) })
    if (method === 'POST') return { status: 200, type: 'multipart/mixed; boundary=b', body: this.#batch(body) }
    if (path === 'profile')
      return json({ emailAddress: 'me@brand.example', historyId: String(this.history), threadsTotal: this.rows.length })
    if (path === 'threads') return json(this.#list(url.searchParams))
    if (path !== 'history') return json({})
    if (Number(url.searchParams.get('startHistoryId')) < this.memory)
      return json({ error: { code: 404, errors: [{ reason: 'notFound' }] } }, 404)
    return json(this.#history(url.searchParams))
  }

  #page<T>(rows: T[], token: string | null, size: number) {
    const start = Number(token ?? 0)
    return {
      part: rows.slice(start, start + size),
      ...(start + size < rows.length ? { nextPageToken: String(start + size) } : {}),
    }
  }

  #list(query: URLSearchParams) {
    const label = query.get('labelIds')
    const shown = this.rows.filter((row) =>
      label === null ? !row.labels.includes('INBOX') && !row.labels.includes('TRASH') : row.labels.includes(label),
    )
    const newest = shown.toSorted((a, b) => b.at - a.at)
    // A page goes on below the last row of the one before, whatever has left the list since.
    const token = query.get('pageToken')
    const { part, ...next } = this.#page(
      newest.filter((row) => token === null || row.at < Number(token)),
      null,
      3,
    )
    const more = next.nextPageToken === undefined ? {} : { nextPageToken: String(part.at(-1)?.at) }
    return { threads: part.map(({ id, history }) => ({ id, historyId: String(history), snippet: '' })), ...more }
  }

  #history(query: URLSearchParams) {
    const later = this.records.filter((record) => record.id > Number(query.get('startHistoryId')))
    const { part, ...next } = this.#page(later, query.get('pageToken'), 2)
    const history = part.map(({ id, thread, kind, labels }) => ({
      ...{ id: String(id) },
      [kind]: [{ message: { id: `m-${thread}`, threadId: thread, labelIds: labels }, labelIds: labels }],
    }))
    return { ...(history.length > 0 ? { history } : {}), ...next, historyId: String(this.history) }
  }

  #batch(body: string): string {
    this.batches += 1
    const calls = [...body.matchAll(/Content-ID: <(\d+)>\r\n\r\nGET \S*threads\/(\w+)\?format=full/g)]
    const parts = calls.map(([, place, id]) => {
      const row = this.rows.find((each) => each.id === id)
      const head = `--b\r\nContent-Type: application/http\r\nContent-ID: <response-${place}>\r\n\r\n`
      if (row === undefined) return `${head}HTTP/1.1 404 Not Found\r\nContent-Type: application/json\r\n\r\n{}\r\n`
      const headers = [{ name: 'Subject', value: row.subject }]
      const message = { id: `m-${id}`, labelIds: row.labels, internalDate: String(row.at), payload: { headers } }
      const thread = JSON.stringify({ id, historyId: String(row.history), messages: [message] })
      return `${head}HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n\r\n${thread}\r\n`
    })
    return `${parts.join('')}--b--\r\n`
  }
}

const contextOf = (mailbox: Mailbox, before: () => void): ConnectorContext =>
  gmailContext(async ({ method, url, body }) => {
    before()
    return mailbox.answer(method, url, body)
  })

class Shelf {
  rows = new Map<string, { version: number; subject: string; status: string }>()
  cursor: string | null = null

  async fill(ctx: ConnectorContext): Promise<void> {
    for (let turn = 0; turn < 500; turn += 1) {
      const page: Page = await gmail.pull(ctx, this.cursor)
      // As the store does: one transaction, and an older version overwrites nothing.
      for (const one of page.conversations) {
        const known = this.rows.get(one.vendorId)
        if (known === undefined || one.version >= known.version) this.rows.set(one.vendorId, one)
      }
      for (const id of page.removedVendorIds) this.rows.delete(id)
      this.cursor = page.cursor
      if (!page.more) return
    }
    throw new Error('the account never became current')
  }

  get content() {
    return new Map([...this.rows].map(([id, { subject, status }]) => [id, [subject, status]]))
  }
}

const held = (mailbox: Mailbox) =>
  new Map(
    mailbox.rows
      .filter((row) => !row.labels.includes('TRASH'))
      .map((row) => [row.id, [row.subject, row.labels.includes('INBOX') ? 'open' : 'solved']]),
  )

const kinds: Event[] = ['arrive', 'archive', 'back', 'bin', 'unbin', 'open', 'draft', 'nothing']
const events = (some: Event[]) =>
  fc.array(fc.record({ kind: fc.constantFrom(...some), at: fc.nat(40) }), { maxLength: 30 })

describe('reading a mailbox that changes meanwhile', () => {
  it('misses nothing, whatever happens between two answers', async () => {
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 0, max: 14 }), events([...kinds, 'delete']), async (count, happening) => {
        const queue = [...happening]
        const mailbox = new Mailbox(count)
        const ctx = contextOf(mailbox, () => {
          const next = queue.shift()
          if (next) mailbox.happen(next.kind, next.at)
        })
        const shelf = new Shelf()
        await shelf.fill(ctx)
        queue.length = 0
        await shelf.fill(ctx)
        expect(shelf.content).toEqual(held(mailbox))
      }),
      { numRuns: 60 },
    )
  }, 60_000)

  it('misses nothing when history is forgotten in between, and reads only what changed', async () => {
    await fc.assert(
      fc.asyncProperty(events(kinds), events(kinds), async (before, happening) => {
        const meanwhile = [...happening]
        const mailbox = new Mailbox(9)
        const shelf = new Shelf()
        await shelf.fill(contextOf(mailbox, () => undefined))
        for (const { kind, at } of before) mailbox.happen(kind, at)
        mailbox.memory = mailbox.history + 1
        mailbox.history += 2
        const ctx = contextOf(mailbox, () => {
          const next = meanwhile.shift()
          if (next) mailbox.happen(next.kind, next.at)
        })
        await shelf.fill(ctx)
        meanwhile.length = 0
        await shelf.fill(ctx)
        expect(shelf.content).toEqual(held(mailbox))
      }),
      { numRuns: 40 },
    )
  }, 60_000)

  it('goes on from any page after a stop', async () => {
    const mailbox = new Mailbox(12)
    const shelf = new Shelf()
    const first = await gmail.pull(
      contextOf(mailbox, () => undefined),
      null,
    )
    expect(first).toMatchObject({ more: true, total: 12 })
    shelf.cursor = first.cursor
    for (const one of first.conversations) shelf.rows.set(one.vendorId, one)
    await shelf.fill(contextOf(mailbox, () => undefined))
    expect(shelf.content).toEqual(held(mailbox))
  })

  it('reads no thread again when nothing happened, and none for a draft', async () => {
    const mailbox = new Mailbox(5)
    const shelf = new Shelf()
    await shelf.fill(contextOf(mailbox, () => undefined))
    mailbox.happen('draft', 1)
    const { batches } = mailbox
    mailbox.asked = []
    await shelf.fill(contextOf(mailbox, () => undefined))
    expect(mailbox.batches).toBe(batches)
    expect(mailbox.asked.filter((path) => path === 'history')).toHaveLength(1)
  })

  it.each(['', 'null', '{}', '{"phase":"history","history":"abc"}', '[1]', 'not json'])(
    'begins anew with the damaged cursor %s',
    async (cursor) => {
      const page = await gmail.pull(
        contextOf(new Mailbox(2), () => undefined),
        cursor,
      )
      expect(page.more).toBe(true)
      expect(page.conversations.length).toBeGreaterThan(0)
    },
  )
})
