import { generateKeyPairSync } from 'node:crypto'
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { Provider } from 'oidc-provider'
import type { FetchPort } from '../../../../main/ports.ts'

/** What the person at the sign-in page does. */
export type Person = { user: string } | 'deny'

export interface Authority {
  /** Reaches the authority and its API at their public names; everything else fails as an unknown host does. */
  fetch: FetchPort
  /** Walks the real sign-in pages with a fresh cookie jar, and answers the redirect URL the last page leads to. */
  visit(authorizeUrl: string, person: Person): Promise<string>
  /** Requests to the token endpoint: bodies as they came. */
  tokenRequests: { headers: Record<string, string | string[] | undefined>; body: string }[]
  /** Answers the next token requests instead of the authority; `hang` never answers, `lose` lets the authority do its work and drops the answer. */
  nextTokenAnswers: (((response: ServerResponse) => void) | 'hang' | 'lose')[]
  /** Access tokens in the order they were issued. */
  issued: string[]
  /** Forgets what was recorded and planned; people and grants stay. */
  reset(): void
  /** True while the authority would accept this access token. */
  accepts(accessToken: string): Promise<boolean>
  close(): Promise<void>
}

export const idp = 'https://login.testdesk.example'
export const api = 'https://api.testdesk.example'
export const testClient = { clientId: 'test_desk.client-1', clientSecret: 'canary+client/secret%1' }

/** A certified authorization server (oidc-provider) on loopback, plus the one API call that tells who a token belongs to. */
export async function startAuthority(
  options: { clientAuth?: 'client_secret_basic' | 'client_secret_post' } = {},
): Promise<Authority> {
  const provider = createProvider(options.clientAuth ?? 'client_secret_basic')
  const people = new Map<string, Person>()
  const authority: Pick<Authority, 'tokenRequests' | 'nextTokenAnswers' | 'issued'> = {
    tokenRequests: [],
    nextTokenAnswers: [],
    issued: [],
  }
  provider.on('access_token.saved', (token) => authority.issued.push(token.jti))
  const oauthHandler = provider.callback()
  const server = createServer((request, response) => {
    serve(request, response).catch((error: unknown) => {
      response.statusCode = 500
      response.end(String(error))
    })
  })

  const serve = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const url = new URL(request.url ?? '/', idp)
    if (url.pathname === '/me') return tellUser(provider, request, response)
    if (url.pathname.startsWith('/interaction/')) return interact(provider, request, response, people)
    if (url.pathname === '/token') {
      authority.tokenRequests.push({ headers: request.headers, body: '' })
      const instead = authority.nextTokenAnswers.shift()
      if (instead === 'hang') return
      if (instead === 'lose') {
        response.end = () => {
          request.socket.destroy()
          return response
        }
      }
      if (typeof instead === 'function') return instead(response)
      const last = authority.tokenRequests.at(-1)
      request.on('data', (chunk: Buffer) => {
        if (last) last.body += chunk.toString()
      })
    }
    await oauthHandler(request, response)
  }

  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const fetchThere = routed((server.address() as AddressInfo).port)
  return {
    ...authority,
    fetch: fetchThere,
    visit: async (authorizeUrl, person) => {
      const jar = new Map<string, string>([['person', crypto.randomUUID()]])
      people.set(jar.get('person') ?? '', person)
      return walk(fetchThere, authorizeUrl, jar)
    },
    accepts: async (accessToken) => (await provider.AccessToken.find(accessToken)) !== undefined,
    reset() {
      for (const list of [authority.tokenRequests, authority.nextTokenAnswers, authority.issued]) list.length = 0
    },
    close: () => closeServer(server),
  }
}

function createProvider(clientAuth: 'client_secret_basic' | 'client_secret_post'): Provider {
  const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 })
  const provider = new Provider(idp, {
    clients: [
      {
        client_id: testClient.clientId,
        client_secret: testClient.clientSecret,
        application_type: 'native',
        redirect_uris: [
          'https://connect.manydesk.app/oauth/callback',
          'app.manydesk://oauth/callback',
          'http://127.0.0.1/oauth/callback',
        ],
        grant_types: ['authorization_code', 'refresh_token'],
        response_types: ['code'],
        token_endpoint_auth_method: clientAuth,
      },
    ],
    scopes: ['tickets.read', 'tickets.write'],
    jwks: { keys: [privateKey.export({ format: 'jwk' }) as { kty: 'RSA'; n: string; e: string }] },
    cookies: { keys: ['only for tests'] },
    features: { devInteractions: { enabled: false }, revocation: { enabled: true, allowedPolicy: async () => true } },
    findAccount: (_context, id) => ({ accountId: id, claims: async () => ({ sub: id }) }),
    interactions: { url: (_context, interaction) => `/interaction/${interaction.uid}` },
    issueRefreshToken: async () => true,
    rotateRefreshToken: true,
    routes: { authorization: '/authorize', token: '/token', revocation: '/revoke' },
    ttl: {
      AccessToken: 1800,
      RefreshToken: 86_400,
      AuthorizationCode: 60,
      Grant: 86_400,
      Session: 3600,
      Interaction: 600,
    },
  })
  provider.proxy = true
  return provider
}

async function interact(
  provider: Provider,
  request: IncomingMessage,
  response: ServerResponse,
  people: Map<string, Person>,
): Promise<void> {
  const details = await provider.interactionDetails(request, response)
  const person = people.get(/person=([\w-]+)/.exec(request.headers.cookie ?? '')?.[1] ?? '')
  if (person === 'deny' || !person) {
    const result = { error: 'access_denied', error_description: 'The person said no' }
    return provider.interactionFinished(request, response, result, { mergeWithLastSubmission: false })
  }
  if (details.prompt.name === 'login') {
    return provider.interactionFinished(request, response, { login: { accountId: person.user } })
  }
  const grant = new provider.Grant({ accountId: person.user, clientId: String(details.params.client_id) })
  grant.addOIDCScope(String(details.params.scope))
  const grantId = await grant.save()
  return provider.interactionFinished(request, response, { consent: { grantId } }, { mergeWithLastSubmission: true })
}

async function tellUser(provider: Provider, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const token = await provider.AccessToken.find((request.headers.authorization ?? '').replace('Bearer ', ''))
  response.statusCode = token ? 200 : 401
  response.setHeader('content-type', 'application/json')
  response.end(JSON.stringify(token ? { id: token.accountId } : { error: 'invalid_token' }))
}

/** Follows redirects like a browser would, keeping cookies, until one leads away from the authority. */
async function walk(fetchThere: FetchPort, start: string, jar: Map<string, string>): Promise<string> {
  let url = start
  for (let step = 0; step < 12; step += 1) {
    const cookie = [...jar].map(([name, value]) => `${name}=${value}`).join('; ')
    const response = await fetchThere(url, { redirect: 'manual', headers: { cookie } })
    for (const line of response.headers.getSetCookie()) {
      const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(line) ?? []
      if (value === '') jar.delete(name)
      else jar.set(name, value)
    }
    const location = response.headers.get('location')
    if (!location) throw new Error(`the sign-in pages ended at ${response.status}: ${await response.text()}`)
    url = location.startsWith('app.') ? location : new URL(location, url).href
    if (!url.startsWith(idp)) return url
  }
  throw new Error('the sign-in pages go in circles')
}

function routed(port: number): FetchPort {
  return async (input, init) => {
    const url = new URL(input instanceof Request ? input.url : input)
    if (url.origin !== idp && url.origin !== api) {
      throw new TypeError('fetch failed', {
        cause: Object.assign(new Error(`ENOTFOUND ${url.hostname}`), { code: 'ENOTFOUND' }),
      })
    }
    const there = `http://127.0.0.1:${port}${url.pathname}${url.search}`
    const request = input instanceof Request ? new Request(there, input) : new Request(there, init)
    request.headers.set('x-forwarded-proto', 'https')
    request.headers.set('x-forwarded-host', url.host)
    return fetch(request)
  }
}

function closeServer(server: Server): Promise<void> {
  server.closeAllConnections()
  return new Promise((resolve) => server.close(() => resolve()))
}
