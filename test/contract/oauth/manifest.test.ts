import { describe, expect, test } from 'vitest'
import type { Connector } from '../../../main/connectors/connector.ts'
import { createManifestConnector } from '../../../main/connectors/manifest/connector.ts'
import { parseManifest } from '../../../main/connectors/manifest/parse.ts'
import { shippedManifests } from '../../../main/connectors/manifest/shipped.ts'
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

function shipped(id: string): Connector {
  const found = shippedManifests.map((text) => parseManifest(text).manifest).find((manifest) => manifest?.id === id)
  if (!found) throw new Error(`no manifest ${id}`)
  return createManifestConnector(found)
}

const vendors = [
  {
    id: 'autotimer',
    site: { workspace: 'https://ACME.autotimer.example/today' },
    at: 'acme.autotimer.example',
    clientId: 'atc_acme_manydesk',
    emails: ['rosa.lind@acme.example', 'emil.sand@acme.example', 'greta.holt@acme.example'],
    lifeS: 3600,
    revoked: 'revoked',
  },
  {
    id: 'larkdesk',
    site: { region: 'eu' },
    at: 'larkdesk-eu',
    clientId: 'lark-eu-manydesk',
    emails: ['ilse.kram@lark.example', 'bruno.falk@lark.example'],
    lifeS: 1800,
    revoked: 'not_offered',
  },
  {
    id: 'kiteline',
    site: { shop: 'Acme' },
    at: 'kiteline-acme',
    clientId: 'kl-public-manydesk',
    emails: ['nora.quist@acme.example', 'felix.arndt@acme.example'],
    lifeS: 1800,
    revoked: 'revoked',
  },
] as const

describe.each(vendors)('$id by its manifest', ({ id, site, at, clientId, emails, lifeS, revoked }) => {
  const connector = shipped(id)

  test.each(['auth-window', 'system-browser'] as const)('signs in by %s, refreshes, and is given back', async (way) => {
    await open(connector, emails[0], at)
    const view = await desk.connect({ vendor: id, site, client: there.client(clientId), way, redirect: 'handover' })
    expect(view.error).toBeNull()
    const [account] = desk.accounts.list()
    if (!account) throw new Error('no account')
    expect(account.identity.email).toBe(emails[0])
    expect(account.accessExpiresAt).toBe(desk.clock.now() + lifeS * 1000)
    expect(account.scopes).toEqual(expect.arrayContaining(oauthOf(connector).scopes.map((scope) => scope.id)))

    const tokens = desk.grants.tokens(account.id)
    const first = await tokens.current()
    const second = await tokens.renew(first)
    expect(second).not.toBe(first)
    there.sandbox.control.revoke({ site: at })
    await expect(tokens.renew(second)).rejects.toMatchObject({ code: 'needs_sign_in' })
    expect(await desk.ended(desk.handshakes.reconnect(account.id).attemptId)).toMatchObject({
      step: 'done',
      accountId: account.id,
    })

    const revoke = there.revocation(desk, connector)
    expect(await revoke(account)).toBe(revoked)
    if (revoked !== 'revoked') return
    const given = desk.grants.tokens(account.id)
    await expect(given.renew(await given.current())).rejects.toMatchObject({ code: 'needs_sign_in' })
  })

  test('says who denied', async () => {
    await open(connector, emails[0], at, 'deny')
    const view = await desk.connect({ vendor: id, site, client: there.client(clientId) })
    expect(view.error).toMatchObject({ code: 'handshake_denied' })
  })

  test('says that it is the client when it is', async () => {
    await open(connector, emails[0], at)
    const client =
      there.client(clientId).clientSecret === null
        ? { clientId: 'kl-somebody', clientSecret: null }
        : { clientId, clientSecret: 'wrong' }
    const view = await desk.connect({ vendor: id, site, client })
    expect(view.step).not.toBe('done')
    expect(desk.accounts.list()).toEqual([])
  })
})

test('several employees of one AutoTimer workspace are accounts side by side', async () => {
  const connector = shipped('autotimer')
  const people = [...vendors[0].emails]
  desk = await there.open(connector, (url) => {
    const email = people[desk.accounts.list().length] ?? ''
    return there.visit(url, { email, site: vendors[0].at })
  })
  for (const _person of people) {
    const view = await desk.connect({
      vendor: 'autotimer',
      site: { workspace: 'acme' },
      client: there.client('atc_acme_manydesk'),
    })
    expect(view.error).toBeNull()
  }
  expect(desk.accounts.list().map((account) => account.identity.email)).toEqual(people)
  const tokens = await Promise.all(desk.accounts.list().map((account) => desk.grants.tokens(account.id).current()))
  expect(new Set(tokens).size).toBe(3)
})
