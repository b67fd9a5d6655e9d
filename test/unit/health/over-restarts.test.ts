import '../oauth/support/plain-node.ts'
import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import fc from 'fast-check'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { Account } from '../../../main/accounts/model.ts'
import { AppError } from '../../../main/errors.ts'
import { openDayFile } from '../../../main/health/day-file.ts'
import { createHealth, type Health } from '../../../main/health/health.ts'
import type { DocumentFolder } from '../../../main/ports.ts'
import { account } from '../diagnostics/doctor/fixtures.ts'
import { testConnector } from '../oauth/support/desk.ts'
import { type FakeClock, fakeClock, type TempFolder, tempFolder } from '../oauth/support/fakes.ts'
import { day, hour, minute, start } from './facts.ts'

const file = 'health-day.json'
const mine = { ...account, trouble: null } as Account

let folder: TempFolder
let path: string
let clock: FakeClock
let accounts: Account[]
let answers: () => Promise<Response>

beforeEach(() => {
  folder = tempFolder()
  path = join(folder.path, 'settings')
  clock = fakeClock(start)
  accounts = [mine]
  answers = async () => new Response()
})
afterEach(() => folder.remove())

function run(documents: DocumentFolder = folder.documents('settings')): Health {
  return createHealth({
    accounts: {
      list: () => accounts,
      find: (id) => accounts.find((each) => each.id === id) ?? null,
      onChange: () => () => undefined,
    },
    documents,
    connectorFor: () => testConnector(),
    fetch: () => answers(),
    clock,
  })
}

const call = (health: Health) => health.fetchFor(mine.id)('https://vendor.example/tickets')
const seen = (health: Health) => {
  const [first] = health.list({ sync: () => ({ phase: 'idle', waitUntil: null }), rate: () => null })
  if (first === undefined) throw new Error('There is no account')
  return first
}
const failed = (error: AppError) => (health: Health) => health.observer.failed(mine.id, error)
const written = () => readFileSync(join(path, file), 'utf8')

describe('after a restart', () => {
  test('calls per hour, the last success and the last error are there as they were', async () => {
    const first = run()
    await call(first)
    answers = async () => new Response(null, { status: 500 })
    await call(first)
    failed(new AppError('vendor_failed', 'Testdesk has trouble of its own.', { action: 'Wait.' }))(first)
    first.close()

    clock.pass(2 * hour)
    const second = seen(run())
    expect(second.calls.slice(-3)).toEqual([2, 0, 0])
    expect(second.failedCalls.slice(-3)).toEqual([1, 0, 0])
    expect(second.lastSuccessAt).toBe(start)
    const error = { code: 'vendor_failed', message: 'Testdesk has trouble of its own.', action: 'Wait.', detail: null }
    expect(second.lastError).toEqual({ at: start, error })
  })

  test('a crash has cost at most ten minutes of them', async () => {
    const first = run()
    await call(first)
    clock.pass(10 * minute)
    await call(first)
    await call(first)
    expect(seen(run()).calls.reduce((sum, each) => sum + each, 0)).toBe(2)
  })

  test('a trouble that lasts keeps the time when it began', () => {
    const first = run()
    const error = new AppError('vendor_failed', 'Testdesk has trouble of its own.')
    failed(error)(first)
    first.close()
    clock.pass(day)
    const trouble = { code: error.code, message: error.message, action: null, detail: 'HTTP 503' }
    accounts = [{ ...mine, trouble }]
    expect(seen(run()).lastError?.at).toBe(start)
    accounts = [{ ...mine, trouble: { ...trouble, message: 'Something else.' } }]
    expect(seen(run()).lastError).toMatchObject({ at: null, error: { message: 'Something else.' } })
  })

  test('what a clock that was ahead wrote holds nothing back', async () => {
    clock.setWall(start + 40 * day)
    const first = run()
    await call(first)
    failed(new AppError('timeout', 'No answer.'))(first)
    first.close()
    clock.setWall(start)
    const second = run()
    expect(seen(second)).toMatchObject({ lastSuccessAt: null, lastError: { at: null } })
    await call(second)
    clock.setWall(start + hour)
    await call(second)
    expect(seen(second).calls.slice(-2)).toEqual([2, 1])
  })

  test('an account that is gone has left nothing', async () => {
    const first = run()
    await call(first)
    first.close()
    expect(written()).toContain(mine.id)
    const second = run()
    second.forget(mine.id)
    expect(written()).not.toContain(mine.id)
  })
})

describe('the file', () => {
  test('is written rarely: a thousand calls in a minute are one write at most', async () => {
    let writes = 0
    const documents = folder.documents('settings')
    const counted: DocumentFolder = {
      ...documents,
      file(name) {
        const plain = documents.file(name)
        const write = (value: Record<string, unknown>) => {
          if (name === 'health-day') writes += 1
          plain.write(value)
        }
        return { ...plain, write }
      },
    }
    const health = run(counted)
    clock.pass(10 * minute)
    for (let n = 0; n < 1000; n += 1) await call(health)
    expect(writes).toBe(1)
    health.close()
    expect(seen(run()).calls.at(-1)).toBe(1000)
  })

  test('has no secret, no technical detail and nothing that a vendor said', () => {
    const health = run()
    const secret = 'eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.c2lnbmF0dXJl'
    failed(
      new AppError('vendor_rejected', `Testdesk refused this: Dear Ann, my card is 4111`, {
        action: `Ask ann@customer.example about access_token=${secret}.`,
        detail: `body ${secret}`,
      }),
    )(health)
    health.close()
    expect(written()).toContain('Testdesk refused this.')
    expect(written()).not.toMatch(/Ann|4111|customer\.example|eyJ|body/)
  })

  test.each([
    ['half', '{"version":1,"acc'],
    ['of other values', '{"version":1,"accounts":{"a":{"hour":-1}}}'],
    ['empty', ''],
  ])('that is damaged (%s) is set aside and told, and counting begins anew', async (_how, bytes) => {
    const first = run()
    await call(first)
    first.close()
    writeFileSync(join(path, file), bytes)
    const second = run()
    expect(second.notices).toMatchObject([{ code: 'settings_damaged' }])
    expect(readdirSync(path).filter((name) => name.startsWith(`${file}.damaged`))).toHaveLength(1)
    await call(second)
    second.close()
    expect(run().notices).toEqual([])
  })

  test('of a newer Manydesk is told and left as it is', async () => {
    run().close()
    const newer = '{"version":99,"accounts":{}}'
    writeFileSync(join(path, file), newer)
    const health = run()
    expect(health.notices).toMatchObject([{ code: 'store_newer' }])
    await call(health)
    health.close()
    expect(written()).toBe(newer)
  })

  test('that cannot be written now loses nothing that is shown', async () => {
    const documents = folder.documents('settings')
    const full: DocumentFolder = {
      ...documents,
      file: (name) => ({
        ...documents.file(name),
        write() {
          throw new AppError('store_full', 'The disk is full, so Manydesk could not save.')
        },
      }),
    }
    const health = run(full)
    clock.pass(10 * minute)
    await call(health)
    expect(seen(health).calls.at(-1)).toBe(1)
    expect(() => health.close()).not.toThrow()
  })

  test('gives back what was saved, whatever was counted', () => {
    const count = fc.nat({ max: 100_000 })
    const hours = fc.array(count, { minLength: 24, maxLength: 24 })
    const days = fc.dictionary(
      fc.stringMatching(/^[a-z]{1,8}$/),
      fc.record({ calls: hours, failed: hours, ago: fc.nat({ max: 24 }) }),
      { maxKeys: 5 },
    )
    fc.assert(
      fc.property(days, (values) => {
        const given = new Map(
          Object.entries(values).map(([id, { ago, ...counts }]) => [
            id,
            {
              ring: { hour: Math.floor(start / hour) - ago, ...counts, lastSuccessAt: start - ago },
              lastError: null,
            },
          ]),
        )
        const documents = folder.documents('property')
        openDayFile(documents, start).save(given)
        expect(openDayFile(documents, start).days).toEqual(given)
      }),
      { numRuns: 10 },
    )
  })
})
