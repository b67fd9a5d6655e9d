import { expect, onTestFinished, test } from 'vitest'
import type { Command } from '../../../main/connectors/model.ts'
import { AppError } from '../../../main/errors.ts'
import { createOutbox, type OutboxOptions } from '../../../main/inbox/outbox.ts'
import { outcomeOf } from '../../../main/inbox/outcome.ts'
import { acme, conversation, openTestStore, page } from './open-store.ts'
import {
  contextFor,
  eventually,
  lost,
  quietLog,
  type ScriptedVendor,
  scriptedVendor,
  systemClock,
} from './scripted-vendor.ts'

const reply = (text: string): Command => ({ kind: 'reply', bodyText: text, bodyHtml: '' })
const solve: Command = { kind: 'status', status: 'solved', vendorStatusId: null }

async function setUp(changes: Partial<OutboxOptions> = {}) {
  const opened = await openTestStore()
  const { store } = opened
  for (const accountId of ['acme', 'other']) {
    await store.putAccount({ ...acme, accountId })
    await store.applyPage(accountId, page([conversation('1'), conversation('2')]))
  }
  const vendors: Record<string, ScriptedVendor> = { acme: scriptedVendor(), other: scriptedVendor() }
  const vendorOf = (accountId: string) => {
    const vendor = vendors[accountId]
    if (!vendor) throw new AppError('not_found', 'unknown account')
    return vendor
  }
  const troubles: string[] = []
  const sent: string[] = []
  const outbox = createOutbox({
    store,
    clock: systemClock,
    log: quietLog,
    random: () => 0,
    probeAfterMs: 0,
    isOnline: () => true,
    onChange: () => undefined,
    onSent: (id) => sent.push(id),
    onTrouble: (_, error) => troubles.push(error.code),
    connectorFor: (accountId) => vendorOf(accountId).connector,
    contextFor,
    ...changes,
  })
  onTestFinished(() => outbox.close())
  const enqueue = async (id: string, ...commands: Command[]) => {
    const items = await store.enqueue(id, commands)
    outbox.wake(id.split(':')[0] ?? '')
    return items
  }
  const states = async () => (await store.outbox()).map((item) => item.state)
  const empty = () => eventually(async () => expect(await states()).toEqual([]))
  return {
    opened,
    store,
    outbox,
    enqueue,
    states,
    empty,
    troubles,
    sent,
    acme: vendorOf('acme'),
    other: vendorOf('other'),
  }
}

test('a network that went away in the middle of a send is an unknown outcome, not a second send', async () => {
  const { outbox, enqueue, empty, acme } = await setUp()
  const send = acme.connector.execute
  acme.connector.execute = async (...args) => {
    acme.connector.execute = send
    await send(...args)
    throw new AppError('offline', 'There is no network connection.', { outcome: 'unknown' })
  }
  outbox.start('acme')
  await enqueue('acme:1', reply('once'))
  await empty()
  expect(acme.delivered).toHaveLength(1)
})

test('every step of a command is told with a revision that grows', async () => {
  const revisions: number[] = []
  const { outbox, enqueue, empty } = await setUp({ onChange: ({ revision }) => revisions.push(revision) })
  outbox.start('acme')
  await enqueue('acme:1', reply('a'))
  await empty()
  await eventually(() => expect(revisions).toHaveLength(2))
  expect(revisions[1]).toBeGreaterThan(revisions[0] ?? 0)
})

test('commands reach the vendor once, in order', async () => {
  const { outbox, enqueue, empty, acme, sent } = await setUp()
  outbox.start('acme')
  await enqueue('acme:1', reply('a'), solve, reply('b'))
  await empty()
  expect(acme.delivered.map((one) => one.text)).toEqual(['a', 'status', 'b'])
  expect(acme.calls.some((call) => call.startsWith('probe'))).toBe(false)
  expect(sent).toEqual(['acme:1', 'acme:1'])
})

test('a reply whose answer was lost is found at the vendor and not sent again', async () => {
  const { outbox, enqueue, empty, acme, store } = await setUp()
  acme.writes.push('lose-answer')
  outbox.start('acme')
  await enqueue('acme:1', reply('once'))
  await empty()
  expect(acme.delivered).toHaveLength(1)
  expect(acme.calls).toEqual(['execute 1 reply', 'probe 1 reply'])
  expect((await store.thread('acme:1'))?.messages.map((one) => one.vendorId)).toEqual(['v1'])
})

test('a reply whose request was lost is sent again only after the vendor was asked', async () => {
  const { outbox, enqueue, empty, acme } = await setUp()
  acme.writes.push('lose-request')
  outbox.start('acme')
  await enqueue('acme:1', reply('once'))
  await empty()
  expect(acme.delivered).toHaveLength(1)
  expect(acme.calls).toEqual(['execute 1 reply', 'probe 1 reply', 'execute 1 reply'])
})

test('a reply of which nobody can tell is left to the agent', async () => {
  const { outbox, enqueue, states, empty, acme, store } = await setUp()
  acme.writes.push('lose-answer')
  acme.probes.push('cannot-tell')
  outbox.start('acme')
  const [item] = await enqueue('acme:1', reply('once'))
  await eventually(async () => expect(await states()).toEqual(['failed']))
  expect(acme.delivered).toHaveLength(1)
  expect((await store.outbox())[0]?.error?.message).toContain('not certain')
  await outbox.discard(item?.id ?? '')
  await empty()
})

test('a status of which nobody can tell is set again', async () => {
  const { outbox, enqueue, empty, acme } = await setUp()
  acme.writes.push('lose-answer')
  acme.probes.push('cannot-tell')
  outbox.start('acme')
  await enqueue('acme:1', solve)
  await empty()
  expect(acme.calls.at(-1)).toBe('execute 1 status')
})

test('a probe that fails is repeated, and nothing is sent meanwhile', async () => {
  const { outbox, enqueue, empty, acme } = await setUp()
  acme.writes.push('lose-answer')
  acme.probes.push(lost(), new AppError('vendor_failed', '503'))
  outbox.start('acme')
  await enqueue('acme:1', reply('once'))
  await empty()
  expect(acme.delivered).toHaveLength(1)
  expect(acme.calls.filter((call) => call.startsWith('execute'))).toHaveLength(1)
})

test('a refusal is kept with the words of the vendor and blocks only its conversation', async () => {
  const { outbox, enqueue, acme, store, states, empty } = await setUp()
  acme.writes.push(new AppError('vendor_rejected', 'Subject is closed.'))
  outbox.start('acme')
  const [bad] = await enqueue('acme:1', reply('refused'), reply('behind'))
  await enqueue('acme:2', reply('free'))
  await eventually(async () => expect(await states()).toEqual(['failed', 'queued']))
  await eventually(() => expect(acme.delivered.map((one) => one.text)).toEqual(['free']))
  expect((await store.outbox())[0]?.error).toMatchObject({ code: 'vendor_rejected', message: 'Subject is closed.' })
  await outbox.retry(bad?.id ?? '')
  await empty()
  expect(acme.delivered.map((one) => one.text)).toEqual(['free', 'refused', 'behind'])
})

test('a discarded command lets the next one of its conversation go', async () => {
  const { outbox, enqueue, acme, states, empty } = await setUp()
  acme.writes.push(new AppError('vendor_forbidden', 'Not allowed.'))
  outbox.start('acme')
  const [bad] = await enqueue('acme:1', solve, reply('behind'))
  await eventually(async () => expect((await states())[0]).toBe('failed'))
  await outbox.discard(bad?.id ?? '')
  await empty()
  expect(acme.delivered.map((one) => one.text)).toEqual(['behind'])
})

test('offline, commands wait; online again, they go', async () => {
  let online = false
  const { outbox, enqueue, acme, states, empty } = await setUp({ isOnline: () => online })
  outbox.start('acme')
  await enqueue('acme:1', reply('later'))
  expect(await states()).toEqual(['queued'])
  expect(acme.calls).toEqual([])
  online = true
  outbox.setOnline(true)
  await empty()
  expect(acme.delivered).toHaveLength(1)
})

test('an account that needs a sign-in keeps its commands, tells so once, and others go on', async () => {
  const { outbox, enqueue, acme, other, states, troubles, empty } = await setUp()
  acme.writes.push(new AppError('needs_sign_in', 'Sign in again.'))
  outbox.start('acme')
  outbox.start('other')
  await enqueue('acme:1', reply('kept'))
  await enqueue('acme:2', reply('kept too'))
  await enqueue('other:1', reply('free'))
  await eventually(() => expect(other.delivered).toHaveLength(1))
  await eventually(() => expect(troubles).toEqual(['needs_sign_in']))
  expect(await states()).toEqual(['queued', 'queued'])
  outbox.start('acme')
  await empty()
  expect(acme.delivered.map((one) => one.text).toSorted()).toEqual(['kept', 'kept too'])
})

test('what was being sent when the app ended is probed first after the restart', async () => {
  const first = await setUp()
  const [item] = await first.enqueue('acme:1', reply('was under way'))
  await first.store.beginCommand(item?.id ?? '', Date.now() - 60_000)
  first.acme.delivered.push({ conversation: '1', text: 'was under way' })
  await first.outbox.close()
  const store = await first.opened.reopen()
  const again = createOutbox({
    store,
    clock: systemClock,
    log: quietLog,
    random: () => 0,
    isOnline: () => true,
    onChange: () => undefined,
    onSent: () => undefined,
    onTrouble: () => undefined,
    connectorFor: () => first.acme.connector,
    contextFor,
  })
  onTestFinished(() => again.close())
  await again.recover()
  again.start('acme')
  await eventually(async () => expect(await store.outbox()).toEqual([]))
  expect(first.acme.delivered).toHaveLength(1)
  expect(first.acme.calls).toEqual(['probe 1 reply'])
})

test('after eight sends without an answer a person has to look', async () => {
  const { outbox, enqueue, acme, states, store } = await setUp()
  acme.writes.push(...Array.from({ length: 20 }, () => 'lose-request' as const))
  outbox.start('acme')
  await enqueue('acme:1', reply('never'))
  await eventually(async () => expect(await states()).toEqual(['failed']))
  expect(acme.calls.filter((call) => call.startsWith('execute'))).toHaveLength(8)
  expect((await store.outbox())[0]?.error?.message).toContain('8 tries')
})

test('an error that nobody has thought of counts as an unknown outcome', () => {
  expect(outcomeOf(new TypeError('x'))).toBe('unknown')
  for (const code of ['timeout', 'vendor_failed', 'vendor_unreachable', 'vendor_bad_answer', 'internal'] as const) {
    expect(outcomeOf(new AppError(code, ''))).toBe('unknown')
  }
  expect(outcomeOf(new AppError('rate_limited', ''))).toBe('not_sent')
  expect(outcomeOf(new AppError('vendor_conflict', ''))).toBe('refused')
  // What the HTTP client knows counts more than the code: the network may change in the middle of a request.
  expect(outcomeOf(new AppError('offline', '', { outcome: 'unknown' }))).toBe('unknown')
  expect(outcomeOf(new AppError('vendor_unreachable', '', { outcome: 'not_sent' }))).toBe('not_sent')
})
