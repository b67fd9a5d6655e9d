import { z } from 'zod'
import { optionalId, optionalText, optionalTime, time, vendorId } from '../read-records.ts'

/** Payloads of API v2 as both products send them. Only what a conversation cannot do without is required. */

const number = z.union([z.number(), z.string()]).nullish().catch(null)
const flag = z.boolean().nullish().catch(null)
const list = z.array(z.unknown()).nullish().catch(null)

/** A customer: Freshdesk's contact, Freshservice's requester, and what `include=requester` brings. */
export const personSchema = z.looseObject({
  id: optionalId,
  name: optionalText,
  first_name: optionalText,
  last_name: optionalText,
  email: optionalText,
  primary_email: optionalText,
  other_emails: list,
  secondary_emails: list,
  phone: number,
  mobile: number,
  work_phone_number: number,
  mobile_phone_number: number,
})
export type Customer = z.infer<typeof personSchema>

export const ticketSchema = z.looseObject({
  id: vendorId,
  subject: optionalText,
  description: optionalText,
  description_text: optionalText,
  status: z.union([z.number(), z.string().min(1)]).transform(String),
  priority: number,
  source: number,
  requester_id: optionalId,
  requester: personSchema.nullish().catch(null),
  responder_id: optionalId,
  group_id: optionalId,
  tags: list,
  attachments: list,
  stats: z.looseObject({}).nullish().catch(null),
  due_by: optionalTime,
  deleted: flag,
  spam: flag,
  archived: flag,
  created_at: time,
  updated_at: time,
})
export type Ticket = z.infer<typeof ticketSchema>

/** A reply, note or event of a ticket. */
export const entrySchema = z.looseObject({
  id: vendorId,
  user_id: optionalId,
  ticket_id: optionalId,
  source: number,
  incoming: flag,
  private: flag,
  body: optionalText,
  body_text: optionalText,
  from_email: optionalText,
  attachments: list,
  created_at: time,
})
export type Entry = z.infer<typeof entrySchema>

/** The size is called `size` in some answers and `file_size` in others. */
export const attachmentSchema = z.looseObject({
  id: vendorId,
  name: optionalText,
  content_type: optionalText,
  size: z.number().nullish().catch(null),
  file_size: z.number().nullish().catch(null),
  attachment_url: z.string().refine((url) => /^https?:/i.test(url) && URL.canParse(url)),
})

/** What is known by its name: groups, products, workspaces. */
export const namedSchema = z.looseObject({ id: vendorId, name: z.string() })

/** A form field with its choices, of which only that of the status is used. */
export const formFieldSchema = z.looseObject({
  field_type: optionalText,
  type: optionalText,
  name: optionalText,
  choices: z.unknown(),
})
