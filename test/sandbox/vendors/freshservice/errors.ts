import { empty, json, Refusal } from '../../exchange.ts'

export interface FieldFault {
  field: string
  message: string
  code: 'missing_field' | 'invalid_value' | 'datatype_mismatch' | 'invalid_field' | 'invalid_json'
}

export const refuse = {
  credentials: (code: 'invalid_credentials' | 'access_token_expired' | 'access_token_invalid') =>
    new Refusal(json(401, { code, message: 'You have to be logged in to perform this action.' })),
  denied: () =>
    new Refusal(json(403, { code: 'access_denied', message: 'You are not authorized to perform this action.' })),
  /** The vendor sends no body here. */
  notFound: () => new Refusal(empty(404)),
  method: (allowed: string) => new Refusal(json(405, { message: `${allowed} method(s) allowed` }, { allow: allowed })),
  invalid: (...errors: FieldFault[]) => new Refusal(json(400, { description: 'Validation failed', errors })),
  badJson: () => new Refusal(json(400, { code: 'invalid_json', message: 'Request body has invalid json format' })),
}
