import { describe, expect, test } from 'vitest'
import { freshdesk } from '../../../main/connectors/freshdesk/index.ts'
import type { Desk } from '../../unit/oauth/support/desk.ts'
import { deskThere } from './desk-there.ts'

/** Connecting with a key, in process: the real handshake, vault and HTTP client against the sandbox. */
const there = deskThere({ conversations: 2_000 })
let desk: Desk

async function open(): Promise<void> {
  desk = await there.open(freshdesk, () => {
    throw new Error('a key needs no window')
  })
}

const rita = 'r1tAv4LeSandboxK3y00'
const request = (key: string, subdomain = 'https://pinewood.freshdesk.com/a/dashboard') => ({
  ...{ vendor: 'freshdesk', site: { subdomain }, client: null, key },
  ...{ way: 'key' as const, redirect: null },
})

describe('connecting Freshdesk with a key', () => {
  test('makes an account of the person whose key it is, without a window', async () => {
    await open()
    const view = await desk.connect(request(` ${rita}:X\n`))
    expect(view).toMatchObject({ step: 'done', error: null })
    const [account] = desk.accounts.list()
    if (!account) throw new Error('no account')
    expect(account).toMatchObject({
      ...{ vendor: 'freshdesk', siteLabel: 'pinewood.freshdesk.com', state: 'connected', accessExpiresAt: null },
      identity: { siteKey: 'pinewood.freshdesk.com', name: 'Rita Vale', email: 'rita.vale@pinewood.example' },
    })
    expect(await desk.grants.tokens(account.id).current()).toBe(rita)
  })

  test('asks to sign in again when the vendor refuses the key, and takes a new one', async () => {
    await open()
    await desk.connect(request(rita))
    const [account] = desk.accounts.list()
    if (!account) throw new Error('no account')
    await expect(desk.grants.tokens(account.id).renew(rita)).rejects.toMatchObject({ code: 'needs_sign_in' })
    const again = await desk.ended(desk.handshakes.reconnect(account.id, { key: rita }).attemptId)
    expect(again).toMatchObject({ step: 'done', accountId: account.id })
  })

  test("does not take somebody else's key for the same account", async () => {
    await open()
    await desk.connect(request(rita))
    const [account] = desk.accounts.list()
    if (!account) throw new Error('no account')
    const again = await desk.ended(desk.handshakes.reconnect(account.id, { key: 'oM4rD1azSandboxK3y01' }).attemptId)
    expect(again.step).toBe('failed')
    expect(desk.accounts.list()).toMatchObject([{ identity: { name: 'Rita Vale' } }])
  })

  test.each([
    ['a key nobody has', 'n0b0dySandboxK3y0099', 'pinewood'],
    ['a key of another site', rita, 'saltmarsh'],
  ])('says so when it is %s, and keeps nothing', async (_case, key, subdomain) => {
    await open()
    const view = await desk.connect(request(key, subdomain))
    expect(view.step).toBe('failed')
    expect(view.error?.code).toBe('needs_sign_in')
    expect(desk.accounts.list()).toEqual([])
    expect(JSON.stringify([view, there.log, desk.log])).not.toContain(key)
  })

  test('refuses what is no key before anything is sent', async () => {
    await open()
    await there.sandbox.control.clearRequests()
    expect(() => desk.handshakes.connect(request('my password'))).toThrow(
      expect.objectContaining({ code: 'bad_request' }),
    )
    expect(() => desk.handshakes.connect(request(''))).toThrow(expect.objectContaining({ code: 'client_missing' }))
    expect(await there.sandbox.control.requests({ host: 'pinewood.freshdesk.com' })).toEqual([])
  })
})
