import { describe, expect, test, vi } from 'vitest'
import type { Exchange } from '../../sandbox/exchange.ts'
import { Faults, replacement } from '../../sandbox/faults.ts'
import { htmlToText } from '../../sandbox/html.ts'
import { RateLimits } from '../../sandbox/limits.ts'
import { RequestsLog } from '../../sandbox/requests-log.ts'
import { matcher } from '../../sandbox/router.ts'

function request(method: string, address: string): Exchange {
  const url = new URL(address)
  return { method, url, host: url.host } as Exchange
}

describe('router', () => {
  const find = matcher([
    { method: 'GET', path: '/api/v2/tickets/{id}', handler: 'show' },
    { method: 'GET', path: '/api/v2/tickets/show_many', handler: 'many' },
    { method: 'PUT', path: '/api/v2/tickets/{id}/tags', handler: 'tags' },
  ])

  test('takes the first route that fits and decodes its parameters', () => {
    expect(find('GET', '/api/v2/tickets/a%20b').match).toMatchObject({
      route: { handler: 'show' },
      params: { id: 'a b' },
    })
    expect(find('GET', '/api/v2/tickets/1/2').match).toBeUndefined()
  })

  test('tells a wrong method from a wrong path', () => {
    expect(find('DELETE', '/api/v2/tickets/7/tags')).toEqual({ pathKnown: true })
    expect(find('GET', '/nowhere')).toEqual({ pathKnown: false })
  })
})

describe('rate limits', () => {
  test('a spent budget refuses until its window ends, per site', () => {
    vi.useFakeTimers({ now: 0 })
    const limits = new RateLimits({ api: { max: 2, windowMs: 1000 } })
    expect(limits.spend('a', 'api')).toMatchObject({ ok: true, remaining: 1 })
    expect(limits.spend('a', 'api')).toMatchObject({ ok: true, remaining: 0 })
    expect(limits.spend('a', 'api')).toMatchObject({ ok: false, remaining: 0, resetMs: 1000 })
    expect(limits.spend('b', 'api').ok).toBe(true)
    vi.setSystemTime(1000)
    expect(limits.spend('a', 'api').ok).toBe(true)
    vi.useRealTimers()
  })

  test('a site may be given another limit and get the default back', () => {
    const limits = new RateLimits({ api: { max: 1, windowMs: 60_000 } })
    limits.set('a', 'api', { max: 0, windowMs: 60_000 })
    expect(limits.spend('a', 'api').ok).toBe(false)
    limits.set('a', 'api', null)
    expect(limits.spend('a', 'api').ok).toBe(true)
  })
})

describe('faults', () => {
  test('strike only requests that fit, and as often as armed', () => {
    const faults = new Faults()
    faults.arm({ kind: 'reset', times: 2, target: { host: 'a.example', method: 'PUT', path: '/api' } })
    expect(faults.take(request('GET', 'https://a.example/api/1'))).toEqual([])
    expect(faults.take(request('PUT', 'https://b.example/api/1'))).toEqual([])
    expect(faults.take(request('PUT', 'https://a.example/api/1'))).toHaveLength(1)
    expect(faults.take(request('PUT', 'https://a.example/api/2'))).toHaveLength(1)
    expect(faults.take(request('PUT', 'https://a.example/api/3'))).toEqual([])
  })

  test('a host taken offline is offline alone, and comes back', () => {
    const faults = new Faults()
    faults.offline(['a.example'])
    expect([faults.isOffline('a.example'), faults.isOffline('b.example')]).toEqual([true, false])
    faults.offline('all')
    expect(faults.isOffline('b.example')).toBe(true)
    faults.online('all')
    expect([faults.isOffline('a.example'), faults.isOffline('b.example')]).toEqual([false, false])
  })

  test('replacements are what they say: a large body, bad JSON, an HTML page', () => {
    expect(replacement({ kind: 'huge' })?.body.length).toBeGreaterThan(10 * 1024 * 1024)
    expect(() => JSON.parse(String(replacement({ kind: 'malformed' })?.body))).toThrow()
    expect(replacement({ kind: 'html' })?.headers['content-type']).toContain('text/html')
    expect(replacement({ kind: 'delay', ms: 5 })).toBeUndefined()
  })
})

describe('requests log', () => {
  test('narrows by host, method, path and what came later', () => {
    const log = new RequestsLog()
    const add = (method: string, path: string) =>
      log.add({ at: 0, method, host: 'a', path, query: '', headers: {}, body: '' })
    const first = add('GET', '/api/tickets')
    add('PUT', '/api/tickets/1')
    expect(log.list({ method: 'PUT' })).toHaveLength(1)
    expect(log.list({ path: '/api/tickets' })).toHaveLength(2)
    expect(log.list({ afterId: first.id })).toHaveLength(1)
    expect(log.list({ host: 'b' })).toHaveLength(0)
    log.clear()
    expect(log.list()).toEqual([])
  })
})

test('text of simple HTML keeps paragraphs and unescapes once', () => {
  expect(htmlToText('<p>a &amp;lt; b</p><p>c<br>d</p>')).toBe('a &lt; b\n\nc\nd')
})
