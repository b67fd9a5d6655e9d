import type { Connector } from './connector.ts'
import { freshdesk } from './freshdesk/index.ts'
import { freshservice } from './freshservice/index.ts'
import { hubspot } from './hubspot/index.ts'
import { zendesk } from './zendesk/index.ts'

/** Every vendor with code of its own, in the order of the vendor grid: the one line a new vendor adds. The rest are manifests. */
export const connectors: readonly Connector[] = [freshdesk, freshservice, zendesk, hubspot]
