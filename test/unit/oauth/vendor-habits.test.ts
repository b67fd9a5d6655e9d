import { describe, expect, it } from 'vitest'
import type { Connector, OAuthSignIn, Site } from '../../../main/connectors/connector.ts'
import { AppError } from '../../../main/errors.ts'
import { redirectUris } from '../../../main/oauth/model.ts'
import { authorizationServer, redeemRefreshToken } from '../../../main/oauth/token-endpoint.ts'
import { beginTransaction, readRedirect } from '../../../main/oauth/transaction.ts'
import { startAuthority, testClient } from './support/authority.ts'
import { openDesk, testConnector } from './support/desk.ts'

const atPage = { redirectUri: redirectUris.handover, arrivesAt: redirectUris.handover }
const answering = (answers: unknown[]) => async () => Response.json(answers.shift())
const former = {
  accessToken: 'old',
  refreshToken: 'r1',
  tokenType: 'bearer',
  scopes: ['tickets.read'],
  obtainedAt: 0,
  expiresAt: 1,
  refreshExpiresAt: null,
}

const server = (signIn: Partial<OAuthSignIn>, answers: unknown[] = []) =>
  authorizationServer({ ...testConnector(signIn) } satisfies Connector, { site: 'acme' }, testClient, {
    fetch: answering(answers),
    timeoutMs: 1000,
  })

describe('an error that comes with HTTP 200', () => {
  const readTokenError: OAuthSignIn['readTokenError'] = (_status, body) =>
    typeof body.error === 'string'
      ? { error: body.error === 'invalid_code' ? 'invalid_grant' : body.error, description: null }
      : null

  it('is an error, and the good token stays untouched', async () => {
    const habits = server({ readTokenError }, [{ error: 'invalid_code' }])
    await expect(redeemRefreshToken(habits, former, 1, AbortSignal.timeout(1000))).rejects.toMatchObject({
      code: 'token_rejected',
    })
  })

  it('is not seen in an answer that holds a token', async () => {
    const habits = server({ readTokenError }, [{ access_token: 'new', token_type: 'bearer', expires_in: 60 }])
    expect(await redeemRefreshToken(habits, former, 1, AbortSignal.timeout(1000))).toMatchObject({ accessToken: 'new' })
  })
})

describe('scopes', () => {
  it('are joined as the vendor wants them', async () => {
    const begun = await beginTransaction(server({ scopeSeparator: ',' }), atPage)
    expect(new URL(begun.authorizeUrl).searchParams.get('scope')).toBe('tickets.read,tickets.write')
  })

  it('are read in the form of our own, each once', async () => {
    const answer = { access_token: 'new', token_type: 'bearer', scope: 'https://x.example/tickets.read tickets.read' }
    const habits = server({ readScope: (granted) => granted.replace('https://x.example/', '') }, [answer])
    const grant = await redeemRefreshToken(habits, former, 1, AbortSignal.timeout(1000))
    expect(grant.scopes).toEqual(['tickets.read'])
  })
})

describe("the vendor's own proof of a redirect", () => {
  const verified = (verdict: boolean, seen: unknown[] = []) =>
    server({
      verifyRedirect(site, parameters, secret) {
        seen.push([site, parameters.get('hmac'), secret])
        return verdict
      },
    })

  it('is asked with the site and the client secret, and its no is a mismatch', async () => {
    const seen: unknown[] = []
    const begun = await beginTransaction(verified(true), atPage)
    const url = `${begun.redirectUri}?code=c&state=${begun.state}&hmac=beef`
    expect(readRedirect(verified(true, seen), begun, url, { site: 'acme' }, 's3cret').code).toBe('c')
    expect(seen).toEqual([[{ site: 'acme' }, 'beef', 's3cret']])
    expect(() => readRedirect(verified(false), begun, url, { site: 'acme' }, 's3cret')).toThrow(
      expect.objectContaining({ code: 'handshake_state_mismatch' }),
    )
  })

  it('is not needed for a refusal, which grants nothing', async () => {
    const begun = await beginTransaction(verified(false), atPage)
    const url = `${begun.redirectUri}?error=access_denied&state=${begun.state}`
    expect(() => readRedirect(verified(false), begun, url)).toThrow(
      expect.objectContaining({ code: 'handshake_denied' }),
    )
  })
})

describe("the vendor's own words in a redirect that refuses", () => {
  it('are put in words of people, and the refusal stays what the standard says it is', async () => {
    const telling = server({
      readTokenError: (_status, body) => ({
        error: 'invalid_grant',
        description: `In plain words: ${body.error_description}`,
      }),
    })
    const begun = await beginTransaction(telling, atPage)
    const url = `${begun.redirectUri}?error=access_denied&error_description=E90094&state=${begun.state}`
    expect(() => readRedirect(telling, begun, url)).toThrow(
      expect.objectContaining({ code: 'handshake_denied', detail: 'access_denied: In plain words: E90094' }),
    )
  })
})

describe('a site the vendor names in its redirect', () => {
  const places: Record<string, string> = { eu: 'acmeeu' }
  const siteOfRedirect = (site: Site, parameters: URLSearchParams): Site => {
    const place = parameters.get('place')
    if (place === null) return site
    const known = places[place]
    if (known === undefined) throw new AppError('site_invalid', 'That place is not known.')
    return { site: known }
  }
  const connect = async (place: string | null) => {
    const authority = await startAuthority()
    const desk = await openDesk({ authority, connector: testConnector({ siteOfRedirect }) })
    desk.window = async (request) => {
      const url = new URL(await authority.visit(request.authorizeUrl, desk.person))
      if (place !== null) url.searchParams.set('place', place)
      return { kind: 'redirected', url: url.href }
    }
    const view = await desk.connect()
    const accounts = desk.accounts.list()
    desk.close()
    return { view, accounts }
  }

  it('is the site of the account', async () => {
    const { view, accounts } = await connect('eu')
    expect(view).toMatchObject({ step: 'done' })
    expect(accounts[0]).toMatchObject({ site: { site: 'acmeeu' }, siteLabel: 'acmeeu.testdesk.example' })
  })

  it('ends the sign-in when it is none that the connector knows', async () => {
    const { view, accounts } = await connect('nowhere')
    expect(view.error?.code).toBe('site_invalid')
    expect(accounts).toEqual([])
  })
})

describe('a vendor that must give a refresh token', () => {
  it('and does not: the sign-in ends with what to do, and nothing is saved', async () => {
    const authority = await startAuthority()
    const withoutRefresh: typeof authority.fetch = async (input, init) => {
      const answer = await authority.fetch(input, init)
      if (!String(input instanceof Request ? input.url : input).includes('/token')) return answer
      const { refresh_token: _, ...rest } = (await answer.json()) as Record<string, unknown>
      return Response.json(rest, { status: answer.status })
    }
    const desk = await openDesk({
      authority,
      fetch: withoutRefresh,
      connector: testConnector({ withoutRefreshToken: 'Remove Manydesk there, then connect again.' }),
    })
    const view = await desk.connect()
    expect(view.error).toMatchObject({
      code: 'vendor_bad_answer',
      action: 'Remove Manydesk there, then connect again.',
    })
    expect(desk.accounts.list()).toEqual([])
    desk.close()
  })
})
