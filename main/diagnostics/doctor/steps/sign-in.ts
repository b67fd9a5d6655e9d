import { isAppError } from '../../../errors.ts'
import { compareScopes } from '../../../oauth/scopes.ts'
import { type DoctorContext, failed, passed, type Step, type StepResult, skipped, warned } from '../model.ts'
import { readStory } from '../story.ts'

/** Was an access token obtained? Told by the last handshake, and by what the account holds. */
export const token: Step = async ({ subject, clock }) => {
  const { account, connector } = subject
  if (connector.signIn.kind === 'key')
    return skipped('token', `${connector.name} gives no token: the key itself signs the calls.`)
  const story = readStory(subject.story)
  if (account === null) {
    if (story.obtained) return passed('token', 'An access token was obtained.')
    const told =
      subject.trouble === null ? {} : { evidence: { code: subject.trouble.code, ...said(subject.trouble.detail) } }
    return story.asked
      ? failed('token', `${connector.name} refused to exchange the answer for an access token.`, told)
      : skipped('token', 'The sign-in ended before an access token was asked for.', told)
  }
  const evidence = {
    obtained: new Date(account.connectedAt).toISOString(),
    ...(account.refreshExpiresAt === null ? {} : { 'sign-in ends': new Date(account.refreshExpiresAt).toISOString() }),
  }
  if (account.refreshExpiresAt !== null && account.refreshExpiresAt < clock.now()) {
    return failed('token', 'The sign-in has run out.', {
      remedy: 'Reconnect the account.',
      evidence,
      finding: 'sign_in_expired',
    })
  }
  return passed('token', 'An access token was obtained when the account was connected.', { evidence })
}

/** Does an API request work with the token? */
export const api: Step = async (context) => {
  const { signedIn, subject, signal } = context
  if (signedIn === null) return firstCall(context)
  if (subject.account?.state === 'paused') {
    return skipped('api', 'The account is paused, so nothing is asked in its name.', {
      remedy: 'Resume the account to test it.',
    })
  }
  try {
    const { records } = await withLimit(signal, (each) => subject.connector.pull(signedIn.context(each), null)).then(
      (page) => ({
        records: page.conversations.length,
      }),
    )
    return passed('api', `${subject.connector.name} answers with the token of this account.`, {
      evidence: { 'conversations read': String(records) },
    })
  } catch (error) {
    signal.throwIfAborted()
    return readCallError('api', context, error)
  }
}

function firstCall({ subject }: DoctorContext): StepResult {
  const { calls } = readStory(subject.story)
  const bad = calls.find(({ status, error }) => status === null || status >= 400 || error !== null)
  if (calls.length === 0) return skipped('api', 'The sign-in ended before a first call was made.')
  if (bad === undefined) return passed('api', 'The first call with the new token worked.')
  const evidence = {
    status: String(bad.status ?? 'none'),
    ...(bad.url === null ? {} : { address: bad.url }),
    ...(bad.error === null ? {} : { code: bad.error }),
  }
  const forbidden = bad.status === 403 || bad.error === 'vendor_forbidden'
  return failed(
    'api',
    `The first call with the new token was refused${bad.status === null ? '' : ` (HTTP ${bad.status})`}.`,
    {
      evidence,
      ...(forbidden
        ? { finding: 'scope_missing' as const, remedy: 'Check the rights of the OAuth client and of the user.' }
        : {}),
    },
  )
}

/** Is every right there, and does a call that needs it work? Writing is never tried. */
export const scopes: Step = async (context) => {
  const { signedIn, subject, signal } = context
  const { signIn } = subject.connector
  if (signIn.kind === 'key') return skipped('scopes', 'A key has the rights of the person it belongs to.')
  const { account } = subject
  if (signedIn === null || account === null) {
    return readStory(subject.story).scopeRefused
      ? failed('scopes', `${subject.connector.name} does not give this OAuth client all the rights it asks for.`, {
          remedy: 'Add the missing scopes to the OAuth client at the vendor.',
          finding: 'scope_refused',
        })
      : skipped('scopes', 'Not looked at: nobody is signed in.')
  }
  const { missing } = compareScopes(signIn.scopes, account.scopes)
  if (account.scopes.length > 0 && missing.length > 0) {
    return failed(
      'scopes',
      `Not allowed at ${subject.connector.name}: ${missing.map(({ reason }) => reason).join('; ')}.`,
      {
        remedy: 'Reconnect the account and leave every box ticked on the page that asks for consent.',
        evidence: { missing: missing.map(({ id }) => id).join(' ') },
        finding: 'scope_missing',
      },
    )
  }
  if (account.state === 'paused' || hasFailed(context, 'api'))
    return skipped('scopes', 'Every right was granted; calls were not tried.')
  try {
    await withLimit(signal, (each) => subject.connector.directory(signedIn.context(each)))
    return passed(
      'scopes',
      'Every right was granted. Reading works; writing is not tried, because that would change something.',
      {
        evidence: { granted: account.scopes.join(' ').slice(0, 400) },
      },
    )
  } catch (error) {
    signal.throwIfAborted()
    return readCallError('scopes', context, error)
  }
}

/** Does the sign-in renew itself? The holder of the grant does it, so that a rotated token is on disk before it is used. */
export const refresh: Step = async (context) => {
  const { signedIn, subject, signal } = context
  if (subject.connector.signIn.kind === 'key') return skipped('refresh', 'A key does not have to be renewed.')
  if (signedIn === null) return skipped('refresh', 'Not looked at: nobody is signed in.')
  if (
    subject.account?.state !== 'connected' ||
    hasFailed(context, 'network') ||
    hasFailed(context, 'tls') ||
    hasFailed(context, 'site')
  ) {
    return skipped('refresh', 'Not tried: it would not work now.')
  }
  try {
    if (!(await signedIn.canRefresh()))
      return skipped('refresh', `${subject.connector.name} gives sign-ins that last and are not renewed.`)
    await signedIn.refresh()
    return passed('refresh', 'The sign-in was renewed, and the new one is saved.')
  } catch (error) {
    signal.throwIfAborted()
    return readCallError('refresh', context, error)
  }
}

const hasFailed = ({ results }: DoctorContext, id: StepResult['id']) =>
  results.some((each) => each.id === id && each.verdict === 'failed')

const said = (detail: string | null) => (detail === null ? {} : { says: detail })

const longestMs = 45_000

function withLimit<T>(signal: AbortSignal, work: (signal: AbortSignal) => Promise<T>): Promise<T> {
  return work(AbortSignal.any([signal, AbortSignal.timeout(longestMs)]))
}

/** An error of the account's own calls, which already says what happened and what to do. */
function readCallError(id: StepResult['id'], { subject }: DoctorContext, error: unknown): StepResult {
  if (!isAppError(error)) {
    return failed(id, `${subject.connector.name} did not answer in time.`, {
      remedy: 'Try again.',
      finding: 'no_answer',
    })
  }
  const told = { remedy: error.action, evidence: { code: error.code, ...said(error.detail) } }
  switch (error.code) {
    case 'needs_sign_in':
    case 'token_rejected': {
      const key = subject.connector.signIn.kind === 'key'
      return failed(
        id,
        key
          ? `${subject.connector.name} no longer accepts the key.`
          : `${subject.connector.name} no longer accepts this sign-in.`,
        {
          ...told,
          finding: key ? 'key_refused' : 'token_refused',
        },
      )
    }
    case 'client_rejected':
      return failed(id, error.message, { ...told, finding: 'client_secret_refused' })
    case 'vendor_forbidden':
      return failed(id, error.message, { ...told, finding: 'scope_missing' })
    case 'rate_limited':
      return warned(id, error.message, { ...told, finding: 'rate_limited' })
    case 'vendor_failed':
      return failed(id, error.message, { ...told, finding: 'vendor_trouble' })
    case 'secret_damaged':
    case 'file_failed':
    case 'keyring_locked':
    case 'keyring_unavailable':
      return failed(id, error.message, { ...told, finding: 'secrets_unreadable' })
    default:
      return failed(id, error.message, told)
  }
}
