import { type Exchange, formBody, html, json, jsonBody, type Reply } from '../../exchange.ts'
import type { Authority } from '../../oauth/authority.ts'
import { errorPage } from '../../oauth/pages.ts'

/** GET /org/oauth/v2/authorize: refuses what the vendor refuses before the certified server sees it. */
async function signInPage(authority: Authority, exchange: Exchange): Promise<Reply | undefined> {
  const query = exchange.url.searchParams
  if (exchange.url.pathname === authority.spec.paths.authorize) {
    const fault = query.has('resource')
      ? 'invalid_id: invalid identifier value'
      : !/^[a-zA-Z0-9_-]{8,}$/.test(query.get('state') ?? '')
        ? 'invalid_request: state is mandatory'
        : undefined
    if (fault) return html(400, errorPage(authority.spec.style, { title: 'Authorisation failed', detail: fault }))
  }
  return authority.page(exchange)
}

/** POST /org/oauth/v2/token: Basic only; a secret in the body is refused. Form and JSON are both read. */
async function tokenAnswer(authority: Authority, exchange: Exchange): Promise<Reply> {
  const isJson = exchange.headers['content-type']?.includes('json')
  const given: Record<string, unknown> = isJson ? (jsonBody(exchange) ?? {}) : Object.fromEntries(formBody(exchange))
  if (given.resource !== undefined)
    return json(400, { error: 'invalid_id', error_description: 'invalid identifier value' })
  if (given.client_secret !== undefined || !exchange.headers.authorization?.startsWith('Basic ')) {
    return json(401, {
      error: 'invalid_client',
      error_description: 'client authentication must use the Authorization header',
    })
  }
  const form: Record<string, string> = {}
  for (const [name, value] of Object.entries(given)) if (name !== 'client_id') form[name] = String(value)
  const { status, body, bearer } = await authority.token(exchange, form)
  if (!bearer) return json(status, { error: body.error, error_description: body.error_description })
  return json(200, {
    access_token: body.access_token,
    refresh_token: body.refresh_token,
    expires_in: 1800,
    token_type: 'bearer',
    scope: bearer.scopes.join(' '),
  })
}

/** Every path of the organisation's sign-in. Others, such as those clients guess, answer as the vendor does. */
export async function answerSignIn(authority: Authority, exchange: Exchange): Promise<Reply> {
  const { pathname } = exchange.url
  if (pathname === authority.spec.paths.token && exchange.method === 'POST') return tokenAnswer(authority, exchange)
  if (pathname === '/oauth/v2/token' || pathname === '/oauth/token')
    return json(401, { error: 'invalid_client', error_description: 'client does not exist' })
  return (await signInPage(authority, exchange)) ?? html(404, '<h1>404</h1>')
}
