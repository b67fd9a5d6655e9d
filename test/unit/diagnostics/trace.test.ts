import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { toHar } from '../../../main/diagnostics/har.ts'
import { createTrace, maskedValue } from '../../../main/diagnostics/trace.ts'

const secretNames = [
  ...[
    'code',
    'state',
    'code_verifier',
    'code_challenge',
    'client_id',
    'client_secret',
    'access_token',
    'refresh_token',
  ],
  ...['id_token', 'device_code', 'hmac', 'login_hint', 'assertion', 'nonce', 'session_state', 'something_new'],
]

describe('what a trace shows of a value', () => {
  it.each(secretNames)('%s: only how long it is', (name) => {
    expect(maskedValue(name, 'canary-0123456789')).toBe('•••• (17 characters)')
  })

  it.each([
    ['grant_type', 'authorization_code'],
    ['error', 'invalid_grant'],
    ['redirect_uri', 'https://connect.manydesk.app/oauth/callback'],
    ['scope', 'tickets.read tickets.write'],
    ['expires_in', '1800'],
  ])('%s: itself', (name, value) => expect(maskedValue(name, value)).toBe(value))

  it('words of a vendor: without what looks secret', () => {
    expect(maskedValue('error_description', 'Refused for refresh_token=abcdef0123456789', true)).not.toContain(
      'abcdef0123456789',
    )
  })
})

describe('a trace', () => {
  it('never holds the value of a parameter whose name is not known to be harmless, wherever it comes from', () => {
    fc.assert(
      fc.property(
        fc.stringMatching(/^[a-z_]{3,20}$/),
        fc.stringMatching(/^canary[A-Za-z0-9]{12,40}$/),
        (name, value) => {
          fc.pre(maskedValue(name, 'x', true).startsWith('••••'))
          const trace = createTrace(() => 1)
          trace.page('page', `https://login.example/authorize?${name}=${value}`)
          trace.redirect('back', `app.manydesk://oauth/callback?${name}=${value}`)
          trace.request('call', 'POST', `https://login.example/token?${name}=${value}`, [[name, value]])({
            status: 200,
            body: { [name]: value, nested: { [name]: value } },
          })
          const all = JSON.stringify([trace.entries(), toHar(trace.entries(), '0')])
          expect(all).not.toContain(value)
        },
      ),
    )
  })

  it('keeps times, statuses and error codes', () => {
    let now = 1000
    const trace = createTrace(() => now)
    const answered = trace.request('Exchange', 'POST', 'https://login.example/token', [['grant_type', 'refresh_token']])
    now += 42
    answered({ status: 400, body: { error: 'invalid_grant' } })
    trace.step('Ended', 'token_rejected')
    expect(trace.entries()).toMatchObject([
      { status: 400, ms: 42, url: 'https://login.example/token', received: { error: 'invalid_grant' } },
      { kind: 'step', error: 'token_rejected' },
    ])
  })

  it('keeps pages of a sign-in window by title and status, without what is secret in them', () => {
    const trace = createTrace(() => 5)
    trace.visited({ url: 'https://a.example/login?state=canary-1234', title: 'Hello mia@acme.example', status: 400 })
    trace.visited({ url: 'https://a.example/', title: '', status: 200 })
    expect(trace.entries()).toMatchObject([
      { kind: 'page', title: 'Came up: Hello [e-mail]', url: 'https://a.example/login', status: 400 },
      { title: 'Came up: Untitled page' },
    ])
    expect(JSON.stringify(trace.entries())).not.toContain('canary')
  })

  it('is bounded, whatever a vendor sends', () => {
    const trace = createTrace(() => 0)
    const body = Object.fromEntries(Array.from({ length: 5000 }, (_, n) => [`m${n}`, 'x'.repeat(5000)]))
    for (let n = 0; n < 1000; n += 1) trace.request('call', 'POST', 'not an address', [])({ status: 200, body })
    expect(trace.entries().length).toBeLessThanOrEqual(200)
    expect(JSON.stringify(trace.entries()).length).toBeLessThan(2_000_000)
  })

  it('becomes an HTTP archive with one entry for each request, page and answer', () => {
    const trace = createTrace(() => Date.UTC(2026, 0, 1))
    trace.step('Prepare')
    trace.page('Show', 'https://login.example/authorize?scope=a')
    trace.request('Exchange', 'POST', 'https://login.example/token', [['grant_type', 'x']])({ error: 'timeout' })
    const { log } = toHar(trace.entries(), '1.2.3') as { log: { version: string; entries: Record<string, unknown>[] } }
    expect(log.version).toBe('1.2')
    expect(log.entries).toHaveLength(2)
    expect(log.entries[1]).toMatchObject({
      startedDateTime: '2026-01-01T00:00:00.000Z',
      comment: 'Exchange: timeout',
      request: { method: 'POST', postData: { params: [{ name: 'grant_type', value: 'x' }] } },
    })
  })
})

describe('free words of a vendor', () => {
  const answered = (status: number) => {
    const trace = createTrace(() => 0)
    trace.request('Ask', 'POST', 'https://vendor.example/token', [])({ status, body: { message: 'Wrong client' } })
    return trace.entries()[0]?.received.message
  }

  it('are shown where a request was refused, and masked in a good answer', () => {
    expect(answered(400)).toBe('Wrong client')
    expect(answered(200)).toBe('•••• (12 characters)')
  })

  it('are shown of a redirect and masked in what is sent', () => {
    const trace = createTrace(() => 0)
    trace.redirect('Back', 'https://app.example/?error_description=No')
    trace.page('Page', 'https://vendor.example/?description=No')
    expect(trace.entries().map(({ sent, received }) => ({ ...sent, ...received }))).toEqual([
      { error_description: 'No' },
      { description: '•••• (2 characters)' },
    ])
  })
})
