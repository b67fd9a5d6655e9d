import type { ErrorCode } from '../../preload/errors.ts'
import { isAppError } from '../errors.ts'

/** A part of an account, or something in its place where the vendor refuses it with one of these codes: the rest is shown all the same. */
export async function orInstead<T>(part: Promise<T>, instead: T, ...codes: [ErrorCode, ...ErrorCode[]]): Promise<T> {
  try {
    return await part
  } catch (error) {
    if (isAppError(error, ...codes)) return instead
    throw error
  }
}

/** A list that the rights of this user or sign-in do not cover is empty. */
export const whereAllowed = <T>(part: Promise<T[]>): Promise<T[]> =>
  orInstead(part, [], 'vendor_forbidden', 'vendor_not_found')

/** The same for vendors that call a list a bad request where the site's plan or settings do not have it. */
export const whereOffered = <T>(part: Promise<T[]>): Promise<T[]> =>
  orInstead(part, [], 'vendor_forbidden', 'vendor_not_found', 'vendor_rejected')
