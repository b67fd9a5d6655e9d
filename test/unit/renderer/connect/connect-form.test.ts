import { describe, expect, it } from 'vitest'
import {
  blankForm,
  clientProvided,
  findVendors,
  formProblems,
  redirectUrl,
  toRequest,
  usesProvidedClient,
  withSiteValue,
} from '../../../../renderer/state/connect-form.ts'
import { fakeVendor } from './fake-vendor.ts'

const acme = { site: { subdomain: 'acme' }, siteLabel: 'acme.desk.example' }

describe('the form of a connection', () => {
  it('starts empty, with the best way and redirect of the vendor', () => {
    const form = blankForm(fakeVendor({ ways: ['system-browser', 'auth-window'] }))
    expect(form).toMatchObject({ site: { subdomain: '' }, checked: null, way: 'system-browser', redirect: 'handover' })
  })

  it('never starts with a way that has no redirect to come back by', () => {
    const vendor = fakeVendor({
      ways: ['auth-window', 'system-browser'],
      redirects: [{ kind: 'loopback', url: 'http://127.0.0.1/callback' }],
    })
    expect(blankForm(vendor)).toMatchObject({ way: 'system-browser', redirect: 'loopback' })
  })

  it('forgets what was understood of a site as soon as the site is typed over', () => {
    const form = { ...blankForm(fakeVendor()), site: { subdomain: 'acme' }, checked: acme }
    expect(withSiteValue(form, 'subdomain', 'acme2').checked).toBeNull()
    expect(withSiteValue(form, 'subdomain', 'acme').checked).toEqual(acme)
  })

  it('names every field that is missing', () => {
    const problems = formProblems(fakeVendor(), blankForm(fakeVendor()))
    expect(Object.keys(problems).sort()).toEqual(['clientId', 'clientSecret', 'site.subdomain'])
  })

  it('does not ask for a secret where the vendor takes public clients', () => {
    const vendor = fakeVendor({ secretRequired: false })
    const form = { ...blankForm(vendor), site: { subdomain: 'acme' }, checked: acme, clientId: 'id' }
    expect(formProblems(vendor, form)).toEqual({})
    expect(toRequest(vendor, form).client).toEqual({ clientId: 'id', clientSecret: null })
  })

  it('uses the client of the organisation only for the sites it was provided for', () => {
    const vendor = fakeVendor({ providedClients: ['acme.desk.example'] })
    expect(clientProvided(vendor, null)).toBe(false)
    expect(clientProvided(vendor, { ...acme, siteLabel: 'other.desk.example' })).toBe(false)
    expect(clientProvided(vendor, acme)).toBe(true)
    expect(clientProvided(fakeVendor({ providedClients: ['*'] }), null)).toBe(true)
  })

  it('lets the person use their own client although one is provided', () => {
    const vendor = fakeVendor({ providedClients: ['*'] })
    const form = { ...blankForm(vendor), site: { subdomain: 'acme' }, checked: acme }
    expect(usesProvidedClient(vendor, form)).toBe(true)
    expect(toRequest(vendor, form).client).toBeNull()
    const own = { ...form, ownClient: true, clientId: ' id ', clientSecret: ' s ' }
    expect(toRequest(vendor, own).client).toEqual({ clientId: 'id', clientSecret: 's' })
  })

  it('sends the understood site, not what was pasted', () => {
    const form = { ...blankForm(fakeVendor()), site: { subdomain: 'https://acme.desk.example/agent' }, checked: acme }
    expect(toRequest(fakeVendor(), form).site).toEqual({ subdomain: 'acme' })
  })

  it('knows the redirect URL of each kind', () => {
    expect(redirectUrl(fakeVendor(), 'handover')).toBe('https://hand.over.example/callback')
    expect(redirectUrl(fakeVendor({ redirects: [] }), 'app')).toBeNull()
  })

  it('finds vendors by any words of their name and description, in any case', () => {
    const vendors = [fakeVendor(), fakeVendor({ id: 'two', name: 'Other', description: 'Chats of shops' })]
    expect(findVendors(vendors, 'SHOPS other').map(({ id }) => id)).toEqual(['two'])
    expect(findVendors(vendors, '  ')).toHaveLength(2)
    expect(findVendors(vendors, 'nothing')).toEqual([])
  })
})
