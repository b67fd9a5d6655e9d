import { appleMessages } from './apple-messages/index.ts'
import type { Connector } from './connector.ts'
import { freshservice } from './freshservice/index.ts'
import { hubspot } from './hubspot/index.ts'
import { shopify } from './shopify/index.ts'
import { zendesk } from './zendesk/index.ts'

/** Every vendor Manydesk knows, in the order of the vendor grid: the one line a new vendor adds. */
export const connectors: readonly Connector[] = [freshservice, zendesk, hubspot, shopify, appleMessages]

/** The connector of that id, or undefined when this version does not know it. */
export function findConnector(id: string): Connector | undefined {
  return connectors.find((connector) => connector.id === id)
}
