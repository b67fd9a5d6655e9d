export type SecretKind = 'code' | 'access_token' | 'refresh_token' | 'client_secret' | 'password' | 'session_cookie'

export interface Secret {
  kind: SecretKind
  value: string
}

/** Every secret the sandbox ever gave out or took, so that tests can look for leaks. Nothing is ever removed. */
export class Secrets {
  readonly #values = new Map<string, SecretKind>()

  add(kind: SecretKind, value: string): void {
    if (value) this.#values.set(value, kind)
  }

  list(): Secret[] {
    return [...this.#values].map(([value, kind]) => ({ kind, value }))
  }
}
