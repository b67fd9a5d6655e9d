import { z } from 'zod'
import { AppError, isAppError } from '../../errors.ts'

const claims = z.looseObject({ user: z.email() })

/**
 * E-mail address of the person who signed in. The access token is a JWT that names it as `user`; Freshchat and Freshsales have no call for
 * "who am I". It came straight from the token endpoint and is used to find the person in the product's own list, never to allow anything.
 * To confirm on a live account: https://developers.freshworks.com/docs/app-sdk/v3.0/service_ticket/advanced-interfaces/request-method/oauth-access-freshworks-resources/
 * @throws AppError `vendor_bad_answer` where the token does not say it
 */
export function signedInEmail(tokenAnswer: Record<string, unknown>): string {
  const payload = String(tokenAnswer.access_token ?? '').split('.')[1] ?? ''
  const read = claims.safeParse(parse(Buffer.from(payload, 'base64url').toString('utf8')))
  if (read.success) return read.data.user.toLowerCase()
  throw new AppError('vendor_bad_answer', 'Freshworks did not say who signed in.', {
    action: 'Try again. If it lasts, send us the log file.',
    detail: 'the access token names no user',
    outcome: 'refused',
  })
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return null
  }
}

/**
 * The first call with a new token. After the login Freshworks lets people pick any account of the organisation: where another one than
 * that of the address was picked, the product refuses the token, and "sign in again" alone would not help.
 */
export async function firstCall<T>(host: string, call: Promise<T>): Promise<T> {
  try {
    return await call
  } catch (error) {
    if (!isAppError(error, 'needs_sign_in')) throw error
    throw new AppError('site_invalid', `This sign-in is not for ${host}.`, {
      action: `Connect again, and pick the account of ${host} after the login.`,
      detail: error.detail,
      outcome: 'refused',
      cause: error,
    })
  }
}

/** A person whom the product does not know: the account was picked rightly, but this user has no seat in it. */
export function noSeat(product: string, email: string): AppError {
  return new AppError('vendor_forbidden', `${product} does not list ${email} among the people who work there.`, {
    action: `Sign in as somebody with a seat in ${product}, or ask an administrator for one.`,
    outcome: 'refused',
  })
}
