import { json, Refusal } from '../../exchange.ts'

const refusal = (code: number, status: string, message: string) =>
  new Refusal(json(code, { code, status, message, details: [{ type: 'ERROR' }] }))

export const refuse = {
  credentials: () => refusal(401, 'UNAUTHENTICATED', 'Token is invalid or expired'),
  denied: () => refusal(403, 'UNAUTHORIZED', 'You are not allowed to do this'),
  notFound: (what: string) => refusal(404, `${what.toUpperCase()}_NOT_FOUND`, `${what} does not exist`),
  invalid: (message: string) => refusal(400, 'INVALID_VALUE', message),
}
