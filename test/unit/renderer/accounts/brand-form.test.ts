import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { calls } from '../../../../preload/contract.ts'
import { contrastOf } from '../../../../renderer/design/brand-color.ts'
import {
  brandProblems,
  changeBrandForm,
  editBrandForm,
  newBrandForm,
  suggestBrandName,
  suggestColor,
  suggestMonogram,
  swatches,
  toBrandDraft,
} from '../../../../renderer/state/brand-form.ts'
import { createFakeData } from '../../../renderer/fake-data.ts'

const { brands } = createFakeData()

describe('a first idea for the name of a brand', () => {
  it.each([
    ['acme-goods.zendesk.com', 'Zendesk', null, 'Acme Goods'],
    ['care@juniper-home.example', 'Gmail', 'care@juniper-home.example', 'Juniper Home'],
    ['tidewater.ceramics@gmail.com', 'Gmail', 'tidewater.ceramics@gmail.com', 'Mara Lindqvist'],
    ['app.hubspot.com', 'HubSpot', 'ines@lumen.example', 'Lumen'],
    ['app.hubspot.com', 'HubSpot', null, 'Mara Lindqvist'],
    ['desk.zoho.eu', 'Zoho Desk', 'pia@pinewood.co.uk', 'Pinewood'],
    ['support.acme.com', 'Freshdesk', null, 'Acme'],
    ['Pixel & Pine', 'HubSpot', null, 'Pixel & Pine'],
  ])('at %s of %s with %s is %s', (siteLabel, vendorName, email, name) => {
    const user = { name: 'Mara Lindqvist', email }
    expect(suggestBrandName({ siteLabel, vendorName, user })).toBe(name)
  })
})

describe('the brand form', () => {
  it.each(swatches.map(({ name, color }) => [name, color]))('offers %s, which carries white text', (_name, color) => {
    expect(contrastOf(color, '#ffffff')).toBeGreaterThanOrEqual(4.5)
  })

  it.each([
    ['Juniper Goods', 'JG'],
    ['juniper', 'J'],
    ['Pixel & Pine', 'PP'],
    ['  ', ''],
    ['🌲 Pine', '🌲P'],
    ['Ärzte ohne Eile', 'ÄO'],
  ])('suggests a monogram for "%s": "%s"', (name, monogram) => {
    expect(suggestMonogram(name)).toBe(monogram)
  })

  it('lets the monogram follow the name until the person writes their own', () => {
    let form = changeBrandForm(newBrandForm([]), { name: 'Juniper Goods' })
    expect(form.monogram).toBe('JG')
    form = changeBrandForm(form, { monogram: 'JU' })
    expect(changeBrandForm(form, { name: 'Other' }).monogram).toBe('JU')
    form = changeBrandForm(form, { monogram: '' })
    expect(form.monogram).toBe('')
    expect(changeBrandForm(form, { name: 'Other Name' }).monogram).toBe('ON')
  })

  it('does not touch the monogram of a brand that exists', () => {
    const [brand] = brands
    if (brand === undefined) throw new Error('the fake has brands')
    expect(changeBrandForm(editBrandForm(brand), { name: 'New name' }).monogram).toBe(brand.monogram)
  })

  it('suggests a colour no brand has', () => {
    const taken = swatches
      .slice(0, 3)
      .map(({ color }, position) => ({ ...brands[0], color, position }) as (typeof brands)[number])
    expect(suggestColor(taken)).toBe(swatches[3]?.color)
  })

  it('names what is wrong, field by field', () => {
    const form = {
      ...newBrandForm(brands),
      name: ` ${brands[0]?.name.toUpperCase()} `,
      color: 'red',
      replyAddress: 'nobody',
    }
    expect(Object.keys(brandProblems(form, brands)).sort()).toEqual(['color', 'monogram', 'name', 'replyAddress'])
  })

  it('lets a brand keep its own name', () => {
    const [brand] = brands
    if (brand === undefined) throw new Error('the fake has brands')
    expect(brandProblems(editBrandForm(brand), brands)).toEqual({})
  })

  it('turns every form without problems into a brand that main accepts', () => {
    const texts = fc.record({
      name: fc.string({ maxLength: 80, unit: 'grapheme' }).filter((name) => name.length <= 80),
      replyName: fc.string({ maxLength: 120 }),
      replyAddress: fc.constantFrom('', 'help@brand.example'),
      signature: fc.string({ maxLength: 400 }),
      color: fc.constantFrom(...swatches.map(({ color }) => color), '#ABCDEF'),
    })
    fc.assert(
      fc.property(texts, (typed) => {
        const form = changeBrandForm(newBrandForm([]), typed)
        if (Object.keys(brandProblems(form, [])).length > 0) return
        expect(calls['brands.save'].args.safeParse(toBrandDraft(form)).success).toBe(true)
      }),
    )
  })
})
