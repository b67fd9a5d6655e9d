import { describe, expect, it } from 'vitest'
import type { ErrorShape } from '../../../../preload/errors.ts'
import { createAccountsStore } from '../../../../renderer/state/accounts.ts'
import { createFakeBridge } from '../../../renderer/fake-bridge.ts'
import { fakeHandshake } from '../connect/fake-vendor.ts'

const failure: ErrorShape = { code: 'file_failed', message: 'Not saved.', action: 'Try again.', detail: null }

async function loaded() {
  const fake = createFakeBridge()
  const store = createAccountsStore(fake.bridge)
  await store.getState().load()
  return { fake, store, act: store.getState() }
}

describe('the accounts store', () => {
  it('reads all lists and follows their changes', async () => {
    const { fake, store } = await loaded()
    expect(store.getState()).toMatchObject({ phase: 'ready', accounts: fake.data.accounts, vendors: fake.data.vendors })
    fake.emit('accounts.changed', [])
    fake.emit('handshake.changed', fakeHandshake())
    expect(store.getState().accounts).toEqual([])
    expect(store.getState().handshakes).toHaveLength(1)
  })

  it('stops following when asked to, and can load again', async () => {
    const { fake, store, act } = await loaded()
    act.stop()
    fake.emit('accounts.changed', [])
    expect(store.getState().accounts).not.toEqual([])
    await act.load()
    fake.emit('accounts.changed', [])
    expect(store.getState().accounts).toEqual([])
  })

  it('says why the lists could not be read, and recovers', async () => {
    const fake = createFakeBridge()
    const store = createAccountsStore(fake.bridge)
    fake.fail('brands.list', failure)
    await store.getState().load()
    expect(store.getState()).toMatchObject({ phase: 'failed', error: failure })
    fake.heal('brands.list')
    await store.getState().load()
    expect(store.getState()).toMatchObject({ phase: 'ready', error: null })
  })

  it('marks an account as busy while something runs, and only that account', async () => {
    const { store, act } = await loaded()
    const running = act.pause('a1')
    expect(store.getState().busy).toEqual({ a1: 'pause' })
    await running
    expect(store.getState().busy).toEqual({})
    expect(store.getState().accounts.find(({ id }) => id === 'a1')?.state).toBe('paused')
  })

  it('keeps a failed action in sight until it is put away or tried again', async () => {
    const { fake, store, act } = await loaded()
    fake.fail('accounts.pause', failure)
    await act.pause('a1')
    expect(store.getState().failures).toEqual({ a1: failure })
    fake.heal('accounts.pause')
    await act.pause('a1')
    expect(store.getState().failures).toEqual({})
  })

  it('tells what became of the access at the vendor after a removal', async () => {
    const { store, act } = await loaded()
    expect(await act.remove('a1')).toBe(true)
    expect(store.getState().removed).toMatchObject([{ accountId: 'a1', revoked: 'revoked' }])
    expect(store.getState().accounts.some(({ id }) => id === 'a1')).toBe(false)
  })

  it('keeps the account when the removal failed', async () => {
    const { fake, store, act } = await loaded()
    fake.fail('accounts.remove', failure)
    expect(await act.remove('a1')).toBe(false)
    expect(store.getState().removed).toEqual([])
    expect(store.getState().accounts.some(({ id }) => id === 'a1')).toBe(true)
  })

  it('puts the old order back when the new one could not be saved', async () => {
    const { fake, store, act } = await loaded()
    const before = store.getState().brands.map(({ id }) => id)
    fake.fail('brands.reorder', failure)
    const saving = act.reorderBrands([...before].reverse())
    expect(store.getState().brands.map(({ id }) => id)).toEqual([...before].reverse())
    await saving
    expect(store.getState().brands.map(({ id }) => id)).toEqual(before)
    expect(store.getState().failures).toEqual({ brands: failure })
  })

  it('lists a new attempt at once when an account is reconnected', async () => {
    const { store, act } = await loaded()
    const attemptId = await act.reconnect('a1', { way: 'system-browser' })
    expect(store.getState().handshakes.map((handshake) => handshake.attemptId)).toEqual([attemptId])
  })
})
