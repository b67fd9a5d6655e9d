import { expect, test } from 'vitest'
import { requestChecker } from './connectors/described-requests.ts'
import { openApiOf } from './discovery.ts'

const discovery = JSON.stringify({
  ...{ title: 'Shelf', version: 'v1' },
  schemas: {
    Book: {
      type: 'object',
      properties: {
        title: { type: 'string' },
        pages: { type: 'integer', format: 'int32' },
        mark: { type: 'string', format: 'uint64' },
        next: { $ref: 'Book' },
      },
    },
  },
  resources: {
    books: {
      methods: {
        list: {
          ...{ id: 'shelf.books.list', path: 'v1/{owner}/books', httpMethod: 'GET', response: { $ref: 'Book' } },
          parameters: {
            owner: { location: 'path', required: true, type: 'string' },
            kinds: { location: 'query', type: 'string', repeated: true, enum: ['a', 'b'] },
          },
        },
        add: {
          ...{ id: 'shelf.books.add', path: 'v1/{owner}/books', httpMethod: 'POST', request: { $ref: 'Book' } },
          parameters: { owner: { location: 'path', required: true, type: 'string' } },
        },
      },
    },
  },
})

const faultsOf = async (method: string, query: string, body: unknown, path = '/v1/me/books') => {
  const { faults } = await requestChecker(openApiOf(discovery))
  const headers = { 'content-type': 'application/json' }
  const text = body === undefined ? '' : JSON.stringify(body)
  return faults({ ...{ id: 1, at: 0, host: 'x', status: 200 }, ...{ method, path, query, headers, body: text } })
}

test('a discovery document finds requests that it does not describe', async () => {
  expect(await faultsOf('GET', '?kinds=a&kinds=b', undefined)).toEqual([])
  expect(await faultsOf('GET', '?kinds=c', undefined)).toHaveLength(1)
  expect(await faultsOf('GET', '?colour=red', undefined)).toContain('GET /v1/me/books: no parameter colour')
  expect(await faultsOf('GET', '', undefined, '/v1/books')).toEqual(['GET /v1/books is not described'])
})

test('a discovery document finds fields of the wrong name, type or form', async () => {
  expect(await faultsOf('POST', '', { title: 'x', pages: 3, mark: '18446744073709551615', next: {} })).toEqual([])
  for (const wrong of [{ titel: 'x' }, { title: 3 }, { mark: 'ten' }, { next: { pages: 'many' } }]) {
    expect(await faultsOf('POST', '', wrong), JSON.stringify(wrong)).not.toEqual([])
  }
})
