import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { createPolicyKeeper, type PolicyChange } from '../../../main/policy/keeper.ts'
import type { PolicyState } from '../../../main/policy/load.ts'
import { brokenState, stateOf } from './policies.ts'

beforeEach(() => void vi.useFakeTimers())
afterEach(() => void vi.useRealTimers())

function setUp(first: PolicyState) {
  const files = { now: first }
  const keeper = createPolicyKeeper({ load: () => files.now, intervalMs: 1000 })
  const changes: PolicyChange[] = []
  keeper.onChange((change) => changes.push(change))
  return { files, keeper, changes }
}

describe('the policy while the app runs', () => {
  it('is told once when it changes, by marks that hold nothing of it, and holds by then', () => {
    const { files, keeper, changes } = setUp(stateOf())
    const seen: string[] = []
    keeper.onChange(() => seen.push(keeper.state().kind))
    files.now = stateOf({ clients: [{ vendor: 'desk', clientId: 'c', clientSecret: 'canary' }] })
    keeper.look()
    keeper.look()
    expect(changes).toEqual([
      {
        from: { kind: 'open', digest: 'none' },
        to: { kind: 'managed', digest: expect.any(String) },
        outcome: 'applied',
      },
    ])
    expect(seen).toEqual(['managed'])
  })

  it('is looked at again and again, until that ends', () => {
    const { files, keeper, changes } = setUp(stateOf({ apiKeys: false }))
    const stop = keeper.follow()
    files.now = stateOf()
    vi.advanceTimersByTime(1000)
    expect(changes.map(({ outcome }) => outcome)).toEqual(['lifted'])
    stop()
    files.now = stateOf({ apiKeys: false })
    vi.advanceTimersByTime(5000)
    expect(changes).toHaveLength(1)
  })

  it('is not called broken while file and signature are being replaced, but is when it stays so', () => {
    const { files, keeper, changes } = setUp(stateOf({ apiKeys: false }))
    keeper.follow()
    files.now = brokenState()
    vi.advanceTimersByTime(1000)
    expect(keeper.state().kind).toBe('managed')
    files.now = stateOf({ apiKeys: true })
    vi.advanceTimersByTime(1000)
    files.now = brokenState()
    vi.advanceTimersByTime(1000)
    expect(changes.map(({ outcome }) => outcome)).toEqual(['applied'])
    vi.advanceTimersByTime(1000)
    expect(changes.map(({ outcome }) => outcome)).toEqual(['applied', 'broken'])
    expect(keeper.state().kind).toBe('broken')
  })

  it('is believed at once when somebody asks', () => {
    const { files, keeper, changes } = setUp(stateOf())
    files.now = brokenState()
    keeper.look()
    expect(changes.map(({ outcome }) => outcome)).toEqual(['broken'])
  })
})
