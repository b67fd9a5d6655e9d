import * as oauth from 'oauth4webapi'
import { AppError } from '../errors.ts'
import { requestOutcome, vendorOutcome } from './sign-in-errors.ts'
import { type AuthorizationServer, redeemDeviceCode, requestDeviceCode, type TokenAnswer } from './token-endpoint.ts'

/** What a person types where (RFC 8628 3.2). The device code itself never leaves this module's caller. */
export interface DeviceStart {
  deviceCode: string
  userCode: string
  url: string
  /** The same with the code filled in: for a QR picture and a button. */
  completeUrl: string | null
  /** Milliseconds. */
  lifeMs: number
  intervalMs: number
}

/** @throws AppError with the outcome; `vendor_bad_answer` for an address that is not plain https */
export async function beginDevice(server: AuthorizationServer, signal: AbortSignal): Promise<DeviceStart> {
  const answer = await requestDeviceCode(server, signal)
  const addresses = [answer.verification_uri, answer.verification_uri_complete].filter((url) => url !== undefined)
  if (!addresses.every(isPlainHttps)) {
    throw new AppError('vendor_bad_answer', `The sign-in address of ${server.name} is not a plain https address.`)
  }
  return {
    deviceCode: answer.device_code,
    userCode: answer.user_code,
    url: answer.verification_uri,
    completeUrl: answer.verification_uri_complete ?? null,
    lifeMs: answer.expires_in * 1000,
    intervalMs: Math.max(1, answer.interval ?? 5) * 1000,
  }
}

const isPlainHttps = (text: string) => {
  if (!URL.canParse(text)) return false
  const url = new URL(text)
  return url.protocol === 'https:' && url.username === '' && url.password === ''
}

/**
 * Asks until the person has answered elsewhere (RFC 8628 3.5): `slow_down` adds five seconds for good, a lost line is trouble that may pass.
 * @param now epoch milliseconds of the grant
 * @throws AppError `handshake_denied`, `handshake_expired`, `client_rejected`, ...; the reason of `signal`
 */
export async function awaitDevice(
  server: AuthorizationServer,
  start: DeviceStart,
  now: () => number,
  signal: AbortSignal,
  pause: (ms: number, signal: AbortSignal) => Promise<void>,
): Promise<TokenAnswer> {
  let intervalMs = start.intervalMs
  for (;;) {
    await pause(intervalMs, signal)
    signal.throwIfAborted()
    try {
      return await redeemDeviceCode(server, start.deviceCode, now(), signal)
    } catch (error) {
      signal.throwIfAborted()
      const code = error instanceof oauth.ResponseBodyError ? error.error : null
      if (code === 'slow_down') intervalMs += 5_000
      else if (code === 'expired_token') throw codeExpired(server.name)
      else if (code !== null && code !== 'authorization_pending')
        throw vendorOutcome(code, descriptionOf(error), server.name)
      else if (code === null) mayPass(requestOutcome(error, server.name))
    }
  }
}

const descriptionOf = (error: unknown) => (error instanceof oauth.ResponseBodyError ? error.error_description : null)

/** @throws what will not pass by asking again */
function mayPass(error: AppError): void {
  if (!['offline', 'timeout', 'vendor_unreachable', 'vendor_failed', 'rate_limited'].includes(error.code)) throw error
}

/** @param name what people call the vendor or site */
export function codeExpired(name: string): AppError {
  return new AppError('handshake_expired', `The code for ${name} was not used in time, so it does not work any more.`, {
    action: 'Get a new code, then type it within the time that is shown.',
  })
}
