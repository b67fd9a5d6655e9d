import type { Secrets } from './secrets.ts'

/** Passwords by authorisation server and e-mail address. */
export class Passwords {
  readonly #byPerson = new Map<string, string>()
  readonly #secrets: Secrets

  constructor(secrets: Secrets) {
    this.#secrets = secrets
  }

  set(authorityHost: string, email: string, password: string): void {
    this.#byPerson.set(`${authorityHost}\n${email.toLowerCase()}`, password)
    this.#secrets.add('password', password)
  }

  fits(authorityHost: string, email: string, password: string): boolean {
    return this.#byPerson.get(`${authorityHost}\n${email.trim().toLowerCase()}`) === password
  }
}
