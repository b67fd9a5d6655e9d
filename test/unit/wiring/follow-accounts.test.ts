import { describe, expect, it } from 'vitest'
import type { Account } from '../../../main/accounts/model.ts'
import { followAccounts } from '../../../main/workstation/follow-accounts.ts'
import { asAny, createLog } from '../desktop/fakes.ts'

const account = (id: string, change: Partial<Account> = {}): Account =>
  asAny<Account>({
    id,
    state: 'connected',
    brandId: null,
    routing: {},
    identity: { vendorUserId: `user-${id}` },
    lastSyncAt: null,
    ...change,
  })

function setUp(failing: string[] = []) {
  const did: string[] = []
  const log = createLog()
  const allowed = { now: true }
  const { follow, restart } = followAccounts({
    mayWork: () => allowed.now,
    async putAccount({ accountId, brandId }) {
      if (failing.includes(accountId)) throw new Error('store')
      did.push(`put ${accountId} ${brandId}`)
    },
    start: (id) => did.push(`start ${id}`),
    stop: async (id) => void did.push(`stop ${id}`),
    forget: (id) => did.push(`forget ${id}`),
    onFiled: async (id) => void did.push(`filed ${id}`),
    log,
  })
  const take = () => did.splice(0)
  return { follow, restart, take, log, allowed }
}

describe('the list of accounts is followed', () => {
  it('a connected account is filed before its reading begins', async () => {
    const { follow, take } = setUp()
    await follow([account('a')])
    expect(take()).toEqual(['put a null', 'filed a', 'start a'])
  })

  it('what is only shown changes nothing', async () => {
    const { follow, take } = setUp()
    await follow([account('a')])
    take()
    await follow([account('a', { lastSyncAt: 5 })])
    expect(take()).toEqual([])
  })

  it('another brand files the account again and leaves its reading alone', async () => {
    const { follow, take } = setUp()
    await follow([account('a')])
    take()
    await follow([account('a', { brandId: 'b' })])
    expect(take()).toEqual(['put a b', 'filed a'])
  })

  it('while nothing may work accounts rest, keep a refresh that is under way, and go on afterwards', async () => {
    const { follow, take, allowed } = setUp()
    await follow([account('a')])
    take()
    allowed.now = false
    await follow([account('a')])
    expect(take()).toEqual(['stop a'])
    allowed.now = true
    await follow([account('a')])
    expect(take()).toEqual(['start a'])
  })

  it('a pause ends everything in the background and a resume begins it again', async () => {
    const { follow, take } = setUp()
    await follow([account('a')])
    take()
    await follow([account('a', { state: 'paused' })])
    expect(take()).toEqual(['stop a', 'forget a'])
    await follow([account('a')])
    expect(take()).toEqual(['start a'])
  })

  it('a restart ends and begins what works, after the changes before it, and wakes nothing that rests', async () => {
    const { follow, restart, take } = setUp()
    void follow([account('a'), account('b', { state: 'paused' })])
    await restart(['a', 'b', 'unknown'])
    expect(take()).toEqual(['put a null', 'filed a', 'start a', 'put b null', 'filed b', 'stop a', 'start a'])
  })

  it('an account that needs a sign-in waits with its rows filed', async () => {
    const { follow, take } = setUp()
    await follow([account('a', { state: 'needs_sign_in' })])
    expect(take()).toEqual(['put a null', 'filed a'])
    await follow([account('a')])
    expect(take()).toEqual(['start a'])
  })

  it('a removed account is stopped', async () => {
    const { follow, take } = setUp()
    await follow([account('a'), account('b')])
    take()
    await follow([account('b')])
    expect(take()).toEqual(['stop a'])
  })

  it('trouble with one account does not keep the others from theirs, and is tried again', async () => {
    const failing = ['a']
    const { follow, take, log } = setUp(failing)
    await follow([account('a'), account('b')])
    expect(take()).toEqual(['put b null', 'filed b', 'start b'])
    expect(log.lines).toHaveLength(1)
    failing.pop()
    await follow([account('a'), account('b')])
    expect(take()).toEqual(['put a null', 'filed a', 'start a'])
  })

  it('changes are worked off one after the other', async () => {
    const { follow, take } = setUp()
    await Promise.all([follow([account('a')]), follow([account('a', { state: 'paused' })]), follow([account('a')])])
    expect(take()).toEqual(['put a null', 'filed a', 'start a', 'stop a', 'forget a', 'start a'])
  })
})
