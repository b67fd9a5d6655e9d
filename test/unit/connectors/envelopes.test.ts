import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import { openEnvelopes, readOne } from '../../../main/connectors/envelopes.ts'

const groupSchema = z.looseObject({ id: z.number(), name: z.string() })
const shape = { lists: ['groups'], ones: ['group'] }
const pathsOf = (payload: unknown) =>
  openEnvelopes(payload, shape, 'Vendor').flatMap(({ records }) => records.map(({ path }) => path))

describe('the records of a payload are found with their paths', () => {
  it.each([
    ['a list in its envelope', { groups: [{ id: 1 }, { id: 2 }] }, ['groups[0]', 'groups[1]']],
    ['one record in its envelope', { group: { id: 1 } }, ['group']],
    ['one bare record', { id: 1 }, ['']],
    ['a bare list', [{ id: 1 }, { id: 2 }], ['[0]', '[1]']],
    ['a list of pages', [{ groups: [{ id: 1 }] }, { groups: [] }, { group: {} }], ['[0].groups[0]', '[2].group']],
    ['a list of bare pages', [[{ id: 1 }], [{ id: 2 }, null]], ['[0][0]', '[1][0]', '[1][1]']],
    ['a list that is no list of records', [7, null], ['[0]', '[1]']],
    ['an empty list', [], []],
  ])('%s', (_name, payload, paths) => {
    expect(pathsOf(payload)).toEqual(paths)
  })

  it.each([
    [{}, 'groups: missing'],
    [{ error: 'no' }, 'groups: missing'],
    [{ groups: null }, 'groups: a list was expected'],
    [[{ groups: 1 }], '[0].groups: a list was expected'],
    [null, 'answer: an object was expected'],
    ['text', 'answer: an object was expected'],
  ])('%j is no such payload', (payload, detail) => {
    expect(() => pathsOf(payload)).toThrowError(expect.objectContaining({ code: 'vendor_bad_answer', detail }))
  })

  it('the answer to a question about one record names the field that cannot be read', () => {
    expect(readOne(groupSchema, { group: { id: 4, name: 'Care' } }, shape, 'Vendor')).toMatchObject({ name: 'Care' })
    const read = (payload: unknown) => () => readOne(groupSchema, payload, shape, 'Vendor')
    expect(read({ group: { id: 4 } })).toThrowError(
      expect.objectContaining({ detail: expect.stringMatching(/^group\.name: /) }),
    )
    expect(read({ id: 4 })).toThrowError(expect.objectContaining({ detail: expect.stringMatching(/^name: /) }))
    expect(read([])).toThrowError(expect.objectContaining({ code: 'vendor_bad_answer' }))
  })
})
