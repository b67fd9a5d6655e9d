import { fourStatuses } from '../freshworks/tickets-codes.ts'
import type { TicketProduct } from '../freshworks/tickets-product.ts'
import { vendorName } from './errors.ts'
import { host } from './sign-in.ts'

/** Web chat, seen on a live site but not documented: its tickets repeat their text as the first entry and take structured replies only. */
export const webChat = '15'
const outboundMail = '10'

/**
 * What is Freshdesk's own in a ticket. `source`: https://developers.freshdesk.com/api/#ticket_attributes (1 Email, 2 Portal, 3 Phone, 7 Chat, 9 Feedback
 * widget, 10 Outbound email; 4 Forum, 5 Twitter, 6 Facebook in the list of fields). Statuses 6 and 7 are there on every new site.
 */
export const product: TicketProduct = {
  name: vendorName,
  host,
  basicStatuses: {
    ...fourStatuses,
    '6': { label: 'Waiting on Customer', status: 'pending' },
    '7': { label: 'Waiting on Third Party', status: 'on_hold' },
  },
  channels: {
    '1': 'email',
    '2': 'web',
    '3': 'phone',
    '4': 'web',
    '5': 'social',
    '6': 'social',
    '7': 'chat',
    '9': 'web',
    [outboundMail]: 'email',
    [webChat]: 'chat',
  },
  keptSources: [webChat],
  brandField: 'product_id',
  isOutbound: (ticket) => String(ticket.source) === outboundMail,
  // Changes of status and assignee are not entries here.
  isEvent: () => false,
}
