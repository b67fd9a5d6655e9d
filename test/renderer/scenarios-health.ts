import type { Forecast } from '../../preload/contract.ts'
import type { Workspace } from '../../renderer/workspace.tsx'
import type { FakeBridge } from './fake-bridge.ts'
import { fakeHealth } from './fake-data.ts'

type Scenario = (fake: FakeBridge, workspace: Workspace) => void

const hour = 3_600_000
const day = 24 * hour

/** Five accounts, one for each way to stand: signed out, breaking in days, a secret that ends, a scope that is missing, well. */
export function troubledHealth(fake: FakeBridge): void {
  const now = Date.now()
  const reconnect: Forecast['remedy'] = {
    kind: 'reconnect',
    words: 'Sign in to the vendor again. Conversations and unsent replies are kept.',
  }
  const [first] = fake.data.accounts
  if (first) {
    first.state = 'needs_sign_in'
    first.lastSyncAt = now - 3 * hour
    first.trouble = {
      code: 'needs_sign_in',
      message: 'northwind asks you to sign in again.',
      action: 'Sign in again. Conversations and unsent replies are kept.',
      detail: 'invalid_grant',
    }
  }
  fake.data.health = [
    fakeHealth('a1', now, {
      attention: true,
      forecast: [
        {
          limit: 'sign_in',
          at: null,
          certainty: 'told',
          severity: 'broken',
          sentence: 'northwind asks you to sign in again.',
          remedy: reconnect,
        },
      ],
      notCurrent: { since: now - 3 * hour, reason: 'signed_out' },
      lastSuccessAt: now - 3 * hour,
      lastError: first?.trouble ? { at: now - 3 * hour, error: first.trouble } : null,
      nextRefreshAt: null,
      failedCalls: Array.from({ length: 24 }, (_, at) => (at > 20 ? 24 : 0)),
    }),
    fakeHealth('a2', now, {
      attention: true,
      forecast: [
        {
          limit: 'refresh_age',
          at: now + 6 * day,
          certainty: 'told',
          severity: 'soon',
          sentence: 'Zendesk ends each sign-in after 30 days.',
          remedy: reconnect,
        },
      ],
    }),
    fakeHealth('a3', now, {
      attention: true,
      secretExpiresAt: now + 20 * day,
      forecast: [
        {
          limit: 'client_secret',
          at: now + 20 * day,
          certainty: 'entered',
          severity: 'soon',
          sentence: 'The secret of the OAuth client at Freshservice ends.',
          remedy: {
            kind: 'new_secret',
            words: 'Make a new client secret at Freshservice and connect with it, then enter its date here.',
          },
        },
      ],
    }),
    fakeHealth('a4', now, {
      attention: true,
      forecast: [
        {
          limit: 'scopes',
          at: null,
          certainty: 'told',
          severity: 'soon',
          sentence: 'Scope missing: Reply and change tickets.',
          remedy: reconnect,
        },
      ],
      rate: { left: 0, capacity: 350, limit: 700, windowMs: 60_000, waitUntil: now + 120_000 },
    }),
    fakeHealth('a5', now, {
      forecast: [
        {
          limit: 'refresh_idle',
          at: now + 88 * day,
          certainty: 'documented',
          severity: 'later',
          sentence: 'HubSpot ends a sign-in that is not renewed for 90 days.',
          remedy: { kind: 'wait', words: 'Manydesk renews it by itself while it runs.' },
        },
      ],
    }),
  ]
}

const onPage =
  (prepare: (fake: FakeBridge) => void): Scenario =>
  (fake, { app }) => {
    prepare(fake)
    app.getState().show('accounts', 'health')
  }

/** The health page, and what the inbox shows of it. */
export const healthScenarios: Record<string, Scenario> = {
  health: onPage(troubledHealth),
  'health-well': onPage(() => undefined),
  'health-loading': onPage((fake) => fake.hang('health.list')),
  'health-failed': onPage((fake) =>
    fake.fail('health.list', {
      code: 'store_unavailable',
      message: 'Manydesk is still starting.',
      action: 'Wait a moment.',
      detail: null,
    }),
  ),
  'health-empty': onPage(({ data }) => Object.assign(data, { accounts: [], health: [] })),
  'health-offline': onPage((fake) => {
    troubledHealth(fake)
    fake.data.app.online = false
  }),
  'health-queue': (fake, workspace) => {
    onPage(troubledHealth)(fake, workspace)
    workspace.accounts.subscribe(({ phase }) => {
      if (phase === 'ready' && workspace.signIns.getState().ids.length === 0)
        void workspace.signIns.getState().start(['a1', 'a2', 'a4'])
    })
  },
  'health-inbox': (fake, { inbox }) => {
    troubledHealth(fake)
    const stop = inbox.subscribe(({ phase }) => {
      if (phase !== 'ready') return
      stop()
      inbox.getState().open('a1:50117')
    })
  },
}
