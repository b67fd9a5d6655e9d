import type { CallArgs, CallName, CallResult, LockState } from '../../preload/contract.ts'
import type { FakeBridge } from './fake-bridge.ts'
import type { FakeData } from './fake-data.ts'

type Lock = { [N in Extract<CallName, `lock.${string}`>]: (args: CallArgs<N>) => CallResult<N> }

/** A lock that opens for every passphrase; a wrong one is played with `fail`. */
export function createFakeLock(data: FakeData, emit: FakeBridge['emit']): Lock {
  const become = (change: Partial<LockState>) => {
    data.lock = { ...data.lock, ...change }
    emit('lock.changed', data.lock)
  }
  return {
    'lock.state': () => data.lock,
    'lock.unlock': () => become({ phase: 'open', cold: false, waitUntil: null }),
    'lock.enable': ({ recovery, idleMinutes, withSystem }) =>
      become({ phase: 'open', recovery, idleMinutes, withSystem }),
    'lock.change': () => undefined,
    'lock.disable': () => become({ phase: 'off', recovery: false }),
    'lock.configure': (when) => become(when),
    'lock.now': () => become({ phase: 'locked' }),
    'lock.startOver': () => become({ phase: 'off', cold: false }),
  }
}
