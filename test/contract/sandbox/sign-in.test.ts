import { describe, expect, test } from 'vitest'
import { PocketBrowser } from '../../sandbox/browser.ts'
import { registeredRedirectUris } from '../../sandbox/directory.ts'
import { sandboxBench } from './api.ts'

const bench = sandboxBench({ perShare: 22 })

const people = [
  ['zendesk', 'acme.zendesk.com', 'mia.berg@acme.example', 201],
  ['freshservice', 'acme-it.freshservice.com', 'tom.reuter@acme.example', 200],
  ['hubspot', '62515001', 'ines.fournier@lumen.example', 200],
] as const

function page(landing: Awaited<ReturnType<PocketBrowser['open']>>) {
  if (landing.kind !== 'page') throw new Error(`redirected to ${landing.url}`)
  return landing.page
}

describe.each(people)('%s', (vendor, site, email, created) => {
  test('signs in with PKCE through login and consent, and returns the state untouched', async () => {
    const flow = bench.flow({ site, email })
    const back = await flow.allow()
    expect(`${back.origin}${back.pathname}`).toBe(flow.redirectUri)
    expect(back.searchParams.get('state')).toBe(flow.state)
    expect(back.searchParams.has('iss')).toBe(false)
    const { status, answer } = await flow.exchange(back.searchParams.get('code') ?? '')
    expect(status).toBe(created)
    expect(answer.token_type).toBe('bearer')
    expect(answer.access_token).toEqual(expect.any(String))
    expect(answer.refresh_token).toEqual(expect.any(String))
  })

  test.each(registeredRedirectUris)('comes back to %s exactly', async (redirectUri) => {
    const back = await bench.flow({ site, email, redirectUri }).allow()
    expect(back.href.startsWith(`${redirectUri}?`)).toBe(true)
  })

  test.each([
    'https://connect.manydesk.app/oauth/callback/',
    'https://connect.manydesk.app/oauth/callback?x=1',
    'http://localhost:53699/oauth/callback',
    'https://evil.example/oauth/callback',
    'app.manydesk://oauth/other',
  ])('refuses %s with a page, never with a redirect', async (redirectUri) => {
    const flow = bench.flow({ site, email, redirectUri })
    const shown = page(await flow.browser.open(flow.authorizeUrl))
    expect(shown.status).toBe(400)
    expect(shown.html).toContain('redirect')
  })

  test('refuses an unknown client with a page', async () => {
    const flow = bench.flow({ site, email })
    const shown = page(
      await flow.browser.open(flow.authorizeUrl.replace(encodeURIComponent(flow.client.clientId), 'nobody')),
    )
    expect(shown.status).toBe(400)
  })

  test('says so when the password is wrong, and goes on with the right one', async () => {
    const flow = bench.flow({ site, email })
    const login = page(await flow.browser.open(flow.authorizeUrl))
    expect(login.html).toMatch(/<label for="email">Email<\/label>[\s\S]*<label for="password">Password<\/label>/)
    const again = page(await flow.browser.submit(login, 'login', { email, password: 'wrong' }))
    expect(again.html).toContain('role="alert"')
    const next = page(await flow.browser.submit(again, 'login', { email, password: flow.user.password }))
    expect(next.html).toContain('Signed in as')
  })

  test('deny comes back as access_denied with the state', async () => {
    const flow = bench.flow({ site, email })
    const landing = await flow.browser.submit(await flow.consent(), 'deny')
    if (landing.kind !== 'redirected') throw new Error('no redirect')
    expect(landing.url.searchParams.get('error')).toBe('access_denied')
    expect(landing.url.searchParams.get('state')).toBe(flow.state)
    expect(landing.url.searchParams.has('code')).toBe(false)
  })

  test('remembers the session, asks for consent again, and lets another account in', async () => {
    const browser = new PocketBrowser(bench.fetch, registeredRedirectUris)
    await bench.flow({ site, email, browser }).allow()
    const second = bench.flow({ site, email, browser })
    const shown = page(await browser.open(second.authorizeUrl))
    expect(shown.html).toContain(`Signed in as <strong>${email}</strong>`)
    const login = page(await browser.submit(shown, 'switch'))
    expect(login.html).toContain('name="password"')
    expect(browser.cookiesOf(second.site.authorityHost).length).toBeGreaterThan(0)
  })

  test('a code works once; its second use ends what the first one brought', async () => {
    const flow = bench.flow({ site, email })
    const code = (await flow.allow()).searchParams.get('code') ?? ''
    const first = await flow.exchange(code)
    expect(first.accessToken).not.toBe('')
    const second = await flow.exchange(code)
    expect(second.status).toBe(400)
    const mine = (await bench.sandbox.control.tokens({ user: email })).find(
      (token) => token.value !== '' && first.refreshToken === token.value,
    )
    expect(mine?.state).toBe('revoked')
  })

  test('an expired code, a wrong verifier and another redirect URL are refused', async () => {
    const code = async (flow: ReturnType<typeof bench.flow>) => (await flow.allow()).searchParams.get('code') ?? ''
    const late = bench.flow({ site, email })
    const lateCode = await code(late)
    await bench.sandbox.control.expireCodes()
    expect((await late.exchange(lateCode)).status).toBe(400)
    const forged = bench.flow({ site, email })
    expect((await forged.exchange(await code(forged), { code_verifier: 'x'.repeat(43) })).status).toBe(400)
    const moved = bench.flow({ site, email })
    expect((await moved.exchange(await code(moved), { redirect_uri: registeredRedirectUris[1] ?? '' })).status).toBe(
      400,
    )
  })

  test('an expired refresh token is refused in the shape of the vendor', async () => {
    const flow = bench.flow({ site, email })
    const { refreshToken } = await flow.run()
    await bench.sandbox.control.expireRefreshTokens({ user: email })
    const { status, answer } = await flow.refresh(refreshToken)
    expect(status).toBe(400)
    expect(answer.error).toBe('invalid_grant')
    if (vendor === 'hubspot') expect(answer.status).toBe('BAD_REFRESH_TOKEN')
  })

  test('a wrong client secret is refused', async () => {
    const flow = bench.flow({ site, email, clientSecret: 'not-it' })
    const { status, answer } = await flow.exchange((await flow.allow()).searchParams.get('code') ?? '')
    expect(status).toBe(vendor === 'hubspot' ? 400 : 401)
    expect(answer.error).toBe('invalid_client')
    expect(answer.access_token).toBeUndefined()
  })

  test('a new password ends sessions and is asked for', async () => {
    const flow = bench.flow({ site, email })
    await flow.allow()
    const old = flow.user.password
    await bench.sandbox.control.setPassword(email, 'Another-Password-1')
    const again = bench.flow({ site, email, browser: flow.browser })
    const login = page(await again.browser.open(again.authorizeUrl))
    const refused = page(await again.browser.submit(login, 'login', { email, password: old }))
    expect(refused.html).toContain('role="alert"')
    const next = page(await again.browser.submit(refused, 'login', { email, password: 'Another-Password-1' }))
    expect(next.html).toContain('Signed in as')
    await bench.sandbox.control.setPassword(email, old)
  })
})

describe('zendesk tokens', () => {
  const mia = { site: 'acme.zendesk.com', email: 'mia.berg@acme.example' }

  test('expires_in is told only to those who ask, and honoured', async () => {
    expect((await bench.flow(mia).run()).answer).not.toHaveProperty('expires_in')
    const asked = await bench.flow({ ...mia, token: { expires_in: '600' } }).run()
    expect(asked.answer.expires_in).toBe(600)
  })

  test('a refresh kills the old pair at once', async () => {
    const flow = bench.flow(mia)
    const first = await flow.run()
    const me = (token: string) =>
      bench.fetch('https://acme.zendesk.com/api/v2/users/me', { headers: { authorization: `Bearer ${token}` } })
    expect((await me(first.accessToken)).status).toBe(200)
    const second = await flow.refresh(first.refreshToken)
    expect(second.status).toBe(200)
    expect((await me(first.accessToken)).status).toBe(401)
    expect((await me(second.accessToken)).status).toBe(200)
    expect((await flow.refresh(first.refreshToken)).answer.error).toBe('invalid_grant')
    expect((await me(second.accessToken)).status).toBe(200)
  })

  test('a public client must use PKCE and needs no secret', async () => {
    const flow = bench.flow({ ...mia, clientId: 'manydesk_acme_public' })
    expect((await flow.run()).status).toBe(201)
    const bare = bench.flow({
      ...mia,
      clientId: 'manydesk_acme_public',
      authorize: { code_challenge: '', code_challenge_method: '' },
    })
    const url = new URL(bare.authorizeUrl)
    url.searchParams.delete('code_challenge')
    url.searchParams.delete('code_challenge_method')
    const landing = await bare.browser.open(url.href)
    expect(landing.kind === 'redirected' && landing.url.searchParams.get('error')).toBe('invalid_request')
  })

  test('the current token can be looked at and revoked, with its refresh token', async () => {
    const api = await bench.api(mia.site, mia.email)
    expect((await api.get('https://acme.zendesk.com/api/v2/oauth/tokens/current')).body.token.token).toHaveLength(10)
    expect((await api.send('DELETE', 'https://acme.zendesk.com/api/v2/oauth/tokens/current')).status).toBe(204)
    expect((await api.get('https://acme.zendesk.com/api/v2/users/me')).status).toBe(401)
    expect((await api.flow.refresh(api.signedIn.refreshToken)).status).toBe(400)
  })
})

describe('freshworks', () => {
  const tom = { site: 'acme-it.freshservice.com', email: 'tom.reuter@acme.example' }

  test('a grant is good for the account that was picked, and no other', async () => {
    const api = await bench.api('acme-hr.freshservice.com', tom.email)
    expect((await api.get('https://acme-hr.freshservice.com/api/v2/agents/me')).status).toBe(200)
    const other = await api.get('https://acme-it.freshservice.com/api/v2/agents/me')
    expect(other.status).toBe(401)
    expect(other.body.code).toBe('access_token_invalid')
  })

  test('the access token is a JWT that names the person and lives 1,800 seconds', async () => {
    const { accessToken, answer } = await bench.flow(tom).run()
    const claims = JSON.parse(Buffer.from(accessToken.split('.')[1] ?? '', 'base64url').toString())
    expect(claims).toMatchObject({ user: tom.email, organisation_domain: 'acme.myfreshworks.com' })
    expect(claims.exp - claims.iat).toBe(1800)
    expect(answer.expires_in).toBe(1800)
  })

  test('refuses resource, and a request without state', async () => {
    const flow = bench.flow({ ...tom, authorize: { resource: 'https://acme-it.freshservice.com' } })
    expect(page(await flow.browser.open(flow.authorizeUrl)).html).toContain('invalid_id')
    const stateless = bench.flow({ ...tom, authorize: { state: '' } })
    expect(page(await stateless.browser.open(stateless.authorizeUrl)).html).toContain('state')
  })

  test('a secret in the body is refused even when it is right', async () => {
    const flow = bench.flow({ ...tom, token: { client_secret: 'fwsecret-8f14e45fceea167a5a36dedd4bea2543' } })
    const { status } = await flow.exchange((await flow.allow()).searchParams.get('code') ?? '')
    expect(status).toBe(401)
  })

  test('the product host tells the organisation', async () => {
    const response = await bench.fetch('https://acme-it.freshservice.com/.well-known/oauth-authorization-server')
    expect(await response.json()).toMatchObject({ issuer: 'https://acme.myfreshworks.com' })
  })
})

describe('hubspot', () => {
  const ines = { site: '62515001', email: 'ines.fournier@lumen.example' }
  const form = (body: Record<string, string>) => ({ method: 'POST', body: new URLSearchParams(body) })

  test('the portal follows from who signs in', async () => {
    const first = await bench.flow(ines).run()
    const second = await bench.flow({ site: '62515002', email: 'grace.hill@novapro.example' }).run()
    expect([first.answer.hub_id, second.answer.hub_id]).toEqual([62515001, 62515002])
    expect(first.answer.scopes).toContain('conversations.read')
  })

  test('a refresh repeats the refresh token, and the old access token lives on', async () => {
    const flow = bench.flow(ines)
    const first = await flow.run()
    const second = await flow.refresh(first.refreshToken)
    expect(second.refreshToken).toBe(first.refreshToken)
    const response = await bench.fetch('https://api.hubapi.com/account-info/v3/details', {
      headers: { authorization: `Bearer ${first.accessToken}` },
    })
    expect(response.status).toBe(200)
  })

  test('introspects and revokes', async () => {
    const api = await bench.api(ines.site, ines.email)
    const { clientId, clientSecret } = api.flow.client
    const client = { client_id: clientId, client_secret: clientSecret ?? '' }
    const introspect = (token: string) =>
      bench.fetch('https://api.hubapi.com/oauth/2026-03/token/introspect', form({ token, ...client }))
    expect(await (await introspect(api.signedIn.accessToken)).json()).toMatchObject({
      active: true,
      hub_id: 62515001,
      user: ines.email,
    })
    const revoked = await bench.fetch(
      'https://api.hubapi.com/oauth/2026-03/token/revoke',
      form({ token: api.signedIn.refreshToken, ...client }),
    )
    expect(revoked.status).toBe(204)
    expect(await (await introspect(api.signedIn.accessToken)).json()).toEqual({ active: false })
    expect((await api.get('https://api.hubapi.com/account-info/v3/details')).status).toBe(401)
  })

  test('undeclared scopes stop at a page; optional ones the app lacks are dropped', async () => {
    const strange = bench.flow({ ...ines, scopes: ['oauth', 'content'] })
    expect(page(await strange.browser.open(strange.authorizeUrl)).html).toContain('content')
    const optional = bench.flow({ ...ines, scopes: ['oauth'], authorize: { optional_scope: 'tickets content' } })
    expect((await optional.run()).answer.scopes).toEqual(['oauth', 'tickets'])
  })

  test('a person without the right cannot connect an app', async () => {
    const flow = bench.flow({ site: '62515001', email: 'paul.reed@lumen.example' })
    const consent = await flow.consent()
    expect(consent.html).toContain('Super Admin')
    expect(consent.html).not.toContain('>Allow<')
  })
})

test('the hand-over page is served as it is hosted', async () => {
  const response = await bench.fetch('https://connect.manydesk.app/oauth/callback?code=a&state=b')
  expect(response.status).toBe(200)
  expect(response.headers.get('referrer-policy')).toBe('no-referrer')
  expect(await response.text()).toContain('Manydesk')
  expect((await bench.fetch('https://connect.manydesk.app/../../package.json')).status).toBe(404)
})
