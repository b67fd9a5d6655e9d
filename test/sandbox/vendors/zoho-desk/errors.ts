import { json, Refusal } from '../../exchange.ts'

interface FieldFault {
  fieldName: string
  errorType: 'invalid' | 'duplicate' | 'missing'
  errorMessage: string
}

const refusal = (status: number, errorCode: string, message: string, more: Record<string, unknown> = {}) =>
  new Refusal(json(status, { errorCode, message, ...more }))

export const refuse = {
  token: () => refusal(401, 'INVALID_OAUTH', 'The OAuth Token you provided is invalid.'),
  scope: () => refusal(403, 'SCOPE_MISMATCH', 'The OAuth token was not given for this operation.'),
  portal: () => refusal(403, 'OAUTH_ORG_MISMATCH', 'The OAuth token does not belong to this organization.'),
  forbidden: () => refusal(403, 'FORBIDDEN', 'You do not have access to this operation.'),
  notFound: () => refusal(404, 'URL_NOT_FOUND', 'The URL you requested could not be found.'),
  method: () => refusal(405, 'METHOD_NOT_ALLOWED', 'The HTTP method is not supported here.'),
  invalid: (...errors: FieldFault[]) =>
    refusal(422, 'INVALID_DATA', 'The data is invalid due to validation restrictions', { errors }),
  extra: (name: string) =>
    refusal(422, 'UNPROCESSABLE_ENTITY', `Extra query parameter '${name}' is present in the input.`),
  parameter: (name: string) =>
    refusal(422, 'UNPROCESSABLE_ENTITY', `The value passed for the '${name}' parameter is invalid.`),
}
