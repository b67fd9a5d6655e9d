import { describe, expect, it } from 'vitest'
import { nextRung, rungsOf } from '../../../main/oauth/ladder.ts'

const signIn = {
  ways: ['auth-window', 'system-browser', 'device'],
  redirects: ['handover', 'loopback', 'app'],
} as const
const all = { ways: [...signIn.ways], redirects: [...signIn.redirects] }
const window = { way: 'auth-window', redirect: 'handover' } as const
const browser = (redirect: 'handover' | 'loopback' | 'app') => ({ way: 'system-browser', redirect }) as const
const device = { way: 'device', redirect: null } as const

describe('the ladder of ways to sign in', () => {
  it('goes through every way with every redirect that fits it', () => {
    expect(rungsOf(all)).toEqual([window, browser('handover'), browser('loopback'), browser('app'), device])
    expect(rungsOf({ ways: ['auth-window'], redirects: ['loopback'] })).toEqual([])
  })

  it.each([
    ['a vendor refuses windows', window, 'handshake_window_refused', browser('handover')],
    ['the window was closed', window, 'handshake_closed', browser('handover')],
    ['links do not arrive', browser('handover'), 'handshake_not_registered', browser('loopback')],
    ['the port is blocked', browser('loopback'), 'handshake_port_blocked', browser('app')],
    ['no browser opens', browser('handover'), 'handshake_browser_failed', device],
    ['nothing came back in time', browser('app'), 'handshake_expired', device],
    ['the code ran out', device, 'handshake_expired', window],
    ['the server has no codes after all', device, 'not_supported', window],
  ] as const)('%s: the next one that can work is offered', (_name, failed, code, next) => {
    expect(nextRung(all, failed, code)).toEqual(next)
  })

  it('offers nothing where it was not the way that failed, or where there is no other', () => {
    expect(nextRung(all, window, 'handshake_denied')).toBeNull()
    expect(nextRung(all, window, 'client_rejected')).toBeNull()
    expect(nextRung({ ways: ['auth-window'], redirects: ['handover'] }, window, 'handshake_closed')).toBeNull()
    const linksOnly = { ways: ['system-browser' as const], redirects: ['handover' as const, 'app' as const] }
    expect(nextRung(linksOnly, browser('handover'), 'handshake_not_registered')).toBeNull()
  })
})
