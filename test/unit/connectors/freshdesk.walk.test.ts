import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { beginning, step, type Walk, walkFrom } from '../../../main/connectors/freshdesk/walk.ts'

const size = 5
const second = 1000
const start = Date.UTC(2026, 5, 1)

/** Walks a list in pages of five from the start; before each step some tickets are touched (they go to the end) or deleted. */
function walkThrough(changedAt: number[], leaving: number[][]): { seen: Set<number>; steps: number; end: Walk } {
  const rows = new Map(changedAt.map((at, id) => [id, start + at * second]))
  const seen = new Set<number>()
  let walk = walkFrom(start)
  let later = start + 3_600_000
  for (let steps = 1; ; steps += 1) {
    const list = [...rows]
      .filter(([, at]) => at >= walk.from)
      .sort(([a, x], [b, y]) => x - y || a - b)
      .slice((walk.page - 1) * size, walk.page * size)
    for (const [id] of list) seen.add(id)
    const newest = list.length === 0 ? null : Math.max(...list.map(([, at]) => at))
    const next = step(walk, { newest, full: list.length === size })
    if (!next.more) return { seen, steps, end: next.walk }
    if (steps > 500) throw new Error('the walk never ends')
    walk = next.walk
    later += second
    for (const id of leaving[steps - 1] ?? []) {
      if (id % 2 === 0) rows.delete(id)
      else if (rows.has(id)) rows.set(id, later)
    }
  }
}

describe('walking a list by rising change', () => {
  it('meets every ticket that rests and every one that is touched, whatever leaves its place meanwhile', () => {
    const seconds = fc.array(fc.constantFrom(1, 1, 1, 2, 3, 3, 3, 3, 9), { maxLength: 40 })
    const leaving = fc.array(fc.array(fc.nat(39), { maxLength: 3 }), { maxLength: 30 })
    fc.assert(
      fc.property(seconds, leaving, (changedAt, changes) => {
        const { seen } = walkThrough(changedAt, changes)
        const deleted = new Set(changes.flat().filter((id) => id % 2 === 0))
        expect(changedAt.map((_, id) => id).filter((id) => !seen.has(id) && !deleted.has(id))).toEqual([])
      }),
      { numRuns: 500 },
    )
  })

  it('meets a ticket that moved past the reader inside one second', () => {
    // Two pages are read, then ticket 1 is touched: ticket 10 moves from page 3 to page 2.
    const { seen } = walkThrough(Array(12).fill(4), [[], [1]])
    expect(seen.size).toBe(12)
  })

  it('takes one step for a page, and ends at the newest change', () => {
    const { steps, end } = walkThrough([1, 2, 3, 4, 5, 6, 7, 8], [])
    expect(steps).toBe(2)
    expect(end).toEqual({ from: start + 8 * second, page: 1, back: null })
    expect(walkThrough([], [])).toMatchObject({ steps: 1, end: { from: start } })
  })

  it('gets past a page of which nothing can be read, and past a second that the list cannot tell to its end', () => {
    const unreadable = step(walkFrom(start), { newest: null, full: true })
    expect(unreadable).toEqual({ walk: { from: start, page: 2, back: null }, more: true })
    const wall = step({ from: start, page: 300, back: null }, { newest: start, full: true })
    expect(wall.walk).toEqual({ from: start, page: 299, back: { next: start + second, more: true } })
  })

  it('never begins before the first ticket there can be', () => {
    expect(walkFrom(-5).from).toBe(beginning)
  })
})
