import type { VendorSpec } from './vendor.ts'
import { appleMessages } from './vendors/apple-messages/apple-messages.ts'
import { freshdesk } from './vendors/freshdesk/freshdesk.ts'
import { freshservice } from './vendors/freshservice/freshservice.ts'
import { gmail } from './vendors/gmail/gmail.ts'
import { hubspot } from './vendors/hubspot/hubspot.ts'
import { outlook } from './vendors/outlook/outlook.ts'
import { shopify } from './vendors/shopify/shopify.ts'
import { zendesk } from './vendors/zendesk/zendesk.ts'
import { zohoDesk } from './vendors/zoho-desk/zoho-desk.ts'

/** Every vendor there is. A new one is a folder and a line here. */
export const vendors: readonly VendorSpec[] = [
  zendesk,
  freshservice,
  hubspot,
  freshdesk,
  zohoDesk,
  outlook,
  gmail,
  shopify,
  appleMessages,
]
