import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { ConversationRow } from '../../../../preload/contract.ts'
import {
  emptyList,
  type ListPart,
  neighbour,
  newCount,
  partsInView,
  rowsOf,
  stepFrom,
  withHead,
  withHeldHead,
  withMore,
} from '../../../../renderer/state/inbox-list.ts'
import { createFakeData } from '../../../renderer/fake-data.ts'

const template = createFakeData(0).threads[0]?.conversation

function row(id: string, subject = id): ConversationRow {
  if (template === undefined) throw new Error('the fake data has no conversation')
  return { ...template, id, subject }
}

const part = (after: string | null, ids: string[], next: string | null): ListPart => ({
  after,
  next,
  rows: ids.map((id) => row(id)),
})
const ids = (rows: readonly { id: string }[]) => rows.map(({ id }) => id)

describe('the list of conversations', () => {
  test('grows page by page and shows a row once although two pages hold it', () => {
    const list = withMore(withHead(part(null, ['a', 'b', 'c'], 'c')), part('c', ['c', 'd'], null))
    expect(ids(rowsOf(list))).toEqual(['a', 'b', 'c', 'd'])
  })

  test('does not append a page that was asked for before the list began anew', () => {
    const list = withHead(part(null, ['a', 'b'], 'b'))
    expect(withMore(list, part('z', ['y'], null))).toBe(list)
  })

  test('keeps new rows waiting while it is scrolled, and counts them', () => {
    const list = withMore(withHead(part(null, ['a', 'b'], 'b')), part('b', ['c', 'd'], null))
    const held = withHeldHead(list, part(null, ['new', 'a', 'b'], 'b'), new Map([[1, part('b', ['c', 'd'], null)]]))
    expect(ids(rowsOf(held))).toEqual(['a', 'b', 'c', 'd'])
    expect(newCount(held)).toBe(1)
  })

  test('gives rows in view their new content without moving them', () => {
    const list = withMore(withHead(part(null, ['a', 'b'], 'b')), part('b', ['c', 'd'], null))
    const again = { ...part('b', ['c', 'd'], null), rows: [row('c', 'changed'), row('d')] }
    const held = withHeldHead(list, part(null, ['a', 'b'], 'b'), new Map([[1, again]]))
    expect(rowsOf(held).map(({ subject }) => subject)).toEqual(['a', 'b', 'changed', 'd'])
  })

  test('keeps a row that moved to the top where it was read, with its new content', () => {
    const list = withMore(withHead(part(null, ['a', 'b'], 'b')), part('b', ['c', 'd'], null))
    const head = { ...part(null, [], 'a'), rows: [row('d', 'moved'), row('a'), row('b')] }
    const held = withHeldHead(list, head, new Map([[1, part('b', ['c'], null)]]))
    expect(rowsOf(held).map(({ subject }) => subject)).toEqual(['a', 'b', 'c', 'moved'])
    expect(newCount(held)).toBe(0)
  })

  test('keeps the end of the first page although new rows push it out of what is read again', () => {
    const at = (id: string, updatedAt: number) => ({ ...row(id), updatedAt })
    const list = withHead({ after: null, next: 'c', rows: [at('a', 9), at('b', 8), at('c', 7)] })
    const head = { after: null, next: 'b', rows: [at('new', 10), at('a', 9), at('b', 8)] }
    const held = withHeldHead(list, head, new Map([[0, head]]))
    expect(ids(rowsOf(held))).toEqual(['a', 'b', 'c'])
    expect(newCount(held)).toBe(1)
  })

  test('lets a row go that no longer belongs to the view', () => {
    const list = withMore(withHead(part(null, ['a', 'b'], 'b')), part('b', ['c', 'd'], null))
    const held = withHeldHead(list, part(null, ['a', 'b'], 'b'), new Map([[1, part('b', ['d'], null)]]))
    expect(ids(rowsOf(held))).toEqual(['a', 'b', 'd'])
  })

  test('knows which pages are in view', () => {
    const list = withMore(withHead(part(null, ['a', 'b'], 'b')), part('b', ['c', 'd'], null))
    expect(partsInView(list, 0, 1)).toEqual([0])
    expect(partsInView(list, 1, 2)).toEqual([0, 1])
    expect(partsInView(list, 3, 3)).toEqual([1])
    expect(partsInView(emptyList, 0, 0)).toEqual([])
  })

  test('never shows a row twice and never changes the order of what is read, whatever comes', () => {
    const names = fc.uniqueArray(fc.constantFrom(...'abcdefghijklmnop'), { maxLength: 8 })
    fc.assert(
      fc.property(names, names, names, names, (head, more, freshHead, freshMore) => {
        const list = withMore(withHead(part(null, head, 'x')), part('x', more, null))
        const before = ids(rowsOf(list))
        const held = withHeldHead(list, part(null, freshHead, 'x'), new Map([[1, part('x', freshMore, null)]]))
        const after = ids(rowsOf(held))
        expect(new Set(after).size).toBe(after.length)
        const stayed = after.filter((id) => before.includes(id) && head.includes(id))
        expect(stayed).toEqual(before.filter((id) => stayed.includes(id)))
      }),
    )
  })
})

describe('moving through the list', () => {
  const rows = ['a', 'b', 'c'].map((id) => row(id))

  test('goes a row on and stops at both ends', () => {
    expect(stepFrom(rows, 'a', 1)).toBe('b')
    expect(stepFrom(rows, 'c', 1)).toBe('c')
    expect(stepFrom(rows, 'a', -1)).toBe('a')
    expect(stepFrom(rows, 'b', Number.POSITIVE_INFINITY)).toBe('c')
  })

  test('begins at the first row when nothing, or something that is not listed, is open', () => {
    expect(stepFrom(rows, null, 1)).toBe('a')
    expect(stepFrom(rows, 'gone', -1)).toBe('a')
    expect(stepFrom([], null, 1)).toBeNull()
  })

  test('goes on to the next after one is done, and back at the end', () => {
    expect(neighbour(rows, 'b')).toBe('c')
    expect(neighbour(rows, 'c')).toBe('b')
    expect(neighbour([row('only')], 'only')).toBeNull()
  })
})
