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

const shopClient = 'f3a91c5e7d2b4086a1c9e5d7b3f80214'
const zohoClient = '1000.MANYDESKSANDBOX7F3A2C91D0E5'
const microsoftClient = '5b7c1d2e-93a4-4f60-8b1c-2d7e6f5a4b39'
const googleClient = '730028114455-manydesk.apps.googleusercontent.com'
const chatClient = 'fw_ext_1700000000000000051'
const salesClient = 'fw_ext_1700000000000000061'
const businessId = 'urn:biz:7c1f0a52-3b64-4e8d-9a27-5d1e8b40c901'

const bikes: BrandWish = { name: 'Tern Cycles', replyAddress: 'support@tern-cycles.example' }
const home: BrandWish = { name: 'Juniper Home', replyAddress: 'care@juniper-home.example' }
const ceramics: BrandWish = { name: 'Tidewater Ceramics', replyAddress: 'care@tidewater.example' }
const toys: BrandWish = { name: 'Pinewood Toys', replyAddress: 'hello@pinewood.example' }
const tea: BrandWish = { name: 'Harbour Tea', replyAddress: 'tea@harbour.example' }

/** Twenty-four accounts: every vendor, and every connector that comes with the app as a manifest. */
export const allAccounts: DemoAccount[] = [
  demoAccounts.mia,
  demoAccounts.jonas,
  demoAccounts.pia,
  { wish: zendesk('acme-de', 'kaethe.brueckner@acme.example'), brand: outdoor },
  demoAccounts.tom,
  {
    wish: freshworks('Freshservice', 'nova-desk.freshservice.com', 'nova', freshworksClient, 'pia.lund@nova.example'),
    brand: audio,
  },
  {
    wish: freshworks('Freshchat', 'acme-chat.freshchat.com', 'acme', chatClient, 'zoe.marsh@acme.example'),
    brand: outdoor,
  },
  {
    wish: freshworks('Freshchat', 'nova-chat.freshchat.com', 'nova', chatClient, 'pia.lund@nova.example'),
    brand: audio,
  },
  {
    wish: freshworks('Freshsales', 'acme-crm.myfreshworks.com', 'acme', salesClient, 'vera.lindqvist@acme.example'),
    brand: bikes,
  },
  { wish: freshdesk('pinewood.freshdesk.com', 'rita.vale@pinewood.example'), brand: toys },
  { wish: freshdesk('saltmarsh.freshdesk.com', 'bea.quill@saltmarsh.example'), brand: tea },
  demoAccounts.ines,
  demoAccounts.haruto,
  { wish: zoho('Europe (zoho.eu)', '20081100', 'wiebke.janssen@harbour.example'), brand: tea },
  { wish: zoho('United States (zoho.com)', '70492200', 'nora.whitfield@prairie.example'), brand: bikes },
  {
    wish: windowed(
      'Microsoft 365',
      { 'Shared mailbox': 'care@tidewater.example' },
      microsoftClient,
      'care@tidewater.example',
      'ella.marsh@tidewater.example',
    ),
    brand: ceramics,
  },
  {
    wish: windowed(
      'Microsoft 365',
      {},
      microsoftClient,
      'oona.laine@polarbikes.example',
      'oona.laine@polarbikes.example',
    ),
    brand: bikes,
  },
  { wish: gmail('support@tern-cycles.example'), brand: bikes },
  { wish: gmail('care@juniper-home.example'), brand: home },
  {
    wish: windowed(
      'Shopify',
      { 'Shop address': 'acme-gear.myshopify.com' },
      shopClient,
      'acme-gear.myshopify.com',
      'tim.okoye@acme-gear.example',
    ),
    brand: home,
  },
  {
    wish: {
      vendor: 'Apple Messages for Business',
      fields: {
        Gateway: 'messages.talkbridge.example',
        'MSP ID': 'msp-talkbridge-4471',
        'Business ID': businessId,
      },
      site: businessId,
      email: 'desk@talkbridge.example',
      way: 'key',
      keyLabel: 'Shared secret',
    },
    brand: travel,
  },
  {
    wish: windowed(
      'AutoTimer',
      { 'AutoTimer workspace': 'acme' },
      'atc_acme_manydesk',
      'acme.autotimer.example',
      'rosa.lind@acme.example',
    ),
    brand: it,
  },
  {
    wish: windowed('Larkdesk', { Region: 'Europe' }, 'lark-eu-manydesk', 'larkdesk-eu', 'ilse.kram@lark.example'),
    brand: travel,
  },
  {
    wish: windowed('Kiteline', { Shop: 'acme' }, 'kl-public-manydesk', 'kiteline-acme', 'nora.quist@acme.example'),
    brand: outdoor,
  },
]

function windowed(vendor: string, fields: Record<string, string>, clientId: string, site: string, email: string): Wish {
  return { vendor, fields, clientId, site, email, way: 'auth-window' }
}

function freshworks(product: string, site: string, organisation: string, clientId: string, email: string): Wish {
  const address = product === 'Freshchat' ? 'Freshchat API address' : `${product} address`
  const fields = { [address]: site, 'Freshworks organisation': `${organisation}.myfreshworks.com` }
  return windowed(product, fields, clientId, site, email)
}

function freshdesk(site: string, email: string): Wish {
  return { vendor: 'Freshdesk', fields: { 'Freshdesk address': site }, site, email, way: 'key', keyLabel: 'API key' }
}

function zoho(dataCentre: string, site: string, email: string): Wish {
  return windowed('Zoho Desk', { 'Data centre': dataCentre }, zohoClient, site, email)
}

function gmail(mailbox: string): Wish {
  return { vendor: 'Gmail', fields: {}, clientId: googleClient, site: mailbox, email: mailbox, way: 'system-browser' }
}

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
