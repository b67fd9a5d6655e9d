import ky from 'ky'
import { expect, test } from 'vitest'
import { createTrace } from '../../../main/diagnostics/trace.ts'
import { tracedHttp } from '../../../main/diagnostics/traced-http.ts'
import { AppError } from '../../../main/errors.ts'

const told = (answers: Record<string, () => Promise<Response>>) => {
  const trace = createTrace(() => 0)
  const http = ky.create({
    baseUrl: 'https://vendor.example/',
    throwHttpErrors: false,
    retry: 0,
    fetch: async (request) => (await answers[new URL((request as Request).url).pathname]?.()) ?? new Response(),
  })
  const entries = () => trace.entries().map(({ url, status, error }) => [url, status, error])
  return { http: tracedHttp(http, trace, 'First call'), entries }
}

test('each call is noted with the status of its own answer, in whichever order answers come', async () => {
  const slow = Promise.withResolvers<void>()
  const { http, entries } = told({
    '/me': () => slow.promise.then(() => new Response(null, { status: 204 })),
    '/site': async () => new Response(null, { status: 404 }),
  })
  const first = http.get('me')
  await http.get('site')
  slow.resolve()
  await first
  expect(entries()).toEqual([
    ['https://vendor.example/me', 204, null],
    ['https://vendor.example/site', 404, null],
  ])
})

test('a call that failed is noted with the code of its error, and the error is the same', async () => {
  const error = new AppError('vendor_forbidden', 'No.')
  const { http, entries } = told({ '/me': () => Promise.reject(error) })
  await expect(http.get('me')).rejects.toBe(error)
  expect(entries()).toEqual([['https://vendor.example/me', null, 'vendor_forbidden']])
})
