import type { KeySignIn } from '../connectors/connector.ts'
import type { Identity } from '../connectors/model.ts'
import type { Trace } from '../diagnostics/trace.ts'
import { tracedHttp } from '../diagnostics/traced-http.ts'
import { AppError } from '../errors.ts'
import type { Clock } from '../ports.ts'
import type { Proof } from './proof.ts'
import { fixedToken, type RevocationPorts } from './revoke.ts'
import type { SignInPlan } from './saving.ts'
import type { TokenAnswer } from './token-endpoint.ts'

interface FirstCallPorts extends Pick<RevocationPorts, 'httpFor'> {
  clock: Pick<Clock, 'now'>
}

/** Asks the vendor with a new grant who signed in, and where. @throws AppError of the call; for a key, in words about the key */
export async function firstCall(
  { httpFor, clock }: FirstCallPorts,
  { connector, site, accountId }: SignInPlan,
  made: { answer: TokenAnswer; proof: Proof | null; trace: Trace; signal: AbortSignal },
): Promise<Identity> {
  const { answer, proof, trace, signal } = made
  const refused = connector.signIn.kind === 'key' ? keyRefused(connector.name, connector.signIn) : undefined
  const tokens = fixedToken(answer.grant.accessToken, refused, proof)
  const http = httpFor({ connector, site, accountId, tokens })
  return connector.identify({
    ...{ http: tracedHttp(http, trace, 'First call'), now: clock.now },
    ...{ signal, site, tokenAnswer: answer.answer },
  })
}

function keyRefused(name: string, { label, help }: KeySignIn): AppError {
  return new AppError('needs_sign_in', `${name} did not accept this ${label}.`, { action: help })
}
