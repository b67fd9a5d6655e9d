import { describe, expect, it } from 'vitest'
import { freshsales } from '../../../main/connectors/freshsales/index.ts'
import type { Conversation } from '../../../main/connectors/model.ts'
import { type Script, scripted } from './scripted.ts'

const site = { subdomain: 'acme-sales', organisation: 'acme', dealsView: '', contactsView: '' }
const deal = { vendorId: 'deal:7' } as Conversation
const note = { kind: 'note', bodyText: 'They want a rebate', bodyHtml: '<p>They want a rebate</p>' } as const

describe('a note', () => {
  const vendor =
    (owners: ReturnType<Script>): Script =>
    ({ method, url }) => {
      if (method === 'POST') return { body: { note: { id: 91 } } }
      return url.pathname.endsWith('/owners') ? owners : { body: { deal_pipelines: [] } }
    }

  it('is not added where what it takes to show it cannot be read, and may be sent again', async () => {
    const { ctx, calls } = scripted(freshsales, site, vendor({ body: { nothing: [] } }))
    await expect(freshsales.execute(ctx, deal, note)).rejects.toMatchObject({
      code: 'vendor_bad_answer',
      outcome: 'not_sent',
    })
    expect(calls.map((call) => call.method)).not.toContain('POST')
  })

  it('is added once, and nothing is asked after it that could make it look failed', async () => {
    const { ctx, calls } = scripted(freshsales, site, vendor({ body: { users: [] } }))
    const receipt = await freshsales.execute(ctx, deal, note)
    expect(receipt).toMatchObject({ messageVendorId: 'note:91', message: { kind: 'note', bodyText: note.bodyText } })
    expect(calls.map((call) => call.method)).toEqual(['GET', 'GET', 'POST'])
  })
})
