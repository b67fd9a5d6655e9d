import { json, Refusal, type Reply } from '../../exchange.ts'

export const refuse = {
  unauthenticated: () => new Refusal(json(401, { error: "Couldn't authenticate you" })),
  badToken: () =>
    new Refusal(
      json(401, {
        error: 'invalid_token',
        error_description: 'The access token provided is expired, revoked, malformed or invalid for other reasons.',
      }),
    ),
  forbidden: (message: string) => new Refusal(json(403, { error: { title: 'Forbidden', message } })),
  notFound: () => new Refusal(json(404, { error: 'RecordNotFound', description: 'Not found' })),
  badEndpoint: () => new Refusal(json(404, { error: 'InvalidEndpoint', description: 'Not found' })),
  badRequest: (title: string, message: string) => new Refusal(json(400, { error: { title, message } })),
  conflict: () =>
    new Refusal(
      json(409, {
        error: 'UpdateConflict',
        description: 'Safe update prevented the update due to outdated ticket data',
      }),
    ),
  invalid: (field: string, description: string) =>
    new Refusal(
      json(422, {
        error: 'RecordInvalid',
        description: 'Record validation errors',
        details: { [field]: [{ error: 'InvalidValue', description }] },
      }),
    ),
}

/** Text, not JSON: so the vendor's edge answers when the budget is spent. */
export function tooMany(retryAfterS: number): Reply {
  return {
    status: 429,
    headers: { 'content-type': 'text/plain; charset=utf-8', 'retry-after': String(retryAfterS) },
    body: 'Number of allowed API requests per minute exceeded',
  }
}
