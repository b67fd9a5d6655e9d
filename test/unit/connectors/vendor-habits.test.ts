import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import { readCursorText } from '../../../main/connectors/cursor-text.ts'
import { lastSpeaker } from '../../../main/connectors/last-speaker.ts'
import { joined, type Message, type Unified, unified } from '../../../main/connectors/model.ts'
import { serverTimeOf } from '../../../main/connectors/server-time.ts'
import { areChanged, changedTags } from '../../../main/connectors/tag-changes.ts'
import { orInstead, whereAllowed, whereOffered } from '../../../main/connectors/where-allowed.ts'
import { AppError } from '../../../main/errors.ts'
import type { ErrorCode } from '../../../preload/errors.ts'

describe('a part of an account', () => {
  const refused = (code: ErrorCode) => Promise.reject(new AppError(code, 'No.'))

  it('is what the vendor tells', async () => {
    expect(await whereAllowed(Promise.resolve([1]))).toEqual([1])
    expect(await orInstead(Promise.resolve('told'), 'instead', 'vendor_forbidden')).toBe('told')
  })

  it.each(['vendor_forbidden', 'vendor_not_found'] as const)('is empty where it is answered by %s', async (code) => {
    expect(await whereAllowed(refused(code))).toEqual([])
    expect(await whereOffered(refused(code))).toEqual([])
  })

  it('is empty after a bad request only where the vendor says so of what a plan does not have', async () => {
    expect(await whereOffered(refused('vendor_rejected'))).toEqual([])
    await expect(whereAllowed(refused('vendor_rejected'))).rejects.toMatchObject({ code: 'vendor_rejected' })
  })

  it.each(['needs_sign_in', 'offline', 'vendor_failed', 'rate_limited', 'vendor_bad_answer'] as const)(
    'is not empty because of %s, which passes',
    async (code) => {
      for (const ask of [whereAllowed, whereOffered]) await expect(ask(refused(code))).rejects.toMatchObject({ code })
      await expect(orInstead(refused(code), [], 'vendor_forbidden')).rejects.toMatchObject({ code })
    },
  )

  it('is something else where that was named, for the codes that were named', async () => {
    expect(await orInstead(refused('timeout'), 'instead', 'vendor_forbidden', 'timeout')).toBe('instead')
    const fault = new TypeError('ours')
    await expect(orInstead(Promise.reject(fault), 'instead', 'timeout')).rejects.toBe(fault)
  })
})

describe('a cursor', () => {
  const schema = z.object({ page: z.number().int().min(1), after: z.string().nullable() })
  const start = { page: 1, after: null }

  it('is read as it was written', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1 }), fc.option(fc.string()), (page, after) => {
        expect(readCursorText(schema, JSON.stringify({ page, after }), start)).toEqual({ page, after })
      }),
    )
  })

  it.each([null, '', '{', 'null', '[]', '{"page":0,"after":null}', '{"page":2}', '"page"'])(
    'that says %j starts over',
    (text) => {
      expect(readCursorText(schema, text, start)).toBe(start)
      expect(readCursorText(schema, text, null)).toBeNull()
    },
  )
})

describe("the server's clock", () => {
  it('is the Date of an answer, and unknown without a readable one', () => {
    const told = 'Fri, 20 Nov 2026 08:00:05 GMT'
    expect(serverTimeOf(new Headers({ date: told }))).toBe(Date.UTC(2026, 10, 20, 8, 0, 5))
    expect(serverTimeOf(new Headers())).toBeNull()
    expect(serverTimeOf(new Headers({ date: 'soon' }))).toBeNull()
  })
})

describe('who spoke last', () => {
  const said = (kind: Message['kind'], direction: Message['direction']) => ({ kind, direction }) as Message

  it('is whoever said something to the other side; notes and events say nothing', () => {
    expect(lastSpeaker([said('reply', 'out'), said('reply', 'in')])).toBe('customer')
    expect(lastSpeaker([said('reply', 'in'), said('reply', 'out')])).toBe('agent')
    expect(lastSpeaker([said('reply', 'in'), said('note', 'out'), said('event', 'out')])).toBe('customer')
    expect(lastSpeaker([said('note', 'out')])).toBeNull()
    expect(lastSpeaker([])).toBeNull()
  })
})

describe('a change of tags', () => {
  it('keeps the place and spelling of what stays, and adds nothing twice', () => {
    expect(changedTags(['Vip', 'late', 'eu'], { add: ['vip', 'gift'], remove: ['LATE'] })).toEqual([
      'Vip',
      'eu',
      'gift',
    ])
    expect(changedTags(['eu'], { add: ['EU'], remove: ['eu'] })).toEqual(['EU'])
  })

  it('is there once it was made, and made again changes nothing', () => {
    const tags = fc.array(fc.constantFrom('a', 'A', 'b', 'C', 'd'), { maxLength: 5 })
    fc.assert(
      fc.property(tags, tags, tags, (before, add, wished) => {
        const remove = wished.filter((tag) => !add.some((each) => each.toLowerCase() === tag.toLowerCase()))
        const after = changedTags(before, { add, remove })
        expect(areChanged(after, { add, remove })).toBe(true)
        expect(changedTags(after, { add, remove })).toEqual(after)
      }),
    )
  })

  it('is not there while a tag is missing or left', () => {
    expect(areChanged(['vip'], { add: ['gift'], remove: [] })).toBe(false)
    expect(areChanged(['Vip'], { add: [], remove: ['vip'] })).toBe(false)
  })
})

describe('several payloads', () => {
  const agent = (vendorId: string, name: string) => ({ vendorId, name, email: null, active: true })

  it('are one, in their order', () => {
    const part = (id: string): Unified =>
      unified({
        removedVendorIds: [id],
        people: [{ vendorId: id, name: null, email: null, phone: null }],
        quarantined: [{ vendorId: id, path: 'x', reason: 'y' }],
      })
    const all = joined([part('1'), part('2')])
    expect(all.removedVendorIds).toEqual(['1', '2'])
    expect(all.people.map((each) => each.vendorId)).toEqual(['1', '2'])
    expect(all.quarantined.map((each) => each.vendorId)).toEqual(['1', '2'])
    expect(joined([])).toEqual(unified({}))
  })

  it('tell each of the directory once, as last told, and nothing of what none of them told', () => {
    const all = joined([
      unified({ directory: { agents: [agent('1', 'Ann'), agent('2', 'Bo')] } }),
      unified({ directory: { agents: [agent('1', 'Anna')], brands: [] } }),
      unified({
        directory: {
          statuses: [
            { id: '1', label: 'New', status: 'new', scope: 'a' },
            { id: '1', label: 'Won', status: 'closed', scope: 'b' },
          ],
        },
      }),
    ])
    expect(all.directory.agents?.map((each) => each.name)).toEqual(['Anna', 'Bo'])
    expect(all.directory.statuses?.map((each) => each.label)).toEqual(['New', 'Won'])
    expect(Object.keys(all.directory).sort()).toEqual(['agents', 'brands', 'statuses'])
  })
})
