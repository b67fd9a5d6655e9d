import type { Connector } from './connector.ts'
import type { CommandKind } from './model.ts'

/** What an account can do with the scopes it was given, and why not the rest. */
export interface Ability {
  commands: CommandKind[]
  /** In plain words, one sentence for each missing scope that switches something off. */
  lacks: string[]
}

/**
 * Commands whose scope the vendor did not give, at the sign-in or since, are not offered.
 * @param forbidden scopes that the organisation does not allow, whatever the vendor gave
 */
export function abilityOf(
  { name, signIn, capabilities }: Connector,
  granted: readonly string[],
  forbidden: readonly string[] = [],
): Ability {
  if (signIn.kind === 'key') return { commands: capabilities.commands, lacks: [] }
  const usable = granted.filter((id) => !forbidden.includes(id))
  const missing = signIn.scopes.filter(({ id, enables }) => enables !== undefined && !usable.includes(id))
  const off = new Set(missing.flatMap(({ enables }) => enables ?? []))
  return {
    commands: capabilities.commands.filter((command) => !off.has(command)),
    lacks: missing.map(({ id, reason }) =>
      forbidden.includes(id)
        ? `Your organisation does not allow: ${lowerFirst(reason)}.`
        : `${name} did not allow: ${lowerFirst(reason)}. Reconnect and allow it.`,
    ),
  }
}

function lowerFirst(text: string): string {
  return text.charAt(0).toLowerCase() + text.slice(1)
}
