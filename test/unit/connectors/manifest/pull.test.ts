import { describe, expect, it } from 'vitest'
import { createManifestConnector } from '../../../../main/connectors/manifest/connector.ts'
import type { ManifestInput } from '../../../../main/connectors/manifest/schema.ts'
import { type Script, scripted } from '../scripted.ts'
import { manifestOf, site } from './small.ts'

const minute = 60_000
const hour = 60 * minute

interface Row {
  id: number
  changed: string
}
const at = (ms: number) => new Date(ms).toISOString()

/** Numbered pages of two, newest change first, over rows that the test changes. */
const numbered = (m: ManifestInput) => {
  Object.assign(m.requests.list ?? {}, { query: { page: '<%= page %>' } })
  Object.assign(m.conversations, { pages: { kind: 'page', size: 2 } })
}

function world(
  change: (m: ManifestInput) => unknown,
  answer: (rows: Row[], call: Parameters<Script>[0]) => ReturnType<Script>,
) {
  let now = Date.UTC(2026, 5, 1)
  const rows = new Map<number, number>()
  const connector = createManifestConnector(manifestOf(change))
  const sorted = () => [...rows].sort((a, b) => b[1] - a[1]).map(([id, changed]) => ({ id, changed: at(changed) }))
  const { ctx, calls } = scripted(
    connector,
    site,
    (call) => answer(sorted(), call),
    () => now,
  )
  const found = new Set<string>()
  let cursor: string | null = null
  return {
    connector,
    ctx,
    calls,
    found,
    put: (id: number, ageMs = 0) => rows.set(id, now - ageMs),
    remove: (id: number) => rows.delete(id),
    pass(ms: number) {
      now += ms
    },
    async page() {
      const page = await connector.pull(ctx, cursor)
      cursor = page.cursor
      for (const one of page.conversations) found.add(one.vendorId)
      return page
    },
    async fill() {
      for (let count = 0; count < 50; count += 1) if (!(await this.page()).more) return
      throw new Error('never current')
    },
  }
}

const pageOf = (rows: Row[], { url }: Parameters<Script>[0]) => {
  const page = Number(url.searchParams.get('page'))
  return { body: { questions: rows.slice((page - 1) * 2, page * 2) } }
}

describe('reading numbered pages', () => {
  it('stops at what is known, a little behind the moment the last round began', async () => {
    const there = world(numbered, pageOf)
    for (let id = 1; id <= 9; id += 1) there.put(id, id * hour)
    await there.fill()
    expect(there.found.size).toBe(9)
    there.calls.length = 0
    there.pass(5 * minute)
    there.put(8)
    await there.fill()
    expect(there.calls.map(({ url }) => url.search)).toEqual(['?page=1', '?page=2'])
  })

  it('reads everything again after a day, which finds what slipped from one page to the one before', async () => {
    const there = world(numbered, pageOf)
    for (let id = 1; id <= 6; id += 1) there.put(id, id * hour)
    await there.page()
    there.remove(1)
    while ((await there.page()).more);
    expect(there.found.has('3')).toBe(false)
    there.pass(25 * hour)
    await there.fill()
    expect(there.found.has('3')).toBe(true)
  })

  it('ends with a vendor that knows no pages and always answers the first', async () => {
    const there = world(numbered, (rows) => ({ body: { questions: rows.slice(0, 2) } }))
    for (let id = 1; id <= 6; id += 1) there.put(id, id * hour)
    await there.fill()
    expect(there.calls).toHaveLength(2)
  })

  it('lets a long reading wait every minute for what is new', async () => {
    const there = world(numbered, pageOf)
    for (let id = 1; id <= 40; id += 1) there.put(id, id * hour)
    await there.page()
    there.pass(2 * minute)
    there.put(99)
    const page = await there.page()
    expect(page.conversations.map((one) => one.vendorId)).toContain('99')
    expect(page.more).toBe(true)
    await there.fill()
    expect(there.found.size).toBe(41)
  })
})

describe('asking for changes', () => {
  const since = (m: ManifestInput) => {
    Object.assign(m.requests.list ?? {}, { query: { since: '<%= since %>' } })
    Object.assign(m.conversations, { changes: { since: 'seconds', overlapSeconds: 60 } })
  }

  it("asks from the moment the last round began, by the vendor's clock, less an overlap", async () => {
    const there = world(since, (rows) => ({ body: { questions: rows } }))
    there.put(1)
    await there.fill()
    there.pass(hour)
    await there.fill()
    await there.fill()
    const asked = there.calls.map(({ url }) => url.searchParams.get('since'))
    const began = Date.UTC(2026, 5, 1) / 1000
    expect(asked).toEqual([null, String(began - 60), String(began + 3600 - 60)])
  })

  it('goes by the newest change it saw where the vendor does not tell its time', async () => {
    const there = world(since, (rows) => ({ body: { questions: rows }, headers: { date: '' } }))
    there.put(1, 2 * hour)
    await there.fill()
    await there.fill()
    expect(there.calls.at(-1)?.url.searchParams.get('since')).toBe(
      String((Date.UTC(2026, 5, 1) - 2 * hour) / 1000 - 60),
    )
  })
})

describe('following links', () => {
  const linked = (m: ManifestInput) => Object.assign(m.conversations, { pages: { kind: 'link', next: '$.next' } })

  it('goes to relative and absolute addresses of the vendor', async () => {
    const next = ['/api/questions?p=2', 'https://acme.tallybook.example/api/questions?p=3', null]
    const there = world(linked, (rows, { url }) => ({
      body: { questions: rows.slice(0, 1), next: next[Number(url.searchParams.get('p') ?? 1) - 1] },
    }))
    there.put(1)
    const pages = [await there.page(), await there.page()]
    expect(there.calls.map(({ url }) => url.href)).toEqual([
      'https://acme.tallybook.example/api/questions',
      'https://acme.tallybook.example/api/questions?p=2',
    ])
    expect(pages.at(0)?.more).toBe(true)
  })

  it.each([
    'https://evil.example/',
    'http://acme.tallybook.example/',
    'https://acme.tallybook.example:8443/',
    'https://u@acme.tallybook.example/',
    '//evil.example/x',
    'javascript:alert(1)',
    'https://acme.tallybook.example.evil.example/',
  ])('never goes to %s', async (next) => {
    const there = world(linked, (rows) => ({ body: { questions: rows, next } }))
    there.put(1)
    await expect(there.page()).rejects.toMatchObject({ code: 'vendor_bad_answer', outcome: 'refused' })
    expect(there.calls).toHaveLength(1)
  })
})

describe('a late page that is refused', () => {
  const rows = (there: ReturnType<typeof world>) => {
    for (let id = 1; id <= 4; id += 1) there.put(id, id * hour)
  }
  const refused = { status: 422, body: { error: 'bad page' } }
  const cursors = (m: ManifestInput) => {
    Object.assign(m.requests.list ?? {}, { query: { after: '<%= cursor %>' } })
    Object.assign(m.conversations, { pages: { kind: 'cursor', next: '$.next' }, changes: { order: 'none' } })
  }
  const cursorOf = (call: Parameters<Script>[0]) => call.url.searchParams.get('after')

  it('is told where pages are numbered: the numbers are our own, and would lead there again', async () => {
    const there = world(numbered, (all, call) =>
      call.url.searchParams.get('page') === '2' ? refused : pageOf(all, call),
    )
    rows(there)
    await there.page()
    await expect(there.page()).rejects.toMatchObject({ code: 'vendor_rejected' })
    expect(there.calls.map(({ url }) => url.search)).toEqual(['?page=1', '?page=2'])
  })

  it("begins the round again where the vendor's cursor died", async () => {
    let dead = true
    const there = world(cursors, (all, call) => {
      if (cursorOf(call) === 'c1' && dead) return refused
      return {
        body: cursorOf(call) === null ? { questions: all.slice(0, 2), next: 'c1' } : { questions: all.slice(2) },
      }
    })
    rows(there)
    await there.page()
    await there.page()
    dead = false
    await there.fill()
    expect(there.found.size).toBe(4)
    expect(there.calls.map(cursorOf)).toEqual([null, 'c1', null, 'c1'])
  })

  it('does so once in a round, and again in a later one', async () => {
    let dead = true
    const there = world(cursors, (all, call) => {
      if (cursorOf(call) !== null && dead) return refused
      return {
        body: cursorOf(call) === null ? { questions: all.slice(0, 2), next: 'c1' } : { questions: all.slice(2) },
      }
    })
    rows(there)
    await there.page()
    await there.page()
    await expect(there.page()).rejects.toMatchObject({ code: 'vendor_rejected' })
    await expect(there.page()).rejects.toMatchObject({ code: 'vendor_rejected' })
    expect(there.calls.map(cursorOf)).toEqual([null, 'c1', null, 'c1', 'c1'])
    dead = false
    await there.fill()
    there.pass(25 * hour)
    await there.page()
    dead = true
    there.calls.length = 0
    expect((await there.page()).more).toBe(true)
    expect(there.calls.map(cursorOf)).toEqual(['c1', null])
  })
})

describe('looking whether a write arrived', () => {
  it('says that it cannot be told where the manifest does not say who wrote', async () => {
    const there = world(
      () => undefined,
      () => ({ body: { comments: [] } }),
    )
    const [one] =
      there.connector.operations
        .find((each) => each.name === 'list')
        ?.read({ questions: [{ id: 1, changed: '2026-01-01' }] }, site).conversations ?? []
    if (one === undefined) throw new Error('no conversation')
    const command = { kind: 'reply', bodyText: 'Hi', bodyHtml: '<p>Hi</p>' } as const
    expect(await there.connector.probe(there.ctx, one, command, 0)).toBeNull()
    await expect(
      there.connector.execute(there.ctx, one, { kind: 'tags', add: ['x'], remove: [] }),
    ).rejects.toMatchObject({ code: 'not_supported', outcome: 'refused' })
    expect(there.calls).toEqual([])
  })
})
