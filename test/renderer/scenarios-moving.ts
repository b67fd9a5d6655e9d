import type { LockState } from '../../preload/contract.ts'
import type { Workspace } from '../../renderer/workspace.tsx'
import type { FakeBridge } from './fake-bridge.ts'

type Scenario = (fake: FakeBridge, workspace: Workspace) => void

const locked =
  (change: Partial<LockState>): Scenario =>
  ({ data }) =>
    void Object.assign(data.lock, { phase: 'locked', ...change })

const settings =
  (change: Partial<LockState>): Scenario =>
  ({ data }, { app, lock }) => {
    Object.assign(data.lock, change)
    app.getState().show('accounts')
    lock.getState().showSettings(true)
  }

/** The lock, and accounts that came from elsewhere or lost their keys. */
export const movingScenarios: Record<string, Scenario> = {
  'lock-cold': locked({ cold: true }),
  'lock-wrong': (fake, workspace) => {
    locked({})(fake, workspace)
    fake.fail('lock.unlock', {
      code: 'passphrase_wrong',
      message: 'This is not the passphrase.',
      action: 'Nothing was deleted.',
      detail: null,
    })
  },
  'lock-recovering': locked({ cold: true, recovering: true }),
  'lock-wait': locked({ waitUntil: Date.now() + 90_000 }),
  'lock-required': ({ data }) =>
    void Object.assign(data.lock, { phase: 'required', managed: true, maxIdleMinutes: 10 }),
  'lock-setup': settings({}),
  'lock-settings': settings({ phase: 'open', recovery: true }),
  'keys-lost': ({ data }) => {
    for (const account of data.accounts) account.state = 'needs_sign_in'
  },
  moving: (_fake, { app }) => app.getState().show('accounts'),
}
