import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest'
import { AppError } from '../../../main/errors.ts'
import type { Grant } from '../../../main/oauth/model.ts'
import { type Authority, startAuthority } from './support/authority.ts'
import { type Desk, openDesk, testConnector } from './support/desk.ts'

let authority: Authority
let desk: Desk
let accountId: string

beforeAll(async () => {
  authority = await startAuthority()
})
afterAll(() => authority.close())
beforeEach(async () => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
  authority.reset()
  desk = await openDesk({ authority })
  accountId = (await desk.connect()).accountId ?? ''
  authority.reset()
})
afterEach(() => {
  vi.useRealTimers()
  desk.close()
})

const tokens = () => desk.grants.tokens(accountId)
const stored = async (): Promise<Grant> => {
  const answer = await desk.vault.readGrant(accountId)
  if (answer.kind !== 'found') throw new Error(answer.kind)
  return answer.value
}
const answer = (status: number, body: string) =>
  authority.nextTokenAnswers.push((response) => {
    response.writeHead(status, { 'content-type': 'application/json' })
    response.end(body)
  })
const lifeMs = 1_800_000

describe('a token', () => {
  test('is used as it is while it lives', async () => {
    expect(await tokens().current()).toBe((await stored()).accessToken)
    desk.clock.pass(lifeMs * 0.7)
    expect(await tokens().current()).toBe((await stored()).accessToken)
    expect(authority.tokenRequests).toEqual([])
  })

  test('is refreshed before use when it is about to end, and the account shows the new end', async () => {
    const old = await tokens().current()
    desk.clock.pass(lifeMs - 59_000)
    const renewed = await tokens().current()
    expect(renewed).not.toBe(old)
    expect(await authority.accepts(renewed)).toBe(true)
    expect(await stored()).toMatchObject({ accessToken: renewed, expiresAt: desk.clock.now() + lifeMs })
    expect(desk.accounts.find(accountId)?.accessExpiresAt).toBe(desk.clock.now() + lifeMs)
  })

  test('is refreshed in the background at about 80 % of its life, again and again', async () => {
    for (let round = 1; round <= 3; round += 1) {
      await vi.advanceTimersByTimeAsync(0)
      desk.clock.pass(lifeMs * 0.79)
      vi.advanceTimersByTime(lifeMs * 0.79)
      expect(authority.tokenRequests).toHaveLength(round - 1)
      desk.clock.pass(lifeMs * 0.01)
      vi.advanceTimersByTime(lifeMs * 0.01)
      await vi.waitFor(() => expect(authority.issued).toHaveLength(round), { interval: 1 })
      await vi.waitFor(async () => expect((await stored()).accessToken).toBe(authority.issued.at(-1)), { interval: 1 })
    }
  })

  test('refused with 401 is refreshed once for fifty callers at the same time', async () => {
    const old = await tokens().current()
    const renewed = await Promise.all(Array.from({ length: 50 }, () => tokens().renew(old)))
    expect(new Set(renewed).size).toBe(1)
    expect(authority.tokenRequests).toHaveLength(1)
    expect(await tokens().renew(old)).toBe(renewed[0])
    expect(authority.tokenRequests).toHaveLength(1)
  })

  test('is on disk before anyone gets it', async () => {
    const order: string[] = []
    const write = desk.vault.writeGrant
    desk.vault.writeGrant = async (id, grant) => {
      await write(id, grant)
      order.push(`stored ${grant.accessToken}`)
    }
    const renewed = await tokens().renew(await tokens().current())
    order.push(`used ${renewed}`)
    expect(order).toEqual([`stored ${renewed}`, `used ${renewed}`])
  })

  test('that cannot be stored is not used, and the next use stores it without a second refresh', async () => {
    const old = await tokens().current()
    const write = desk.vault.writeGrant
    desk.vault.writeGrant = async () => {
      throw new AppError('store_full', 'The disk is full.')
    }
    await expect(tokens().renew(old)).rejects.toMatchObject({ code: 'store_full' })
    await expect(tokens().current()).rejects.toMatchObject({ code: 'store_full' })
    desk.vault.writeGrant = write
    const renewed = await tokens().current()
    expect(renewed).not.toBe(old)
    expect(await stored()).toMatchObject({ accessToken: renewed })
    expect(authority.tokenRequests).toHaveLength(1)
    expect(desk.accounts.find(accountId)?.state).toBe('connected')
  })

  test('of a vendor that does not rotate keeps its refresh token and scopes', async () => {
    const before = await stored()
    answer(200, JSON.stringify({ access_token: 'fresh', token_type: 'bearer', expires_in: 60 }))
    await tokens().renew(before.accessToken)
    expect(await stored()).toMatchObject({
      accessToken: 'fresh',
      refreshToken: before.refreshToken,
      scopes: before.scopes,
    })
  })
})

describe('clocks', () => {
  test('set back a year do not make a token live longer', async () => {
    const old = await tokens().current()
    desk.clock.setWall(desk.clock.now() - 365 * 86_400_000)
    desk.clock.pass(lifeMs - 30_000)
    expect(await tokens().current()).not.toBe(old)
  })

  test('set back before a restart do not make a token live longer either', async () => {
    const { accessToken } = await stored()
    desk.grants.forget(accountId)
    desk.clock.setWall(desk.clock.now() - 365 * 86_400_000)
    expect(await tokens().current()).toBe(accessToken)
    desk.clock.pass(lifeMs - 30_000)
    expect(await tokens().current()).not.toBe(accessToken)
  })

  test('set forward cost one early refresh and no more', async () => {
    await tokens().current()
    desk.clock.setWall(desk.clock.now() + 365 * 86_400_000)
    await tokens().current()
    await tokens().current()
    expect(authority.tokenRequests).toHaveLength(1)
  })

  test('that stood still during sleep do not keep an ended token in use', async () => {
    const old = await tokens().current()
    desk.clock.sleep(lifeMs)
    expect(await tokens().current()).not.toBe(old)
  })
})

describe('trouble on the way', () => {
  test.each([
    ['a server error', () => answer(503, '{}'), 'vendor_failed', 1],
    ['a throttle', () => answer(429, '{}'), 'rate_limited', 1],
    ['a captive portal', () => answer(200, '<html>'), 'vendor_bad_answer', 1],
    ['a proxy page', () => answer(403, '<html>'), 'vendor_bad_answer', 1],
    [
      'two lost connections',
      () =>
        authority.nextTokenAnswers.push(
          (response) => response.destroy(),
          (response) => response.destroy(),
        ),
      'vendor_unreachable',
      2,
    ],
  ])('such as %s signs nobody out', async (_, arrange, code, requests) => {
    const old = await tokens().current()
    arrange()
    await expect(tokens().renew(old)).rejects.toMatchObject({ code })
    expect(authority.tokenRequests).toHaveLength(requests)
    expect(desk.accounts.find(accountId)).toMatchObject({ state: 'connected', trouble: null })
    expect(await tokens().renew(old)).not.toBe(old)
  })

  test('while the token still lives lets it be used on', async () => {
    const old = await tokens().current()
    desk.clock.pass(lifeMs - 30_000)
    answer(503, '{}')
    expect(await tokens().current()).toBe(old)
    desk.clock.pass(30_000)
    answer(503, '{}')
    await expect(tokens().current()).rejects.toMatchObject({ code: 'vendor_failed' })
  })

  test('that loses one answer is answered by one more try with the same token', async () => {
    const { refreshToken, accessToken } = await stored()
    authority.nextTokenAnswers.push((response) => response.destroy())
    const renewed = await tokens().renew(accessToken)
    expect(await authority.accepts(renewed)).toBe(true)
    const sent = authority.tokenRequests.map(({ body }) => new URLSearchParams(body).get('refresh_token'))
    expect(sent.at(-1)).toBe(refreshToken)
    expect(sent).toHaveLength(2)
  })

  test('that loses the answer of a vendor which ends the old token at once costs a sign-in, and no more', async () => {
    const old = await tokens().current()
    authority.nextTokenAnswers.push('lose')
    await expect(tokens().renew(old)).rejects.toMatchObject({ code: 'needs_sign_in' })
    expect(authority.tokenRequests).toHaveLength(2)
    expect(desk.accounts.find(accountId)).toMatchObject({ state: 'needs_sign_in', trouble: { code: 'token_reused' } })
    expect((await desk.ended(desk.handshakes.reconnect(accountId).attemptId)).step).toBe('done')
    expect(await authority.accepts(await tokens().current())).toBe(true)
  })

  test('that lasts longer than half a minute is not answered by a second try', async () => {
    const old = await tokens().current()
    authority.nextTokenAnswers.push((response) => {
      desk.clock.pass(30_000)
      response.destroy()
    })
    await expect(tokens().renew(old)).rejects.toMatchObject({ code: 'vendor_unreachable' })
    expect(authority.tokenRequests).toHaveLength(1)
  })

  test('in the background is tried again later', async () => {
    await vi.advanceTimersByTimeAsync(0)
    answer(503, '{}')
    desk.clock.pass(lifeMs * 0.8)
    vi.advanceTimersByTime(lifeMs * 0.8)
    await vi.waitFor(() => expect(desk.log.lines.at(-1)?.message).toBe('A token could not be refreshed yet'), {
      interval: 1,
    })
    desk.clock.pass(30_000)
    vi.advanceTimersByTime(30_000)
    await vi.waitFor(() => expect(authority.issued).toHaveLength(1), { interval: 1 })
  })
})

describe('a refused refresh', () => {
  test('asks the person to sign in, keeps the account and tells it once', async () => {
    const told: string[] = []
    desk.grants.onNeedsSignIn((id) => told.push(id))
    const old = await tokens().current()
    answer(400, '{"error":"invalid_grant","error_description":"revoked"}')
    await expect(tokens().renew(old)).rejects.toMatchObject({ code: 'needs_sign_in' })
    const account = desk.accounts.find(accountId)
    expect(account).toMatchObject({ state: 'needs_sign_in', trouble: { code: 'needs_sign_in' } })
    expect(account?.trouble?.message).toBe('acme.testdesk.example asks you to sign in again.')
    expect(told).toEqual([accountId])
    await expect(tokens().current()).rejects.toMatchObject({ code: 'needs_sign_in' })
    await expect(tokens().renew(old)).rejects.toMatchObject({ code: 'needs_sign_in' })
    desk.clock.pass(lifeMs)
    await vi.advanceTimersByTimeAsync(lifeMs)
    expect(authority.tokenRequests).toHaveLength(1)
  })

  test('because of the OAuth client says that it is the client', async () => {
    const old = await tokens().current()
    answer(401, '{"error":"invalid_client"}')
    await expect(tokens().renew(old)).rejects.toMatchObject({ code: 'needs_sign_in' })
    expect(desk.accounts.find(accountId)).toMatchObject({
      state: 'needs_sign_in',
      trouble: { code: 'client_rejected' },
    })
  })

  test('is no loss when another writer has rotated the grant meanwhile', async () => {
    const { accessToken, ...rest } = await stored()
    await tokens().current()
    await desk.vault.writeGrant(accountId, { ...rest, accessToken: 'newer', refreshToken: 'newer-refresh' })
    answer(400, '{"error":"invalid_grant"}')
    expect(await tokens().renew(accessToken)).toBe('newer')
    expect(desk.accounts.find(accountId)?.state).toBe('connected')
  })

  test.each([
    ['absent', () => desk.vault.remove(accountId), 'secret_damaged'],
    [
      'damaged',
      async () => {
        desk.vault.readGrant = async () => ({ kind: 'damaged', reason: 'x' })
      },
      'secret_damaged',
    ],
  ] as const)('is not even tried when the saved grant is %s', async (_, arrange, trouble) => {
    desk.grants.forget(accountId)
    await arrange()
    await expect(tokens().current()).rejects.toMatchObject({ code: 'needs_sign_in' })
    expect(desk.accounts.find(accountId)?.trouble?.code).toBe(trouble)
  })

  test('for want of a saved grant ends by itself when the grant can be read again', async () => {
    const read = desk.vault.readGrant
    desk.grants.forget(accountId)
    desk.vault.readGrant = async () => ({ kind: 'absent' })
    await expect(tokens().current()).rejects.toMatchObject({ code: 'needs_sign_in' })
    desk.grants.scheduleAll()
    await vi.advanceTimersByTimeAsync(0)
    expect(desk.accounts.find(accountId)?.state).toBe('needs_sign_in')
    desk.vault.readGrant = read
    desk.grants.scheduleAll()
    await vi.advanceTimersByTimeAsync(0)
    expect(desk.accounts.find(accountId)).toMatchObject({ state: 'connected', trouble: null })
    expect(await tokens().current()).toBe((await stored()).accessToken)
  })

  test('by the vendor does not end by itself', async () => {
    answer(400, '{"error":"invalid_grant"}')
    await expect(tokens().renew(await tokens().current())).rejects.toMatchObject({ code: 'needs_sign_in' })
    desk.grants.scheduleAll()
    await vi.advanceTimersByTimeAsync(0)
    expect(desk.accounts.find(accountId)?.state).toBe('needs_sign_in')
  })

  test('does not follow from a vault that cannot be read right now', async () => {
    desk.grants.forget(accountId)
    desk.vault.readGrant = async () => ({ kind: 'locked', reason: 'EIO' })
    await expect(tokens().current()).rejects.toMatchObject({ code: 'file_failed' })
    expect(desk.accounts.find(accountId)?.state).toBe('connected')
  })
})

describe('a grant that is taken away while it is being refreshed', () => {
  const delayed = () => {
    const gate = Promise.withResolvers<void>()
    const arrived = Promise.withResolvers<void>()
    authority.nextTokenAnswers.push((response) => {
      arrived.resolve()
      void gate.promise.then(() => {
        response.writeHead(200, { 'content-type': 'application/json' })
        response.end('{"access_token":"late","token_type":"bearer","refresh_token":"late-refresh"}')
      })
    })
    return { gate, arrived }
  }

  test('by a new sign-in is not overwritten by the late answer', async () => {
    const { gate, arrived } = delayed()
    const grant = await stored()
    const under = tokens().renew(grant.accessToken)
    await arrived.promise
    const adopted = desk.grants.adopt(accountId, { ...grant, accessToken: 'signed-in-again' })
    gate.resolve()
    await expect(under).rejects.toMatchObject({ code: 'needs_sign_in' })
    await adopted
    expect(await tokens().current()).toBe('signed-in-again')
    expect((await stored()).accessToken).toBe('signed-in-again')
    expect(desk.accounts.find(accountId)?.state).toBe('connected')
  })

  test('is not overwritten even by a network that cannot be stopped', async () => {
    const deaf: typeof authority.fetch = (url, init) => {
      return authority.fetch(url, url instanceof Request ? undefined : { ...init, signal: null })
    }
    const { folder, keyring } = desk
    const other = await openDesk({ authority, folder, keyring, fetch: deaf })
    const { gate, arrived } = delayed()
    const under = other.grants.tokens(accountId).renew((await stored()).accessToken)
    await arrived.promise
    other.grants.forget(accountId)
    await other.vault.remove(accountId)
    gate.resolve()
    await expect(under).rejects.toMatchObject({ code: 'needs_sign_in' })
    expect(await other.vault.readGrant(accountId)).toEqual({ kind: 'absent' })
    other.close()
  })

  test('by removing the account leaves no grant on disk', async () => {
    const { gate, arrived } = delayed()
    const under = tokens().renew(await tokens().current())
    await arrived.promise
    desk.grants.forget(accountId)
    await desk.vault.remove(accountId)
    gate.resolve()
    await expect(under).rejects.toThrow(AppError)
    expect(await desk.vault.readGrant(accountId)).toEqual({ kind: 'absent' })
  })
})

describe('accounts', () => {
  test('that are paused give no token and are not refreshed', async () => {
    desk.accounts.pause(accountId)
    desk.grants.forget(accountId)
    desk.grants.scheduleAll()
    await expect(tokens().current()).rejects.toMatchObject({ code: 'account_paused' })
    await vi.advanceTimersByTimeAsync(lifeMs)
    expect(authority.tokenRequests).toEqual([])
    desk.accounts.resume(accountId)
    desk.grants.schedule(accountId)
    expect(await tokens().current()).toBe((await stored()).accessToken)
  })

  test('do not wait for each other: one that hangs holds up no other', async () => {
    desk.person = { user: 'ben' }
    const ben = (await desk.connect()).accountId ?? ''
    authority.nextTokenAnswers.push('hang')
    const hanging = tokens().renew(await tokens().current())
    hanging.catch(() => undefined)
    await vi.waitFor(() => expect(authority.nextTokenAnswers).toEqual([]), { interval: 1 })
    const other = desk.grants.tokens(ben)
    expect(await other.renew(await other.current())).toBe(authority.issued.at(-1))
    desk.grants.forget(accountId)
    await expect(hanging).rejects.toThrow(AppError)
  })

  test('without a refresh token are used until the vendor ends them', async () => {
    const grant = await stored()
    await desk.grants.adopt(accountId, { ...grant, refreshToken: null, expiresAt: null })
    desk.clock.pass(365 * 86_400_000)
    expect(await tokens().current()).toBe(grant.accessToken)
    await expect(tokens().renew(grant.accessToken)).rejects.toMatchObject({ code: 'needs_sign_in' })
  })
})

test('a connector that went away is no reason to sign anyone out', async () => {
  const other = await openDesk({
    authority,
    folder: desk.folder,
    keyring: desk.keyring,
    connector: { ...testConnector(), id: 'other' },
  })
  const { accessToken } = await stored()
  await expect(other.grants.tokens(accountId).renew(accessToken)).rejects.toMatchObject({ code: 'not_supported' })
  expect(other.accounts.find(accountId)?.state).toBe('connected')
  other.close()
})
