import type { AppError } from '../../errors.ts'
import { readTicketsError } from '../freshworks/tickets-errors.ts'

export const vendorName = 'Freshdesk'

/** https://developers.freshdesk.com/api/#error */
export const readError = (status: number, _headers: Headers, body: string): AppError =>
  readTicketsError(vendorName, status, body)
