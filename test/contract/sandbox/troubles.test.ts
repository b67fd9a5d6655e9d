import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { sandboxMachine } from '../../sandbox/client.ts'
import { type Sandbox, startSandbox } from '../../sandbox/sandbox.ts'

let sandbox: Sandbox
let machine: ReturnType<typeof sandboxMachine>
beforeAll(async () => {
  sandbox = await startSandbox({ perShare: 2 })
  machine = sandboxMachine(sandbox)
})
afterEach(() => sandbox.control.clearFaults())
afterAll(async () => {
  await machine.close()
  await sandbox.close()
})
const { signal } = new AbortController()
const look = (url = 'https://acme.zendesk.com/api/v2/users/me') => machine.probe.get(url, signal)
const authorize = (redirect: string) =>
  look(
    `https://acme.zendesk.com/oauth/authorizations/new?client_id=manydesk_acme&response_type=code&redirect_uri=${encodeURIComponent(redirect)}`,
  )

describe('troubles around the vendors', () => {
  test('the servers tell another time', async () => {
    await sandbox.control.setClockSkew(3_600_000)
    const { date } = await look()
    expect(Date.parse(date ?? '') - Date.now()).toBeGreaterThan(3_500_000)
  })

  test('a captive portal answers in the place of everybody', async () => {
    await sandbox.control.setCaptivePortal('login.hotel.example')
    for (const url of ['https://acme.zendesk.com/', 'https://connect.manydesk.app/oauth/callback'])
      expect(await look(url)).toMatchObject({
        status: 302,
        location: expect.stringContaining('https://login.hotel.example/'),
      })
  })

  test('a proxy shows certificates of its own, until it is taken away', async () => {
    await sandbox.control.setProxyIssuer('Filter CA')
    // The connections of before were cut, and the first request may still meet one of them.
    await look().catch(() => undefined)
    await expect(look()).rejects.toThrow()
    expect(machine.probe.refusedIssuer('acme.zendesk.com')).toBe('Filter CA')
    await sandbox.control.clearFaults()
    await look().catch(() => undefined)
    expect(await look()).toMatchObject({ status: 200 })
  })

  test('a client has other redirect URLs', async () => {
    await sandbox.control.setRedirectUrls('manydesk_acme', ['http://connect.manydesk.app/oauth/callback'])
    expect(await authorize('https://connect.manydesk.app/oauth/callback')).toMatchObject({ status: 400 })
    expect(await authorize('http://connect.manydesk.app/oauth/callback')).toMatchObject({ status: 200 })
    await sandbox.control.setRedirectUrls('manydesk_acme', null)
    expect(await authorize('http://connect.manydesk.app/oauth/callback')).toMatchObject({ status: 400 })
  })
})
