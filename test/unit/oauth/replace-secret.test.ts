import { afterEach, beforeEach, expect, test } from 'vitest'
import { createSecretReplacement } from '../../../main/oauth/replace-secret.ts'
import { policyOf, unrestricted } from '../policy/policies.ts'
import { type Desk, openDesk, testConnector } from './support/desk.ts'

/** Secrets that the vendor takes now. */
let accepted: string[]
/** Answers in place of the vendor's, in order. */
let instead: (Response | 'lost')[]
let refreshed: string[]
let replaced: string[]
let people: string[]
let desk: Desk

async function vendor(input: string | URL | Request, init?: RequestInit): Promise<Response> {
  const request = new Request(input, init)
  if (new URL(request.url).pathname === '/me') return Response.json({ id: people.shift() ?? 'ada' })
  const basic = Buffer.from((request.headers.get('authorization') ?? '').slice(6), 'base64').toString()
  const form = new URLSearchParams(await request.text())
  const isRefresh = form.get('grant_type') === 'refresh_token'
  const other = isRefresh ? instead.shift() : undefined
  if (other === 'lost') throw new TypeError('net::ERR_CONNECTION_RESET')
  if (other) return other
  const secret = decodeURIComponent(basic.split(':')[1] ?? '')
  if (!accepted.includes(secret)) return Response.json({ error: 'invalid_client' }, { status: 401 })
  if (isRefresh) refreshed.push(`${form.get('refresh_token')} by ${secret}`)
  const n = refreshed.length
  return Response.json({ access_token: `a${n}`, refresh_token: `r${n}`, token_type: 'bearer', expires_in: 1800 })
}

beforeEach(async () => {
  accepted = ['old']
  instead = []
  refreshed = []
  replaced = []
  people = []
  const visit = async () => {
    throw new Error('nobody has to sign in')
  }
  desk = await openDesk({ authority: { fetch: vendor, visit }, connector: testConnector() })
  desk.request.client = { clientId: 'c1', clientSecret: 'old' }
  desk.window = async ({ authorizeUrl, redirectUri }) => {
    const state = new URL(authorizeUrl).searchParams.get('state')
    return { kind: 'redirected', url: `${redirectUri}?code=code-${state?.slice(0, 8)}&state=${state}` }
  }
})
afterEach(() => desk.close())

const connect = async (person = 'ada') => {
  people.push(person)
  const view = await desk.connect()
  if (view.accountId === null) throw new Error(view.error?.message)
  return view.accountId
}
const replace = (accountId: string, secret: string, policy = unrestricted()) =>
  createSecretReplacement({
    ...{ ...desk, policy, connectorFor: () => testConnector() },
    onReplaced: (id) => void replaced.push(id),
  })(accountId, secret)
const secretOf = async (accountId: string) => {
  const kept = await desk.vault.readClient(accountId)
  return kept.kind === 'found' ? kept.value.clientSecret : kept.kind
}
const tokenOf = async (accountId: string) => {
  const kept = await desk.vault.readGrant(accountId)
  return kept.kind === 'found' ? kept.value.refreshToken : kept.kind
}

test('a secret that the vendor accepts takes the place of the former one, and the account goes on', async () => {
  const id = await connect()
  accepted = ['old', 'new']
  expect(await replace(id, 'new')).toBe(1)
  expect(refreshed).toEqual(['r0 by new'])
  expect([await secretOf(id), await tokenOf(id)]).toEqual(['new', 'r1'])
  expect(desk.accounts.find(id)).toMatchObject({ state: 'connected', trouble: null })
  expect(replaced).toEqual([id])
  accepted = ['new']
  await desk.grants.tokens(id).renew('a1')
  expect(refreshed.at(-1)).toBe('r1 by new')
})

test('a secret that the vendor refuses changes nothing: the former one is kept and used', async () => {
  const id = await connect()
  await expect(replace(id, 'wrong')).rejects.toMatchObject({ code: 'client_rejected' })
  expect([await secretOf(id), await tokenOf(id)]).toEqual(['old', 'r0'])
  expect(desk.accounts.find(id)).toMatchObject({ state: 'connected', trouble: null })
  expect(replaced).toEqual([])
  await desk.grants.tokens(id).renew('a0')
  expect(refreshed).toEqual(['r0 by old'])
})

test('trouble on the way keeps the former secret, and one lost answer is asked for again', async () => {
  const id = await connect()
  accepted = ['old', 'new']
  instead = [new Response('{}', { status: 503 })]
  await expect(replace(id, 'new')).rejects.toMatchObject({ code: 'vendor_failed' })
  expect(await secretOf(id)).toBe('old')
  instead = ['lost']
  expect(await replace(id, 'new')).toBe(1)
  expect(await secretOf(id)).toBe('new')
})

test('every account of the same client gets it; an account of another client does not', async () => {
  const first = await connect('ada')
  const second = await connect('bob')
  desk.request.client = { clientId: 'c2', clientSecret: 'old' }
  const other = await connect('eve')
  accepted = ['old', 'new']
  expect(await replace(first, 'new')).toBe(2)
  expect(await Promise.all([first, second, other].map(secretOf))).toEqual(['new', 'new', 'old'])
  expect(replaced).toEqual([first, second])
})

test('accounts that were refused for their old secret work again without signing in', async () => {
  const [first, second] = [await connect('ada'), await connect('bob')]
  accepted = []
  for (const id of [first, second]) {
    await expect(desk.grants.tokens(id).renew('a0')).rejects.toMatchObject({ code: 'needs_sign_in' })
    expect(desk.accounts.find(id)).toMatchObject({ state: 'needs_sign_in', trouble: { code: 'client_rejected' } })
  }
  accepted = ['new']
  expect(await replace(first, 'new')).toBe(2)
  expect(desk.accounts.list().map(({ state, trouble }) => [state, trouble])).toEqual([
    ['connected', null],
    ['connected', null],
  ])
})

test('a refresh that comes while a secret is tried waits for it and uses what it brought', async () => {
  const id = await connect()
  accepted = ['old', 'new']
  const [, token] = await Promise.all([replace(id, 'new'), desk.grants.tokens(id).renew('a0')])
  expect(refreshed).toEqual(['r0 by new'])
  expect(token).toBe('a1')
})

test('a client of the organisation gets no other secret, nor does a locked account', async () => {
  const id = await connect()
  accepted = ['old', 'new']
  const provided = { vendor: 'testdesk', site: '*', clientId: 'c1', clientSecret: 'theirs' }
  await expect(replace(id, 'new', policyOf({ clients: [provided] }))).rejects.toMatchObject({ code: 'policy_forbids' })
  const locked = policyOf({ lockedAccounts: [{ vendor: 'testdesk', against: ['reconnect'] }] })
  await expect(replace(id, 'new', locked)).rejects.toMatchObject({ code: 'policy_forbids' })
  expect(refreshed).toEqual([])
})
