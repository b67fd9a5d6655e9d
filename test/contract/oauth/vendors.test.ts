import { describe, expect, test } from 'vitest'
import type { Connector } from '../../../main/connectors/connector.ts'
import { freshservice } from '../../../main/connectors/freshservice/index.ts'
import { hubspot } from '../../../main/connectors/hubspot/index.ts'
import { zendesk } from '../../../main/connectors/zendesk/index.ts'
import { oauthOf } from '../../../main/oauth/token-endpoint.ts'
import type { Desk } from '../../unit/oauth/support/desk.ts'
import { deskThere } from './desk-there.ts'

const there = deskThere({ conversations: 2_000 })
let desk: Desk

async function open(
  connector: Connector,
  email: string,
  site: string,
  press: 'allow' | 'deny' = 'allow',
): Promise<void> {
  desk = await there.open(connector, (url) => there.visit(url, { email, site, press }))
}

const vendors = [
  {
    connector: zendesk,
    site: { subdomain: 'https://ACME.zendesk.com/agent' },
    at: 'acme.zendesk.com',
    clientId: 'manydesk_acme',
    email: 'mia.berg@acme.example',
    lifeS: 28_800,
    revoked: 'revoked',
  },
  {
    connector: zendesk,
    site: { subdomain: 'acme' },
    at: 'acme.zendesk.com',
    clientId: 'manydesk_acme_public',
    email: 'jonas.keller@acme.example',
    lifeS: 28_800,
    revoked: 'revoked',
  },
  {
    connector: freshservice,
    site: { subdomain: 'acme-it', organisation: 'acme' },
    at: 'acme-it.freshservice.com',
    clientId: 'fw_ext_1700000000000000042',
    email: 'tom.reuter@acme.example',
    lifeS: 1_800,
    revoked: 'not_offered',
  },
  {
    connector: hubspot,
    site: {},
    at: '62515001',
    clientId: '7c9e6679-7425-40de-944b-e07fc1f90ae7',
    email: 'ines.fournier@lumen.example',
    lifeS: 1_800,
    revoked: 'revoked',
  },
] as const

describe.each(vendors)(
  '$connector.name with client $clientId',
  ({ connector, site, at, clientId, email, lifeS, revoked }) => {
    test.each(['auth-window', 'system-browser'] as const)(
      'signs in by %s, refreshes, and is given back',
      async (way) => {
        await open(connector, email, at)
        const request = {
          vendor: connector.id,
          site,
          client: there.client(clientId),
          way,
          redirect: 'handover' as const,
        }
        const view = await desk.connect(request)
        expect(view.error).toBeNull()
        const [account] = desk.accounts.list()
        if (!account) throw new Error('no account')
        expect(account.identity.email).toBe(email)
        expect(account.accessExpiresAt).toBe(desk.clock.now() + lifeS * 1000)
        const required = oauthOf(connector)
          .scopes.filter((scope) => !scope.optional)
          .map((scope) => scope.id)
        expect(account.scopes).toEqual(expect.arrayContaining(required))

        const tokens = desk.grants.tokens(account.id)
        const first = await tokens.current()
        const second = await tokens.renew(first)
        expect(second).not.toBe(first)
        there.sandbox.control.revoke({ site: at })
        await expect(tokens.renew(second)).rejects.toMatchObject({ code: 'needs_sign_in' })
        const again = await desk.ended(desk.handshakes.reconnect(account.id).attemptId)
        expect(again).toMatchObject({ step: 'done', accountId: account.id })

        const revoke = there.revocation(desk, connector)
        expect(await revoke(account)).toBe(revoked)
        if (revoked === 'revoked') {
          await expect(
            desk.grants.tokens(account.id).renew(await desk.grants.tokens(account.id).current()),
          ).rejects.toMatchObject({
            code: 'needs_sign_in',
          })
        }
      },
    )

    test('says who denied', async () => {
      await open(connector, email, at, 'deny')
      const view = await desk.connect({ vendor: connector.id, site, client: there.client(clientId) })
      expect(view.error).toMatchObject({ code: 'handshake_denied' })
    })

    test('with a wrong secret or unknown client says that it is the client', async () => {
      await open(connector, email, at)
      const { clientSecret } = there.client(clientId)
      const client = { clientId, clientSecret: clientSecret === null ? 'not-a-public-client' : 'wrong' }
      const view = await desk.connect({ vendor: connector.id, site, client })
      expect(view.error).toMatchObject({ code: 'client_rejected' })
    })
  },
)
