import { describe, expect, it } from 'vitest'
import { createSignInQueue, presentOf, skippedOf } from '../../../../renderer/state/sign-in-queue.ts'
import { createFakeBridge } from '../../../renderer/fake-bridge.ts'
import { fakeHandshake } from '../connect/fake-vendor.ts'

const failure = { code: 'handshake_closed' as const, message: 'The window was closed.', action: null, detail: null }

async function open(ids: string[]) {
  const fake = createFakeBridge()
  const begun: string[] = []
  const queue = createSignInQueue(fake.bridge, async (id) => {
    begun.push(id)
    return { attemptId: `attempt-of-${id}`, error: null }
  })
  await queue.getState().start(ids)
  const tell = (accountId: string, change: Parameters<typeof fakeHandshake>[0]) =>
    fake.emit('handshake.changed', { ...fakeHandshake(change), accountId })
  const settled = () => new Promise((resolve) => setTimeout(resolve))
  return { fake, queue, begun, tell, settled, present: () => presentOf(queue.getState()) }
}

const forty = Array.from({ length: 40 }, (_, at) => `imported-${at + 1}`)

describe('signing in to many accounts', () => {
  it('goes through forty, one after another, and never has two open', async () => {
    const { queue, begun, tell, settled, present } = await open(forty)
    for (const id of forty) {
      expect(present()).toBe(id)
      expect(begun.at(-1)).toBe(id)
      tell(id, { step: 'done' })
      await settled()
    }
    expect(begun).toEqual(forty)
    expect(present()).toBeNull()
    expect(skippedOf(queue.getState())).toEqual([])
  })

  it('waits at one that fails until it is tried again or skipped', async () => {
    const { queue, begun, tell, settled, present } = await open(['a', 'b', 'c'])
    tell('a', { step: 'failed', error: failure })
    await settled()
    expect(present()).toBe('a')
    expect(queue.getState().error).toEqual(failure)
    await queue.getState().retry()
    expect(queue.getState().error).toBeNull()
    expect(begun).toEqual(['a', 'a'])
    await queue.getState().skip()
    expect(present()).toBe('b')
    tell('b', { step: 'done' })
    await settled()
    await queue.getState().skip()
    expect(present()).toBeNull()
    expect(skippedOf(queue.getState())).toEqual(['a', 'c'])
  })

  it('shows a failure also where it comes before the sign-in was answered to have begun', async () => {
    const fake = createFakeBridge()
    const queue = createSignInQueue(fake.bridge, async (accountId) => {
      const failed = fakeHandshake({ step: 'failed', error: failure, attemptId: 'at-once' })
      fake.emit('handshake.changed', { ...failed, accountId })
      return { attemptId: 'at-once', error: null }
    })
    await queue.getState().start(['a'])
    expect(queue.getState()).toMatchObject({ attemptId: 'at-once', error: failure })
  })

  it('passes over an account that was signed in beside it', async () => {
    const { begun, tell, settled, present } = await open(['a', 'b', 'c'])
    tell('b', { step: 'done' })
    tell('a', { step: 'done' })
    await settled()
    expect(present()).toBe('c')
    expect(begun).toEqual(['a', 'c'])
  })

  it('follows a second try that was begun elsewhere, with another client for example', async () => {
    const { queue, tell } = await open(['a'])
    tell('a', { step: 'failed', error: failure })
    tell('a', { step: 'waiting', attemptId: 'second' })
    expect(queue.getState()).toMatchObject({ attemptId: 'second', error: null })
  })

  it('cancels the present sign-in when it is stopped and leaves the rest', async () => {
    const { fake, queue, begun, present } = await open(['a', 'b'])
    await queue.getState().close()
    expect(fake.callsOf('accounts.cancelHandshake')).toEqual([{ attemptId: 'attempt-of-a' }])
    expect(begun).toEqual(['a'])
    expect(present()).toBeNull()
  })
})
