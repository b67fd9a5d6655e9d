import { isAppError } from '../../../errors.ts'
import { type OAuthClient, redirectUris } from '../../../oauth/model.ts'
import { type AuthorizeAnswer, askToAuthorize } from '../authorize-request.ts'
import { type DoctorContext, failed, isBlocked, passed, type Step, type StepResult, skipped, warned } from '../model.ts'
import { otherCentres } from '../places.ts'
import { clean } from '../readings.ts'
import { isUndescribed, undescribedWords } from './discovery.ts'

/** Does the sign-in page come up for our client? */
export const authorize: Step = async (context) => {
  const { subject } = context
  const asked = await firstAnswer(context)
  if (typeof asked === 'string') return skipped('authorize', asked)
  const { answer, client } = asked
  if (answer === null) return skipped('authorize', 'Signing in needs no redirect here.')
  const { evidence } = answer
  if (answer.kind === 'unreached') {
    return failed('authorize', `The sign-in page of ${subject.siteLabel} cannot be reached.`, {
      remedy: 'Check the network; the sign-in page may be on another server than the rest.',
      evidence,
    })
  }
  if (answer.kind === 'accepted' || answer.why === 'redirect') {
    return passed('authorize', `The sign-in page of ${subject.siteLabel} comes up.`, { evidence })
  }
  return refused(context, client, answer)
}

async function refused(
  context: DoctorContext,
  client: OAuthClient,
  answer: AuthorizeAnswer & { kind: 'refused' },
): Promise<StepResult> {
  const { connector, siteLabel } = context.subject
  const evidence = { ...answer.evidence, says: clean(answer.words) }
  switch (answer.why) {
    case 'client': {
      const centre = await centreOf(context, client)
      return centre === null
        ? failed('authorize', `${siteLabel} does not know the client ID.`, {
            remedy: 'Copy the client ID again from the place where the OAuth client was registered.',
            evidence,
            finding: 'client_unknown',
          })
        : failed('authorize', `${siteLabel} does not know the client ID, but ${centre} does.`, {
            remedy: `Connect the account again and choose ${centre}.`,
            evidence: { ...evidence, 'known at': centre },
            finding: 'client_of_another_centre',
          })
    }
    case 'scope':
      return failed(
        'authorize',
        `${connector.name} does not give this OAuth client all the rights that Manydesk asks for.`,
        {
          remedy: 'Add the missing scopes to the OAuth client at the vendor.',
          evidence,
          finding: 'scope_refused',
        },
      )
    case 'consent':
      return failed('authorize', `${connector.name} refuses before anybody is asked.`, {
        remedy: 'Ask an administrator of the account to approve the app.',
        evidence,
        finding: 'consent_refused_by_admin',
      })
    default:
      return warned('authorize', `${siteLabel} answers the request to sign in with an error.`, {
        remedy: 'Read in the trace what it says.',
        evidence,
      })
  }
}

/** The other data centre that knows the client, by its label. */
async function centreOf(context: DoctorContext, client: OAuthClient): Promise<string | null> {
  const redirectUri = redirectUriOf(context) ?? redirectUris.handover
  const centres = otherCentres(context.subject.connector, context.subject.site)
  const answers = await Promise.all(centres.map(({ site }) => askToAuthorize(context, { client, site, redirectUri })))
  const at = answers.findIndex(
    ({ kind, ...answer }) =>
      kind === 'accepted' ||
      (kind === 'refused' && 'why' in answer && answer.why !== 'client' && answer.why !== 'other'),
  )
  return centres[at]?.label ?? null
}

/** Is our redirect URL one of those registered for the client? */
export const redirect: Step = async (context) => {
  const asked = await firstAnswer(context)
  if (typeof asked === 'string') return skipped('redirect', asked)
  const { answer, client } = asked
  const uri = redirectUriOf(context)
  if (answer === null || uri === null) return skipped('redirect', 'Signing in needs no redirect here.')
  const evidence = { 'redirect URL': uri }
  if (answer.kind === 'refused' && answer.why === 'redirect') return unregistered(context, client, uri, answer.words)
  if (context.subject.story.some(({ kind }) => kind === 'redirect')) {
    return passed('redirect', 'After signing in, the browser was sent back to Manydesk.', { evidence })
  }
  if (answer.kind !== 'accepted') return skipped('redirect', 'Not looked at: the sign-in page did not come up.')
  const sentence =
    context.subject.account === null
      ? 'The sign-in page has nothing against the redirect URL. Some vendors compare it only after the login.'
      : 'The sign-in page takes the redirect URL.'
  return passed('redirect', sentence, { evidence })
}

async function unregistered(
  context: DoctorContext,
  client: OAuthClient,
  uri: string,
  words: string,
): Promise<StepResult> {
  const evidence = { 'redirect URL': uri, says: clean(words) }
  const insecure = uri.replace(/^https:/, 'http:')
  const candidates = [...new Set([insecure, `${uri}/`, ...Object.values(redirectUris)])].filter((each) => each !== uri)
  const answers = await Promise.all(candidates.map((redirectUri) => askToAuthorize(context, { client, redirectUri })))
  const registered = candidates.filter((_, index) => answers[index]?.kind === 'accepted')
  if (insecure !== uri && registered.includes(insecure)) {
    return failed('redirect', 'The redirect URL is registered with http:// in place of https://.', {
      remedy: `Change it at the vendor to exactly ${uri}`,
      evidence: { ...evidence, registered: insecure },
      finding: 'redirect_registered_as_http',
    })
  }
  return failed('redirect', 'The redirect URL is not registered for this OAuth client.', {
    remedy: `Register exactly this at the vendor: ${uri}`,
    evidence: { ...evidence, ...(registered[0] === undefined ? {} : { registered: registered[0] }) },
    finding: 'redirect_not_registered',
  })
}

/** As the handshake sends it; null where there is none. */
function redirectUriOf({ subject }: DoctorContext): string | null {
  return subject.redirect === null || subject.way === 'device' ? null : redirectUris[subject.redirect]
}

interface Asked {
  answer: AuthorizeAnswer | null
  client: OAuthClient
}

/** The answer that both steps look at, or why there is none. */
function firstAnswer(context: DoctorContext): Promise<Asked | string> {
  return context.once('authorize', async () => {
    const { subject } = context
    if (isBlocked(context)) return 'Not looked at: it is not the vendor who answers.'
    if (isUndescribed(context)) return undescribedWords
    if (subject.connector.signIn.kind === 'key') return `${subject.connector.name} has no sign-in, only a key.`
    const redirectUri = redirectUriOf(context)
    try {
      const client = await subject.client()
      return { client, answer: redirectUri === null ? null : await askToAuthorize(context, { client, redirectUri }) }
    } catch (error) {
      if (context.signal.aborted || !isAppError(error)) throw error
      return error.message
    }
  })
}
