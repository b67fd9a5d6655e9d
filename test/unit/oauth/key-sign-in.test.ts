import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { Connector, KeySignIn } from '../../../main/connectors/connector.ts'
import { AppError } from '../../../main/errors.ts'
import { policyOf } from '../policy/policies.ts'
import { type Desk, openDesk, testConnector } from './support/desk.ts'

const keySignIn: KeySignIn = {
  kind: 'key',
  label: 'API key',
  help: 'Under your profile.',
  note: 'A key acts as you until you change it.',
  fields: testConnector().signIn.fields,
  siteLabel: ({ site }) => `${site}.testdesk.example`,
  registration: { url: 'https://testdesk.example', steps: ['Open your profile'] },
  normalise(text) {
    if (!/^[a-z0-9-]+$/.test(text)) throw new AppError('bad_request', 'An API key has no blanks.')
    return text
  },
}

/** Accepts the keys it is given, each for one person. */
function keyConnector(people: Record<string, string>): Connector {
  return {
    ...testConnector(),
    signIn: keySignIn,
    async identify({ http }) {
      const answer = await http.get<{ key: string }>('https://api.testdesk.example/whose').json()
      const name = people[answer.key]
      if (name === undefined) throw new AppError('needs_sign_in', 'This key is not known.')
      return { vendorUserId: name, siteKey: 'acme', name, email: null, role: null }
    },
  }
}

/** The vendor's API: tells which key came, and nothing of anything else. */
const api = {
  fetch: async (input: string | URL | Request, init?: RequestInit) => {
    const bearer = new Request(input, init).headers.get('authorization')?.replace('Bearer ', '') ?? ''
    return Response.json({ key: bearer })
  },
  visit: async () => {
    throw new Error('nobody is sent to a sign-in page')
  },
}

const people = { 'key-of-ada': 'ada', 'key-of-bob': 'bob', 'new-key-of-ada': 'ada' }
let desk: Desk
const request = { client: null, way: 'key', redirect: null } as const

beforeEach(async () => {
  desk = await openDesk({ authority: api, connector: keyConnector(people) })
})
afterEach(() => desk.close())

describe('a vendor without OAuth', () => {
  it('connects by a key: checked with a first call, no window, no refresh, and the key in the vault only', async () => {
    const view = await desk.connect({ ...request, key: 'key-of-ada' })
    expect(view).toMatchObject({ step: 'done', error: null, way: 'key' })
    const [account] = desk.accounts.list()
    expect(account).toMatchObject({ way: 'key', redirect: null, accessExpiresAt: null, scopes: [], state: 'connected' })
    expect(JSON.stringify(desk.accounts.list())).not.toContain('key-of-ada')
    expect(await desk.grants.tokens(account?.id ?? '').current()).toBe('key-of-ada')
  })

  it('saves nothing for a key the vendor does not know', async () => {
    const view = await desk.connect({ ...request, key: 'wrong' })
    expect(view).toMatchObject({ step: 'failed', error: { code: 'needs_sign_in' } })
    expect(desk.accounts.list()).toEqual([])
  })

  it('says what is wrong with what was pasted before anything is asked', () => {
    const connect = (key?: string) => () => desk.handshakes.connect({ ...desk.request, ...request, key })
    expect(connect('two words')).toThrow(expect.objectContaining({ code: 'bad_request' }))
    expect(connect()).toThrow(expect.objectContaining({ code: 'client_missing' }))
    expect(desk.handshakes.list()).toEqual([])
  })

  it('offers no other way, and no vendor with OAuth offers keys', async () => {
    const wrong = () => desk.handshakes.connect({ ...desk.request, way: 'auth-window', redirect: 'handover' })
    expect(wrong).toThrow(expect.objectContaining({ code: 'not_supported' }))
    const other = await openDesk({ authority: api })
    const wanted = { ...other.request, ...request, key: 'key-of-ada' }
    expect(() => other.handshakes.connect(wanted)).toThrow(expect.objectContaining({ code: 'not_supported' }))
    other.close()
  })

  it('is not connected where the organisation does not allow keys', async () => {
    const strict = await openDesk({
      authority: api,
      connector: keyConnector(people),
      policy: policyOf({ apiKeys: false }),
    })
    const connect = () => strict.handshakes.connect({ ...strict.request, ...request, key: 'key-of-ada' })
    expect(connect).toThrow(expect.objectContaining({ code: 'policy_forbids' }))
    strict.close()
  })

  it('takes a new key of the same person for an account that needs one, and nobody else’s', async () => {
    await desk.connect({ ...request, key: 'key-of-ada' })
    const id = desk.accounts.list()[0]?.id ?? ''
    const tokens = desk.grants.tokens(id)
    await expect(tokens.renew('key-of-ada')).rejects.toMatchObject({ code: 'needs_sign_in' })
    expect(desk.accounts.find(id)?.state).toBe('needs_sign_in')
    const stranger = await desk.ended(desk.handshakes.reconnect(id, { key: 'key-of-bob' }).attemptId)
    expect(stranger.error?.code).toBe('handshake_other_user')
    expect(desk.accounts.find(id)?.state).toBe('needs_sign_in')
    const again = await desk.ended(desk.handshakes.reconnect(id, { key: 'new-key-of-ada' }).attemptId)
    expect(again.step).toBe('done')
    expect(desk.accounts.find(id)?.state).toBe('connected')
    expect(await tokens.current()).toBe('new-key-of-ada')
  })
})
