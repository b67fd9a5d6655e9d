import type { TokenAnswer } from './token-endpoint.ts'

/** The grant of an account that has a vendor's secret in place of a token: it ends when the vendor says so. */
export function keyAnswer(key: string, now: number): TokenAnswer {
  return {
    grant: {
      accessToken: key,
      refreshToken: null,
      tokenType: 'key',
      scopes: [],
      obtainedAt: now,
      expiresAt: null,
      refreshExpiresAt: null,
    },
    answer: {},
  }
}
