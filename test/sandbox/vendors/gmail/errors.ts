import { json, Refusal, type Reply } from '../../exchange.ts'

/** The error body of Google's JSON APIs; `details` only where the newer ones say more. */
export function errorReply(
  code: number,
  message: string,
  reason: string,
  status: string,
  more: { domain?: string; details?: unknown[] } = {},
): Reply {
  const { domain = 'global', details } = more
  return json(code, {
    error: { code, message, errors: [{ message, domain, reason }], status, ...(details ? { details } : {}) },
  })
}

const refusal = (...words: Parameters<typeof errorReply>) => new Refusal(errorReply(...words))

export const refuse = {
  credentials: () =>
    refusal(
      401,
      'Request had invalid authentication credentials. Expected OAuth 2 access token, login cookie or other valid authentication credential.',
      'authError',
      'UNAUTHENTICATED',
    ),
  scope: () =>
    refusal(403, 'Request had insufficient authentication scopes.', 'insufficientPermissions', 'PERMISSION_DENIED', {
      details: [
        {
          '@type': 'type.googleapis.com/google.rpc.ErrorInfo',
          reason: 'ACCESS_TOKEN_SCOPE_INSUFFICIENT',
          domain: 'googleapis.com',
        },
      ],
    }),
  notFound: () => refusal(404, 'Requested entity was not found.', 'notFound', 'NOT_FOUND'),
  argument: (message: string) => refusal(400, message, 'invalidArgument', 'INVALID_ARGUMENT'),
  exists: () => refusal(409, 'Label name exists or conflicts', 'aborted', 'ABORTED'),
  method: () => refusal(404, 'Method not found.', 'notFound', 'NOT_FOUND'),
  quota: () =>
    refusal(
      403,
      "Quota exceeded for quota metric 'Queries' and limit 'Queries per minute per user' of service 'gmail.googleapis.com'.",
      'rateLimitExceeded',
      'RESOURCE_EXHAUSTED',
      { domain: 'usageLimits' },
    ),
}
