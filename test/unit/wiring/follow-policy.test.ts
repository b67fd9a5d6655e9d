import { describe, expect, it } from 'vitest'
import type { Account } from '../../../main/accounts/model.ts'
import type { HandshakeView } from '../../../main/oauth/model.ts'
import { createEnforcement } from '../../../main/policy/enforce.ts'
import { followPolicy } from '../../../main/workstation/follow-policy.ts'
import { asAny, createLog } from '../desktop/fakes.ts'
import { brokenState, stateOf } from '../policy/policies.ts'

function setUp(broken: boolean) {
  const did: string[] = []
  const accounts = [
    { id: 'works', state: 'connected', trouble: null },
    { id: 'forbidden', state: 'connected', trouble: { code: 'policy_forbids' } },
    { id: 'paused', state: 'paused', trouble: null },
  ]
  const handshakes = [
    { attemptId: 'running', step: 'waiting' },
    { attemptId: 'ended', step: 'failed' },
  ]
  const run = async () => {
    followPolicy({
      accounts: {
        list: () => asAny<Account[]>(accounts),
        setTrouble: (id, trouble) => void did.push(`trouble ${id} ${trouble}`),
      },
      grants: { scheduleAll: () => void did.push('refresh') },
      handshakes: {
        list: () => asAny<HandshakeView[]>(handshakes),
        cancel: (attemptId) => void did.push(`cancel ${attemptId}`),
      },
      policy: createEnforcement(() => (broken ? brokenState() : stateOf()), 'agent'),
      work: asAny({
        start: (id: string) => did.push(`start ${id}`),
        sync: { syncNow: () => did.push('sync') },
        outbox: { wake: () => undefined },
      }),
      cacheAge: { purge: async () => void did.push('purge') },
      follow: async () => void did.push('follow'),
      events: { accountsChanged: () => void did.push('tell') },
      log: createLog(),
    })
    await new Promise((resolve) => setImmediate(resolve))
  }
  return { did, run }
}

describe('a policy that changes while the app runs', () => {
  it('asks every account that is signed in anew, and forgets the trouble of the policy before', async () => {
    const { did, run } = setUp(false)
    await run()
    expect(did).toEqual([
      'tell',
      'follow',
      'start works',
      'trouble forbidden null',
      'start forbidden',
      'sync',
      'refresh',
      'purge',
    ])
  })

  it('that is broken ends sign-ins and starts nothing', async () => {
    const { did, run } = setUp(true)
    await run()
    expect(did).toEqual(['cancel running', 'tell', 'follow'])
  })
})
