import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { advance, begin, readCursor, type Span, watching, windowOf } from '../../../main/connectors/freshchat/cursor.ts'
import { freshchat } from '../../../main/connectors/freshchat/index.ts'
import { scripted } from './scripted.ts'

const start = Date.UTC(2026, 10, 20, 8)
const site = { subdomain: 'acme', organisation: 'acme' }

describe('reading a stretch of time backwards', () => {
  it('meets everybody at least once, however many there are at one time', () => {
    const times = fc.array(fc.oneof(fc.integer({ min: 0, max: 400_000 }), fc.constantFrom(50_000, 50_500)), {
      maxLength: 120,
    })
    fc.assert(
      fc.property(times, fc.integer({ min: 1, max: 500_000 }), (all, width) => {
        const people = all.map((at, id) => ({ at, id }))
        const met = new Set<number>()
        let span: Span | null = { from: 0, to: 400_000, width, page: 1 }
        for (let call = 0; span !== null; call += 1) {
          expect(call).toBeLessThan(2000)
          const window = windowOf(span)
          const inside = people.filter((one) => one.at >= window.from && one.at <= window.to)
          const shown = inside.slice((span.page - 1) * 10, span.page * 10)
          const { next, read } = advance(span, inside.length > span.page * 10)
          if (read) for (const one of shown) met.add(one.id)
          span = next
        }
        expect(met.size).toBe(people.length)
      }),
    )
  })

  it('starts over from a cursor of another version', () => {
    expect(readCursor('{"since":1}', start)).toEqual(begin(start))
    expect(readCursor(JSON.stringify({ ...begin(start), since: 5 }), start).since).toBe(5)
  })

  it('looks after a bounded number of open chats, those that moved last', () => {
    const many = Array.from({ length: 400 }, (_, i) => ({ id: `c${i}`, version: i, at: 0, open: true }))
    const kept = watching([], many)
    expect(kept).toHaveLength(300)
    expect(kept.map((one) => one.id)).not.toContain('c0')
    expect(watching(kept, [{ id: 'c399', version: 400, at: 1, open: false }]).map((one) => one.id)).not.toContain(
      'c399',
    )
  })
})

/** A small account that changes between any two calls. `moves`: whether the customer's own time moves with a message, as hoped. */
class Account {
  now = start
  users = new Map<string, { at: number; chats: string[] }>()
  chats = new Map<string, { user: string; updated: number; status: string; texts: { at: number; text: string }[] }>()

  constructor(count: number) {
    for (let each = 0; each < count; each += 1) this.open(`u${each}`, start - each * 7_200_000)
  }

  open(user: string, at: number): string {
    const id = `c${this.chats.size}`
    const known = this.users.get(user) ?? { at, chats: [] }
    this.users.set(user, { at: Math.max(known.at, at), chats: [...known.chats, id] })
    this.chats.set(id, { user, updated: at, status: 'resolved', texts: [{ at, text: 'Hello' }] })
    return id
  }

  write(place: number): void {
    const [id = '', chat] = [...this.chats][place % this.chats.size] ?? []
    if (chat === undefined) return
    chat.texts.push({ at: this.now, text: `at ${this.now}` })
    chat.status = 'reopened'
    chat.updated = this.now
    const user = this.users.get(chat.user)
    if (user) user.at = this.now
    this.chats.set(id, chat)
  }

  answer(url: URL): unknown {
    const [, , kind, id = '', below] = url.pathname.split('/')
    const iso = (ms: number) => new Date(ms).toISOString()
    if (kind === 'users' && below === 'conversations')
      return { conversations: this.users.get(id)?.chats.map((each) => ({ id: each })) }
    if (kind === 'users' && id !== '') return { id, first_name: id }
    if (kind === 'users') {
      const [from, to] = ['updated_from', 'updated_to'].map((name) => Date.parse(url.searchParams.get(name) ?? ''))
      const found = [...this.users].filter(([, user]) => user.at >= (from ?? 0) && user.at <= (to ?? 0))
      const page = Number(url.searchParams.get('page'))
      const size = Number(url.searchParams.get('items_per_page'))
      const shown = found.slice((page - 1) * size, page * size).map(([name]) => ({ id: name, first_name: name }))
      return {
        users: shown,
        pagination: { total_pages: Math.ceil(found.length / size) },
        links: page * size < found.length ? { next_page: { href: '/v2/users' } } : {},
      }
    }
    const chat = this.chats.get(id)
    if (kind === 'conversations' && below === 'messages') {
      const texts = [...(chat?.texts ?? [])].reverse().slice(0, 20)
      return {
        messages: texts.map(({ at, text }, place) => ({
          id: `${id}-${(chat?.texts.length ?? 0) - place}`,
          conversation_id: id,
          actor_type: 'user',
          actor_id: chat?.user,
          created_time: iso(at),
          message_type: 'normal',
          message_parts: [{ text: { content: text } }],
        })),
      }
    }
    if (kind === 'conversations' && chat)
      return {
        conversation_id: id,
        user_id: chat.user,
        status: chat.status,
        created_time: iso(chat.texts[0]?.at ?? 0),
        updated_time: iso(chat.updated),
      }
    return { agents: [], channels: [], groups: [] }
  }
}

describe('an account that changes while it is read', () => {
  it('is known completely in the end, whenever customers write and open chats', async () => {
    const events = fc.array(
      fc.record({ place: fc.nat(200), fresh: fc.boolean(), after: fc.integer({ min: 0, max: 40_000 }) }),
      { maxLength: 25 },
    )
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 1, max: 45 }), events, async (count, happenings) => {
        const account = new Account(count)
        const left = [...happenings]
        const script = ({ url }: { url: URL }) => {
          const event = url.pathname === '/v2/users' ? left.shift() : undefined
          if (event) {
            account.now += event.after
            if (event.fresh) account.open(`u${event.place % 60}`, account.now)
            else account.write(event.place)
          }
          return { body: account.answer(url) }
        }
        const { ctx } = scripted(freshchat, site, script, () => account.now)
        const known = new Map<string, { version: number; preview: string }>()
        let cursor: string | null = null
        for (let round = 0; round < 4 || left.length > 0; round += 1) {
          for (let page = 0; page < 400; page += 1) {
            const read = await freshchat.pull(ctx, cursor)
            cursor = read.cursor
            for (const one of read.conversations) {
              if ((known.get(one.vendorId)?.version ?? 0) <= one.version) known.set(one.vendorId, one)
            }
            if (!read.more) break
          }
          account.now += 61_000
        }
        for (const [id, chat] of account.chats) expect(known.get(id)?.preview, id).toBe(chat.texts.at(-1)?.text)
      }),
      { numRuns: 25 },
    )
  }, 60_000)
})
