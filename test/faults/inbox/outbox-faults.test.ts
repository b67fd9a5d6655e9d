import fc from 'fast-check'
import { expect, onTestFinished, test } from 'vitest'
import { AppError } from '../../../main/errors.ts'
import { createOutbox } from '../../../main/inbox/outbox.ts'
import { acme, conversation, noon, openTestStore, page } from '../../unit/inbox/open-store.ts'
import {
  contextFor,
  eventually,
  lost,
  quietLog,
  scriptedVendor,
  systemClock,
} from '../../unit/inbox/scripted-vendor.ts'

const seed = 22_11

const fate = fc.constantFrom(
  'ok' as const,
  'lose-answer' as const,
  'lose-request' as const,
  new AppError('vendor_failed', '500'),
  new AppError('vendor_rejected', '422'),
  new AppError('rate_limited', '429', { retryAfterMs: 0, outcome: 'not_sent' }),
  new AppError('vendor_unreachable', 'refused', { outcome: 'not_sent' }),
)
const probeFate = fc.constantFrom('truth' as const, 'cannot-tell' as const, lost(), new AppError('rate_limited', '429'))

test('fault 22: whatever is lost on the way, no reply reaches the customer twice, in another order, or disappears', async () => {
  const { store } = await openTestStore()
  await store.putAccount(acme)
  const vendor = scriptedVendor()
  const outbox = createOutbox({
    store,
    clock: systemClock,
    log: quietLog,
    random: () => 0,
    probeAfterMs: 0,
    isOnline: () => true,
    onChange: () => undefined,
    onSent: () => undefined,
    onTrouble: () => undefined,
    connectorFor: () => vendor.connector,
    contextFor,
  })
  onTestFinished(() => outbox.close())
  await outbox.recover()
  outbox.start('acme')
  let number = 0
  /** Until everything was sent or needs the agent, with what waits behind a failed one standing still. */
  const settled = () =>
    eventually(async () => {
      const states = (await store.outbox()).map((item) => item.state)
      expect(states.length === 0 || states[0] === 'failed').toBe(true)
      return states
    })

  await fc.assert(
    fc.asyncProperty(
      // At most four failures in a row: from the fifth on, the breaker waits 30 seconds.
      fc.array(fate, { maxLength: 3 }),
      fc.array(probeFate, { maxLength: 1 }),
      fc.integer({ min: 1, max: 3 }),
      async (writes, probes, replies) => {
        const vendorId = `c${number++}`
        await store.applyPage('acme', page([conversation(vendorId, { updatedAt: noon + number })]))
        vendor.writes = [...writes]
        vendor.probes = [...probes]
        const texts = Array.from({ length: replies }, (_, nth) => `${vendorId}/${nth}`)
        const commands = texts.map((bodyText) => ({ kind: 'reply' as const, bodyText, bodyHtml: '' }))
        await store.enqueue(`acme:${vendorId}`, commands)
        outbox.wake('acme')

        const leftToTheAgent: string[] = []
        while ((await settled()).length > 0) {
          const [failed] = await store.outbox()
          if (failed && 'bodyText' in failed.command) leftToTheAgent.push(failed.command.bodyText)
          await outbox.discard(failed?.id ?? '')
        }
        const delivered = vendor.delivered.filter((one) => one.conversation === vendorId).map((one) => one.text)
        expect(new Set(delivered).size).toBe(delivered.length)
        expect(delivered).toEqual(texts.filter((text) => delivered.includes(text)))
        for (const text of texts) expect(delivered.includes(text) || leftToTheAgent.includes(text)).toBe(true)
      },
    ),
    { numRuns: 60, seed },
  )
}, 120_000)
