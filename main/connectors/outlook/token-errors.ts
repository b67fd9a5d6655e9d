/**
 * What the numbers of the sign-in service mean, for people. `error` is the word of RFC 6749 that leads to the right next step:
 * `invalid_grant` asks the person to sign in again, `invalid_client` to look at the registration.
 * https://learn.microsoft.com/entra/identity-platform/reference-error-codes
 */
type Meaning = { error: 'invalid_grant' | 'invalid_client'; words: string }

const person = (words: string): Meaning => ({ error: 'invalid_grant', words })
const registration = (words: string): Meaning => ({ error: 'invalid_client', words })

const needsAdministrator = person(
  'An administrator of the organisation must allow Manydesk first ("Grant admin consent").',
)
const wrongOrganisation = registration(
  'This organisation does not know the app or the person: check the organisation entered.',
)
const moreProof = person('The organisation asks for another proof, such as multi-factor sign-in.')
const ended = person('The sign-in has ended.')
const notThisDevice = person('The organisation allows this sign-in on managed devices or networks only.')

const meanings: Record<number, Meaning> = {
  65001: needsAdministrator,
  90094: needsAdministrator,
  90095: needsAdministrator,
  90008: needsAdministrator,
  65004: person('The permissions were declined.'),
  50105: person('An administrator must assign you to the app first.'),
  50076: moreProof,
  50078: moreProof,
  50079: moreProof,
  50072: moreProof,
  50074: moreProof,
  50158: moreProof,
  53000: notThisDevice,
  53001: notThisDevice,
  53002: notThisDevice,
  53003: notThisDevice,
  50173: person('The password was changed or the sign-in was withdrawn.'),
  50057: person('The account is disabled.'),
  70008: ended,
  70043: ended,
  700082: ended,
  700084: person(
    'The redirect URL is registered as "Single-page application": such sign-ins end after 24 hours. Register it otherwise.',
  ),
  50020: wrongOrganisation,
  50034: wrongOrganisation,
  90002: wrongOrganisation,
  90019: wrongOrganisation,
  700016: wrongOrganisation,
  50194: registration('The app is registered for one organisation: enter its domain or tenant ID as the organisation.'),
  50011: registration('The redirect URL is not registered for the app.'),
  7000215: registration('The client secret is wrong. Use its value, not its ID.'),
  7000222: registration('The client secret has expired: make a new one.'),
  7000218: registration('The redirect URL is registered for the platform "Web", which needs a client secret.'),
  700025: registration('The app is registered without a secret: leave the secret empty.'),
  9002326: registration('The redirect URL is registered as "Single-page application". Register it otherwise.'),
  9002327: registration('The redirect URL is registered as "Single-page application". Register it otherwise.'),
}

/** Errors that only say that a person must be present, whatever their number. */
const wantsPerson = ['interaction_required', 'consent_required', 'login_required']

/**
 * `{"error":"invalid_grant","error_description":"AADSTS700082: …\r\nTrace ID: …","error_codes":[700082]}`. Null where the standard words
 * say it all.
 */
export function readTokenError(
  _status: number,
  body: Record<string, unknown>,
): { error: string; description: string | null } | null {
  if (typeof body.error !== 'string') return null
  const text = typeof body.error_description === 'string' ? body.error_description : ''
  const listed: unknown[] = Array.isArray(body.error_codes) ? body.error_codes : []
  const code = Number(listed[0] ?? /^AADSTS(\d+)/.exec(text)?.[1])
  const meaning = Object.hasOwn(meanings, code) ? meanings[code] : undefined
  if (meaning !== undefined) return { error: meaning.error, description: `${meaning.words} (AADSTS${code})` }
  return wantsPerson.includes(body.error) ? { error: 'invalid_grant', description: firstLine(text) } : null
}

/** Without the trace ids, which follow on lines of their own. */
const firstLine = (text: string): string | null => text.split(/\r?\n/, 1)[0]?.trim() || null
