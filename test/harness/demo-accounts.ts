import type { BrandWish, Wish } from './person.ts'

const outdoor: BrandWish = { name: 'Acme Outdoor', replyAddress: 'help@acme.example' }
const audio: BrandWish = { name: 'Nova Audio', replyAddress: 'care@nova.example' }
const travel: BrandWish = { name: 'Lumen Travel', replyAddress: 'hello@lumen.example' }
const it: BrandWish = { name: 'Acme IT', replyAddress: 'it@acme.example' }

const hubspotClient = '7c9e6679-7425-40de-944b-e07fc1f90ae7'
const freshworksClient = 'fw_ext_1700000000000000042'

export interface DemoAccount {
  wish: Wish
  brand: BrandWish
}

/**
 * Six accounts of three vendors for four brands: two users of one Zendesk site, a second Zendesk site, a Freshservice
 * account, and two HubSpot portals, one of them through the system browser.
 */
export const demoAccounts = {
  mia: { wish: zendesk('acme', 'mia.berg@acme.example'), brand: outdoor },
  jonas: { wish: zendesk('acme', 'jonas.keller@acme.example'), brand: outdoor },
  pia: { wish: zendesk('nova', 'pia.lund@nova.example'), brand: audio },
  tom: {
    wish: {
      vendor: 'Freshservice',
      fields: {
        'Freshservice address': 'acme-it.freshservice.com',
        'Freshworks organisation': 'acme.myfreshworks.com',
      },
      clientId: freshworksClient,
      site: 'acme-it.freshservice.com',
      email: 'tom.reuter@acme.example',
      way: 'auth-window',
    },
    brand: it,
  },
  ines: {
    wish: {
      vendor: 'HubSpot',
      fields: {},
      clientId: hubspotClient,
      site: '62515001',
      email: 'ines.fournier@lumen.example',
      way: 'auth-window',
    },
    brand: travel,
  },
  haruto: {
    wish: {
      vendor: 'HubSpot',
      fields: {},
      clientId: hubspotClient,
      site: '62515002',
      email: 'haruto.sato@novapro.example',
      way: 'system-browser',
    },
    brand: audio,
  },
} satisfies Record<string, DemoAccount>

function zendesk(subdomain: string, email: string): Wish {
  return {
    vendor: 'Zendesk',
    fields: { 'Zendesk address': `https://${subdomain}.zendesk.com/agent` },
    clientId: `manydesk_${subdomain}`,
    site: `${subdomain}.zendesk.com`,
    email,
    way: 'auth-window',
  }
}
