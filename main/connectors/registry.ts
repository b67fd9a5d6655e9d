import { appleMessages } from './apple-messages/index.ts'
import type { Connector } from './connector.ts'
import { freshchat } from './freshchat/index.ts'
import { freshdesk } from './freshdesk/index.ts'
import { freshsales } from './freshsales/index.ts'
import { freshservice } from './freshservice/index.ts'
import { gmail } from './gmail/index.ts'
import { hubspot } from './hubspot/index.ts'
import { outlook } from './outlook/index.ts'
import { shopify } from './shopify/index.ts'
import { zendesk } from './zendesk/index.ts'
import { zohoDesk } from './zoho-desk/index.ts'

/** Every vendor with code of its own, in the order of the vendor grid: the one line a new vendor adds. The rest are manifests. */
export const connectors: readonly Connector[] = [
  freshservice,
  freshdesk,
  freshchat,
  freshsales,
  zendesk,
  hubspot,
  zohoDesk,
  outlook,
  gmail,
  shopify,
  appleMessages,
]
