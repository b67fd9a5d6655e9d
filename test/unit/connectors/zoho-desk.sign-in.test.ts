import { describe, expect, it } from 'vitest'
import { readDataCentre, siteOfRedirect } from '../../../main/connectors/zoho-desk/data-centres.ts'
import { readError } from '../../../main/connectors/zoho-desk/errors.ts'
import { zohoDesk } from '../../../main/connectors/zoho-desk/index.ts'
import { signIn } from '../../../main/connectors/zoho-desk/sign-in.ts'

const asked = (query: string) => new URLSearchParams(query)

describe('the data centres of Zoho', () => {
  it.each([
    ['eu', 'eu'],
    [' EU ', 'eu'],
    ['zoho.com', 'us'],
    ['https://desk.zoho.com.au/agent/acme/', 'au'],
    ['accounts.zohocloud.ca', 'ca'],
    ['HTTPS://DESK.ZOHO.IN', 'in'],
    ['desk.zoho.com.cn.', 'cn'],
    ['https://crm.zoho.jp/crm', 'jp'],
  ])('%s is %s', (text, id) => expect(readDataCentre(text)).toBe(id))

  it.each(['', 'zoho', 'desk.zoho.com.evil.example', 'notzoho.eu', 'zoho.eu.example', 'mars'])('%s is none', (text) => {
    expect(() => readDataCentre(text)).toThrow(expect.objectContaining({ code: 'site_invalid' }))
  })

  it('have their own hosts for signing in and for the API, all from one table', () => {
    const hosts = (signIn.fields[0]?.options ?? []).map(({ value }) => {
      const { authorize, token, revoke } = signIn.endpoints({ dc: value })
      expect(new Set([authorize, token, revoke ?? ''].map((url) => new URL(url).host)).size).toBe(1)
      return [value, new URL(token).host, zohoDesk.hosts({ dc: value }).allowed[0]]
    })
    expect(hosts).toEqual([
      ['us', 'accounts.zoho.com', 'desk.zoho.com'],
      ['eu', 'accounts.zoho.eu', 'desk.zoho.eu'],
      ['in', 'accounts.zoho.in', 'desk.zoho.in'],
      ['au', 'accounts.zoho.com.au', 'desk.zoho.com.au'],
      ['jp', 'accounts.zoho.jp', 'desk.zoho.jp'],
      ['ca', 'accounts.zohocloud.ca', 'desk.zohocloud.ca'],
      ['sa', 'accounts.zoho.sa', 'desk.zoho.sa'],
      ['uk', 'accounts.zoho.uk', 'desk.zoho.uk'],
      ['cn', 'accounts.zoho.com.cn', 'desk.zoho.com.cn'],
    ])
  })

  it('are told by the answer of the sign-in, and nothing else of the site changes', () => {
    const site = { dc: 'us', portal: 'acme' }
    expect(siteOfRedirect(site, asked('code=1&location=in&accounts-server=https%3A%2F%2Faccounts.zoho.in'))).toEqual({
      dc: 'in',
      portal: 'acme',
    })
    expect(siteOfRedirect(site, asked('code=1&location=jp'))).toEqual({ dc: 'jp', portal: 'acme' })
    expect(siteOfRedirect(site, asked('code=1'))).toEqual(site)
  })

  it.each([
    'accounts-server=https://evil.example',
    'accounts-server=https://accounts.zoho.eu.evil.example',
    'accounts-server=https://accounts.zoho.eu/',
    'accounts-server=https://accounts.zoho.eu@evil.example',
    'accounts-server=http://accounts.zoho.eu',
    'accounts-server=',
    'location=moon',
    'location=eu&accounts-server=https://accounts.zoho.in',
    'accounts-server=https://accounts.zoho.eu&accounts-server=https://accounts.zoho.in',
    'location=eu&location=us',
  ])('are never taken from %s', (query) => {
    expect(() => siteOfRedirect({ dc: 'eu' }, asked(query))).toThrow(expect.objectContaining({ code: 'site_invalid' }))
  })
})

describe('the portal field', () => {
  const normalise = (text: string) => signIn.fields[1]?.normalise(text)
  it.each([
    ['', ''],
    ['  Harbour Tea ', 'harbour tea'],
    ['https://desk.zoho.eu/agent/harbourtea/shop/tickets', 'harbourtea'],
    ['https://desk.zoho.com/support/Acme/ShowHomePage.do', 'acme'],
    ['20081100', '20081100'],
  ])('reads %s as %s', (text, name) => expect(normalise(text)).toBe(name))
  it.each(['https://desk.zoho.eu/', 'a'.repeat(101), 'a\u0000b'])('refuses %s', (text) => {
    expect(() => normalise(text)).toThrow(expect.objectContaining({ code: 'site_invalid' }))
  })
})

describe('answers of the accounts server', () => {
  it.each([
    ['invalid_code', 'invalid_grant'],
    ['invalid_token', 'invalid_grant'],
    ['invalid_client', 'invalid_client'],
    ['invalid_client_secret', 'invalid_client'],
    ['invalid_redirect_uri', 'invalid_request'],
    ['invalid_scope', 'invalid_scope'],
    ['Access Denied', 'temporarily_unavailable'],
    ['general_error', 'server_error'],
    ['something new', 'server_error'],
  ])('%s with 200 means %s', (word, error) => {
    expect(signIn.readTokenError?.(200, { error: word })).toMatchObject({ error })
  })
  it('with a token are no error, whatever else they say', () => {
    expect(signIn.readTokenError?.(200, { access_token: '1000.a', error: 'invalid_code' })).toBeNull()
    expect(signIn.readTokenError?.(200, { status: 'success' })).toBeNull()
  })
})

describe('errors of the API', () => {
  const read = (status: number, body: unknown) => readError(status, new Headers(), JSON.stringify(body))
  it('say which field was refused', () => {
    const errors = [{ fieldName: '/status', errorType: 'invalid', errorMessage: 'not allowed' }]
    expect(read(422, { errorCode: 'INVALID_DATA', message: 'x', errors })).toMatchObject({
      code: 'vendor_rejected',
      message: 'Zoho Desk refused this: status: not allowed',
    })
  })
  it.each([
    [401, 'INVALID_OAUTH', 'needs_sign_in', undefined],
    [403, 'SCOPE_MISMATCH', 'vendor_forbidden', undefined],
    [422, 'LICENSE_ACCESS_LIMITED', 'vendor_forbidden', undefined],
    [400, 'OAUTH_ORG_MISMATCH', 'vendor_forbidden', undefined],
    [404, 'URL_NOT_FOUND', 'vendor_not_found', undefined],
    [429, 'TOO_MANY_REQUESTS', 'rate_limited', 2000],
    [429, 'THRESHOLD_EXCEEDED', 'rate_limited', 900_000],
    [500, 'INTERNAL_SERVER_ERROR', 'vendor_failed', undefined],
    [422, 'constructor', 'vendor_rejected', undefined],
  ])('%i %s is %s', (status, errorCode, code, retryAfterMs) => {
    const error = read(status, { errorCode, message: 'words' })
    expect(error).toMatchObject({ code, detail: `HTTP ${status}: ${errorCode}: words` })
    expect(error.retryAfterMs).toBe(retryAfterMs)
  })
  it('that are no JSON are read by their status', () => {
    expect(readError(503, new Headers(), '<html>')).toMatchObject({ code: 'vendor_failed' })
  })
  it('the credits left are read from the headers', () => {
    const headers = new Headers({ 'X-Rate-Limit-Remaining-v3': '4711' })
    expect(zohoDesk.rate.read(headers)).toEqual({ remaining: 4711, limit: null, resetMs: 900_000 })
    expect(zohoDesk.rate.read(new Headers())).toBeNull()
  })
})
