import { describe, expect, test } from 'vitest'
import { appleMessages } from '../../../main/connectors/apple-messages/index.ts'
import { providers } from '../../sandbox/vendors/apple-messages/sites.ts'
import { deskThere } from './desk-there.ts'

const there = deskThere({ perShare: 40 })

const open = (now?: number) =>
  there.open(
    appleMessages,
    () => {
      throw new Error('there is no page to visit')
    },
    now,
  )

const key = providers[0]?.secret ?? ''
const business = 'urn:biz:7c1f0a52-3b64-4e8d-9a27-5d1e8b40c901'
const request = {
  vendor: 'apple-messages',
  site: { gateway: 'https://messages.talkbridge.example/', mspId: 'msp-talkbridge-4471', businessId: business },
  client: null,
  way: 'key' as const,
  redirect: null,
}

describe('connecting Apple Messages for Business', () => {
  test('takes the shared secret, and two Business IDs of one gateway side by side', async () => {
    const at = await open()
    const other = { ...request.site, businessId: 'urn:biz:e4d93b18-60af-4c72-b5f1-08a7c2964d32' }
    for (const site of [request.site, other]) {
      const view = await at.connect({ ...request, site, key })
      expect(view).toMatchObject({ step: 'done', error: null })
    }
    expect(at.accounts.list().map((account) => account.identity.vendorUserId)).toEqual([business, other.businessId])
    const [account] = at.accounts.list()
    expect(account).toMatchObject({ siteLabel: 'messages.talkbridge.example', accessExpiresAt: null })
    const names = at.accounts.list().map(({ identity }) => appleMessages.signIn.nameSite?.(identity))
    expect(names).toEqual(['messages.talkbridge.example (…8b40c901)', 'messages.talkbridge.example (…c2964d32)'])
    expect(JSON.stringify(at.accounts.list())).not.toContain(key)
  })

  test.each([
    ['another secret', { key: Buffer.from('a secret that nobody has given').toString('base64') }],
    ['another MSP ID', { key, site: { ...request.site, mspId: 'msp-unknown' } }],
  ])('with %s says that the secret was not accepted', async (_what, change) => {
    const view = await (await open()).connect({ ...request, ...change })
    expect(view.error).toMatchObject({ code: 'needs_sign_in', action: expect.stringContaining('MSP ID') })
  })

  test('with a clock that is a day off says to look at the clock', async () => {
    const view = await (await open(Date.now() - 86_400_000)).connect({ ...request, key })
    expect(view.error).toMatchObject({ code: 'needs_sign_in', action: expect.stringContaining('clock') })
  })

  test('with a Business ID that the gateway does not have says so', async () => {
    const site = { ...request.site, businessId: 'urn:biz:00000000-0000-0000-0000-000000000000' }
    const view = await (await open()).connect({ ...request, site, key })
    expect(view.error).toMatchObject({ code: 'vendor_not_found' })
  })
})
