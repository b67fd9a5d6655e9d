import { randomUUID } from 'node:crypto'
import { json, Refusal, type Reply } from '../../exchange.ts'

/** `{"error":{"code","message","innerError":{…}}}`, the shape of every Graph error. */
function fault(status: number, code: string, message: string, headers: Reply['headers'] = {}): Reply {
  const date = new Date().toISOString().slice(0, 19)
  const innerError = { date, 'request-id': randomUUID(), 'client-request-id': randomUUID() }
  return json(status, { error: { code, message, innerError } }, headers)
}

const refusal = (...given: Parameters<typeof fault>) => new Refusal(fault(...given))

export const refuse = {
  noToken: () => refusal(401, 'InvalidAuthenticationToken', 'Access token is empty.'),
  badToken: () => refusal(401, 'InvalidAuthenticationToken', 'Lifetime validation failed, the token is expired.'),
  denied: () => refusal(403, 'ErrorAccessDenied', 'Access is denied. Check credentials and try again.'),
  directory: () => refusal(403, 'Authorization_RequestDenied', 'Insufficient privileges to complete the operation.'),
  sendAs: () =>
    refusal(
      403,
      'ErrorSendAsDenied',
      'The user account which was used to submit this request does not have the right to send mail on behalf of the specified sending account.',
    ),
  noUser: (name: string) => refusal(404, 'ErrorInvalidUser', `The requested user '${name}' is invalid.`),
  noMailbox: () =>
    refusal(
      404,
      'MailboxNotEnabledForRESTAPI',
      'The mailbox is either inactive, soft-deleted, or is hosted on-premise.',
    ),
  notFound: () => refusal(404, 'ErrorItemNotFound', 'The specified object was not found in the store.'),
  noPath: () => refusal(404, 'ResourceNotFound', 'Resource not found for the segment.'),
  method: () => refusal(405, 'Request_BadRequest', 'Specified HTTP method is not allowed for the request target.'),
  bad: (message: string) => refusal(400, 'BadRequest', message),
  inefficient: () =>
    refusal(400, 'InefficientFilter', 'The restriction or sort order is too complex for this operation.'),
  sent: () => refusal(400, 'ErrorInvalidOperation', 'The message is not a draft.'),
  reference: () => refusal(405, 'ErrorInvalidOperation', 'The attachment has no content.'),
  tokenGone: () =>
    refusal(410, 'SyncStateNotFound', 'The sync state generation is not found; the full sync is needed.', {
      location: 'https://graph.microsoft.com/v1.0/me/mailFolders/inbox/messages/delta',
    }),
}

/** The budget of one app in one mailbox. */
export const tooMany = (retryAfterS: number): Reply =>
  fault(429, 'ApplicationThrottled', 'Application is over its MailboxConcurrency limit.', {
    'retry-after': String(retryAfterS),
  })
