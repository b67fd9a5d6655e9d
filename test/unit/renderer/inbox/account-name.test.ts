import { describe, expect, it } from 'vitest'
import { type Named, shortNames } from '../../../../renderer/inbox/account-name.ts'

const account = (vendorName: string, siteLabel: string, user = 'Mara Lindqvist'): Named => ({
  id: `${vendorName} ${siteLabel} ${user}`,
  vendor: vendorName.toLowerCase(),
  vendorName,
  siteLabel,
  user: { name: user },
})
const short = (...accounts: Named[]) => accounts.map((one) => shortNames(accounts, () => true).get(one.id))

describe('the short name of an account beside its vendor’s letter', () => {
  it('leaves out what the vendor’s letter says already', () => {
    expect(short(account('Zendesk', 'acme.zendesk.com'))).toEqual([{ name: 'acme', more: null }])
    expect(short(account('Shopify', 'tern-cycles.myshopify.com'))).toEqual([{ name: 'tern-cycles', more: null }])
  })

  it('is the vendor’s where the host is everybody’s', () => {
    const accounts = [account('HubSpot', 'app.hubspot.com', 'Inès'), account('HubSpot', 'app.hubspot.com', 'Haruto')]
    const names = shortNames(accounts, () => false)
    expect(accounts.map(({ id }) => names.get(id))).toEqual([
      { name: 'HubSpot', more: 'Inès' },
      { name: 'HubSpot', more: 'Haruto' },
    ])
  })

  it('leaves nothing out where that would say less: an address, another host', () => {
    const kept = [account('Gmail', 'care@gmail.com'), account('Freshsales', 'acme.myfreshworks.com')]
    expect(short(...kept).map((one) => one?.name)).toEqual(['care@gmail.com', 'acme.myfreshworks.com'])
  })

  it('tells two sign-ins at one site apart by who signed in', () => {
    const twins = [account('Zendesk', 'acme.zendesk.com', 'Mia'), account('Zendesk', 'acme.zendesk.com', 'Jonas')]
    expect(short(...twins).map((one) => one?.more)).toEqual(['Mia', 'Jonas'])
  })

  it('tells vendors with the same letter apart by their names, and only those', () => {
    const found = short(
      account('Freshdesk', 'acme.freshdesk.com'),
      account('Freshservice', 'acme.freshservice.com'),
      account('Zendesk', 'acme.zendesk.com'),
    )
    expect(found.map((one) => one?.more)).toEqual(['Freshdesk', 'Freshservice', null])
  })
})
