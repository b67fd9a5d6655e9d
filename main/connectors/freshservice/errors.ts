import type { AppError } from '../../errors.ts'
import { readTicketsError } from '../freshworks/tickets-errors.ts'

export const vendorName = 'Freshservice'

export const readError = (status: number, _headers: Headers, body: string): AppError =>
  readTicketsError(vendorName, status, body)
