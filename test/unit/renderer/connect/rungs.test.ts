import { describe, expect, it } from 'vitest'
import { rungsOf as rungsOfMain } from '../../../../main/oauth/ladder.ts'
import type { VendorView } from '../../../../preload/contract.ts'
import { insteadWords, otherRung, redirectsFor, rungsOf } from '../../../../renderer/state/rungs.ts'
import { fakeHandshake, fakeVendor } from './fake-vendor.ts'

const kinds = ['loopback', 'handover', 'app'] as const
const redirects = kinds.map((kind) => ({ kind, url: `https://${kind}.example` }))

describe('ways to sign in', () => {
  it.each([
    [['auth-window', 'system-browser']],
    [['system-browser', 'device']],
    [['device', 'auth-window', 'system-browser']],
    [['auth-window']],
  ] as const)('of %j are counted as main counts them', (ways) => {
    const vendor: Pick<VendorView, 'ways' | 'redirects'> = { ways: [...ways], redirects }
    expect(rungsOf(vendor)).toEqual(rungsOfMain({ ways: [...ways], redirects: [...kinds] }))
  })

  it('another one is what main says, else the vendor’s next other way', () => {
    const vendor = fakeVendor({ redirects })
    const next = { way: 'system-browser', redirect: 'loopback' } as const
    expect(otherRung(vendor, fakeHandshake({ next }))).toEqual(next)
    expect(otherRung(vendor, fakeHandshake({ way: 'system-browser' }))).toEqual({
      way: 'auth-window',
      redirect: 'handover',
    })
    expect(otherRung(fakeVendor({ ways: ['auth-window'] }), fakeHandshake())).toBeNull()
    expect(otherRung(undefined, fakeHandshake())).toBeNull()
  })

  it('come back by the redirects each can catch', () => {
    expect(redirectsFor({ redirects }, 'auth-window')).toEqual(['handover', 'app'])
    expect(redirectsFor({ redirects }, 'system-browser')).toEqual([...kinds])
    expect(redirectsFor({ redirects }, 'device')).toEqual([])
    expect(redirectsFor({ redirects }, 'key')).toEqual([])
  })

  it('each has words of its own', () => {
    const words = rungsOf({ ways: ['device', 'auth-window', 'system-browser'], redirects }).map(insteadWords)
    expect(new Set(words).size).toBeGreaterThanOrEqual(4)
  })
})
