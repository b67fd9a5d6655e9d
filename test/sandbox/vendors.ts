import type { VendorSpec } from './vendor.ts'
import { appleMessages } from './vendors/apple-messages/apple-messages.ts'
import { freshservice } from './vendors/freshservice/freshservice.ts'
import { hubspot } from './vendors/hubspot/hubspot.ts'
import { shopify } from './vendors/shopify/shopify.ts'
import { zendesk } from './vendors/zendesk/zendesk.ts'

/** Every vendor there is. A new one is a folder and a line here. */
export const vendors: readonly VendorSpec[] = [zendesk, freshservice, hubspot, shopify, appleMessages]
