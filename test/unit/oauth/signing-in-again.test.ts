import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest'
import { type Authority, startAuthority, testClient } from './support/authority.ts'
import { type Desk, openDesk } from './support/desk.ts'

let authority: Authority
let desk: Desk

beforeAll(async () => {
  authority = await startAuthority()
})
afterAll(() => authority.close())
beforeEach(async () => {
  authority.reset()
  desk = await openDesk({ authority })
})
afterEach(() => {
  vi.useRealTimers()
  desk.close()
})

describe('signing in again', () => {
  const again = async (way?: 'auth-window' | 'system-browser') =>
    desk.ended(desk.handshakes.reconnect(desk.accounts.list()[0]?.id ?? '', { way }).attemptId)

  beforeEach(async () => {
    await desk.connect()
  })

  test.each(['auth-window', 'system-browser'] as const)(
    'by %s renews the grant of the same account in the same session',
    async (way) => {
      const [account] = desk.accounts.list()
      const old = await desk.grants.tokens(account?.id ?? '').current()
      desk.accounts.needSignIn(account?.id ?? '', { code: 'needs_sign_in', message: 'x', action: null, detail: null })
      const partitions: string[] = []
      const walk = desk.window
      desk.window = (request) => {
        partitions.push(request.partition)
        return walk(request)
      }
      expect(await again(way)).toMatchObject({ step: 'done', accountId: account?.id })
      expect(desk.accounts.list()).toMatchObject([{ id: account?.id, state: 'connected', trouble: null, way }])
      const renewed = await desk.grants.tokens(account?.id ?? '').current()
      expect(renewed).not.toBe(old)
      expect(await authority.accepts(renewed)).toBe(true)
      expect(partitions).toEqual(way === 'auth-window' ? [account?.partition] : [])
    },
  )

  test('as somebody else changes nothing, gives the new grant back, and forgets that session', async () => {
    const [account] = desk.accounts.list()
    const before = await desk.vault.readGrant(account?.id ?? '')
    desk.person = { user: 'mallory' }
    const view = await again()
    expect(view).toMatchObject({ step: 'failed', accountId: account?.id, error: { code: 'handshake_other_user' } })
    expect(view.error?.message).toContain('Name of mallory')
    expect(desk.accounts.list()).toEqual([account])
    expect(await desk.vault.readGrant(account?.id ?? '')).toEqual(before)
    expect(desk.cleared).toEqual([account?.partition])
    expect(await Promise.all(authority.issued.map(authority.accepts))).toEqual([true, false])
  })

  test('twice at the same time shows the one that runs', async () => {
    desk.window = () => new Promise(() => undefined)
    const [account] = desk.accounts.list()
    const first = desk.handshakes.reconnect(account?.id ?? '')
    await desk.reached(first.attemptId, 'waiting')
    expect(desk.handshakes.reconnect(account?.id ?? '').attemptId).toBe(first.attemptId)
    expect(desk.focused).toEqual([first.attemptId])
    desk.handshakes.cancel(first.attemptId)
    await desk.ended(first.attemptId)
  })

  test('to an account that is removed meanwhile leaves no secret', async () => {
    const [account] = desk.accounts.list()
    const walk = desk.window
    desk.window = async (request) => {
      const outcome = await walk(request)
      desk.accounts.beginRemoval(account?.id ?? '')
      await desk.vault.remove(account?.id ?? '')
      return outcome
    }
    expect(await again()).toMatchObject({ error: { code: 'not_found' } })
    expect(await desk.vault.readGrant(account?.id ?? '')).toEqual({ kind: 'absent' })
  })
})

describe('signing in again without the saved OAuth client', () => {
  const again = async (change?: Parameters<Desk['handshakes']['reconnect']>[1]) => {
    const [account] = desk.accounts.list()
    return desk.ended(desk.handshakes.reconnect(account?.id ?? '', change).attemptId)
  }
  beforeEach(async () => {
    await desk.connect()
    await desk.vault.remove(desk.accounts.list()[0]?.id ?? '')
  })

  test('asks for it, and keeps the one that is given', async () => {
    expect(await again()).toMatchObject({ step: 'failed', error: { code: 'client_missing' } })
    expect(await again({ client: testClient })).toMatchObject({ step: 'done' })
    expect(await desk.vault.readClient(desk.accounts.list()[0]?.id ?? '')).toEqual({ kind: 'found', value: testClient })
    expect(await again()).toMatchObject({ step: 'done' })
  })

  test('takes the one of another account at the same site', async () => {
    desk.person = { user: 'ben' }
    await desk.connect({ client: testClient })
    desk.person = { user: 'ada' }
    expect(await again()).toMatchObject({ step: 'done' })
  })

  test('still refuses another user than the account is for', async () => {
    desk.person = { user: 'ben' }
    expect(await again({ client: testClient })).toMatchObject({
      step: 'failed',
      error: { code: 'handshake_other_user' },
    })
    expect(await desk.vault.readClient(desk.accounts.list()[0]?.id ?? '')).toEqual({ kind: 'absent' })
  })
})
