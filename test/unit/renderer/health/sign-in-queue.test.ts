import { describe, expect, test } from 'vitest'
import type { HandshakeView } from '../../../../preload/contract.ts'
import type { ErrorShape } from '../../../../preload/errors.ts'
import { createSignInQueue, presentOf } from '../../../../renderer/state/sign-in-queue.ts'
import { createFakeBridge } from '../../../renderer/fake-bridge.ts'

const closed: ErrorShape = { code: 'handshake_closed', message: 'The window was closed.', action: null, detail: null }

function openQueue() {
  const fake = createFakeBridge()
  const begun: string[] = []
  const queue = createSignInQueue(fake.bridge, async (accountId) => {
    begun.push(accountId)
    return { attemptId: `attempt of ${accountId}`, error: null }
  })
  const tell = async (accountId: string, step: HandshakeView['step'], error: ErrorShape | null = null) => {
    const begunNow = { startedAt: 0, expiresAt: 0, next: null, device: null }
    const what = { vendor: 'zendesk', siteLabel: accountId, way: 'auth-window' as const }
    fake.emit('handshake.changed', {
      attemptId: `attempt of ${accountId}`,
      accountId,
      step,
      error,
      ...what,
      ...begunNow,
    })
    await Promise.resolve()
    await Promise.resolve()
  }
  return { fake, begun, queue, tell, state: queue.getState }
}

describe('signing in to several accounts', () => {
  test('opens one after another, each when the one before it is done', async () => {
    const { queue, begun, tell, state } = openQueue()
    await queue.getState().start(['a', 'b', 'c'])
    expect(begun).toEqual(['a'])
    await tell('a', 'waiting')
    expect(begun).toEqual(['a'])
    await tell('a', 'done')
    await tell('b', 'done')
    await tell('c', 'done')
    expect(begun).toEqual(['a', 'b', 'c'])
    expect(presentOf(state())).toBeNull()
    expect(state().outcomes).toEqual({ a: 'done', b: 'done', c: 'done' })
  })

  test('waits for the person when one does not work: once more, or on', async () => {
    const { queue, begun, tell, state } = openQueue()
    await queue.getState().start(['a', 'b'])
    await tell('a', 'failed', closed)
    expect(state().error).toEqual(closed)
    expect(begun).toEqual(['a'])
    await state().retry()
    expect(state().error).toBeNull()
    await tell('a', 'failed', closed)
    await state().skip()
    expect(begun).toEqual(['a', 'a', 'b'])
    expect(state().outcomes).toEqual({ a: 'skipped' })
  })

  test('ends the running sign-in of the one that is skipped, and its end is nobody else’s failure', async () => {
    const { fake, queue, tell, state } = openQueue()
    await queue.getState().start(['a', 'b'])
    await state().skip()
    expect(fake.callsOf('accounts.cancelHandshake')).toEqual([{ attemptId: 'attempt of a' }])
    await tell('a', 'failed', { ...closed, code: 'handshake_cancelled' })
    expect(state()).toMatchObject({ error: null, attemptId: 'attempt of b' })
  })

  test('is not moved by sign-ins of other accounts', async () => {
    const { queue, begun, tell } = openQueue()
    await queue.getState().start(['a', 'b'])
    await tell('z', 'done')
    await tell('b', 'done')
    expect(begun).toEqual(['a'])
  })

  test('takes more accounts behind its own while it is open, each once', async () => {
    const { queue, begun, tell, state } = openQueue()
    await queue.getState().start(['a'])
    await queue.getState().start(['a', 'b'])
    expect(state().ids).toEqual(['a', 'b'])
    await tell('a', 'done')
    expect(begun).toEqual(['a', 'b'])
  })

  test('leaves nothing when it is closed', async () => {
    const { queue, begun, tell, state } = openQueue()
    await queue.getState().start(['a', 'b'])
    await state().close()
    await tell('a', 'done')
    expect(state().ids).toEqual([])
    expect(begun).toEqual(['a'])
  })
})
