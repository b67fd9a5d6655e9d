import type { Prompt, ScopeNeed } from '../connectors/connector.ts'
import type { Grant } from './model.ts'
import type { SignInPlan } from './saving.ts'
import { scopesToAsk } from './scopes.ts'
import { type AuthorizationServer, oauthOf } from './token-endpoint.ts'

/** The server with what this very sign-in asks of it: its scopes, and the questions its pages are to put to the person. */
export function askingFor(plan: SignInPlan, server: AuthorizationServer): AuthorizationServer {
  const { prompt: usual, ...others } = server.signIn.authorizeParams
  const prompt = promptOf(plan, server, usual)
  const authorizeParams = prompt === undefined ? others : { ...others, prompt }
  return { ...server, signIn: { ...server.signIn, scopes: scopesOf(plan), authorizeParams } }
}

/** RFC 6749 5.1: an answer without `scope` grants what was asked for; of what was asked for apart, nothing is known then. */
export function withScopes(grant: Grant, plan: SignInPlan): Grant {
  if (grant.scopes.length > 0) return grant
  const { optionalScopeParameter } = oauthOf(plan.connector)
  const asked = scopesOf(plan).filter((scope) => !scope.optional || optionalScopeParameter === undefined)
  return { ...grant, scopes: asked.map((scope) => scope.id) }
}

function scopesOf({ connector, wanted, again }: SignInPlan): ScopeNeed[] {
  const { scopes } = oauthOf(connector)
  return wanted ? scopesToAsk(scopes, again?.scopes ?? [], wanted) : scopes
}

/** What makes a server ask although it knows the person: the first it knows. Nothing to make it ask for: none. */
function wishesOf({ switching, wanted, rights }: SignInPlan): readonly Prompt[] {
  if (switching) return ['select_account', 'login']
  return wanted || rights ? ['consent'] : []
}

/**
 * `prompt` (OpenID Connect Core 3.1.2.1) beside what the vendor is always sent, in words it knows: by its connector, or by its
 * `prompt_values_supported`. A server that does not know a value may refuse the whole request.
 */
function promptOf(plan: SignInPlan, { as, signIn }: AuthorizationServer, usual = ''): string | undefined {
  const told = Array.isArray(as.prompt_values_supported) ? as.prompt_values_supported : []
  const known = new Set<unknown>([...(signIn.prompts ?? []), ...told])
  const wish = wishesOf(plan).find((prompt) => known.has(prompt))
  const present = usual.split(' ').filter((prompt) => prompt !== '')
  if (wish !== undefined && signIn.onePrompt) return wish
  const all = wish === undefined || present.includes(wish) ? present : [...present, wish]
  return all.length === 0 ? undefined : all.join(' ')
}
