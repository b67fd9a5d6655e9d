import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { freshdesk } from '../../../main/connectors/freshdesk/index.ts'
import { createAccountHttp } from '../../../main/connectors/http.ts'
import { createRateBudget } from '../../../main/connectors/rate-limit.ts'
import type { FetchPort } from '../../../main/ports.ts'
import { sandboxFetch } from '../../sandbox/client.ts'
import { type Sandbox, startSandbox } from '../../sandbox/sandbox.ts'
import { type Desk, openDesk } from '../../unit/oauth/support/desk.ts'
import { fakeClock, fakeLog } from '../../unit/oauth/support/fakes.ts'

/** Connecting with a key, in process: the real handshake, vault and HTTP client against the sandbox. */
let sandbox: Sandbox
let network: ReturnType<typeof sandboxFetch>
let desk: Desk

beforeAll(async () => {
  sandbox = await startSandbox({ conversations: 2_000, seed: 1 })
  network = sandboxFetch(sandbox)
})
afterAll(async () => {
  await network.close()
  await sandbox.close()
})
afterEach(() => desk.close())

const fetchThere: FetchPort = async (input, init) => {
  const response = await network.fetch(String(input), init as Parameters<typeof network.fetch>[1])
  return response as unknown as Response
}

async function open() {
  const clock = fakeClock(Date.now())
  const log = fakeLog()
  desk = await openDesk({
    connector: freshdesk,
    authority: {
      fetch: fetchThere,
      visit: async () => {
        throw new Error('a key needs no window')
      },
    },
    httpFor: (request) =>
      createAccountHttp({
        ...request,
        ...{ fetch: fetchThere, clock, log, priority: 'interactive' },
        budget: createRateBudget(freshdesk.rate, clock),
      }),
  })
  return { clock, log }
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
    const { log } = await open()
    const view = await desk.connect(request(key, subdomain))
    expect(view.step).toBe('failed')
    expect(view.error?.code).toBe('needs_sign_in')
    expect(desk.accounts.list()).toEqual([])
    expect(JSON.stringify([view, log, desk.log])).not.toContain(key)
  })

  test('refuses what is no key before anything is sent', async () => {
    await open()
    await sandbox.control.clearRequests()
    expect(() => desk.handshakes.connect(request('my password'))).toThrow(
      expect.objectContaining({ code: 'bad_request' }),
    )
    expect(() => desk.handshakes.connect(request(''))).toThrow(expect.objectContaining({ code: 'client_missing' }))
    expect(await sandbox.control.requests({ host: 'pinewood.freshdesk.com' })).toEqual([])
  })
})
