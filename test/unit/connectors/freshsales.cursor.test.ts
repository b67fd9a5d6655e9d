import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { readCursor } from '../../../main/connectors/freshsales/cursor.ts'
import { freshsales } from '../../../main/connectors/freshsales/index.ts'
import { scripted } from './scripted.ts'

const site = { subdomain: 'acme-sales', organisation: 'acme', dealsView: '', contactsView: '' }
const begin = Date.UTC(2026, 10, 20, 8)
const iso = (ms: number) => `${new Date(ms).toISOString().slice(0, 19)}Z`

interface Row {
  id: number
  updated: number
  stage: number
  task: boolean
}

/** A small account: deals of the first pipeline in the view, those of the second through the search, open tasks in their list. */
class Account {
  now = begin
  rows = new Map<number, Row>()

  constructor(count: number) {
    for (let id = 1; id <= count; id += 1) this.add(begin - (count - id + 1) * 600_000)
  }

  add(updated: number): void {
    const id = this.rows.size + 1 + this.gone
    this.rows.set(id, { id, updated, stage: id % 5 === 0 ? 201 : 101, task: id % 4 === 0 })
  }

  gone = 0
  /** Ids that were taken from what this agent may see. */
  hidden = new Set<number>()

  happen({ kind, place, after }: { kind: string; place: number; after: number }): void {
    this.now += after
    const row = [...this.rows.values()][place % Math.max(1, this.rows.size)]
    if (kind === 'add' || row === undefined) this.add(this.now)
    else if (kind === 'delete') {
      this.rows.delete(row.id)
      this.gone += 1
    } else Object.assign(row, { updated: this.now, stage: row.stage > 200 ? 202 : kind === 'close' ? 103 : 102 })
  }

  deal = (row: Row) => ({
    id: row.id,
    name: `deal ${row.id}`,
    deal_stage_id: row.stage,
    deal_pipeline_id: row.stage > 200 ? 2 : 1,
    owner_id: 501,
    created_at: iso(begin),
    updated_at: iso(row.updated),
  })
  task = (row: Row) => ({
    id: row.id,
    title: `task ${row.id}`,
    status: row.stage === 103 ? 1 : 0,
    due_date: null,
    created_at: iso(begin),
    updated_at: iso(row.updated),
  })

  answer(url: URL): { status?: number; body?: unknown } {
    const [, , , , kind, id = ''] = url.pathname.split('/')
    const page = Number(url.searchParams.get('page') ?? 1)
    const size = Number(url.searchParams.get('per_page') ?? 25)
    const all = [...this.rows.values()].sort((a, b) => b.updated - a.updated)
    const part = <T>(list: T[]) => list.slice((page - 1) * size, page * size)
    if (url.pathname.endsWith('/deals/filters'))
      return { body: { filters: [{ id: 1, name: 'All Deals', is_default: true }] } }
    if (url.pathname.includes('/deals/view/')) {
      const deals = all.filter((row) => !row.task && row.stage < 200).map(this.deal)
      return {
        body: { deals: part(deals), meta: { total: deals.length, total_pages: Math.ceil(deals.length / size) } },
      }
    }
    if (kind === 'filtered_search') {
      const deals = all.filter((row) => !row.task && row.stage > 200).map(this.deal)
      return { body: { deals: part(deals), meta: { total: deals.length } } }
    }
    if (kind === 'tasks' && id === '')
      return { body: { tasks: part(all.filter((row) => row.task && row.stage !== 103).map(this.task)) } }
    if (kind === 'selector') {
      return id === 'owners'
        ? { body: { users: [] } }
        : {
            body: {
              deal_pipelines: [
                {
                  id: 1,
                  name: 'A',
                  deal_stages: [
                    { id: 101, name: 'New', position: 1 },
                    { id: 102, name: 'Talks', position: 2 },
                    { id: 103, name: 'Won', position: 3, forecast_type: 'Closed Won' },
                  ],
                },
                { id: 2, name: 'B', deal_stages: [] },
              ],
            },
          }
    }
    const row = this.rows.get(Number(id))
    if (this.hidden.has(Number(id))) return { status: 403, body: { message: 'You are not authorized', code: 403 } }
    if (row === undefined) return { status: 404 }
    return { body: kind === 'tasks' ? { task: this.task(row) } : { deal: this.deal(row) } }
  }
}

const still = (kind: string, place = 0) => ({ kind, place, after: 0 })
/** A deal of the search is deleted when its first page was read: the next page begins one record later. */
const pushedOverTheEdge = [still('touch'), still('touch'), still('delete'), still('touch'), still('delete', 93)]

describe('an account of Freshsales that changes while it is read', () => {
  it('is known completely within a day, deletions and completed tasks included', async () => {
    const event = fc.record({
      kind: fc.constantFrom('touch', 'close', 'add', 'delete'),
      place: fc.nat(400),
      after: fc.integer({ min: 0, max: 90_000 }),
    })
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 0, max: 330 }), fc.array(event, { maxLength: 30 }), async (count, events) => {
        const account = new Account(count)
        const left = [...events]
        const script = ({ url }: { url: URL }) => {
          const next = url.searchParams.has('page') ? left.shift() : undefined
          if (next) account.happen(next)
          return account.answer(url)
        }
        const { ctx } = scripted(freshsales, site, script, () => account.now)
        const known = new Map<string, { version: number; status: string }>()
        let cursor: string | null = null
        const round = async () => {
          for (let page = 0; page < 500; page += 1) {
            const read = await freshsales.pull(ctx, cursor)
            cursor = read.cursor
            for (const one of read.conversations) {
              if ((known.get(one.vendorId)?.version ?? 0) <= one.version) known.set(one.vendorId, one)
            }
            for (const id of read.removedVendorIds) known.delete(id)
            if (!read.more) return
          }
          throw new Error('never current')
        }
        for (let each = 0; each < 12 || left.length > 0; each += 1) {
          await round()
          account.now += 61_000
        }
        account.now += 25 * 3_600_000
        await round()
        const rows = [...account.rows.values()]
        for (const row of rows.filter((one) => !one.task || one.stage !== 103)) {
          const id = `${row.task ? 'task' : 'deal'}:${row.id}`
          expect(known.get(id)?.version, id).toBe(Math.floor(row.updated / 1000) * 1000)
        }
        const open = [...known].filter(
          ([id, one]) => one.status !== 'solved' && !(id.startsWith('deal:') && Number(id.slice(5)) % 5 === 0),
        )
        for (const [id] of open) expect(account.rows.has(Number(id.split(':')[1])), `${id} is gone`).toBe(true)
        for (const row of rows.filter((one) => one.task && one.stage === 103))
          expect(known.get(`task:${row.id}`)?.status ?? 'solved').toBe('solved')
      }),
      { numRuns: 20, examples: [[170, pushedOverTheEdge]] },
    )
  }, 60_000)

  it('asks once for its lists when nothing changed: two calls a minute', async () => {
    const account = new Account(150)
    const { ctx, calls } = scripted(
      freshsales,
      site,
      ({ url }) => account.answer(url),
      () => account.now,
    )
    let cursor: string | null = null
    const round = async () => {
      for (let more = true; more; ) {
        const page = await freshsales.pull(ctx, cursor)
        cursor = page.cursor
        more = page.more
      }
    }
    await round()
    account.now += 61_000
    const before = calls.length
    await round()
    expect(calls.slice(before).map((call) => call.url.pathname.replace('/crm/sales/api/', ''))).toEqual([
      'deals/view/1',
      'tasks',
    ])
  })

  it('lets go of a record that may not be read any more, and goes on', async () => {
    const account = new Account(8)
    const { ctx } = scripted(
      freshsales,
      site,
      ({ url }) => account.answer(url),
      () => account.now,
    )
    let cursor: string | null = null
    const round = async () => {
      const gone: string[] = []
      for (let more = true; more; ) {
        const page = await freshsales.pull(ctx, cursor)
        gone.push(...page.removedVendorIds)
        cursor = page.cursor
        more = page.more
      }
      return gone
    }
    await round()
    account.rows.delete(4)
    account.hidden.add(4)
    account.now += 61_000
    expect(await round()).toEqual(['task:4'])
    account.now += 61_000
    expect(await round()).toEqual([])
  })

  it('starts over from a cursor of another version', () => {
    expect(readCursor('{"step":"deals"}')).toEqual(readCursor(null))
    expect(readCursor('nonsense')).toEqual(readCursor(null))
  })
})
