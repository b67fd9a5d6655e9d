import { createDecipheriv } from 'node:crypto'
import { z } from 'zod'
import { AppError } from '../../errors.ts'
import type { ConnectorContext, Site } from '../connector.ts'
import type { Attachment, Directory, Identity, Thread } from '../model.ts'
import { readAnswer } from '../read-records.ts'
import { vendorName } from './errors.ts'
import { type Asker, asker, readMessage, readPage, readThread } from './gateway.ts'
import { recordsPart } from './map.ts'
import { nowhere } from './sign-in.ts'

export async function thread(ctx: ConnectorContext, customer: string): Promise<Thread> {
  const { records, quarantined } = await readThread(asker(ctx), customer)
  const { conversations, messages, people } = recordsPart(records, ctx.account.site)
  return { conversation: conversations[0] ?? null, messages, people, quarantined }
}

/** One brand, and nobody to assign: Apple knows the business only. Its states cannot be set. */
export async function directory(ctx: ConnectorContext): Promise<Directory> {
  const { businessId: key = '' } = ctx.account.site
  return { agents: [], groups: [], statuses: [], brands: [{ key, name: key }] }
}

/** The secret speaks for the provider at one Business ID. A page of one message proves that the gateway accepts it. */
export async function identify(ctx: Asker): Promise<Identity> {
  const { gateway = '', businessId = '' } = ctx.site
  await readPage(ctx, { limit: '1' })
  return {
    vendorUserId: businessId,
    siteKey: gateway,
    name: `Business ID …${businessId.slice(-8)}`,
    email: null,
    role: null,
  }
}

const permit = z.looseObject({ 'download-url': z.url({ protocol: /^https$/ }) })

/**
 * A file lies encrypted at Apple: the gateway gives a permit for it, the key comes with the message. Both are asked for now, so that no
 * key is kept. The permit leads to a foreign host, which gets no token.
 * https://developer.apple.com/documentation/businesschatapi/downloading_an_attachment
 */
export async function download(ctx: ConnectorContext, attachment: Attachment): Promise<Uint8Array> {
  const [id = '', place = ''] = attachment.vendorId.split(/\/(?=\d+$)/)
  const record = await readMessage(asker(ctx), id)
  const file = record?.files[Number(place)]
  if (record === undefined || record === null || file === undefined) throw fileGone()
  const answer: unknown = await ctx.http
    .get('preDownload', {
      headers: {
        'source-id': record.body.destinationId,
        url: file.url,
        signature: file['signature-base64'] ?? file.signature ?? '',
        owner: file.owner ?? '',
      },
      signal: ctx.signal,
    })
    .json()
  const { 'download-url': url } = readAnswer(permit, answer, vendorName)
  const bytes = await ctx.http.get(url, { signal: ctx.signal }).bytes()
  return file.key ? decrypt(bytes, file.key) : bytes
}

/** AES-256 in counter mode from a counter of zero; the key is hexadecimal with `00` in front. To confirm on a live account. */
function decrypt(bytes: Uint8Array, hex: string): Uint8Array {
  const key = Buffer.from(hex.length === 66 && hex.startsWith('00') ? hex.slice(2) : hex, 'hex')
  if (key.length !== 32) throw fileGone()
  const decipher = createDecipheriv('aes-256-ctr', key, Buffer.alloc(16))
  return new Uint8Array(Buffer.concat([decipher.update(bytes), decipher.final()]))
}

function fileGone(): AppError {
  return new AppError('vendor_not_found', 'The file could not be opened.', {
    action: 'It may be gone at Apple: files are kept for a limited time. Ask the customer to send it again.',
    outcome: 'refused',
  })
}

export const hostsOf = ({ gateway = nowhere }: Site): { api: string; allowed: string[] } => ({
  api: `https://${gateway}/v1`,
  allowed: [gateway],
})
