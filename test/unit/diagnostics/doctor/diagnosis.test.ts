import fc from 'fast-check'
import { describe, expect, it, test } from 'vitest'
import { causeWords } from '../../../../main/diagnostics/doctor/causes.ts'
import { causeOf, diagnose } from '../../../../main/diagnostics/doctor/diagnosis.ts'
import { causeIds, type Finding, findings, type StepResult } from '../../../../main/diagnostics/doctor/model.ts'
import { createTrace, type TraceEntry } from '../../../../main/diagnostics/trace.ts'
import { doctorSteps } from '../../../../preload/doctor-steps.ts'
import { errorCodes } from '../../../../preload/errors.ts'
import { found, line, subjectOf } from './fixtures.ts'

const nothing = { results: [], story: [], trouble: null, otherCentreRefused: false }
const withFindings = (...list: Finding[]) => causeOf({ ...nothing, results: list.map((finding) => found(finding)) })

describe('what was found and what it is called', () => {
  test.each<[Finding[], string]>([
    [['offline', 'no_answer'], 'offline'],
    [['certificate_issuer_unknown'], 'proxy_certificate'],
    [['answer_of_another_network', 'client_unknown'], 'captive_portal'],
    [['plain_http'], 'http_for_https'],
    [['redirect_registered_as_http', 'consent_refused'], 'http_for_https'],
    [['site_not_there', 'client_unknown'], 'wrong_site'],
    [['site_name_unknown'], 'wrong_site'],
    [['name_unknown'], 'name_not_found'],
    [['connection_refused'], 'connection_refused'],
    [['no_answer'], 'no_answer'],
    [['client_of_another_centre', 'client_secret_refused'], 'wrong_data_centre'],
    [['client_unknown', 'client_secret_refused'], 'wrong_client_id'],
    [['redirect_not_registered'], 'wrong_redirect_url'],
    [['client_secret_refused'], 'wrong_client_secret'],
    [['consent_refused_by_admin', 'scope_missing'], 'consent_denied_by_admin'],
    [['cookies_blocked'], 'third_party_cookies_blocked'],
    [['scope_missing'], 'scope_not_granted'],
    [['token_refused'], 'token_revoked'],
    [['token_refused', 'sign_in_expired'], 'sign_in_expired'],
    [['clock_off'], 'clock_skew'],
    [['clock_off', 'token_refused'], 'token_revoked'],
    [['clock_off', 'certificate_date'], 'clock_skew'],
    [['clock_off', 'key_refused'], 'clock_skew'],
    [['certificate_date'], 'certificate_invalid'],
    [['secrets_unreadable'], 'keys_unreadable'],
  ])('%s: %s', (list, cause) => {
    expect(withFindings(...list)).toBe(cause)
    expect(withFindings(...list.toReversed())).toBe(cause)
  })

  it('is nothing where nothing failed, and unknown where something did that has no name', () => {
    expect(causeOf(nothing)).toBeNull()
    expect(causeOf({ ...nothing, results: [found(null, { verdict: 'warned' })] })).toBeNull()
    expect(causeOf({ ...nothing, results: [found(null)] })).toBe('unknown')
  })
})

describe('what the trace of a sign-in adds', () => {
  const told = (entry: Partial<TraceEntry>) => causeOf({ ...nothing, story: [line(entry)] })

  test.each<[string, Partial<TraceEntry>, string]>([
    [
      'a refusal by the administrator',
      {
        kind: 'redirect',
        received: { error: 'access_denied', error_description: 'An administrator has not approved this app' },
      },
      'consent_denied_by_admin',
    ],
    [
      'the number Microsoft gives it',
      {
        kind: 'redirect',
        received: { error: 'access_denied', error_description: 'AADSTS90094: the grant needs permission' },
      },
      'consent_denied_by_admin',
    ],
    [
      'a no of the person',
      { kind: 'redirect', received: { error: 'access_denied', error_description: 'The user denied access' } },
      'consent_denied',
    ],
    [
      'a page about cookies',
      { kind: 'page', title: 'Came up: Cookies are blocked', status: 400, url: 'https://a.example/x' },
      'third_party_cookies_blocked',
    ],
    [
      'an address about cookies',
      { kind: 'page', title: 'Came up: Shop', status: 200, url: 'https://a.example/auth/enable_cookies' },
      'third_party_cookies_blocked',
    ],
    ['a scope that was refused', { kind: 'redirect', received: { error: 'invalid_scope' } }, 'scope_not_granted'],
    ['a client that was refused', { received: { error: 'invalid_client' }, status: 401 }, 'wrong_client_secret'],
    [
      'another redirect URL',
      { received: { error: 'invalid_grant', error_description: 'redirect_uri does not match' }, status: 400 },
      'wrong_redirect_url',
    ],
  ])('%s', (_name, entry, cause) => {
    expect(told(entry)).toBe(cause)
  })

  it('a window that ended at another data centre comes before a sign-in that was not finished', () => {
    const closed = { code: 'handshake_closed' as const, message: '', action: null, detail: null }
    expect(causeOf({ ...nothing, trouble: closed, otherCentreRefused: true })).toBe('wrong_data_centre')
    expect(causeOf({ ...nothing, trouble: closed })).toBe('sign_in_not_finished')
  })
})

const text = fc.oneof(
  fc.string({ maxLength: 40 }),
  fc.constantFrom('admin', 'cookie', 'scope', 'https://a.example/%', 'redirect_uri'),
)
const dictionary = fc.dictionary(fc.oneof(text, fc.constantFrom('error', 'error_description', 'grant_type')), text)
const anyLine: fc.Arbitrary<TraceEntry> = fc.record({
  at: fc.integer(),
  kind: fc.constantFrom('step', 'page', 'redirect', 'request'),
  title: text,
  method: fc.option(text),
  url: fc.option(text),
  sent: dictionary,
  status: fc.option(fc.integer()),
  received: dictionary,
  ms: fc.option(fc.integer()),
  error: fc.option(text),
})
const anyResult: fc.Arbitrary<StepResult> = fc.record({
  id: fc.constantFrom(...doctorSteps),
  verdict: fc.constantFrom('passed', 'warned', 'failed', 'skipped'),
  sentence: text,
  remedy: fc.option(text),
  evidence: dictionary,
  finding: fc.option(fc.constantFrom(...findings)),
})
const anyTrouble = fc.option(
  fc.record({ code: fc.constantFrom(...errorCodes), message: text, action: fc.option(text), detail: fc.option(text) }),
)

describe('whatever was found', () => {
  it('a diagnosis never throws, has a known cause, and says something', () => {
    fc.assert(
      fc.property(fc.array(anyResult), fc.array(anyLine), anyTrouble, (results, story, trouble) => {
        const { cause, sentence, remedy } = diagnose(subjectOf({ story, trouble }), results)
        expect(cause === null || causeIds.includes(cause)).toBe(true)
        expect(typeof sentence).toBe('string')
        expect(cause === null).toBe(remedy === null)
      }),
    )
  })

  it('a secret that a vendor sends back is in no sentence', () => {
    const secret = fc.stringMatching(/^[a-z0-9]{24,60}$/)
    fc.assert(
      fc.property(secret, fc.constantFrom('code', 'access_token', 'refresh_token', 'client_secret'), (value, name) => {
        const trace = createTrace(() => 1)
        trace.page('Show', `https://a.example/authorize?${name}=${value}`)
        trace.redirect(
          'Back',
          `https://b.example/?${name}=${value}&error=access_denied&error_description=${name}%3D${value}`,
        )
        trace.visited({ url: `https://a.example/p?${name}=${value}`, title: `${name}=${value}`, status: 400 })
        trace.request('Exchange', 'POST', 'https://a.example/token', [[name, value]])({
          status: 400,
          body: { error: 'invalid_client', [name]: value },
        })
        const story = trace.entries()
        expect(JSON.stringify([story, diagnose(subjectOf({ story }), [])])).not.toContain(value)
      }),
    )
  })

  it.each(causeIds)('%s has a sentence and a remedy that end like one', (cause) => {
    const { sentence, remedy } = causeWords(cause, subjectOf(), [])
    expect(sentence).toMatch(/^[A-Z“a].*\.$/)
    expect(remedy).toMatch(/\.$/)
  })
})
