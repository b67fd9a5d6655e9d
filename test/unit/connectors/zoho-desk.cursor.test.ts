import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { zohoDesk } from '../../../main/connectors/zoho-desk/index.ts'
import { type Script, scripted } from './scripted.ts'

/**
 * A portal that changes while it is read: tickets are changed, spoken in, opened and deleted between any two pages. Its search shows a
 * write a while later, and words do not move `modifiedTime`. What was read in the end must be what the portal has.
 */

interface Row {
  id: string
  createdAt: number
  modifiedAt: number
  saidAt: number
  subject: string
}

type Event = { kind: 'change' | 'say' | 'open' | 'delete'; at: number; afterMs: number }

const begin = Date.UTC(2026, 10, 20, 8)
const second = 1000
const floor = (ms: number) => Math.floor(ms / second) * second
const iso = (ms: number) => new Date(floor(ms)).toISOString()

class Portal {
  now = begin
  rows: Row[] = []
  deleted: { id: string; at: number }[] = []
  lagMs = 0
  credits = 50_000
  #made = 0

  constructor(count: number) {
    for (let id = 1; id <= count; id += 1) this.add(begin - (count - id + 1) * 3_600_000, (id % 7) * 60_000)
  }

  add(at: number, later = 0): void {
    this.#made += 1
    const id = `9000000000${this.#made}`
    this.rows.push({ id, createdAt: at, modifiedAt: at + later, saidAt: at, subject: `first ${id}` })
  }

  happen({ kind, at, afterMs }: Event): void {
    this.now += afterMs
    const row = this.rows[at % Math.max(1, this.rows.length)]
    if (kind === 'open' || row === undefined) this.add(this.now)
    else if (kind === 'delete') {
      this.rows.splice(this.rows.indexOf(row), 1)
      this.deleted.push({ id: row.id, at: this.now })
    } else if (kind === 'say') row.saidAt = this.now
    else Object.assign(row, { modifiedAt: this.now, subject: `changed ${this.now}` })
  }

  wire = (row: Row) => ({
    ...{ id: row.id, ticketNumber: row.id.slice(-4), subject: row.subject, status: 'Open', statusType: 'Open' },
    ...{ createdTime: iso(row.createdAt), modifiedTime: iso(row.modifiedAt), customerResponseTime: iso(row.saidAt) },
    ...{ threadCount: String(row.saidAt - row.createdAt), commentCount: '0', tagCount: '0' },
  })

  search(query: URLSearchParams): unknown[] {
    const range = (name: string) => (query.get(name) ?? `${iso(0)},${iso(4e12)}`).split(',').map(Date.parse)
    const [from = 0, to = 0] = range('modifiedTimeRange')
    const [made = 0, last = 0] = range('createdTimeRange')
    const created = query.get('sortBy') === 'createdTime'
    return (
      this.rows
        // Some tickets are indexed at once, others late: a newer change can be seen before an older one.
        .filter((row) => row.modifiedAt <= this.now - (this.lagMs * (Number(row.id) % 5)) / 4)
        .filter((row) => floor(row.modifiedAt) >= from && floor(row.modifiedAt) <= to)
        .filter((row) => floor(row.createdAt) >= made && floor(row.createdAt) <= last)
        .sort((a, b) => (created ? a.createdAt - b.createdAt : b.modifiedAt - a.modifiedAt))
        .map(this.wire)
    )
  }

  script: Script = ({ url }) => {
    const headers = { 'x-rate-limit-remaining-v3': String(this.credits) }
    const from = Number(url.searchParams.get('from') ?? 0)
    const limit = Number(url.searchParams.get('limit') ?? 10)
    const list = (all: unknown[]) =>
      all.length <= from ? { status: 204, headers } : { headers, body: { data: all.slice(from, from + limit) } }
    if (from > 999) return { status: 422, body: { errorCode: 'INVALID_DATA', message: 'from' } }
    if (url.pathname.endsWith('/tickets/search')) {
      return url.searchParams.has('tag') ? { status: 204, headers } : list(this.search(url.searchParams))
    }
    if (url.pathname.endsWith('/recycleBin')) {
      const newest = [...this.deleted].sort((a, b) => b.at - a.at)
      return list(newest.map(({ id, at }) => ({ id, type: 'Tickets', deletedTime: iso(at), deletedById: '1' })))
    }
    if (url.pathname.endsWith('/tickets')) {
      const spoken = [...this.rows].sort((a, b) => b.saidAt - a.saidAt)
      return list(spoken.map((row) => ({ ...this.wire(row), modifiedTime: undefined })))
    }
    const row = this.rows.find((each) => url.pathname.endsWith(`/tickets/${each.id}`))
    return row ? { headers, body: this.wire(row) } : { status: 404, body: { errorCode: 'URL_NOT_FOUND', message: '' } }
  }
}

interface Seen {
  subject: string
  version: number
}

class Reader {
  readonly rows = new Map<string, Seen>()
  readonly told: string[] = []
  readonly portal: Portal
  cursor: string | null = null
  readonly calls: { url: URL }[]
  readonly #ctx: ReturnType<typeof scripted>['ctx']

  constructor(portal: Portal) {
    this.portal = portal
    const { ctx, calls } = scripted(zohoDesk, { dc: 'eu' }, portal.script, () => portal.now)
    this.#ctx = ctx
    this.calls = calls
  }

  async page(): Promise<boolean> {
    const page = await zohoDesk.pull(this.#ctx, this.cursor)
    this.cursor = page.cursor
    for (const one of page.conversations) {
      this.told.push(one.vendorId)
      const before = this.rows.get(one.vendorId)
      if (before === undefined || one.version >= before.version) this.rows.set(one.vendorId, one)
    }
    for (const id of page.removedVendorIds) this.rows.delete(id)
    return page.more
  }

  async round(between?: () => void): Promise<void> {
    for (let pages = 0; pages < 500; pages += 1) {
      const more = await this.page()
      between?.()
      if (!more) return
    }
    throw new Error('never current')
  }

  subjects = () => [...this.rows].map(([id, { subject, version }]) => `${id} ${subject} ${version}`).sort()
}

const truth = (portal: Portal) =>
  portal.rows
    .map(({ id, subject, modifiedAt, saidAt }) => `${id} ${subject} ${Math.max(floor(modifiedAt), floor(saidAt))}`)
    .sort()

const events = fc.array(
  fc.record({
    kind: fc.constantFrom('change', 'say', 'open', 'delete' as const),
    at: fc.nat(400),
    afterMs: fc.integer({ min: 0, max: 90_000 }),
  }),
  { maxLength: 30 },
)

describe('reading a portal of Zoho Desk that changes while it is read', () => {
  it('skips nothing and forgets what was deleted, whatever the search index hides for a while', async () => {
    const lag = fc.integer({ min: 0, max: 4 * 60_000 })
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 0, max: 330 }), events, lag, async (count, happening, lagMs) => {
        const portal = new Portal(count)
        portal.lagMs = lagMs
        const reader = new Reader(portal)
        const queue: Event[] = [...happening]
        for (let quiet = 0; quiet < 12; quiet += 1) {
          if (queue.length > 0) quiet = 0
          await reader.round(() => {
            const event = queue.shift()
            if (event) portal.happen(event)
          })
          portal.now += 60_000
        }
        expect(reader.subjects()).toEqual(truth(portal))
      }),
      { numRuns: 40 },
    )
  })

  it('goes on at any page from the cursor alone, and reads the same', async () => {
    const portal = new Portal(350)
    const reader = new Reader(portal)
    for (let pages = 0; pages < 50; pages += 1) {
      const before = reader.cursor
      const more = await reader.page()
      // The app was closed before the page was stored.
      const again = new Reader(portal)
      again.cursor = before
      await again.page()
      expect(again.cursor).toBe(reader.cursor)
      if (!more) break
    }
    expect(reader.subjects()).toEqual(truth(portal))
  })

  it('gets past more tickets of one second than Zoho counts places', async () => {
    const portal = new Portal(20)
    const reader = new Reader(portal)
    await reader.round()
    portal.now += 120_000
    for (let each = 0; each < 1500; each += 1) portal.add(begin - each * 7_000, begin + 60_000 - (begin - each * 7_000))
    portal.now += 120_000
    await reader.round()
    expect(reader.subjects()).toEqual(truth(portal))
  })

  it('is newest first from the first page', async () => {
    const portal = new Portal(250)
    const reader = new Reader(portal)
    await reader.page()
    const newest = [...portal.rows].sort((a, b) => b.modifiedAt - a.modifiedAt).slice(0, 100)
    expect(reader.told).toEqual(newest.map(({ id }) => id))
  })

  it('tells a ticket once when nothing happens to it any more', async () => {
    const portal = new Portal(5)
    const reader = new Reader(portal)
    await reader.round()
    portal.happen({ kind: 'change', at: 2, afterMs: 60_000 })
    for (let rounds = 0; rounds < 4; rounds += 1) {
      await reader.round()
      portal.now += 60_000
    }
    const told = reader.told.length
    await reader.round()
    await reader.round()
    expect(reader.told).toHaveLength(told)
  })

  it.each([
    [50_000, 60],
    [5000, 30],
    [1500, 12],
    [300, 4],
  ])('with %i credits left it searches at most %i times in an hour', async (credits, most) => {
    const portal = new Portal(3)
    portal.credits = credits
    const reader = new Reader(portal)
    await reader.round()
    const before = reader.calls.length
    for (let minute = 0; minute < 60; minute += 1) {
      portal.now += 60_000
      await reader.round()
    }
    const searches = reader.calls.slice(before).filter(({ url }) => url.pathname.endsWith('/tickets/search'))
    expect(searches.length).toBeLessThanOrEqual(most)
    expect(searches.length).toBeGreaterThan(0)
  })

  it('goes on without the recycle bin where the profile may not look into it', async () => {
    const portal = new Portal(3)
    const closed: Script = (call) =>
      call.url.pathname.endsWith('/recycleBin')
        ? { status: 403, body: { errorCode: 'FORBIDDEN', message: '' } }
        : portal.script(call)
    const { ctx, calls } = scripted(zohoDesk, { dc: 'eu' }, closed, () => portal.now)
    let cursor: string | null = null
    for (let pages = 0; pages < 40; pages += 1) {
      cursor = (await zohoDesk.pull(ctx, cursor)).cursor
      portal.now += 60_000
    }
    expect(calls.filter(({ url }) => url.pathname.endsWith('/recycleBin'))).toHaveLength(1)
  })

  it('starts over from a cursor that is damaged, instead of failing', async () => {
    const portal = new Portal(3)
    for (const damaged of ['', '{', 'null', '{"phase":"later"}', '[1]']) {
      const reader = new Reader(portal)
      reader.cursor = damaged
      await reader.page()
      expect(reader.told).toHaveLength(3)
    }
  })

  it('keeps the cursor short, however much there is', async () => {
    const portal = new Portal(2000)
    const reader = new Reader(portal)
    await reader.round()
    for (let each = 0; each < 600; each += 1) portal.happen({ kind: 'change', at: each, afterMs: 200 })
    portal.now += 120_000
    await reader.round()
    expect(reader.cursor?.length).toBeLessThan(60_000)
    expect(reader.subjects()).toEqual(truth(portal))
  })
})
