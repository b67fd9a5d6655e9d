import { expect, onTestFinished, test } from 'vitest'
import type { Account } from '../../../main/accounts/model.ts'
import type { Page } from '../../../main/connectors/model.ts'
import { AppError } from '../../../main/errors.ts'
import { retryDelayMs } from '../../../main/inbox/retry-delay.ts'
import { createSync, type InboxChange, type SyncOptions, type SyncStatus } from '../../../main/inbox/sync.ts'
import { conversation, message, noon, openTestStore, page, thread } from './open-store.ts'
import {
  contextFor,
  eventually,
  quietLog,
  type ScriptedVendor,
  scriptedVendor,
  systemClock,
} from './scripted-vendor.ts'

function account(id: string): Account {
  return {
    id,
    vendor: 'scripted',
    site: {},
    siteLabel: id,
    identity: { vendorUserId: 'me', siteKey: id, name: 'Me', email: null, role: null },
    brandId: 'brand-a',
    routing: {},
    state: 'connected',
    trouble: null,
    clientId: 'client',
    way: 'auth-window',
    redirect: 'app',
    scopes: [],
    accessExpiresAt: null,
    refreshExpiresAt: null,
    connectedAt: noon,
    lastSyncAt: null,
    partition: `persist:account-${id}`,
  }
}

async function setUp(changes: Partial<SyncOptions> = {}) {
  const { store } = await openTestStore()
  const vendors: Record<string, ScriptedVendor> = { acme: scriptedVendor(), other: scriptedVendor() }
  const vendorOf = (accountId: string) => {
    const vendor = vendors[accountId]
    if (!vendor) throw new AppError('not_found', 'unknown account')
    return vendor
  }
  const statuses: Record<string, SyncStatus[]> = { acme: [], other: [] }
  const troubles: (string | null)[] = []
  const events: InboxChange[] = []
  const synced: string[] = []
  const sync = createSync({
    store,
    account: (id) => (vendors[id] ? account(id) : null),
    clock: systemClock,
    log: quietLog,
    random: () => 0,
    isOnline: () => true,
    onChange: (change) => events.push(change),
    onStatus: (id, status) => statuses[id]?.push(status),
    onSynced: (id) => synced.push(id),
    onTrouble: (_, error) => troubles.push(error?.code ?? null),
    connectorFor: (id) => vendorOf(id).connector,
    contextFor,
    ...changes,
  })
  onTestFinished(() => sync.close())
  const idle = (id: string) => eventually(() => expect(statuses[id]?.at(-1)?.phase).toBe('idle'))
  return { store, sync, idle, statuses, troubles, events, synced, acme: vendorOf('acme'), other: vendorOf('other') }
}

const pulls = (vendor: ScriptedVendor) => vendor.calls.filter((call) => call.startsWith('pull'))

test('a first fill reads page after page from the cursor, then directory and threads', async () => {
  const { sync, idle, acme, store, statuses, synced, events } = await setUp()
  acme.pages = [
    page([conversation('1')], { cursor: 'c1', more: true, total: 2 }),
    page([conversation('2', { updatedAt: noon - 1 })], { cursor: 'c2' }),
  ]
  sync.start('acme')
  await idle('acme')
  await eventually(async () => expect((await store.thread('acme:2'))?.loadedAt).toEqual(expect.any(Number)))
  expect(acme.calls).toEqual(['pull null', 'pull c1', 'thread 1', 'thread 2'])
  expect(statuses.acme?.[0]).toMatchObject({ phase: 'first-fill' })
  expect(statuses.acme?.at(-1)).toEqual({ phase: 'idle', conversations: 2, total: 2, waitUntil: null, quarantined: 0 })
  expect(synced).toEqual(['acme'])
  expect(events.map((event) => event.conversationIds)).toContainEqual(['acme:1'])
})

test('reading goes on from the kept cursor after an interruption', async () => {
  const { sync, idle, acme } = await setUp()
  const broken = new AppError('vendor_unreachable', 'gone')
  acme.pages = [page([conversation('1')], { cursor: 'c1', more: true }), broken, page([], { cursor: 'c2' })]
  sync.start('acme')
  await idle('acme')
  expect(pulls(acme)).toEqual(['pull null', 'pull c1', 'pull c1'])
})

test('trouble is told, waited out and taken back', async () => {
  const { sync, idle, acme, troubles, statuses } = await setUp()
  acme.pages = [new AppError('vendor_failed', '500'), page([])]
  sync.start('acme')
  await idle('acme')
  await eventually(() => expect(troubles).toEqual(['vendor_failed', null]))
  expect(statuses.acme?.some((status) => status.phase === 'failing' && status.waitUntil !== null)).toBe(true)
})

test('a throttled account waits as long as it was asked and is not in trouble', async () => {
  const { sync, acme, troubles, statuses } = await setUp()
  acme.pages = [new AppError('rate_limited', 'slow down', { retryAfterMs: 3_600_000 })]
  sync.start('acme')
  await eventually(() => expect(statuses.acme?.at(-1)?.phase).toBe('waiting'))
  sync.syncNow('acme')
  sync.setOnline(true)
  expect(pulls(acme)).toHaveLength(1)
  expect(troubles).toEqual([])
})

test('an account that needs a sign-in stops until it is started again; others go on', async () => {
  const { sync, idle, acme, other, troubles } = await setUp()
  acme.pages = [new AppError('needs_sign_in', 'Sign in again.'), page([])]
  sync.start('acme')
  sync.start('other')
  await idle('other')
  await eventually(() => expect(troubles).toEqual(['needs_sign_in']))
  sync.syncNow()
  expect(pulls(acme)).toHaveLength(1)
  expect(pulls(other).length).toBeGreaterThan(0)
  await sync.stop('acme')
  sync.start('acme')
  await idle('acme')
})

test('offline, nothing is asked; online again, reading starts', async () => {
  let online = false
  const { sync, idle, acme, troubles } = await setUp({ isOnline: () => online })
  sync.start('acme')
  await expect(sync.refreshThread('acme:1')).rejects.toMatchObject({ code: 'offline' })
  expect(acme.calls).toEqual([])
  online = true
  sync.setOnline(true)
  await idle('acme')
  expect(troubles).toEqual([])
})

test('a vendor that hangs holds no other account', async () => {
  const { sync, idle, acme } = await setUp({ concurrency: 2 })
  acme.pages = [() => new Promise<Page>(() => undefined)]
  acme.connector.pull = (ctx) =>
    new Promise((_, reject) => ctx.signal.addEventListener('abort', () => reject(new Error('aborted'))))
  sync.start('acme')
  sync.start('other')
  await idle('other')
})

test('a page that arrives after the account was stopped is not written', async () => {
  const { sync, acme, store } = await setUp()
  let answer: (value: Page) => void = () => undefined
  acme.pages = [() => new Promise<Page>((resolve) => (answer = resolve))]
  sync.start('acme')
  await eventually(() => expect(pulls(acme)).toHaveLength(1))
  const stopped = sync.stop('acme')
  answer(page([conversation('late')]))
  await stopped
  expect((await store.list({ limit: 5 })).rows).toEqual([])
})

test.each([
  ['refusing', 'vendor_rejected'],
  ['not finding', 'vendor_not_found'],
] as const)('a cursor that the vendor keeps %s is given up for a reading from the start', async (_, code) => {
  const { sync, idle, acme, store } = await setUp()
  await store.putAccount({ accountId: 'acme', brandId: null, routing: {}, vendorUserId: 'me' })
  await store.applyPage('acme', page([], { cursor: 'expired' }))
  const refused = new AppError(code, 'invalid cursor')
  acme.pages = [refused, refused, refused, page([conversation('1')], { cursor: 'fresh' })]
  sync.start('acme')
  await idle('acme')
  expect(pulls(acme)).toEqual(['pull expired', 'pull expired', 'pull expired', 'pull null'])
  expect(await store.cursor('acme')).toBe('fresh')
})

test('one thread that cannot be read does not keep the others from being read ahead', async () => {
  const { sync, acme, store } = await setUp()
  acme.pages = [page([conversation('1'), conversation('2', { updatedAt: noon - 1 })])]
  acme.threads.set('1', new AppError('vendor_not_found', 'gone'))
  sync.start('acme')
  await eventually(async () => expect((await store.thread('acme:2'))?.loadedAt).toEqual(expect.any(Number)))
  expect((await store.thread('acme:1'))?.loadedAt).toBeNull()
})

test('an account is current before its threads are read ahead, and what is new does not wait for them', async () => {
  const release = Promise.withResolvers<void>()
  const { sync, idle, acme } = await setUp()
  acme.pages = [page([conversation('1'), conversation('2', { updatedAt: noon - 1 })], { cursor: 'c1' }), page([])]
  const readThread = acme.connector.thread
  acme.connector.thread = async (context, id) => {
    await release.promise
    return readThread(context, id)
  }
  sync.start('acme')
  await idle('acme')
  sync.syncNow('acme')
  release.resolve()
  await eventually(() => expect(pulls(acme)).toHaveLength(2))
  expect(acme.calls.slice(0, 3)).toEqual(['pull null', 'thread 1', 'pull c1'])
})

test('a thread asked for twice at the same moment is read once', async () => {
  const { sync, idle, acme, store, events } = await setUp()
  sync.start('acme')
  await idle('acme')
  await eventually(async () => expect((await store.thread('acme:1'))?.loadedAt).toEqual(expect.any(Number)))
  acme.calls.length = 0
  acme.threads.set('1', thread([message('1', 'x', { bodyText: 'fresh' })]))
  await Promise.all([sync.refreshThread('acme:1'), sync.refreshThread('acme:1')])
  expect(acme.calls).toEqual(['thread 1'])
  expect((await store.thread('acme:1'))?.messages.map((one) => one.bodyText)).toEqual(['fresh'])
  expect(events.at(-1)).toMatchObject({ accountIds: ['acme'], conversationIds: ['acme:1'] })
})

test('records a connector set aside are counted', async () => {
  const { sync, idle, acme, statuses } = await setUp()
  acme.pages = [page([], { quarantined: [{ vendorId: '9', path: 'tickets[0].id', reason: 'not a number' }] })]
  sync.start('acme')
  await idle('acme')
  expect(statuses.acme?.at(-1)?.quarantined).toBe(1)
})

test('waits grow with failures, hold a breaker open, and obey the vendor up to an hour', () => {
  expect(retryDelayMs(1, undefined, 0.5)).toBe(1000)
  expect(retryDelayMs(4, undefined, 0.999)).toBeLessThan(16_000)
  expect(retryDelayMs(5, undefined, 0)).toBe(30_000)
  expect(retryDelayMs(50, undefined, 1)).toBe(600_000)
  expect(retryDelayMs(1, 7000, 0)).toBe(7000)
  expect(retryDelayMs(1, 86_400_000, 0)).toBe(3_600_000)
  expect(retryDelayMs(1, -5, 0)).toBe(0)
})
