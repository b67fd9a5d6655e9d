import '../oauth/support/plain-node.ts'
import { expect, test } from 'vitest'
import { createHealth } from '../../../main/health/health.ts'
import { account } from '../diagnostics/doctor/fixtures.ts'
import { testConnector } from '../oauth/support/desk.ts'
import { fakeClock, tempFolder } from '../oauth/support/fakes.ts'
import { hour, start } from './facts.ts'

const grant = {
  accessToken: 'a',
  refreshToken: null,
  tokenType: 'bearer',
  scopes: [],
  obtainedAt: start,
  expiresAt: start + hour,
  refreshExpiresAt: null,
}

test.each([
  ['client-credentials', []],
  ['jwt-bearer', []],
  ['system-browser', ['access']],
] as const)('access by %s that ends is foreseen to end: %j', (way, kinds) => {
  const folder = tempFolder()
  const mine = { ...account, way, scopes: ['tickets.read', 'tickets.write', 'tickets.delete'] }
  const health = createHealth({
    accounts: { list: () => [mine], find: () => mine, onChange: () => () => undefined },
    documents: folder.documents('health'),
    connectorFor: () => testConnector(),
    fetch: async () => new Response(),
    clock: fakeClock(start),
  })
  health.observer.held(mine.id, { how: 'signed_in', grant, renewed: true })
  const [seen] = health.list({ sync: () => ({ phase: 'idle', waitUntil: null }), rate: () => null })
  expect(seen?.forecast.map(({ limit }) => limit)).toEqual(kinds)
  health.close()
  folder.remove()
})
