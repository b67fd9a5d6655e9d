import { fourStatuses } from '../freshworks/tickets-codes.ts'
import type { TicketProduct } from '../freshworks/tickets-product.ts'
import { vendorName } from './errors.ts'

/**
 * What is Freshservice's own in a ticket. `source`: https://api.freshservice.com/#ticket_attributes (1 Email, 2 Portal, 3 Phone, 4 Chat, 5 Feedback
 * widget, 6 Yammer, 7 AWS CloudWatch, 8 PagerDuty, 10 Slack; seen: 11 Chatbot, 12 Workplace, 14 Alerts, 15 MS Teams). `source` of an entry:
 * https://api.freshservice.com/#conversation_attributes (0 reply, 1 form, 2 note, 3 status, 4 meta, 5 feedback, 6 forwarded).
 */
export const product: TicketProduct = {
  name: vendorName,
  host: ({ subdomain }) => `${subdomain}.freshservice.com`,
  basicStatuses: fourStatuses,
  channels: {
    '1': 'email',
    '2': 'web',
    '3': 'phone',
    '4': 'chat',
    '5': 'web',
    '6': 'social',
    '7': 'api',
    '8': 'api',
    '10': 'chat',
    '11': 'chat',
    '12': 'social',
    '14': 'api',
    '15': 'chat',
  },
  keptSources: [],
  brandField: 'workspace_id',
  isOutbound: () => false,
  isEvent: (entry) => ['3', '4'].includes(String(entry.source)),
}
