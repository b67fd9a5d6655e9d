import { expect, test } from 'vitest'
import { awaitDevice } from '../../../../main/oauth/device.ts'
import { authorizationServer } from '../../../../main/oauth/token-endpoint.ts'
import { idp, testClient } from '../support/authority.ts'
import { testConnector } from '../support/desk.ts'

test('O29 (RFC 8628 3.5): the interval is kept to, five seconds more for good after slow_down, and expiry ends it', async () => {
  const answers = ['authorization_pending', 'slow_down', 'authorization_pending', 'expired_token']
  const fetch = async () => Response.json({ error: answers.shift() }, { status: 400 })
  const server = authorizationServer(testConnector(), { site: 'acme' }, testClient, { fetch, timeoutMs: 1_000 })
  const waits: number[] = []
  const start = {
    deviceCode: 'd',
    userCode: 'u',
    url: `${idp}/code`,
    completeUrl: null,
    lifeMs: 900_000,
    intervalMs: 5_000,
  }
  const pause = async (ms: number) => void waits.push(ms)
  await expect(awaitDevice(server, start, () => 0, new AbortController().signal, pause)).rejects.toMatchObject({
    code: 'handshake_expired',
  })
  expect(waits).toEqual([5_000, 5_000, 10_000, 10_000])
})
