import { describe, expect, it } from 'vitest'
import { freshchat } from '../../../main/connectors/freshchat/index.ts'
import { freshsales } from '../../../main/connectors/freshsales/index.ts'
import { firstCall, signedInEmail } from '../../../main/connectors/freshworks/signed-in.ts'
import { AppError } from '../../../main/errors.ts'
import { scripted } from './scripted.ts'

const tokenOf = (claims: unknown) => `h.${Buffer.from(JSON.stringify(claims)).toString('base64url')}.s`
const read = (connector: typeof freshchat, key: string, text: string) =>
  connector.signIn.fields.find((field) => field.key === key)?.normalise(text)

describe('the sign-in of a Freshworks organisation', () => {
  it('tells who signed in from the token, in small letters', () => {
    expect(signedInEmail({ access_token: tokenOf({ user: 'Mia@Brand.example', sub: '7' }) })).toBe('mia@brand.example')
  })

  it.each([
    [{}],
    [{ access_token: 'opaque' }],
    [{ access_token: 'a.b.c' }],
    [{ access_token: tokenOf({ user: 7 }) }],
    [{ access_token: tokenOf(null) }],
  ])('says so when the token %j does not tell', (answer) =>
    expect(() => signedInEmail(answer)).toThrow(expect.objectContaining({ code: 'vendor_bad_answer' })),
  )

  it('takes a refused first call for the wrong account, and leaves other trouble as it is', async () => {
    const refused = new AppError('needs_sign_in', 'x', { outcome: 'refused' })
    await expect(firstCall('a.freshchat.com', Promise.reject(refused))).rejects.toMatchObject({ code: 'site_invalid' })
    await expect(firstCall('a.freshchat.com', Promise.reject(new AppError('offline', 'x')))).rejects.toMatchObject({
      code: 'offline',
    })
  })

  it('needs a seat in the product', async () => {
    const tokenAnswer = { access_token: tokenOf({ user: 'guest@brand.example' }) }
    for (const [connector, body] of [
      [freshchat, { agents: [{ id: 'e1', email: 'mia@brand.example' }] }],
      [freshsales, { users: [{ id: 7, email: 'mia@brand.example' }] }],
    ] as const) {
      const site = { subdomain: 'acme', organisation: 'acme' }
      const { ctx } = scripted(connector, site, () => ({ body }))
      const asked = { ...ctx, site, tokenAnswer }
      await expect(connector.identify(asked)).rejects.toMatchObject({ code: 'vendor_forbidden' })
      const mine = { ...asked, tokenAnswer: { access_token: tokenOf({ user: 'mia@brand.example' }) } }
      expect((await connector.identify(mine)).email).toBe('mia@brand.example')
    }
  })

  it('has two addresses for each account, and the token travels to that of the product only', () => {
    expect(read(freshchat, 'subdomain', ' https://ACME.freshchat.com/v2 ')).toBe('acme')
    expect(read(freshsales, 'subdomain', 'https://acme-sales.myfreshworks.com/crm/sales/dashboard')).toBe('acme-sales')
    expect(() => read(freshchat, 'subdomain', 'acme.myfreshworks.com')).toThrow(
      expect.objectContaining({ code: 'site_invalid' }),
    )
    expect(read(freshsales, 'contactsView', '  Waiting   for us ')).toBe('Waiting for us')
    expect(read(freshsales, 'dealsView', '')).toBe('')
    for (const connector of [freshchat, freshsales]) {
      const site = { subdomain: 'acme-x', organisation: 'acme' }
      if (connector.signIn.kind !== 'oauth') throw new Error('no OAuth')
      const { token, revoke } = connector.signIn.endpoints(site)
      expect([token, revoke]).toEqual(['https://acme.myfreshworks.com/org/oauth/v2/token', null])
      expect(connector.signIn.clientAuth).toBe('basic')
      const { api, allowed } = connector.hosts(site)
      expect(allowed).toEqual([new URL(api).hostname])
      expect(allowed[0]).not.toBe('acme.myfreshworks.com')
    }
  })
})
