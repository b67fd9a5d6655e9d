import { AppError } from '../../errors.ts'
import { errorObject, textOf, vendorError } from '../read-error.ts'

export const vendorName = 'Apple Messages for Business'

/** 400 a missing field, 401 no token, 403 a bad token, 404 an unknown destination, 409 the customer has ended the conversation. */
export function readError(status: number, _headers: Headers, body: string): AppError {
  const { error, message } = errorObject(body) ?? {}
  if (status === 403) return badToken(textOf(message))
  const words = { text: textOf(message) ?? textOf(error), code: textOf(error) }
  return status === 409 ? closedByCustomer() : vendorError(vendorName, status, words)
}

function badToken(detail: string | null): AppError {
  return new AppError('needs_sign_in', 'The gateway did not accept the shared secret.', {
    action: 'Check the MSP ID, the secret and the clock of this computer, then reconnect the account.',
    detail: ['HTTP 403', detail].filter(Boolean).join(': '),
  })
}

export function closedByCustomer(): AppError {
  return new AppError('vendor_rejected', 'The customer has ended this conversation.', {
    action: 'You can answer again when the customer writes again.',
    outcome: 'refused',
  })
}
