import { describe, expect, it } from 'vitest'
import type { SignIn } from '../../../main/connectors/connector.ts'
import { freshservice } from '../../../main/connectors/freshservice/index.ts'
import { hubspot } from '../../../main/connectors/hubspot/index.ts'
import { connectors } from '../../../main/connectors/registry.ts'
import { zendesk } from '../../../main/connectors/zendesk/index.ts'
import { oauthOf } from '../../../main/oauth/token-endpoint.ts'

const read = (signIn: SignIn, key: string, text: string) =>
  signIn.fields.find((field) => field.key === key)?.normalise(text)

describe('the address of a site', () => {
  it.each([
    'acme',
    'ACME',
    ' acme.zendesk.com ',
    'https://acme.zendesk.com/agent/tickets/1?x=1#y',
    'http://Acme.Zendesk.com:443',
    'acme.zendesk.com.',
  ])('is understood from %j', (text) => expect(read(zendesk.signIn, 'subdomain', text)).toBe('acme'))

  it.each([
    '',
    ' ',
    'acme.freshdesk.com',
    'https://evil.example/acme.zendesk.com',
    'a b',
    'acme.zendesk.com.evil.example',
    '-acme',
    'acme@evil',
    'x.acme.zendesk.com',
    'ácme',
    '../acme',
    'a'.repeat(64),
  ])('is refused with words when it is %j', (text) =>
    expect(() => read(zendesk.signIn, 'subdomain', text)).toThrow(expect.objectContaining({ code: 'site_invalid' })),
  )

  it('has two hosts at Freshservice', () => {
    expect(read(freshservice.signIn, 'subdomain', 'https://acme-it.freshservice.com/a/tickets')).toBe('acme-it')
    expect(read(freshservice.signIn, 'organisation', 'acme.myfreshworks.com')).toBe('acme')
    const endpoints = oauthOf(freshservice).endpoints({ subdomain: 'acme-it', organisation: 'acme' })
    expect(endpoints).toMatchObject({ token: 'https://acme.myfreshworks.com/org/oauth/v2/token', revoke: null })
    expect(freshservice.hosts({ subdomain: 'acme-it', organisation: 'acme' }).allowed).toEqual([
      'acme-it.freshservice.com',
    ])
  })
})

describe('every vendor', () => {
  const site = { subdomain: 'acme', organisation: 'acme' }
  const keyless = { authorize: null, token: null, revoke: null }

  it.each(connectors.map((connector) => [connector.id, connector] as const))(
    '%s: speaks https only, and keeps its token at home',
    (_id, connector) => {
      const { api, allowed } = connector.hosts(site)
      const { signIn } = connector
      const { authorize, token, revoke } = signIn.kind === 'oauth' ? signIn.endpoints(site) : keyless
      for (const url of [authorize, token, revoke, api].filter((each) => each !== null))
        expect(new URL(url).protocol).toBe('https:')
      expect(allowed).toContain(new URL(api).hostname)
      expect(connector.signIn.siteLabel(site)).toMatch(/^[a-z0-9.-]+$/)
    },
  )

  it.each(connectors.map((connector) => [connector.id, connector] as const))(
    '%s: says why it needs each permission, and how to register',
    (_id, { signIn }) => {
      expect(signIn.registration.steps.length).toBeGreaterThanOrEqual(signIn.kind === 'key' ? 2 : 4)
      if (signIn.kind === 'key') return expect(signIn.note.length).toBeGreaterThan(20)
      expect(signIn.scopes.length).toBeGreaterThan(0)
      for (const scope of signIn.scopes) expect(scope.reason.length).toBeGreaterThan(5)
      expect(signIn.registration.steps.join(' ')).toContain('redirect URL')
      expect(signIn.redirects[0]).toBe('handover')
    },
  )

  it('is found by its id, and only once', () => {
    expect(new Set(connectors.map((connector) => connector.id)).size).toBe(connectors.length)
  })
})

describe('errors of the vendors, in words', () => {
  const none = new Headers()

  it.each([
    [zendesk, 401, '{"error":"invalid_token","error_description":"expired"}', 'needs_sign_in', null],
    [zendesk, 403, '{"error":{"title":"Forbidden","message":"no"}}', 'vendor_forbidden', null],
    [zendesk, 404, '{"error":"RecordNotFound","description":"Not found"}', 'vendor_not_found', null],
    [
      zendesk,
      409,
      '{"error":"UpdateConflict","description":"Safe update failed"}',
      'vendor_conflict',
      'Safe update failed',
    ],
    [
      zendesk,
      422,
      '{"error":"RecordInvalid","details":{"status":[{"description":"Status: closed prevents ticket update"}]}}',
      'vendor_rejected',
      'closed prevents',
    ],
    [
      zendesk,
      400,
      '{"errors":[{"code":"X","title":"Bad","detail":"page too big"}]}',
      'vendor_rejected',
      'page too big',
    ],
    [zendesk, 429, 'Number of allowed API requests per minute exceeded', 'rate_limited', null],
    [zendesk, 503, '<html>Cloudflare</html>', 'vendor_failed', null],
    [
      freshservice,
      400,
      '{"description":"Validation failed","errors":[{"field":"priority","message":"It should be one of 1,2,3,4","code":"invalid_value"}]}',
      'vendor_rejected',
      'priority: It should',
    ],
    [freshservice, 401, '{"code":"access_token_expired","message":"Token expired"}', 'needs_sign_in', null],
    [freshservice, 403, '{"code":"access_denied","message":"You are not authorized"}', 'vendor_forbidden', null],
    [freshservice, 404, '', 'vendor_not_found', null],
    [freshservice, 405, '', 'vendor_not_found', null],
    [
      hubspot,
      400,
      '{"status":"error","message":"Invalid input","category":"VALIDATION_ERROR","errors":[{"message":"Stage 9 is not valid"}]}',
      'vendor_rejected',
      'Stage 9',
    ],
    [hubspot, 403, '{"status":"error","category":"MISSING_SCOPES","message":"x"}', 'vendor_forbidden', null],
    [hubspot, 429, '{"status":"error","policyName":"SECONDLY","message":"x"}', 'rate_limited', null],
    [hubspot, 477, '{}', 'vendor_failed', null],
    [hubspot, 530, '<html></html>', 'vendor_failed', null],
  ] as const)('%# ', (connector, status, body, code, words) => {
    const error = connector.readError(status, none, body)
    expect(error.code).toBe(code)
    if (words !== null) expect(error.message).toContain(words)
    expect(error.detail).toContain(`HTTP ${status}`)
  })

  it('show no more than a sentence of what the vendor says, without control characters', () => {
    const long = JSON.stringify({ error: 'RecordInvalid', description: `\u202e\u0000${'x'.repeat(5000)}` })
    const error = zendesk.readError(422, none, long)
    expect(error.message.length).toBeLessThan(260)
    expect(error.message).not.toMatch(/\p{C}/u)
  })

  it('never throw, whatever the body is', () => {
    for (const connector of connectors) {
      for (const body of [
        '',
        'null',
        '[]',
        '3',
        '"x"',
        '{"errors":[null,3]}',
        '{"error":[1]}',
        '{"details":[1]}',
        '{"errors":{"a":1}}',
      ]) {
        expect(connector.readError(400, none, body).code).toBe('vendor_rejected')
      }
    }
  })

  it('HubSpot: tells how long to wait by the name of the limit', () => {
    expect(hubspot.readError(429, none, '{"policyName":"TEN_SECONDLY_ROLLING"}').retryAfterMs).toBe(10_000)
  })

  it('HubSpot: reads the older words of the token endpoint', () => {
    const { readTokenError } = oauthOf(hubspot)
    expect(readTokenError?.(400, { status: 'BAD_REFRESH_TOKEN', message: 'no' })).toEqual({
      error: 'invalid_grant',
      description: 'no',
    })
    expect(readTokenError?.(400, { error: 'invalid_grant' })).toBeNull()
  })
})
