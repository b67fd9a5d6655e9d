import { describe, expect, test } from 'vitest'
import {
  isNarrowed,
  noFilters,
  toQuery,
  viewCount,
  viewOf,
  views,
  withAccount,
  withBrand,
  withStatus,
  withView,
} from '../../../../renderer/state/inbox-filters.ts'
import { countsOf, createFakeData } from '../../../renderer/fake-data.ts'

describe('the filters of the list', () => {
  test('every view is recognised from its own filters', () => {
    for (const view of views) expect(viewOf(withView(noFilters, view.id))).toBe(view.id)
  })

  test('a mix of one’s own is no view, and a view chosen after it takes its place', () => {
    const mixed = withStatus(withView(noFilters, 'mine'), 'solved')
    expect(viewOf(mixed)).toBeNull()
    expect(isNarrowed(mixed)).toBe(true)
    expect(viewOf(withView(mixed, 'unread'))).toBe('unread')
  })

  test('a status chosen twice is let go again', () => {
    expect(withStatus(withStatus(noFilters, 'open'), 'open').statuses).toEqual([])
  })

  test('brand and account take each other’s place', () => {
    const byAccount = withAccount(withBrand(noFilters, 'northwind'), 'a3')
    expect([byAccount.brandId, byAccount.accountId]).toEqual([null, 'a3'])
    const byBrand = withBrand(byAccount, 'lumen')
    expect([byBrand.brandId, byBrand.accountId]).toEqual(['lumen', null])
  })

  test('the query carries only what is set', () => {
    expect(toQuery(noFilters, 50)).toEqual({ limit: 50 })
    expect(toQuery({ ...withView(noFilters, 'mine'), text: '  refund ' }, 50, 'p2')).toEqual({
      limit: 50,
      after: 'p2',
      assignee: 'me',
      statuses: ['new', 'open', 'pending', 'on_hold'],
      text: 'refund',
    })
  })

  test('a count is shown only where it is the count of what the view lists', () => {
    const data = createFakeData()
    const counts = countsOf(data)
    expect(viewCount('all', noFilters, counts)).toBe(data.threads.length)
    expect(viewCount('mine', withBrand(noFilters, 'lumen'), counts)).toBeNull()
    expect(viewCount('unread', withBrand(noFilters, 'lumen'), counts)).toBe(counts.byBrand.lumen?.unread)
    expect(viewCount('open', noFilters, counts)).toBeNull()
  })
})
