import fc from 'fast-check'
import { expect, test } from 'vitest'
import { compareScopes, scopesToAsk } from '../../../main/oauth/scopes.ts'

const needs = [
  { id: 'read', reason: 'Read', optional: false },
  { id: 'write', reason: 'Write', optional: false },
  { id: 'delete', reason: 'Delete', optional: true },
]

test('what is needed and not given is told apart from what is optional, and from what was taken away', () => {
  expect(compareScopes(needs, ['read', 'extra'], ['read', 'write', 'extra'])).toEqual({
    missing: [needs[1]],
    withheld: [needs[2]],
    lost: ['write'],
  })
  expect(compareScopes(needs, ['read', 'write']).missing).toEqual([])
  expect(compareScopes(needs, ['delete']).missing.map(({ id }) => id)).toEqual(['read', 'write'])
  expect(compareScopes(needs, ['read', 'write', 'delete'])).toEqual({ missing: [], withheld: [], lost: [] })
})

test('nothing that was granted is left out of what is asked for, and nothing optional is added unasked', () => {
  const some = fc.subarray(['read', 'write', 'delete'])
  fc.assert(
    fc.property(some, some, (granted, wanted) => {
      const asked = scopesToAsk(needs, granted, wanted).map(({ id }) => id)
      expect(asked).toEqual(expect.arrayContaining([...granted, ...wanted, 'read', 'write']))
      expect(asked.includes('delete')).toBe(granted.includes('delete') || wanted.includes('delete'))
    }),
  )
})
