import { describe, expect, test } from 'vitest'
import type { Connector } from '../../../main/connectors/connector.ts'
import { freshchat } from '../../../main/connectors/freshchat/index.ts'
import { freshsales } from '../../../main/connectors/freshsales/index.ts'
import type { Desk } from '../../unit/oauth/support/desk.ts'
import { deskThere } from './desk-there.ts'

const there = deskThere({ conversations: 400 })
let desk: Desk

/** Signs in on the pages of the organisation, and picks one of its accounts. */
async function open(
  connector: Connector,
  email: string,
  picked: string,
  press: 'allow' | 'deny' = 'allow',
): Promise<void> {
  desk = await there.open(connector, (url) => there.visit(url, { email, site: picked, press }))
}

const products = [
  {
    connector: freshchat as Connector,
    site: { subdomain: 'https://Acme-Chat.freshchat.com/', organisation: 'acme.myfreshworks.com' },
    at: 'acme-chat.freshchat.com',
    clientId: 'fw_ext_1700000000000000051',
    email: 'zoe.marsh@acme.example',
  },
  {
    connector: freshsales as Connector,
    site: {
      subdomain: 'https://acme-crm.myfreshworks.com/crm/sales/deals/view/1',
      organisation: 'acme',
      dealsView: '',
      contactsView: ' Waiting  for us ',
    },
    at: 'acme-crm.myfreshworks.com',
    clientId: 'fw_ext_1700000000000000061',
    email: 'tom.reuter@acme.example',
  },
]

describe.each(products)('$connector.name', ({ connector, site, at, clientId, email }) => {
  test.each(['auth-window', 'system-browser'] as const)(
    'signs in by %s at the organisation and refreshes',
    async (way) => {
      await open(connector, email, at)
      const request = { vendor: connector.id, site, client: there.client(clientId), way, redirect: 'handover' as const }
      const view = await desk.connect(request)
      expect(view.error).toBeNull()
      expect(view.siteLabel).toBe(at)
      const [account] = desk.accounts.list()
      if (!account) throw new Error('no account')
      expect(account.identity).toMatchObject({ email, siteKey: at })
      expect(account.accessExpiresAt).toBe(desk.clock.now() + 1_800_000)
      const scopes = connector.signIn.kind === 'oauth' ? connector.signIn.scopes : []
      expect(account.scopes).toEqual(expect.arrayContaining(scopes.map((scope) => scope.id)))
      const tokens = desk.grants.tokens(account.id)
      const first = await tokens.current()
      const second = await tokens.renew(first)
      expect(second).not.toBe(first)
      await there.sandbox.control.revoke({ site: at })
      await expect(tokens.renew(second)).rejects.toMatchObject({ code: 'needs_sign_in' })
      const again = await desk.ended(desk.handshakes.reconnect(account.id).attemptId)
      expect(again).toMatchObject({ step: 'done', accountId: account.id })
    },
  )

  test('says who denied', async () => {
    await open(connector, email, at, 'deny')
    const view = await desk.connect({ vendor: connector.id, site, client: there.client(clientId) })
    expect(view.error).toMatchObject({ code: 'handshake_denied' })
  })

  test('with a wrong secret says that it is the client', async () => {
    await open(connector, email, at)
    const view = await desk.connect({ vendor: connector.id, site, client: { clientId, clientSecret: 'wrong' } })
    expect(view.error).toMatchObject({ code: 'client_rejected' })
  })

  test('tells which account to pick when another one of the organisation was picked', async () => {
    await open(connector, 'tom.reuter@acme.example', 'acme-it.freshservice.com')
    const view = await desk.connect({ vendor: connector.id, site, client: there.client(clientId) })
    expect(view.error).toMatchObject({ code: 'site_invalid', action: expect.stringContaining(at) })
    expect(desk.accounts.list()).toEqual([])
  })
})

test('a person who works in several products connects each with a grant of its own', async () => {
  const { clientId } = products[0] as (typeof products)[number]
  await open(freshchat, 'tom.reuter@acme.example', 'acme-chat.freshchat.com')
  const view = await desk.connect({
    vendor: 'freshchat',
    site: { subdomain: 'acme-chat', organisation: 'acme' },
    client: there.client(clientId),
  })
  expect(view.error).toBeNull()
  const tokens = await there.sandbox.control.tokens({
    user: 'tom.reuter@acme.example',
    site: 'acme-chat.freshchat.com',
  })
  expect(tokens.filter((token) => token.kind === 'refresh').length).toBeGreaterThan(0)
  expect(tokens.every((token) => token.scopes.every((scope) => scope.startsWith('freshchat.')))).toBe(true)
})

test('a view that does not exist is said at once, with the names of those that do', async () => {
  await open(freshsales, 'tom.reuter@acme.example', 'acme-crm.myfreshworks.com')
  const site = { subdomain: 'acme-crm', organisation: 'acme', dealsView: 'Won Deals', contactsView: '' }
  const view = await desk.connect({ vendor: 'freshsales', site, client: there.client('fw_ext_1700000000000000061') })
  expect(view.error).toMatchObject({ code: 'site_invalid', action: expect.stringContaining('"All Deals"') })
})
