import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Connector, Site } from '../../../main/connectors/connector.ts'
import { freshservice } from '../../../main/connectors/freshservice/index.ts'
import { hubspot } from '../../../main/connectors/hubspot/index.ts'
import { zendesk } from '../../../main/connectors/zendesk/index.ts'
import { type Script, scripted } from './scripted.ts'

/**
 * A vendor that changes while it is read: between any two pages, conversations are touched, opened and deleted. What the connector
 * has read in the end must be what the vendor has.
 */
interface Row {
  id: number
  createdAt: number
  updatedAt: number
  state: string
}

type Event = { kind: 'touch' | 'delete' | 'open'; at: number; afterMs: number }

const begin = Date.UTC(2026, 10, 20, 8)

class World {
  now = begin
  rows: Row[] = []
  deleted: Row[] = []

  constructor(count: number) {
    for (let id = 1; id <= count; id += 1) {
      const at = begin - (count - id + 1) * 3_600_000
      this.rows.push({ id, createdAt: at, updatedAt: at + (id % 7) * 60_000, state: 'first' })
    }
  }

  happen({ kind, at, afterMs }: Event): void {
    this.now += afterMs
    const row = this.rows[at % Math.max(1, this.rows.length)]
    if (kind === 'open' || row === undefined) {
      const id = this.rows.length + this.deleted.length + 1
      this.rows.push({ id, createdAt: this.now, updatedAt: this.now, state: 'opened' })
    } else if (kind === 'touch') {
      row.updatedAt = this.now
      row.state = `touched ${this.now}`
    } else {
      this.rows.splice(this.rows.indexOf(row), 1)
      this.deleted.push({ ...row, updatedAt: this.now })
    }
  }
}

const iso = (ms: number) => new Date(Math.floor(ms / 1000) * 1000).toISOString().replace('.000', '')
const seconds = (ms: number) => Math.floor(ms / 1000) * 1000

/** Pages by number over an order that moves, as Freshservice has it. */
function freshserviceVendor(world: World): Script {
  return ({ url }) => {
    if (url.pathname !== '/api/v2/tickets') return { body: { ticket_fields: [] } }
    const since = Date.parse(url.searchParams.get('updated_since') ?? '')
    const filter = url.searchParams.get('filter')
    const all = filter === 'deleted' ? world.deleted : filter === 'spam' ? [] : world.rows
    const size = Number(url.searchParams.get('per_page'))
    const from = (Number(url.searchParams.get('page')) - 1) * size
    const found = all
      .filter((row) => seconds(row.updatedAt) >= since)
      .sort((a, b) => b.createdAt - a.createdAt || b.id - a.id)
    const tickets = found.slice(from, from + size).map((row) => ({
      ...{ id: row.id, subject: row.state, status: 2, priority: 1, source: 1, requester_id: 1 },
      ...{ created_at: iso(row.createdAt), updated_at: iso(row.updatedAt) },
    }))
    return { body: { tickets } }
  }
}

/** Cursor pages by (updated_at, id), as Zendesk has them; the export is for administrators. */
function zendeskVendor(world: World, admin: boolean): Script {
  const wire = (row: Row, status = 'open') => ({
    ...{ id: row.id, subject: row.state, status, priority: 'low', requester_id: 1 },
    ...{
      created_at: iso(row.createdAt),
      updated_at: iso(row.updatedAt),
      generated_timestamp: Math.floor(row.updatedAt / 1000),
    },
  })
  const key = (row: Row) => seconds(row.updatedAt) * 1000 + (row.id % 1000)
  return ({ url }) => {
    if (url.pathname.endsWith('/custom_statuses')) return { body: { custom_statuses: [] } }
    if (url.pathname.includes('/incremental/')) {
      if (!admin) return { status: 403, body: { error: 'Forbidden' } }
      const after = Number(url.searchParams.get('cursor') ?? Number(url.searchParams.get('start_time')) * 1_000_000)
      const all = [
        ...world.rows.map((row) => ({ row, status: 'open' })),
        ...world.deleted.map((row) => ({ row, status: 'deleted' })),
      ]
      const later = all
        .filter(({ row }) => key(row) > after && row.updatedAt < world.now - 60_000)
        .sort((a, b) => key(a.row) - key(b.row))
      const page = later.slice(0, 150)
      const last = page.at(-1)
      return {
        body: {
          tickets: page.map(({ row, status }) => wire(row, status)),
          after_cursor: String(last ? key(last.row) : after),
          end_of_stream: later.length <= 150,
        },
      }
    }
    const down = url.searchParams.get('sort') === '-updated_at'
    const since = Number(url.searchParams.get('start_time') ?? 0) * 1000
    const after = url.searchParams.get('page[after]')
    const sorted = world.rows
      .filter((row) => seconds(row.updatedAt) >= since)
      .sort((a, b) => (down ? key(b) - key(a) : key(a) - key(b)))
    const rest =
      after === null ? sorted : sorted.filter((row) => (down ? key(row) < Number(after) : key(row) > Number(after)))
    const page = rest.slice(0, 100)
    const last = page.at(-1)
    return {
      body: {
        tickets: page.map((row) => wire(row)),
        users: [],
        meta: { has_more: rest.length > 100, after_cursor: last ? String(key(last)) : null },
      },
    }
  }
}

/** Search by offset over an order that moves, plain list by id. */
function hubspotVendor(world: World): Script {
  const wire = (row: Row) => ({
    id: String(row.id),
    properties: {
      subject: row.state,
      hs_pipeline: '0',
      hs_pipeline_stage: '1',
      hs_lastmodifieddate: new Date(row.updatedAt).toISOString(),
    },
    createdAt: new Date(row.createdAt).toISOString(),
    updatedAt: new Date(row.updatedAt).toISOString(),
  })
  return ({ url, body }) => {
    if (url.pathname.endsWith('/tickets/search')) {
      const wish = body as {
        after?: string
        limit: number
        sorts: { direction: string }[]
        filterGroups?: { filters: { value: string }[] }[]
      }
      const from = Number(wish.filterGroups?.[0]?.filters[0]?.value ?? 0)
      const offset = Number(wish.after ?? 0)
      const down = wish.sorts[0]?.direction === 'DESCENDING'
      const found = world.rows
        .filter((row) => row.updatedAt >= from)
        .sort((a, b) => (down ? b.updatedAt - a.updatedAt || b.id - a.id : a.updatedAt - b.updatedAt || a.id - b.id))
      const results = found.slice(offset, offset + wish.limit).map(wire)
      const next = offset + wish.limit
      return {
        body: {
          total: found.length,
          results,
          ...(found.length > next ? { paging: { next: { after: String(next) } } } : {}),
        },
      }
    }
    if (url.pathname.endsWith('/objects/tickets')) {
      const after = Number(url.searchParams.get('after') ?? 0)
      const rest = world.rows.filter((row) => row.id > after).sort((a, b) => a.id - b.id)
      const page = rest.slice(0, 100)
      return {
        body: {
          results: page.map(wire),
          ...(rest.length > 100 ? { paging: { next: { after: String(page.at(-1)?.id) } } } : {}),
        },
      }
    }
    const one = /objects\/tickets\/(\d+)$/.exec(url.pathname)?.[1]
    if (one !== undefined) {
      const row = world.rows.find((each) => each.id === Number(one))
      return row === undefined ? { status: 404, body: {} } : { body: wire(row) }
    }
    return { body: { results: [] } }
  }
}

const events = fc.array(
  fc.record({
    kind: fc.constantFrom('touch', 'touch', 'touch', 'delete', 'open') as fc.Arbitrary<Event['kind']>,
    at: fc.nat(1000),
    afterMs: fc.integer({ min: 0, max: 90_000 }),
  }),
  { maxLength: 25 },
)

interface Seen {
  subject: string
  version: number
}

/** Reads until the account is current, with things happening between the pages, then once more when all is quiet. */
async function readAll(
  connector: Connector,
  site: Site,
  world: World,
  script: Script,
  happening: Event[],
  restartEvery: number,
) {
  const { ctx } = scripted(connector, site, script, () => world.now)
  const rows = new Map<string, Seen>()
  let cursor: string | null = null
  const queue = [...happening]
  for (let quiet = 0; quiet < 3; quiet += 1) {
    if (queue.length > 0) quiet = 0
    for (let pages = 0; pages < 500; pages += 1) {
      // A page that was read but not stored before the app was closed is read again.
      if (restartEvery > 0 && pages % restartEvery === restartEvery - 1) await connector.pull(ctx, cursor)
      const page = await connector.pull(ctx, cursor)
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
    // Time passes, and the vendor's exports catch up.
    world.now += 6 * 60_000
  }
  return rows
}

const subjectsOf = (rows: Map<string, Seen>) =>
  new Map([...rows].map(([id, row]) => [id.replace('ticket:', ''), row.subject]))
const truth = (world: World) => new Map(world.rows.map((row) => [String(row.id), row.state]))
const missing = (world: World, rows: Map<string, Seen>) =>
  [...truth(world)].filter(([id, state]) => subjectsOf(rows).get(id) !== state)

describe('reading a vendor that changes while it is read', () => {
  const runs = { numRuns: 20 }
  const size = fc.integer({ min: 0, max: 330 })
  const restart = fc.integer({ min: 0, max: 4 })

  it('Freshservice: skips nothing and forgets what was deleted', async () => {
    await fc.assert(
      fc.asyncProperty(size, events, restart, async (count, happening, restartEvery) => {
        const world = new World(count)
        const rows = await readAll(
          freshservice,
          { subdomain: 'acme', organisation: 'acme' },
          world,
          freshserviceVendor(world),
          happening,
          restartEvery,
        )
        expect(missing(world, rows)).toEqual([])
        expect(rows.size).toBe(world.rows.length)
      }),
      runs,
    )
  })

  it.each([false, true])('Zendesk (administrator: %s): skips nothing', async (admin) => {
    await fc.assert(
      fc.asyncProperty(size, events, restart, async (count, happening, restartEvery) => {
        const world = new World(count)
        const rows = await readAll(
          zendesk,
          { subdomain: 'acme' },
          world,
          zendeskVendor(world, admin),
          happening,
          restartEvery,
        )
        expect(missing(world, rows)).toEqual([])
        if (admin) expect(rows.size).toBe(world.rows.length)
      }),
      runs,
    )
  })

  it('HubSpot: skips nothing', async () => {
    await fc.assert(
      fc.asyncProperty(size, events, restart, async (count, happening, restartEvery) => {
        const world = new World(count)
        const rows = await readAll(hubspot, {}, world, hubspotVendor(world), happening, restartEvery)
        expect(missing(world, rows)).toEqual([])
      }),
      runs,
    )
  })

  it('HubSpot: gets past thousands of tickets that changed in the same moment', async () => {
    const world = new World(0)
    const { ctx } = scripted(hubspot, {}, hubspotVendor(world), () => world.now)
    let cursor: string | null = null
    const read = async () => {
      const seen = new Set<string>()
      for (let pages = 0; pages < 500; pages += 1) {
        const page = await hubspot.pull(ctx, cursor)
        cursor = page.cursor
        for (const one of page.conversations) seen.add(one.vendorId)
        if (!page.more) return seen
      }
      throw new Error('never current')
    }
    await read()
    world.now += 60_000
    for (let id = 1; id <= 1030; id += 1)
      world.rows.push({ id, createdAt: world.now, updatedAt: world.now, state: 'edited pipeline' })
    world.now += 60_000
    expect((await read()).size).toBe(1030)
  })

  it.each([
    ['freshservice', freshservice],
    ['zendesk', zendesk],
    ['hubspot', hubspot],
  ])('%s: starts over from a cursor that is damaged, instead of failing', async (_id, connector) => {
    const world = new World(3)
    const script = {
      freshservice: freshserviceVendor(world),
      zendesk: zendeskVendor(world, false),
      hubspot: hubspotVendor(world),
    }
    const { ctx } = scripted(connector, { subdomain: 'acme' }, script[connector.id as 'zendesk'], () => world.now)
    for (const damaged of ['', '{', 'null', '{"phase":"later"}', '[1]']) {
      expect((await connector.pull(ctx, damaged)).conversations).toHaveLength(3)
    }
  })
})
