import { afterEach, describe, expect, it, vi } from 'vitest'
import { readRetryAfter } from '../../../main/connectors/answer-errors.ts'
import { readByPost } from '../../../main/connectors/http.ts'
import { networkError } from '../../../main/connectors/network-error.ts'
import { AppError } from '../../../main/errors.ts'
import { answer, localVendor, twoTokens } from './local-vendor.ts'

type Vendor = Awaited<ReturnType<typeof localVendor>>
let vendor: Vendor | undefined
afterEach(() => vendor?.close())

const start = async (...args: Parameters<typeof localVendor>): Promise<Vendor> => {
  vendor = await localVendor(...args)
  return vendor
}

describe('the HTTP client of an account', () => {
  it('asks below the base URL with the bearer token', async () => {
    const { http, asked } = await start((_request, response) => answer(response, 200, { ok: true }))
    expect(await http.get('things', { searchParams: { page: 2 } }).json()).toEqual({ ok: true })
    expect(asked).toMatchObject([{ path: '/v1/things?page=2', authorization: 'Bearer first' }])
  })

  it('renews the token once after a 401 and repeats, even a write, because a 401 comes before anything is done', async () => {
    const tokens = twoTokens()
    const reply = (request: { authorization: string | undefined }) =>
      request.authorization === 'Bearer second' ? 200 : 401
    const { http, asked } = await start((request, response) => answer(response, reply(request), { done: true }), {
      tokens,
    })
    expect(await http.post('things', { json: { text: 'hello' } }).json()).toEqual({ done: true })
    expect(asked.map((each) => [each.authorization, each.body])).toEqual([
      ['Bearer first', '{"text":"hello"}'],
      ['Bearer second', '{"text":"hello"}'],
    ])
    expect(tokens.renewals).toBe(1)
  })

  it('gives up after a second 401 and asks for a new sign-in', async () => {
    const { http, asked } = await start((_request, response) => answer(response, 401, 'no'))
    await expect(http.get('things').json()).rejects.toMatchObject({ code: 'needs_sign_in', outcome: 'not_sent' })
    expect(asked).toHaveLength(2)
  })

  it('knows that nothing was done where the vendor does not know who asks, whatever the status it says so with', async () => {
    const { http } = await start((_request, response) => answer(response, 403, 'who are you'), {
      readError: () => new AppError('needs_sign_in', 'The secret is wrong.'),
    })
    await expect(http.post('things', { json: {} }).json()).rejects.toMatchObject({
      code: 'needs_sign_in',
      outcome: 'not_sent',
    })
  })

  it('passes on what the token source says, as not sent', async () => {
    const trouble = new AppError('needs_sign_in', 'Sign in again.')
    const tokens = { current: () => Promise.reject(trouble), renew: () => Promise.reject(trouble) }
    const { http, asked } = await start((_request, response) => answer(response, 200, {}), { tokens })
    await expect(http.post('things', { json: {} }).json()).rejects.toMatchObject({
      code: 'needs_sign_in',
      outcome: 'not_sent',
    })
    expect(asked).toEqual([])
  })

  it.each([
    'https://evil.example/v1/things',
    'http://api.vendor.example/v1/things',
    'https://api.vendor.example:8443/v1/things',
  ])('never sends the token to %s', async (url) => {
    const { http, asked } = await start((_request, response) => answer(response, 200, {}))
    await expect(http.get(url).json()).rejects.toMatchObject({ code: 'bad_request', outcome: 'not_sent' })
    expect(asked).toEqual([])
  })

  it('refuses a redirect of an API call instead of following it', async () => {
    const { http, asked } = await start((_request, response) =>
      answer(response, 307, '', { location: 'https://evil.example/' }),
    )
    await expect(http.get('things').json()).rejects.toMatchObject({ code: 'vendor_bad_answer' })
    expect(asked).toHaveLength(1)
  })

  it('drops the token when the download of a file leads to another host', async () => {
    const { http, asked } = await start((request, response) =>
      request.host === 'api.vendor.example'
        ? answer(response, 302, '', { location: 'https://storage.example/file' })
        : answer(response, 200, 'bytes', { 'content-type': 'text/html' }),
    )
    expect(new TextDecoder().decode(await http.get('https://api.vendor.example/files/1').bytes())).toBe('bytes')
    expect(asked.map((each) => [each.host, each.authorization])).toEqual([
      ['api.vendor.example', 'Bearer first'],
      ['storage.example', undefined],
    ])
  })

  it('downloads over a network stack that hides redirects, without the token on the hop it cannot see', async () => {
    const hidesRedirects = { hideRedirects: true }
    const { http, asked } = await start(
      (request, response) =>
        request.path === '/files/1'
          ? answer(response, 302, '', { location: '/stored/1' })
          : answer(response, 200, 'bytes', { 'content-type': 'image/png' }),
      hidesRedirects,
    )
    expect(new TextDecoder().decode(await http.get('https://api.vendor.example/files/1').bytes())).toBe('bytes')
    expect(asked.map((each) => [each.path, each.authorization])).toEqual([
      ['/files/1', 'Bearer first'],
      ['/files/1', undefined],
      ['/stored/1', undefined],
    ])
    await expect(http.get('https://api.vendor.example/files/1').json()).rejects.toMatchObject({
      code: 'vendor_bad_answer',
    })
  })

  it('does not follow a download away from https, nor for ever', async () => {
    const plain = await start((_request, response) =>
      answer(response, 302, '', { location: 'http://storage.example/file' }),
    )
    await expect(plain.http.get('https://api.vendor.example/files/1').bytes()).rejects.toMatchObject({
      code: 'vendor_bad_answer',
    })
    await plain.close()
    const round = await start((_request, response) =>
      answer(response, 302, '', { location: 'https://storage.example/file' }),
    )
    await expect(round.http.get('https://api.vendor.example/files/1').bytes()).rejects.toMatchObject({
      code: 'vendor_bad_answer',
    })
    expect(round.asked.length).toBeLessThan(10)
  })

  it('takes a page of HTML with status 200 for what it is, without renewing the sign-in', async () => {
    const tokens = twoTokens()
    const page = '<!doctype html><h1>Welcome to the hotel network</h1>'
    const { http, asked } = await start(
      (_request, response) => answer(response, 200, page, { 'content-type': 'text/html' }),
      { tokens },
    )
    await expect(http.get('things').json()).rejects.toMatchObject({
      code: 'vendor_bad_answer',
      detail: expect.stringContaining('text/html'),
    })
    expect([asked.length, tokens.renewals]).toEqual([1, 0])
  })

  it('says that a write with an unreadable answer may have been done', async () => {
    const { http } = await start((_request, response) => answer(response, 200, '{"cut'))
    await expect(http.put('things', { json: {} }).json()).rejects.toMatchObject({
      code: 'vendor_bad_answer',
      outcome: 'unknown',
    })
  })

  it.each([
    ['told', true],
    ['not told', false],
  ])('stops reading a body of 10 MB, its length being %s', async (_name, told) => {
    const { http } = await start((_request, response) => {
      const big = Buffer.alloc(10 * 1024 * 1024, 32)
      response.writeHead(200, {
        'content-type': 'application/json',
        ...(told ? { 'content-length': String(big.length) } : {}),
      })
      response.end(big)
    })
    await expect(http.get('things').json()).rejects.toMatchObject({
      code: 'vendor_bad_answer',
      detail: expect.stringContaining('bytes'),
    })
  })

  it('gives up on a server that says nothing, and on a body that stalls', async () => {
    const bounds = { firstByteMs: 60, idleMs: 60 }
    const quiet = await start(() => undefined, { bounds })
    await expect(quiet.http.post('things', { json: {} }).json()).rejects.toMatchObject({
      code: 'timeout',
      outcome: 'unknown',
    })
    await quiet.close()
    const slow = await start(
      (_request, response) => void response.writeHead(200, { 'content-type': 'application/json' }).write('{'),
      { bounds },
    )
    await expect(slow.http.post('things', { json: {} }).json()).rejects.toMatchObject({
      code: 'timeout',
      outcome: 'unknown',
    })
  })

  it('repeats a read, but never a write, when the line is cut in the middle of the body', async () => {
    const cut = (place: number) => place % 2 === 0
    const { http, asked } = await start((_request, response, place) => {
      if (!cut(place)) return answer(response, 200, { ok: true })
      response.writeHead(200, { 'content-type': 'application/json', 'content-length': '100' }).write('{"ok":')
      setImmediate(() => response.destroy())
    })
    expect(await http.get('things').json()).toEqual({ ok: true })
    expect(asked).toHaveLength(2)
    await expect(http.post('things', { json: {} }).json()).rejects.toMatchObject({
      code: 'vendor_unreachable',
      outcome: 'unknown',
    })
    expect(asked).toHaveLength(3)
  })

  it('repeats a POST that only reads', async () => {
    const { http, asked } = await start((_request, response, place) =>
      answer(response, place === 0 ? 503 : 200, { ok: true }),
    )
    expect(await http.post('search', { json: { limit: 1 }, ...readByPost }).json()).toEqual({ ok: true })
    expect(asked.map((each) => each.body)).toEqual(['{"limit":1}', '{"limit":1}'])
  })

  it.each([
    [400, 'vendor_rejected', 'refused'],
    [403, 'vendor_forbidden', 'refused'],
    [404, 'vendor_not_found', 'refused'],
    [409, 'vendor_conflict', 'refused'],
    [422, 'vendor_rejected', 'refused'],
    [429, 'rate_limited', 'not_sent'],
    [500, 'vendor_failed', 'unknown'],
    [502, 'vendor_failed', 'unknown'],
    [504, 'vendor_failed', 'unknown'],
  ])('after %i to a write it says %s, and that the outcome is %s', async (status, code, outcome) => {
    const { http, asked } = await start((_request, response) =>
      answer(response, status, 'words', { 'retry-after': '0' }),
    )
    await expect(http.post('things', { json: {} }).json()).rejects.toMatchObject({ code, outcome })
    expect(asked).toHaveLength(1)
  })

  it('waits as long as the vendor said before it reads again', async () => {
    const { http, asked, budget } = await start((_request, response, place) =>
      place === 0 ? answer(response, 429, 'slow', { 'retry-after': '2' }) : answer(response, 200, { ok: true }),
    )
    const waiting = http.get('things').json()
    const until = await vi.waitFor(() => budget.waitUntil() ?? Promise.reject(new Error('not waiting yet')))
    expect(asked).toHaveLength(1)
    expect(await waiting).toEqual({ ok: true })
    expect(asked).toHaveLength(2)
    expect(Date.now()).toBeGreaterThanOrEqual(until - 50)
  })

  it('gives a long pause back at once, and sends nothing until it is over', async () => {
    const { http, asked, budget } = await start((_request, response) =>
      answer(response, 429, 'slow', { 'retry-after': '600' }),
    )
    await expect(http.get('things').json()).rejects.toMatchObject({ code: 'rate_limited', retryAfterMs: 600_000 })
    expect(budget.waitUntil()).toBeGreaterThan(Date.now() + 500_000)
    await expect(http.get('things').json()).rejects.toMatchObject({ code: 'rate_limited', outcome: 'not_sent' })
    expect(asked).toHaveLength(1)
  })

  it('keeps the size of an error body in bounds', async () => {
    const { http } = await start((_request, response) => answer(response, 400, 'x'.repeat(3_000_000)))
    const error = await http
      .get('things')
      .json()
      .catch((reason: unknown) => reason)
    expect(error).toMatchObject({ code: 'vendor_rejected' })
    expect(String((error as AppError).detail).length).toBeLessThan(300)
  })

  it('ends a read at once when the caller gives up, with the reason of the caller', async () => {
    const { http } = await start(() => undefined)
    const stop = new AbortController()
    const asking = http.get('things', { signal: stop.signal }).json()
    setTimeout(() => stop.abort(new Error('closing')), 30)
    await expect(asking).rejects.toThrow('closing')
  })

  it('does not know whether a write was done when the caller gives up', async () => {
    const { http } = await start(() => undefined)
    const stop = new AbortController()
    const asking = http.post('things', { json: {}, signal: stop.signal }).json()
    setTimeout(() => stop.abort(new Error('closing')), 60)
    await expect(asking).rejects.toMatchObject({ outcome: 'unknown' })
  })

  it('knows that nothing was sent when nobody listens', async () => {
    const { http, close } = await start(() => undefined)
    await close()
    await expect(http.post('things', { json: {} }).json()).rejects.toMatchObject({
      code: 'vendor_unreachable',
      outcome: 'not_sent',
    })
  })
})

describe('Retry-After', () => {
  const now = Date.UTC(2026, 10, 23, 12, 0, 0)
  const read = (text: string) => readRetryAfter(new Headers({ 'retry-after': text }), now)

  it.each([
    ['7', 7000],
    ['1.5', 1500],
    ['Mon, 23 Nov 2026 12:00:30 GMT', 30_000],
    ['Mon, 23 Nov 2026 11:00:00 GMT', 0],
    ['999999', 3_600_000],
    ['Wed, 01 Jan 2031 00:00:00 GMT', 3_600_000],
    ['soon', null],
  ])('%s means %s ms', (text, ms) => {
    expect(read(text)).toBe(ms)
  })

  it('is unknown when it is absent', () => {
    expect(readRetryAfter(new Headers(), now)).toBeNull()
  })
})

describe('what a failed fetch means', () => {
  const failed = (message: string, code?: string) =>
    Object.assign(new Error(message), code === undefined ? {} : { code })
  const wrapped = (code: string) => new TypeError('fetch failed', { cause: failed('inner', code) })

  it.each([
    [failed('net::ERR_INTERNET_DISCONNECTED'), 'offline', 'not_sent'],
    [failed('net::ERR_NAME_NOT_RESOLVED'), 'vendor_unreachable', 'not_sent'],
    [failed('net::ERR_CERT_AUTHORITY_INVALID'), 'vendor_unreachable', 'not_sent'],
    [failed('net::ERR_CONNECTION_RESET'), 'vendor_unreachable', 'unknown'],
    [failed('net::ERR_NETWORK_CHANGED'), 'offline', 'unknown'],
    [failed('net::ERR_EMPTY_RESPONSE'), 'vendor_unreachable', 'unknown'],
    [wrapped('ECONNREFUSED'), 'vendor_unreachable', 'not_sent'],
    [wrapped('ENETUNREACH'), 'offline', 'not_sent'],
    [wrapped('ECONNRESET'), 'vendor_unreachable', 'unknown'],
    [wrapped('UND_ERR_SOCKET'), 'vendor_unreachable', 'unknown'],
    ['no error at all', 'vendor_unreachable', 'unknown'],
  ])('%s is %s and %s', (error, code, outcome) => {
    expect(networkError(error, 'Vendor')).toMatchObject({ code, outcome })
  })

  it('keeps addresses and secrets of the error out of the detail', () => {
    const error = failed('request to https://acme.example/?token=abc123 failed, net::ERR_CONNECTION_RESET')
    expect(networkError(error, 'Vendor').detail).toBe('net::ERR_CONNECTION_RESET')
  })
})
