import '../oauth/support/plain-node.ts'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { type Accounts, createAccounts } from '../../../main/accounts/accounts.ts'
import { isAlarm } from '../../../main/health/forecast.ts'
import { createHealth, type Health } from '../../../main/health/health.ts'
import type { AccountHealth } from '../../../main/health/model.ts'
import type { Grant } from '../../../main/oauth/model.ts'
import { createGrants, type Grants } from '../../../main/oauth/refresh.ts'
import { openVaultForThisSession } from '../../../main/oauth/vault.ts'
import { sessionDocuments } from '../../../main/workstation/session-documents.ts'
import { testConnector } from '../oauth/support/desk.ts'
import { fakeLog } from '../oauth/support/fakes.ts'
import { day, hour, minute, start } from './facts.ts'
import { blips, tokenEndpoints, type VendorRules, wellBehaved } from './vendor-rules.ts'

const step = 15 * minute

/** Each ends in its own way; the person signs in again a little later. `silent` ones tell nothing of their end. */
const vendors: Record<string, VendorRules> = {
  well: { ...wellBehaved, accessMs: hour },
  shift: { ...wellBehaved, accessMs: 8 * hour, refreshMs: 30 * day },
  lasting: { ...wellBehaved, rotates: false, refreshMs: 1000 * day, tells: false },
  hour: { ...wellBehaved, accessMs: hour, refreshes: false },
  daily: { ...wellBehaved, rotates: false, refreshMs: day },
  testing: { ...wellBehaved, rotates: false, refreshMs: 7 * day },
  silent: { ...wellBehaved, rotates: false, refreshMs: 7 * day, tells: false },
  quarter: { ...wellBehaved, rotates: false, refreshMs: 90 * day },
  paused: wellBehaved,
  secret: { ...wellBehaved, secretEnds: start + 100 * day },
}

interface Break {
  at: number
  /** When the warning that stood at that time had come, and the end it named; null where there was none. */
  warned: { since: number; end: number | null } | null
}

let accounts: Accounts
let grants: Grants
let health: Health
let breaks: Record<string, Break[]>
let alarmed: Record<string, number>

const clock = { now: () => Date.now(), monotonic: () => performance.now() }

function connectorOf(id: string) {
  const { name: _, ...endpoints } = { name: id, issuer: `https://${id}.example` }
  return testConnector(
    {
      endpoints: () => ({
        ...endpoints,
        authorize: `https://${id}.example/authorize`,
        token: `https://${id}.example/token`,
        revoke: null,
      }),
      scopes: [],
      secretRequired: false,
      refreshLifetimeDays: null,
      ...(id === 'silent' && { limits: { testModeDays: 7 } }),
    },
    { id, name: id },
  )
}

function grantOf(id: string): Grant {
  const now = Date.now()
  const { accessMs, refreshes, refreshMs, tells } = vendors[id] as VendorRules
  return {
    accessToken: `${id} ${now}`,
    refreshToken: refreshes ? `${id}/${now}` : null,
    tokenType: 'bearer',
    scopes: [],
    obtainedAt: now,
    expiresAt: now + accessMs,
    refreshExpiresAt: refreshes && tells ? now + refreshMs : null,
  }
}

async function signIn(id: string): Promise<void> {
  const grant = grantOf(id)
  await grants.adopt(id, grant)
  const times = { scopes: [], accessExpiresAt: grant.expiresAt, refreshExpiresAt: grant.refreshExpiresAt }
  const identity = { vendorUserId: id, siteKey: id, name: id, email: null, role: null }
  const signedIn = {
    identity,
    clientId: 'client',
    way: 'auth-window' as const,
    redirect: null,
    connectedAt: Date.now(),
    ...times,
  }
  if (accounts.find(id)) accounts.signedIn(id, signedIn)
  else {
    accounts.add({
      ...signedIn,
      ...{ id, vendor: id, site: {}, siteLabel: id, brandId: null, routing: {}, partition: id },
      ...{ state: 'connected', trouble: null, lastSyncAt: Date.now() },
    })
  }
  grants.schedule(id)
}

const list = () => health.list({ sync: () => ({ phase: 'idle', waitUntil: null }), rate: () => null })
const alarmOf = ({ forecast }: AccountHealth) => forecast.find((each) => isAlarm(each) && each.limit !== 'sign_in')

beforeEach(() => {
  vi.useFakeTimers({
    now: start,
    toFake: ['setTimeout', 'clearTimeout', 'setInterval', 'clearInterval', 'Date', 'performance'],
  })
  const nothing = {
    read: () => ({ kind: 'absent' as const }),
    write: () => undefined,
    setAside: () => null,
    remove: () => undefined,
  }
  const documents = sessionDocuments({ file: () => nothing, setAside: () => null })
  accounts = createAccounts({ documents })
  const connectors = new Map(Object.keys(vendors).map((id) => [id, connectorOf(id)]))
  const connectorFor = (id: string) => connectors.get(id) ?? null
  health = createHealth({ accounts, documents, connectorFor, clock, fetch: tokenEndpoints(vendors, blips) })
  grants = createGrants({
    vault: openVaultForThisSession(),
    accounts,
    clients: { of: async () => ({ clientId: 'client', clientSecret: 'secret' }) },
    connectorFor,
    fetch: health.fetch,
    observer: health.observer,
    clock,
    log: fakeLog(),
    timeoutMs: 12_000,
    random: () => 0.5,
  })
  breaks = Object.fromEntries(Object.keys(vendors).map((id) => [id, []]))
  alarmed = Object.fromEntries(Object.keys(vendors).map((id) => [id, 0]))
})
afterEach(() => {
  grants.close()
  health.close()
  vi.useRealTimers()
})

/** Time goes on; every account is used, as reading uses it; breaks are noted with the warning that stood before. */
async function live(days: number): Promise<void> {
  const warnedSince: Record<string, { since: number; end: number | null } | undefined> = {}
  const broken = new Set<string>()
  const endsAt = start + days * day
  while (Date.now() < endsAt) {
    await vi.advanceTimersByTimeAsync(step)
    for (const { id, state } of accounts.list()) {
      if (state === 'connected')
        await grants
          .tokens(id)
          .current()
          .catch(() => undefined)
      if (accounts.find(id)?.state !== 'needs_sign_in') broken.delete(id)
      else if (!broken.has(id)) {
        broken.add(id)
        breaks[id]?.push({ at: Date.now(), warned: warnedSince[id] ?? null })
        warnedSince[id] = undefined
      } else if (id !== 'secret' && isTimeToSignIn(id)) await signIn(id)
    }
    for (const each of list()) {
      const alarm = alarmOf(each)
      if (alarm === undefined) warnedSince[each.accountId] = undefined
      else {
        alarmed[each.accountId] = (alarmed[each.accountId] ?? 0) + 1
        warnedSince[each.accountId] = { since: warnedSince[each.accountId]?.since ?? Date.now(), end: alarm.at }
      }
    }
    if (Date.now() === start + day) accounts.pause('paused')
    if (Date.now() === start + 95 * day) accounts.resume('paused')
  }
}

/** In the morning of the next day. */
function isTimeToSignIn(id: string): boolean {
  const last = breaks[id]?.at(-1)
  return last !== undefined && Date.now() >= Math.ceil(last.at / day) * day
}

test('within 120 days every end is announced before it comes, and nothing else is, however often the network fails', async () => {
  for (const id of Object.keys(vendors)) await signIn(id)
  health.setSecretExpiry('secret', start + 100 * day)
  await live(120)

  // Those that nothing ends: no warning in 120 days with as many failures of the network.
  expect({ well: alarmed.well, shift: alarmed.shift, lasting: alarmed.lasting }).toEqual({
    well: 0,
    shift: 0,
    lasting: 0,
  })
  expect([breaks.well, breaks.shift, breaks.lasting]).toEqual([[], [], []])

  const count = (id: string) => breaks[id]?.length ?? 0
  expect({ quarter: count('quarter'), paused: count('paused'), secret: count('secret') }).toEqual({
    quarter: 1,
    paused: 1,
    secret: 1,
  })
  expect(count('hour')).toBeGreaterThan(100)
  expect(count('daily')).toBeGreaterThan(50)
  expect(count('testing')).toBeGreaterThan(13)

  const leads = {
    hour: 5 * minute,
    daily: 6 * hour,
    testing: 2 * day,
    quarter: 13 * day,
    paused: 13 * day,
    secret: 29 * day,
  }
  for (const [id, leadMs] of Object.entries(leads)) {
    for (const { at, warned } of breaks[id] ?? []) {
      expect(warned, `${id} ended on day ${(at - start) / day} without a warning`).not.toBeNull()
      expect(at - (warned?.since ?? at), `${id} was announced too late`).toBeGreaterThanOrEqual(leadMs)
    }
  }
  // The dates were right: a sign-in ends with the first renewal after its date, at most the life of an access token later.
  for (const id of ['hour', 'daily', 'testing', 'quarter']) {
    for (const { at, warned } of breaks[id] ?? []) {
      const late = at - (warned?.end ?? 0)
      expect(late >= -2 * minute && late <= 4 * hour + step, `${id} was off by ${late / minute} min`).toBe(true)
    }
  }

  // What nobody tells is learned: two ends come unannounced, and from the third on they are.
  const [first, second, ...learned] = (breaks.silent ?? []).map(({ warned }) => warned !== null)
  expect([first, second]).toEqual([false, false])
  expect(learned.length).toBeGreaterThan(10)
  expect(new Set(learned)).toEqual(new Set([true]))
}, 120_000)
