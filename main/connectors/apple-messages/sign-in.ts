import { createHmac } from 'node:crypto'
import { AppError } from '../../errors.ts'
import type { KeySignIn, Site } from '../connector.ts'

const invalid = (message: string, action: string) => new AppError('site_invalid', message, { action })

/** The host of the gateway, from an address or a bare name. A name with a dot: it must be one that people reach by https. */
function readGateway(text: string): string {
  const typed = text
    .trim()
    .toLowerCase()
    .replace(/^https:\/\//, '')
  const host = (typed.split(/[/?#]/, 1)[0] ?? '').replace(/\.$/, '')
  if (/^(?=.{4,253}$)(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z][a-z0-9-]*[a-z0-9]$/.test(host)) return host
  throw invalid(
    'This is not the address of a gateway.',
    'Enter its host name, for example messages.provider.com, without a port and not as a number.',
  )
}

function readMspId(text: string): string {
  const id = text.trim()
  if (/^[\w.:-]{1,200}$/.test(id)) return id
  throw invalid('This is not an MSP ID.', 'Copy it from Apple Business Register, without blanks.')
}

/** `urn:biz:…`; the part after it is enough. */
function readBusinessId(text: string): string {
  const id = text
    .trim()
    .replace(/^urn:biz:/i, '')
    .toLowerCase()
  if (/^[a-z0-9-]{8,100}$/.test(id)) return `urn:biz:${id}`
  throw invalid('This is not a Business ID.', 'It begins with urn:biz: and is shown in Apple Business Register.')
}

/** HMAC keys shorter than this are not secrets. */
const leastBytes = 16

function readSecret(text: string): string {
  const secret = text.replace(/\s+/g, '')
  const isBase64 = /^[A-Za-z0-9+/_-]+={0,2}$/.test(secret)
  if (isBase64 && Buffer.from(secret, 'base64').length >= leastBytes) return secret
  throw new AppError('bad_request', 'This is not a shared secret.', {
    action: 'Paste the whole Base64 text, usually about 44 characters that may end with "=".',
  })
}

const base64url = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url')

/**
 * One token per request: HS256 over the decoded secret (not over its Base64 text), `iss` the MSP ID (not the Business ID), `iat` in
 * seconds. https://developer.apple.com/documentation/businesschatapi/authorizing_messages
 */
export function authorize(secret: string, { site, now }: { site: Site; now: number }): Record<string, string> {
  const signed = `${base64url({ alg: 'HS256', typ: 'JWT' })}.${base64url({ iss: site.mspId, iat: Math.floor(now / 1000) })}`
  const signature = createHmac('sha256', Buffer.from(secret, 'base64')).update(signed).digest('base64url')
  return { authorization: `Bearer ${signed}.${signature}` }
}

/** A site that names no gateway reaches nothing (RFC 2606). */
export const nowhere = 'gateway.invalid'

export const signIn: KeySignIn = {
  kind: 'key',
  fields: [
    {
      key: 'gateway',
      label: 'Gateway',
      placeholder: 'messages.provider.com',
      help: 'The server of your messaging service provider that receives the messages from Apple and keeps them.',
      normalise: readGateway,
    },
    {
      key: 'mspId',
      label: 'MSP ID',
      placeholder: 'the id of the messaging service provider',
      help: 'In Apple Business Register, on the page of your messaging platform. Older pages call it CSP ID.',
      normalise: readMspId,
    },
    {
      key: 'businessId',
      label: 'Business ID',
      placeholder: 'urn:biz:…',
      help: 'One for each brand account, in Apple Business Register.',
      normalise: readBusinessId,
    },
  ],
  siteLabel: ({ gateway = nowhere }) => gateway,
  nameSite: ({ siteKey, vendorUserId }) => `${siteKey} (…${vendorUserId.slice(-8)})`,
  label: 'Shared secret',
  help: 'The Base64 text that Apple Business Register shows for the messaging service provider, or better one of the gateway itself.',
  note: 'This is not a sign-in: Apple has none for these messages. Whoever holds the shared secret can write as every brand of the provider, so let the gateway give Manydesk a secret of its own. It works until it is changed there. If a helpdesk receives these messages for you, connect that helpdesk in place of this.',
  normalise: readSecret,
  registration: {
    url: 'https://register.apple.com/messages',
    steps: [
      'Only an approved messaging service provider reaches Apple. If yours is a helpdesk that Manydesk knows, connect the helpdesk and stop here.',
      'Ask your provider for a gateway in the form of docs/vendors/apple-messages.md: Apple keeps no messages, the gateway does.',
      'Open Apple Business Register, choose the messaging platform, and copy the MSP ID and the Business ID of the brand.',
      'Take the shared secret that the gateway accepts from Manydesk, in Base64. A secret made for this purpose alone is best.',
    ],
  },
}
