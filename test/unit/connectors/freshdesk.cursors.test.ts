import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { freshdesk } from '../../../main/connectors/freshdesk/index.ts'
import { type Script, scripted } from './scripted.ts'

/** A vendor that changes while it is read: between any two pages, tickets are touched, opened, deleted, or changed by the hundred at once. */
interface Row {
  id: number
  createdAt: number
  updatedAt: number
  state: string
}

type Event = { kind: 'touch' | 'delete' | 'open' | 'bulk'; at: number; afterMs: number }

const begin = Date.UTC(2026, 10, 20, 8)
const seconds = (ms: number) => Math.floor(ms / 1000) * 1000
const iso = (ms: number) => new Date(seconds(ms)).toISOString().replace('.000', '')

class World {
  now = begin
  rows: Row[] = []
  deleted: Row[] = []

  constructor(count: number, apartMs = 3_600_000) {
    for (let id = 1; id <= count; id += 1) {
      const at = begin - (count - id + 1) * apartMs
      this.rows.push({ id, createdAt: at, updatedAt: at, state: 'first' })
    }
  }

  happen({ kind, at, afterMs }: Event): void {
    this.now += afterMs
    const row = this.rows[at % Math.max(1, this.rows.length)]
    if (kind === 'open' || row === undefined) {
      const id = this.rows.length + this.deleted.length + 1
      this.rows.push({ id, createdAt: this.now, updatedAt: this.now, state: 'opened' })
    } else if (kind === 'touch') this.touch(row)
    else if (kind === 'bulk') for (const one of this.rows.slice(at % 50, 330)) this.touch(one)
    else {
      this.rows.splice(this.rows.indexOf(row), 1)
      this.deleted.push({ ...row, updatedAt: this.now })
    }
  }

  touch(row: Row): void {
    row.updatedAt = this.now
    row.state = `touched ${this.now}`
  }
}

/** Pages by number over an order that moves; 300 of them at most. */
function vendor(world: World, pageSize = Number.POSITIVE_INFINITY, lastPage = 300): Script {
  return ({ url }) => {
    if (url.pathname !== '/api/v2/tickets') return { body: [] }
    const query = url.searchParams
    const page = Number(query.get('page'))
    if (page > lastPage)
      return { status: 400, body: { errors: [{ field: 'page', code: 'invalid_value', message: 'no' }] } }
    const filter = query.get('filter')
    const all = filter === 'deleted' ? world.deleted : filter === 'spam' ? [] : world.rows
    const sign = query.get('order_type') === 'asc' ? 1 : -1
    const since = Date.parse(query.get('updated_since') ?? '')
    const size = Math.min(pageSize, Number(query.get('per_page')))
    const found = all
      .filter((row) => seconds(row.updatedAt) >= since)
      .sort((a, b) => sign * (a.updatedAt - b.updatedAt || a.id - b.id))
    const tickets = found.slice((page - 1) * size, page * size).map((row) => ({
      ...{ id: row.id, subject: row.state, status: 2, priority: 1, source: 1, requester_id: 1 },
      ...{ created_at: iso(row.createdAt), updated_at: iso(row.updatedAt) },
    }))
    return { body: tickets }
  }
}

/** Reads until the account is current, with things happening between the pages, then on until all is quiet. */
async function readAll(world: World, script: Script, happening: Event[], restartEvery = 0) {
  const { ctx, calls } = scripted(freshdesk, { subdomain: 'acme' }, script, () => world.now)
  const rows = new Map<string, { subject: string; version: number }>()
  let cursor: string | null = null
  const queue = [...happening]
  for (let quiet = 0; quiet < 3; quiet += 1) {
    if (queue.length > 0) quiet = 0
    for (let pages = 0; ; pages += 1) {
      if (pages > 2000) throw new Error('the account never became current')
      // A page that was read but not stored before the app was closed is read again.
      if (restartEvery > 0 && pages % restartEvery === restartEvery - 1) await freshdesk.pull(ctx, cursor)
      const page = await freshdesk.pull(ctx, cursor)
      cursor = page.cursor
      for (const one of page.conversations) {
        const before = rows.get(one.vendorId)
        if (before === undefined || one.version >= before.version) rows.set(one.vendorId, one)
      }
      for (const id of page.removedVendorIds) rows.delete(id)
      const event = queue.shift()
      if (event) world.happen(event)
      if (!page.more) break
    }
    world.now += 6 * 60_000
  }
  return { rows, calls, cursor }
}

const subjects = (rows: Map<string, { subject: string }>) => new Map([...rows].map(([id, row]) => [id, row.subject]))
const truth = (world: World) => new Map(world.rows.map((row) => [String(row.id), row.state]))

const events = fc.array(
  fc.record({
    kind: fc.constantFrom<Event['kind'][]>('touch', 'touch', 'touch', 'delete', 'delete', 'open', 'bulk'),
    at: fc.nat(1000),
    afterMs: fc.integer({ min: 0, max: 90_000 }),
  }),
  { maxLength: 25 },
)

describe('reading Freshdesk while it changes', () => {
  it('skips nothing and forgets what was deleted', async () => {
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 0, max: 450 }), events, fc.nat(4), async (count, happening, restartEvery) => {
        const world = new World(count)
        const { rows } = await readAll(world, vendor(world), happening, restartEvery)
        expect(subjects(rows)).toEqual(truth(world))
      }),
      { numRuns: 40 },
    )
  })

  it('skips nothing where hundreds of tickets changed in the same second and some leave it meanwhile', async () => {
    await fc.assert(
      fc.asyncProperty(events, async (happening) => {
        const world = new World(450, 0)
        const { rows } = await readAll(world, vendor(world), happening)
        expect(subjects(rows)).toEqual(truth(world))
      }),
      { numRuns: 30 },
    )
  })

  it('reads every ticket of a quiet site once, and asks once at each poll after that', async () => {
    const world = new World(420)
    const { calls } = await readAll(world, vendor(world), [])
    const lists = calls.filter(({ url }) => url.pathname === '/api/v2/tickets').map(({ url }) => url.searchParams)
    expect(lists.slice(0, 5).map((query) => [query.get('order_type'), query.get('page')])).toEqual(
      ['1', '2', '3', '4', '5'].map((page) => ['desc', page]),
    )
    const rest = lists.slice(5).map((query) => query.get('filter') ?? 'changed')
    expect(rest).toEqual(['deleted', 'spam', 'changed', 'changed', 'deleted', 'spam', 'changed', 'deleted', 'spam'])
  })

  it('goes past the end of the list: what lies beyond its last page is read by rising change', async () => {
    const world = new World(31_000, 60_000)
    const { rows } = await readAll(world, vendor(world), [])
    expect(rows.size).toBe(31_000)
  }, 60_000)

  it('reads on from the list where a page of tickets cannot be read, and never believes a time in the future', async () => {
    const world = new World(150)
    const last = world.rows.at(-1)
    if (last) last.updatedAt = Date.UTC(2099, 0, 1)
    const { rows, cursor } = await readAll(world, vendor(world), [{ kind: 'open', at: 0, afterMs: 1000 }])
    expect(rows.size).toBe(151)
    expect(JSON.parse(cursor ?? '{}').recent.from).toBeLessThan(world.now)
  })

  it('ends, whatever a page holds', async () => {
    const script: Script = ({ url }) => {
      if (url.pathname !== '/api/v2/tickets') return { body: [] }
      return { body: Number(url.searchParams.get('page')) > 3 ? [] : Array.from({ length: 100 }, () => ({ id: 1 })) }
    }
    const { rows } = await readAll(new World(0), script, [])
    expect(rows.size).toBe(0)
  })

  it('goes without the lists of removed tickets where the key may not see them', async () => {
    const world = new World(3)
    const plain = vendor(world)
    const { rows } = await readAll(
      world,
      (call) => (call.url.searchParams.has('filter') ? { status: 403 } : plain(call)),
      [],
    )
    expect(rows.size).toBe(3)
  })

  it('finds a deleted ticket within a day even where a deletion does not count as a change', async () => {
    const world = new World(20)
    const { ctx } = scripted(freshdesk, { subdomain: 'acme' }, vendor(world), () => world.now)
    let cursor: string | null = null
    const removed = new Set<string>()
    const poll = async () => {
      for (let more = true; more; ) {
        const page = await freshdesk.pull(ctx, cursor)
        for (const id of page.removedVendorIds) removed.add(id)
        cursor = page.cursor
        more = page.more
      }
    }
    await poll()
    world.deleted.push(...world.rows.splice(3, 1))
    world.now += 6 * 60_000
    await poll()
    expect(removed.size).toBe(0)
    world.now += 24 * 60 * 60_000
    await poll()
    expect([...removed]).toEqual(['4'])
  })

  it('starts over from a cursor that is damaged, instead of failing', async () => {
    const world = new World(3)
    const { ctx } = scripted(freshdesk, { subdomain: 'acme' }, vendor(world), () => world.now)
    for (const damaged of ['', '{', 'null', '{"phase":"later"}', '[1]', '{"phase":"recent","page":1}']) {
      expect((await freshdesk.pull(ctx, damaged)).conversations).toHaveLength(3)
    }
  })
})
