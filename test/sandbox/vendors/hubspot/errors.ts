import { randomUUID } from 'node:crypto'
import { empty, json, Refusal, type Reply } from '../../exchange.ts'

export interface Detail {
  message: string
  code?: string
  in?: string
  context?: Record<string, string[]>
}

function body(message: string, category: string, more: Record<string, unknown> = {}): Record<string, unknown> {
  return { status: 'error', message, correlationId: randomUUID(), category, ...more }
}

export const refuse = {
  missingToken: () =>
    new Refusal(
      json(
        401,
        body(
          'Authentication credentials not found. This API supports OAuth 2.0 authentication.',
          'INVALID_AUTHENTICATION',
        ),
      ),
    ),
  badToken: () =>
    new Refusal(
      json(401, body('The OAuth token used to make this call is invalid or was revoked.', 'INVALID_AUTHENTICATION')),
    ),
  expired: (secondsAgo: number) =>
    new Refusal(
      json(
        401,
        body(`The OAuth token used to make this call expired ${secondsAgo} second(s) ago.`, 'EXPIRED_AUTHENTICATION'),
      ),
    ),
  scopes: (names: string[]) =>
    new Refusal(
      json(
        403,
        body("This app hasn't been granted all required scopes to make this call.", 'MISSING_SCOPES', {
          errors: [
            {
              message: 'One or more of the following scopes are required.',
              context: { requiredGranularScopes: names },
            },
          ],
          context: { missingScopes: names },
          links: { scopes: 'https://developers.hubspot.com/scopes' },
        }),
      ),
    ),
  notFound: (what: string) => new Refusal(json(404, body(`${what} not found`, 'OBJECT_NOT_FOUND'))),
  /** A path that does not exist: no body at all. */
  noPath: () => new Refusal(empty(404)),
  method: () => new Refusal(empty(405)),
  invalid: (message: string, errors: Detail[] = []) =>
    new Refusal(json(400, body(message, 'VALIDATION_ERROR', errors.length > 0 ? { errors } : {}))),
}

/** `Retry-After` is not promised by the vendor, and not sent. */
export function tooMany(policyName: 'SECONDLY' | 'TEN_SECONDLY_ROLLING'): Reply {
  const words = policyName === 'SECONDLY' ? 'secondly' : 'ten_secondly_rolling'
  return json(429, {
    status: 'error',
    message: `You have reached your ${words} limit.`,
    errorType: 'RATE_LIMIT',
    correlationId: randomUUID(),
    policyName,
    requestId: randomUUID(),
  })
}
