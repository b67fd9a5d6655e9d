import type { VendorSpec } from './vendor.ts'
import { appleMessages } from './vendors/apple-messages/apple-messages.ts'
import { autotimer } from './vendors/autotimer/autotimer.ts'
import { freshchat } from './vendors/freshchat/freshchat.ts'
import { freshdesk } from './vendors/freshdesk/freshdesk.ts'
import { freshsales } from './vendors/freshsales/freshsales.ts'
import { freshservice } from './vendors/freshservice/freshservice.ts'
import { freshworks } from './vendors/freshworks/freshworks.ts'
import { gmail } from './vendors/gmail/gmail.ts'
import { hubspot } from './vendors/hubspot/hubspot.ts'
import { kiteline } from './vendors/kiteline/kiteline.ts'
import { larkdesk } from './vendors/larkdesk/larkdesk.ts'
import { outlook } from './vendors/outlook/outlook.ts'
import { sealdesk } from './vendors/sealdesk/sealdesk.ts'
import { shopify } from './vendors/shopify/shopify.ts'
import { zendesk } from './vendors/zendesk/zendesk.ts'
import { zohoDesk } from './vendors/zoho-desk/zoho-desk.ts'

/** Every vendor there is. A new one is a folder and a line here. */
export const vendors: readonly VendorSpec[] = [
  freshworks,
  zendesk,
  freshservice,
  hubspot,
  freshdesk,
  freshchat,
  freshsales,
  zohoDesk,
  outlook,
  gmail,
  shopify,
  appleMessages,
  autotimer,
  kiteline,
  larkdesk,
  sealdesk,
]
