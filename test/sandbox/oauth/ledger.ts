import type { Adapter, AdapterPayload } from 'oidc-provider'
import type { SecretKind, Secrets } from './secrets.ts'

export type TokenKind = 'AccessToken' | 'RefreshToken'
type CodeKind = 'AuthorizationCode' | 'DeviceCode'
const codeKinds: readonly CodeKind[] = ['AuthorizationCode', 'DeviceCode']

interface Stored {
  model: string
  payload: AdapterPayload
  /** Revoked, rotated away, or used up. Kept, so that an API can tell such a token from one it never issued. */
  gone: boolean
}

export interface TokenRecord {
  value: string
  accountId: string
  clientId: string
  grantId: string
  scopes: string[]
  /** Epoch seconds. */
  issuedAt: number
  expiresAt: number
  /** Thumbprint of the key it is bound to (RFC 9449 6.1); undefined for a bearer token. */
  jkt: string | undefined
  state: 'live' | 'expired' | 'revoked'
}

const secretKinds: Partial<Record<string, SecretKind>> = {
  AuthorizationCode: 'code',
  DeviceCode: 'code',
  AccessToken: 'access_token',
  RefreshToken: 'refresh_token',
  Session: 'session_cookie',
}

const belongingToGrant = new Set(['AuthorizationCode', 'DeviceCode', 'AccessToken', 'RefreshToken'])

/** What one authorisation server remembers: oidc-provider's storage, readable and breakable by the sandbox. */
export class Ledger {
  readonly #entries = new Map<string, Stored>()
  readonly #secrets: Secrets

  constructor(secrets: Secrets) {
    this.#secrets = secrets
  }

  /** Storage of one kind of artefact, in the form oidc-provider wants. */
  adapter(model: string): Adapter {
    const key = (id: string) => `${model}:${id}`
    const find = async (id: string) => {
      const stored = this.#entries.get(key(id))
      return stored && !stored.gone ? stored.payload : undefined
    }
    const findBy = async (property: 'uid' | 'userCode', value: string) => {
      for (const stored of this.#entries.values()) {
        if (stored.model === model && !stored.gone && stored.payload[property] === value) return stored.payload
      }
      return undefined
    }
    return {
      find,
      upsert: async (id, payload) => {
        this.#entries.set(key(id), { model, payload, gone: false })
        const kind = secretKinds[model]
        if (kind) this.#secrets.add(kind, id)
      },
      findByUid: (uid) => findBy('uid', uid),
      findByUserCode: (userCode) => findBy('userCode', userCode),
      // A used code is kept marked, so that its second use revokes the grant. A rotated refresh token is simply gone: the
      // vendors answer `invalid_grant` and leave the new pair alone.
      consume: async (id) => {
        const stored = this.#entries.get(key(id))
        if (stored && model === 'RefreshToken') stored.gone = true
        else if (stored) stored.payload.consumed = Math.floor(Date.now() / 1000)
      },
      destroy: async (id) => {
        const stored = this.#entries.get(key(id))
        if (stored) stored.gone = true
      },
      revokeByGrantId: async (grantId) => this.revokeGrant(grantId),
    }
  }

  /** Whose sign-in an authorization code belongs to. */
  code(value: string): { accountId: string; clientId: string; grantId: string } | undefined {
    const payload = this.#entries.get(`AuthorizationCode:${value}`)?.payload
    const { accountId, clientId, grantId } = payload ?? {}
    return accountId && clientId && grantId ? { accountId, clientId, grantId } : undefined
  }

  token(kind: TokenKind, value: string): TokenRecord | undefined {
    const stored = this.#entries.get(`${kind}:${value}`)
    return stored && record(value, stored)
  }

  tokens(kind: TokenKind): TokenRecord[] {
    const prefix = `${kind}:`
    return [...this.#entries].flatMap(([key, stored]) =>
      stored.model === kind ? [record(key.slice(prefix.length), stored)] : [],
    )
  }

  revokeGrant(grantId: string): void {
    for (const stored of this.#entries.values()) {
      if (belongingToGrant.has(stored.model) && stored.payload.grantId === grantId) stored.gone = true
    }
  }

  revoke(kind: TokenKind, value: string): void {
    const stored = this.#entries.get(`${kind}:${value}`)
    if (stored) stored.gone = true
  }

  /** Lets a token run out now. */
  expire(kind: TokenKind | CodeKind, value: string): void {
    const stored = this.#entries.get(`${kind}:${value}`)
    if (stored) stored.payload.exp = Math.floor(Date.now() / 1000) - 1
  }

  /** Ends every browser session of one person, or of all. */
  endSessions(accountId?: string): void {
    for (const stored of this.#entries.values()) {
      if (stored.model === 'Session' && (accountId === undefined || stored.payload.accountId === accountId))
        stored.gone = true
    }
  }

  expireCodes(): void {
    for (const [key, stored] of this.#entries) {
      const kind = codeKinds.find((each) => each === stored.model)
      if (kind) this.expire(kind, key.slice(kind.length + 1))
    }
  }

  dump(): [string, Stored][] {
    return [...this.#entries]
  }

  restore(entries: [string, Stored][]): void {
    for (const [key, stored] of entries) {
      this.#entries.set(key, stored)
      const kind = secretKinds[stored.model]
      if (kind) this.#secrets.add(kind, key.slice(stored.model.length + 1))
    }
  }
}

function record(value: string, { payload, gone }: Stored): TokenRecord {
  const expiresAt = payload.exp ?? 0
  return {
    value,
    accountId: payload.accountId ?? '',
    clientId: payload.clientId ?? '',
    grantId: payload.grantId ?? '',
    scopes: payload.scope?.split(' ') ?? [],
    issuedAt: payload.iat ?? 0,
    expiresAt,
    jkt: typeof payload.jkt === 'string' ? payload.jkt : undefined,
    state: gone ? 'revoked' : expiresAt * 1000 <= Date.now() ? 'expired' : 'live',
  }
}
