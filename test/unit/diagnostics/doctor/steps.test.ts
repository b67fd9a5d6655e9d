import { describe, expect, it, test } from 'vitest'
import type { Connector } from '../../../../main/connectors/connector.ts'
import type { SignedInAccount } from '../../../../main/diagnostics/doctor/model.ts'
import { networkFault } from '../../../../main/diagnostics/doctor/network-fault.ts'
import { authorize, redirect } from '../../../../main/diagnostics/doctor/steps/authorize.ts'
import { client } from '../../../../main/diagnostics/doctor/steps/client.ts'
import { discovery } from '../../../../main/diagnostics/doctor/steps/discovery.ts'
import { clock, network, tls } from '../../../../main/diagnostics/doctor/steps/reach.ts'
import { api, refresh, scopes, token } from '../../../../main/diagnostics/doctor/steps/sign-in.ts'
import { site } from '../../../../main/diagnostics/doctor/steps/site.ts'
import { AppError } from '../../../../main/errors.ts'
import { testConnector } from '../../oauth/support/desk.ts'
import { account, answer, contextOf, found, line, now, subjectOf } from './fixtures.ts'

const api1 = 'https://api.testdesk.example'
const ours = 'https://connect.manydesk.app'
const login = 'https://login.testdesk.example/authorize'
const page = answer({ status: 200, contentType: 'text/html', text: '<title>Back to Manydesk</title>' })
const failing = (code: string) => new Error(code)

describe('network faults are told apart', () => {
  test.each([
    ['net::ERR_NAME_NOT_RESOLVED', 'name'],
    ['getaddrinfo ENOTFOUND acme.example', 'name'],
    ['net::ERR_CONNECTION_REFUSED', 'refused'],
    ['net::ERR_PROXY_CONNECTION_FAILED', 'refused'],
    ['net::ERR_CONNECTION_TIMED_OUT', 'timeout'],
    ['net::ERR_INTERNET_DISCONNECTED', 'offline'],
    ['net::ERR_CERT_AUTHORITY_INVALID', 'certificate-issuer'],
    ['SELF_SIGNED_CERT_IN_CHAIN', 'certificate-issuer'],
    ['net::ERR_CERT_COMMON_NAME_INVALID', 'certificate-name'],
    ['net::ERR_CERT_DATE_INVALID', 'certificate-date'],
    ['net::ERR_CERT_REVOKED', 'certificate'],
    ['net::ERR_SSL_PROTOCOL_ERROR', 'plain-http'],
    ['net::ERR_CONNECTION_RESET', 'broken'],
    ['something else', 'broken'],
  ])('%s is %s', (words, fault) => {
    expect(networkFault(new TypeError('fetch failed', { cause: new Error(words) })).fault).toBe(fault)
  })
})

describe('the step "network"', () => {
  it('passes when anything answers', async () => {
    expect(await network(contextOf({ answers: { [api1]: answer() } }))).toMatchObject({ verdict: 'passed' })
  })

  test.each([
    ['net::ERR_CONNECTION_REFUSED', 'connection_refused'],
    ['net::ERR_TIMED_OUT', 'no_answer'],
    ['net::ERR_CONNECTION_RESET', 'connection_broken'],
    ['net::ERR_INTERNET_DISCONNECTED', 'offline'],
  ])('%s: %s', async (code, finding) => {
    expect(await network(contextOf({ answers: { [api1]: failing(code) } }))).toMatchObject({
      verdict: 'failed',
      finding,
    })
  })

  it('a connection that was cut once is tried again', async () => {
    const context = contextOf({})
    let tries = 0
    const probe = {
      ...context.probe,
      async get() {
        tries += 1
        if (tries === 1) throw new Error('net::ERR_CONNECTION_RESET')
        return answer()
      },
    }
    expect(await network({ ...context, probe })).toMatchObject({ verdict: 'passed' })
    expect(tries).toBe(2)
  })

  it('a name that is not found is a wrong site where other names are found, and trouble with names where none is', async () => {
    expect(await network(contextOf({ answers: { [ours]: page } }))).toMatchObject({ finding: 'site_name_unknown' })
    expect(await network(contextOf({}))).toMatchObject({ finding: 'name_unknown' })
  })
})

describe('the step "tls"', () => {
  it('names who issued a certificate that is not trusted', async () => {
    const context = contextOf({
      answers: { [api1]: failing('net::ERR_CERT_AUTHORITY_INVALID') },
      issuer: 'Contoso Filter CA',
    })
    const result = await tls(context)
    expect(result).toMatchObject({ verdict: 'failed', finding: 'certificate_issuer_unknown' })
    expect(result.sentence).toContain('“Contoso Filter CA”')
    expect(await network(context), 'the network itself is well').toMatchObject({ verdict: 'passed' })
  })

  test.each([
    ['net::ERR_CERT_COMMON_NAME_INVALID', 'certificate_other_name'],
    ['net::ERR_CERT_DATE_INVALID', 'certificate_date'],
    ['net::ERR_SSL_PROTOCOL_ERROR', 'plain_http'],
  ])('%s: %s', async (code, finding) => {
    expect(await tls(contextOf({ answers: { [api1]: failing(code) } }))).toMatchObject({ verdict: 'failed', finding })
  })
})

describe('the step "clock"', () => {
  test.each([
    [0, 'passed', 'right'],
    [3 * 60_000, 'warned', '3 minutes behind'],
    [3_600_000, 'failed', 'an hour behind'],
    [-3_600_000, 'failed', 'an hour ahead'],
    [3 * 86_400_000, 'failed', '3 days behind'],
  ])('servers %i ms later: %s, %s', async (ms, verdict, words) => {
    const date = new Date(now + ms).toUTCString()
    const result = await clock(contextOf({ answers: { [api1]: answer({ date }) } }))
    expect(result.verdict).toBe(verdict)
    expect(result.sentence).toContain(words)
  })

  it('is not judged by a server that tells no time, or nonsense', async () => {
    for (const date of [null, 'yesterday']) {
      expect(await clock(contextOf({ answers: { [api1]: answer({ date }) } }))).toMatchObject({ verdict: 'skipped' })
    }
  })
})

describe('the step "site"', () => {
  const portal = answer({ status: 302, location: 'https://login.hotel.example/', text: '' })

  it('is well where the API answers in its own way', async () => {
    for (const there of [
      answer(),
      answer({ status: 404 }),
      answer({ status: 403, contentType: 'text/html', text: '<p>' }),
    ]) {
      expect(await site(contextOf({ answers: { [api1]: there } }))).toMatchObject({ verdict: 'passed' })
    }
  })

  it('another network is one that leads everything to its own page', async () => {
    const both = { [api1]: portal, [ours]: portal }
    expect(await site(contextOf({ answers: both }))).toMatchObject({ finding: 'answer_of_another_network' })
    const unknown = { [api1]: portal, [ours]: failing('net::ERR_NAME_NOT_RESOLVED') }
    expect(await site(contextOf({ answers: unknown }))).toMatchObject({ finding: 'answer_of_another_network' })
    const inPlace = answer({ status: 200, contentType: 'text/html', text: '<h1>Welcome to our guest network</h1>' })
    expect(await site(contextOf({ answers: { [api1]: inPlace, [ours]: inPlace } }))).toMatchObject({
      finding: 'answer_of_another_network',
    })
  })

  it('a site that is not there is one the vendor leads away from, or answers with a page of its own', async () => {
    const away = answer({ status: 302, location: 'https://www.testdesk.example/', text: '' })
    for (const there of [away, answer({ status: 404, contentType: 'text/html', text: '<h1>Oops</h1>' })]) {
      expect(await site(contextOf({ answers: { [api1]: there, [ours]: page } }))).toMatchObject({
        finding: 'site_not_there',
      })
    }
  })

  it('a vendor in trouble is called that', async () => {
    expect(await site(contextOf({ answers: { [api1]: answer({ status: 503 }) } }))).toMatchObject({
      finding: 'vendor_trouble',
    })
  })
})

describe('the step "discovery"', () => {
  const keyed = { ...testConnector(), signIn: { ...testConnector().signIn, kind: 'key' } } as unknown as Connector

  it('passes where the connector has the addresses, and is none for a key', async () => {
    expect(await discovery(contextOf({}))).toMatchObject({ verdict: 'passed' })
    expect(await discovery(contextOf({}, { subject: subjectOf({ connector: keyed }) }))).toMatchObject({
      verdict: 'skipped',
    })
  })
  it('says nothing of addresses where no server was reached', async () => {
    const results = [found('name_unknown', { id: 'network' })]
    expect(await discovery(contextOf({}, { results }))).toMatchObject({ verdict: 'skipped' })
  })
})

describe('the steps "authorize" and "redirect"', () => {
  const refused = (words: string) =>
    answer({ status: 400, contentType: 'text/html', text: `<script>var redirect_uri</script><p>${words}</p>` })
  const loginPage = answer({
    status: 200,
    contentType: 'text/html',
    text: '<form>Your client and redirect settings are fine</form>',
  })

  it('pass where the login page comes up', async () => {
    const context = contextOf({ answers: { [login]: loginPage } })
    expect(await authorize(context)).toMatchObject({ verdict: 'passed' })
    expect(await redirect(context)).toMatchObject({ verdict: 'passed' })
  })

  test.each([
    ['Invalid redirect uri', 'redirect_not_registered'],
    ['The redirect URL does not match', 'redirect_not_registered'],
    ["AADSTS50011: the reply address doesn't match", 'redirect_not_registered'],
  ])('"%s" is about the redirect URL', async (words, finding) => {
    const context = contextOf({ answers: { [login]: refused(words) } })
    expect(await redirect(context)).toMatchObject({ verdict: 'failed', finding })
    expect(await authorize(context)).toMatchObject({ verdict: 'passed' })
  })

  it('an answer of 200 counts as a refusal only where it says so in a sentence', async () => {
    const context = contextOf({ answers: { [login]: { ...loginPage, text: '<p>Error: invalid redirect_uri</p>' } } })
    expect(await redirect(context)).toMatchObject({ finding: 'redirect_not_registered' })
  })

  test.each([
    ['The client is not known here (invalid_client).', 'client_unknown'],
    ['invalid_scope: the scope is not allowed', 'scope_refused'],
  ])('"%s": %s', async (words, finding) => {
    expect(await authorize(contextOf({ answers: { [login]: refused(words) } }))).toMatchObject({
      verdict: 'failed',
      finding,
    })
  })

  it('an error in the redirect counts, and shows that the redirect URL is taken', async () => {
    const location = 'https://connect.manydesk.app/oauth/callback?error=invalid_scope&error_description=no'
    const context = contextOf({ answers: { [login]: answer({ status: 303, location, text: '' }) } })
    expect(await authorize(context)).toMatchObject({ finding: 'scope_refused' })
  })

  it('the secret goes nowhere', async () => {
    const asked: string[] = []
    const context = contextOf({})
    const probe = {
      ...context.probe,
      async get(url: string) {
        asked.push(url)
        return loginPage
      },
    }
    const result = await authorize({ ...context, probe })
    expect(asked.join(' ')).toContain('client_id=client')
    expect(JSON.stringify([asked, result, context.trace.entries()])).not.toContain('secret-of-the-client')
  })
})

describe('the step "client"', () => {
  const answering = (status: number, body: unknown) =>
    contextOf({}, { fetch: async () => Response.json(body, { status }) })

  it('passes where only the token that nobody has is refused', async () => {
    expect(await client(answering(400, { error: 'invalid_grant' }))).toMatchObject({ verdict: 'passed' })
  })
  it.each([
    [200, { access_token: 't', token_type: 'bearer' }, 'passed', null],
    [400, { error: 'invalid_grant' }, 'failed', 'client_secret_refused'],
    [401, { error: 'invalid_client' }, 'failed', 'client_secret_refused'],
  ] as const)('lets a client without a person sign in as itself (%i)', async (status, body, verdict, finding) => {
    const connector = testConnector({
      ways: ['client-credentials'],
      service: { note: 'Acts as the organisation.', sendsScope: true, params: {} },
    })
    const asked: (string | null)[] = []
    const context = contextOf(
      {},
      {
        subject: subjectOf({ connector, way: 'client-credentials', redirect: null }),
        fetch: async (input, init) => {
          asked.push(new URLSearchParams(await new Request(input, init).text()).get('grant_type'))
          return Response.json(body, { status })
        },
      },
    )
    expect(await client(context)).toMatchObject({ verdict, finding })
    expect(asked).toEqual(['client_credentials'])
  })

  it('fails where the client is refused', async () => {
    expect(await client(answering(401, { error: 'invalid_client' }))).toMatchObject({
      verdict: 'failed',
      finding: 'client_secret_refused',
    })
  })
  it('fails for the client ID where there is no secret that could be wrong', async () => {
    const subject = subjectOf({ client: async () => ({ clientId: 'typo', clientSecret: null }) })
    const context = { ...answering(401, { error: 'invalid_client' }), subject }
    expect(await client(context)).toMatchObject({ verdict: 'failed', finding: 'client_unknown' })
  })
  it('says so where it cannot be told', async () => {
    for (const context of [answering(400, { error: 'unsupported_grant_type' }), answering(500, {}), contextOf({})]) {
      expect(await client(context)).toMatchObject({ verdict: 'skipped', finding: null })
    }
  })
})

function signedIn(change: Partial<SignedInAccount> = {}): SignedInAccount {
  return {
    context: (signal) =>
      ({ account: { id: 'a1', site: {}, identity: account.identity }, signal, now: () => now }) as never,
    canRefresh: async () => true,
    refresh: async () => undefined,
    ...change,
  }
}

function connectorThat(does: Partial<Connector>): Connector {
  const read = { conversations: [], messages: [], cursor: 'c', more: false } as never
  return testConnector(
    {},
    { pull: async () => read, directory: async () => ({}) as never, ...(does as object) },
  ) as Connector
}

describe('the steps of an account', () => {
  const asAccount = (does: Partial<Connector> = {}, change: Partial<typeof account> = {}, of = signedIn()) =>
    contextOf(
      {},
      { signedIn: of, subject: subjectOf({ account: { ...account, ...change }, connector: connectorThat(does) }) },
    )
  const refusing = (code: 'needs_sign_in' | 'vendor_forbidden' | 'rate_limited') => async () => {
    throw new AppError(code, 'No.')
  }

  it('all pass where calls work', async () => {
    for (const step of [token, api, scopes, refresh])
      expect(await step(asAccount())).toMatchObject({ verdict: 'passed' })
  })
  it('a refused call is a refused sign-in', async () => {
    expect(await api(asAccount({ pull: refusing('needs_sign_in') }))).toMatchObject({ finding: 'token_refused' })
  })
  it('a forbidden call is a missing right', async () => {
    expect(await scopes(asAccount({ directory: refusing('vendor_forbidden') }))).toMatchObject({
      finding: 'scope_missing',
    })
  })
  it('a right that was not granted is named', async () => {
    const result = await scopes(asAccount({}, { scopes: ['tickets.read'] }))
    expect(result).toMatchObject({ finding: 'scope_missing', evidence: { missing: 'tickets.write' } })
    expect(result.sentence).toContain('Answer tickets')
  })
  it('a pause asked for by the vendor is no failure', async () => {
    expect(await api(asAccount({ pull: refusing('rate_limited') }))).toMatchObject({ verdict: 'warned' })
  })
  it('a paused account is left in peace', async () => {
    for (const step of [api, scopes, refresh]) {
      expect(await step(asAccount({ pull: refusing('needs_sign_in') }, { state: 'paused' }))).toMatchObject({
        verdict: 'skipped',
      })
    }
  })
  it('what cannot be refreshed is not', async () => {
    let refreshed = 0
    const of = signedIn({
      canRefresh: async () => false,
      async refresh() {
        refreshed += 1
      },
    })
    expect(await refresh(asAccount({}, {}, of))).toMatchObject({ verdict: 'skipped' })
    expect(refreshed).toBe(0)
  })
  it('a sign-in that has run out is called that', async () => {
    expect(await token(asAccount({}, { refreshExpiresAt: now - 1 }))).toMatchObject({ finding: 'sign_in_expired' })
  })
})

describe('a sign-in that did not succeed', () => {
  it('tells from its trace how far it came', async () => {
    const exchange = line({
      sent: { grant_type: 'authorization_code' },
      status: 200,
      received: { access_token: '••••' },
      url: 'https://a.example/oauth',
    })
    const call = line({ title: 'First call', status: 403, url: 'https://a.example/api/me' })
    const at = (...story: ReturnType<typeof line>[]) => contextOf({}, { subject: subjectOf({ story }) })
    expect(await token(at())).toMatchObject({ verdict: 'skipped' })
    expect(await token(at(exchange))).toMatchObject({ verdict: 'passed' })
    expect(await token(at({ ...exchange, status: 400, received: { error: 'invalid_grant' } }))).toMatchObject({
      verdict: 'failed',
    })
    expect(await api(at(exchange))).toMatchObject({ verdict: 'skipped' })
    expect(await api(at(exchange, call))).toMatchObject({ verdict: 'failed', finding: 'scope_missing' })
    const refused = { ...call, status: null, error: 'vendor_forbidden' }
    expect(await api(at(exchange, refused))).toMatchObject({ verdict: 'failed', finding: 'scope_missing' })
    expect(await api(at(exchange, { ...call, status: 200 }))).toMatchObject({ verdict: 'passed' })
    expect(
      await redirect(
        contextOf({ answers: { [login]: answer() } }, { subject: subjectOf({ story: [line({ kind: 'redirect' })] }) }),
      ),
    ).toMatchObject({ verdict: 'passed', sentence: expect.stringContaining('sent back') })
  })
})
