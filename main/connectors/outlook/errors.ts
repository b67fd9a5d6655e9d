import type { ErrorCode } from '../../../preload/errors.ts'
import { AppError } from '../../errors.ts'
import { errorObject, textOf, vendorError } from '../read-error.ts'

export const vendorName = 'Microsoft 365'

interface Meaning {
  code: ErrorCode
  message: string
  action: string
}

const noMailbox: Meaning = {
  code: 'vendor_not_found',
  message: 'There is no mailbox at this address.',
  action: 'Check the address of the shared mailbox, or leave it empty to use your own mailbox.',
}
const blocked: Meaning = {
  code: 'vendor_rejected',
  message: 'Microsoft 365 does not let this mailbox send at the moment.',
  action: 'Ask an administrator: the mailbox has reached a sending limit or was blocked.',
}

/** Codes that say more than their status. https://learn.microsoft.com/graph/errors and what clients met (to confirm on a live account) */
const meanings: Record<string, Meaning> = {
  ErrorSendAsDenied: {
    code: 'vendor_forbidden',
    message: 'You may read this mailbox but not send from it.',
    action: 'Ask an Exchange administrator for the right "Send as" on this mailbox.',
  },
  ErrorAccessDenied: {
    code: 'vendor_forbidden',
    message: 'You have no access to this mailbox.',
    action: 'Ask an Exchange administrator for "Full access", or reconnect the account and grant all permissions.',
  },
  ErrorInvalidUser: noMailbox,
  ErrorNonExistentMailbox: noMailbox,
  Request_ResourceNotFound: noMailbox,
  ResourceNotFound: noMailbox,
  MailboxNotEnabledForRESTAPI: {
    code: 'vendor_not_found',
    message: 'This account has no mailbox in Exchange Online.',
    action: 'Ask an administrator for a licence with a mailbox, or enter the address of a shared mailbox.',
  },
  ErrorIrresolvableConflict: {
    code: 'vendor_conflict',
    message: 'Somebody else changed this at the same time.',
    action: 'Read the conversation again, then decide.',
  },
  ErrorMessageSubmissionBlocked: blocked,
  ErrorExceededMessageLimit: blocked,
}

interface Words {
  code: string | null
  text: string | null
}

/** `{"error":{"code","message","innerError":{"code",…}}}`: the inner error, also written `innererror`, is the more exact one. */
function readWords(value: unknown, depth = 0): Words[] {
  if (typeof value !== 'object' || value === null || depth > 5) return []
  const error: Record<string, unknown> = { ...value }
  const inner = readWords(error.innerError ?? error.innererror, depth + 1)
  return [...inner, { code: textOf(error.code), text: textOf(error.message) }]
}

/** What is wrong, by the deepest code that is known, else by the status. */
export function readError(status: number, _headers: Headers, body: string): AppError {
  const parsed = errorObject(body)
  const words = readWords(parsed?.error)
  const outer = words.at(-1) ?? { code: null, text: null }
  const found = words.find(({ code }) => code !== null && Object.hasOwn(meanings, code))
  const meaning = found?.code ? meanings[found.code] : undefined
  const plain = vendorError(vendorName, status, { code: found?.code ?? outer.code, text: outer.text })
  if (meaning === undefined) return plain
  return new AppError(meaning.code, meaning.message, { action: meaning.action, detail: plain.detail })
}

/** The mailbox has forgotten where a delta link stood: reading begins again. https://learn.microsoft.com/graph/delta-query-overview */
export function isLinkGone(error: unknown): boolean {
  if (!(error instanceof AppError)) return false
  return error.code === 'vendor_rejected' || /^HTTP 410|syncstate|resync/i.test(error.detail ?? '')
}
