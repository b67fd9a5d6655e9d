import { z } from 'zod'
import { AppError } from '../../errors.ts'
import { isObject } from '../envelopes.ts'
import type { Quarantined } from '../model.ts'
import { optionalText, readRecord, time } from '../read-records.ts'
import { vendorName } from './errors.ts'

/** A message as the gateway keeps it: when it passed, the headers it came with, and the body as Apple documents it. docs/vendors/apple-messages.md */

const urn = z.string().regex(/^urn:(mbid|biz):./)
const attachmentSchema = z.looseObject({
  name: optionalText,
  mimeType: optionalText,
  size: z
    .union([z.number(), z.string().regex(/^\d+$/).transform(Number)])
    .nullish()
    .catch(null),
  url: z.string().refine((url) => URL.canParse(url) && url.startsWith('https:'), 'not an https address'),
  'signature-base64': optionalText,
  signature: optionalText,
  owner: optionalText,
  key: optionalText,
})
export type FileRecord = z.infer<typeof attachmentSchema>

export const bodySchema = z.looseObject({
  id: z.string().min(1),
  type: z.string().min(1),
  sourceId: urn,
  destinationId: urn,
  body: optionalText,
  locale: optionalText,
  intent: optionalText,
  group: optionalText,
  attachments: z.array(z.unknown()).nullish().catch(null),
  richLinkData: z.looseObject({ url: optionalText, title: optionalText }).nullish().catch(null),
  interactiveData: z.unknown().optional(),
})
export type Body = z.infer<typeof bodySchema>

const headersSchema = z.record(z.string(), z.unknown()).catch({})

export interface MessageRecord {
  /** Epoch milliseconds by the gateway's clock: Apple's form holds no time. */
  at: number
  headers: Record<string, unknown>
  body: Body
  files: FileRecord[]
}

const recordSchema = z.looseObject({ at: time, headers: headersSchema.optional(), body: z.unknown() })

/** Apple's own form has the text in `body`, the gateway's record the whole message. */
const isBare = (record: Record<string, unknown>) => 'type' in record && 'sourceId' in record

function readOne(record: unknown, path: string): { record: MessageRecord | null; quarantined: Quarantined[] } {
  const aside = (bad: Quarantined) => ({ record: null, quarantined: [bad] })
  const bare = isObject(record) && isBare(record)
  const outer = readRecord(recordSchema, bare ? { at: record.at, body: record } : record, path)
  if ('bad' in outer) return aside(outer.bad)
  const inside = bare ? path : path === '' ? 'body' : `${path}.body`
  const given = isObject(outer.value.body) ? withHeaders(outer.value.body, outer.value.headers ?? {}) : outer.value.body
  const body = readRecord(bodySchema, given, inside)
  if ('bad' in body) return aside(body.bad)
  const files: FileRecord[] = []
  const quarantined: Quarantined[] = []
  for (const [index, file] of (body.value.attachments ?? []).entries()) {
    const read = readRecord(attachmentSchema, file, `${inside}.attachments[${index}]`)
    if ('value' in read) files.push(read.value)
    else quarantined.push({ ...read.bad, vendorId: body.value.id })
  }
  return { record: { at: outer.value.at, headers: outer.value.headers ?? {}, body: body.value, files }, quarantined }
}

/** Apple names the ids in headers and in the body; the body may leave them out. */
function withHeaders(body: Record<string, unknown>, headers: Record<string, unknown>): Record<string, unknown> {
  const known = { id: headers.id, sourceId: headers['source-id'], destinationId: headers['destination-id'] }
  const told = Object.fromEntries(Object.entries(known).filter(([, value]) => typeof value === 'string'))
  return { ...told, ...body }
}

/**
 * The records of a payload: the gateway's list, pages of it, a bare list, one record, or one message in Apple's own form with a time.
 * @throws AppError `vendor_bad_answer` with the path when it is none of these
 */
export function readMessageRecords(payload: unknown): { records: MessageRecord[]; quarantined: Quarantined[] } {
  const read = found(payload).map(({ record, path }) => readOne(record, path))
  return {
    records: read.flatMap(({ record }) => (record === null ? [] : [record])),
    quarantined: read.flatMap(({ quarantined }) => quarantined),
  }
}

interface Found {
  record: unknown
  path: string
}

function found(payload: unknown): Found[] {
  if (Array.isArray(payload)) {
    return payload.flatMap((each, index) => inList(each, `[${index}].`) ?? [{ record: each, path: `[${index}]` }])
  }
  const list = inList(payload, '')
  if (list !== null) return list
  if (isObject(payload) && (isBare(payload) || 'body' in payload)) return [{ record: payload, path: '' }]
  throw new AppError('vendor_bad_answer', `${vendorName}: the gateway sent an answer that Manydesk cannot read.`, {
    action: 'Ask your provider whether the gateway has the form that is documented.',
    detail: `${isObject(payload) ? 'messages' : 'payload'}: is not there`,
    outcome: 'unknown',
  })
}

function inList(value: unknown, path: string): Found[] | null {
  if (!isObject(value) || !Array.isArray(value.messages)) return null
  return value.messages.map((record, index) => ({ record, path: `${path}messages[${index}]` }))
}

export const customerOf = ({ body }: MessageRecord): string =>
  body.sourceId.startsWith('urn:biz:') ? body.destinationId : body.sourceId
export const isOurs = ({ body }: MessageRecord): boolean => body.sourceId.startsWith('urn:biz:')

/** Signs of typing are gone when they arrive. */
export const isPassing = ({ body }: MessageRecord): boolean =>
  body.type === 'typing_start' || body.type === 'typing_end'
