import { createHmac, timingSafeEqual } from 'node:crypto'
import { type Exchange, isRecord, json, Refusal } from '../../exchange.ts'
import { providers } from './sites.ts'

const hour = 3600

const refuse = (status: number, message: string) => new Refusal(json(status, { error: String(status), message }))

function part(text: string | undefined): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(Buffer.from(text ?? '', 'base64url').toString('utf8'))
    return isRecord(value) ? value : {}
  } catch {
    return {}
  }
}

/** Whose token signed the call. @throws Refusal 401 without one, 403 for one that is not good */
export function providerOf(exchange: Exchange): (typeof providers)[number] {
  const token = /^Bearer (\S+)$/.exec(exchange.headers.authorization ?? '')?.[1]
  if (!token) throw refuse(401, 'no Authorization')
  const [header, claims, signature, ...more] = token.split('.')
  const { iss, iat } = part(claims)
  const provider = providers.find((known) => known.mspId === iss)
  if (part(header).alg !== 'HS256' || !provider || more.length > 0) throw refuse(403, 'bad JWT')
  const made = createHmac('sha256', Buffer.from(provider.secret, 'base64')).update(`${header}.${claims}`).digest()
  const given = Buffer.from(signature ?? '', 'base64url')
  if (given.length !== made.length || !timingSafeEqual(given, made)) throw refuse(403, 'bad JWT signature')
  const now = exchange.at / 1000
  if (typeof iat !== 'number' || Math.abs(now - iat) > hour) throw refuse(403, 'iat is not within the hour')
  return provider
}
