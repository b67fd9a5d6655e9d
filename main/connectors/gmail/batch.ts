import { setTimeout as wait } from 'node:timers/promises'
import PostalMime from 'postal-mime'
import { z } from 'zod'
import type { AppError } from '../../errors.ts'
import type { ConnectorContext } from '../connector.ts'
import { readByPost } from '../http.ts'
import { readAnswer } from '../read-records.ts'
import { readError, vendorName } from './errors.ts'

/** Reads many things with one request. https://developers.google.com/workspace/gmail/api/guides/batch */

const batchUrl = 'https://gmail.googleapis.com/batch/gmail/v1'
/** 100 are allowed; the calls of one request run side by side there, and more than a few dozen meet the limit of concurrent ones. */
const callsPerBatch = 25
const boundary = 'manydesk_batch'
const rounds = 5
const firstPauseMs = 500

export interface Part {
  status: number
  headers: Headers
  body: string
}

type Asker = Pick<ConnectorContext, 'http' | 'signal'>

/**
 * The answers of GETs by path, in the order asked. A 404 is null. Parts that were refused for the moment are asked again a few times.
 * @throws AppError of the first part that stays refused
 */
export async function readMany(ctx: Asker, paths: readonly string[]): Promise<(unknown | null)[]> {
  const found = new Map<string, unknown>()
  for (let start = 0; start < paths.length; start += callsPerBatch) {
    await readBatch(ctx, paths.slice(start, start + callsPerBatch), found)
  }
  return paths.map((path) => found.get(path) ?? null)
}

async function readBatch(ctx: Asker, paths: readonly string[], found: Map<string, unknown>): Promise<void> {
  let left = paths
  for (let round = 1; ; round += 1) {
    const parts = await post(ctx, left)
    const refused: { path: string; part: Part }[] = []
    left.forEach((path, place) => {
      const part = parts.get(place)
      if (part === undefined) refused.push({ path, part: { status: 503, headers: new Headers(), body: '' } })
      else if (part.status === 200) found.set(path, parseBody(part.body))
      else if (part.status !== 404) refused.push({ path, part })
    })
    if (refused.length === 0) return
    const errors = refused.map(({ part }) => readError(part.status, part.headers, part.body))
    const fatal = errors.find((error) => !mayPass(error))
    if (fatal !== undefined || round === rounds) throw fatal ?? errors[0]
    // The token ran out within the request: a plain call has it renewed.
    if (refused.some(({ part }) => part.status === 401)) await ctx.http.get('profile', { signal: ctx.signal })
    else await wait(firstPauseMs * 2 ** (round - 1) * (0.75 + Math.random() / 2), undefined, { signal: ctx.signal })
    left = refused.map(({ path }) => path)
  }
}

const mayPass = ({ code, retryAfterMs }: AppError) =>
  ['needs_sign_in', 'vendor_failed', 'timeout'].includes(code) ||
  (code === 'rate_limited' && retryAfterMs === undefined)

async function post(ctx: Asker, paths: readonly string[]): Promise<Map<number, Part>> {
  const calls = paths.map(
    (path, place) =>
      `--${boundary}\r\nContent-Type: application/http\r\nContent-ID: <${place}>\r\n\r\nGET /gmail/v1/users/me/${path} HTTP/1.1\r\n\r\n`,
  )
  // The answer is no JSON, and larger than most: it is taken as a file is.
  const response = await ctx.http.post(batchUrl, {
    body: `${calls.join('')}--${boundary}--\r\n`,
    headers: { 'content-type': `multipart/mixed; boundary=${boundary}`, accept: '*/*' },
    signal: ctx.signal,
    ...readByPost,
  })
  return readParts(response.headers.get('content-type') ?? '', await response.text())
}

/** A batch answer is a multipart message like a mail, of parts that hold an HTTP answer each. */
export async function readParts(contentType: string, text: string): Promise<Map<number, Part>> {
  readAnswer(z.string().regex(/^multipart\/mixed;.*boundary=/i, 'not a batch answer'), contentType, vendorName)
  const { attachments } = await PostalMime.parse(`Content-Type: ${contentType}\r\n\r\n${text}`)
  return new Map(
    attachments.flatMap(({ contentId, content }): [number, Part][] => {
      const place = /^<?(?:response-)?(\d+)>?$/.exec(contentId ?? '')?.[1]
      const part = readPart(typeof content === 'string' ? content : new TextDecoder().decode(content))
      return place === undefined || part === null ? [] : [[Number(place), part]]
    }),
  )
}

function readPart(text: string): Part | null {
  const [, status, head = '', body = ''] =
    /^HTTP\/[\d.]+ (\d{3})[^\n]*\n([\s\S]*?)\r?\n\r?\n([\s\S]*)$/.exec(text) ?? []
  if (status === undefined) return null
  const headers = new Headers()
  for (const line of head.split(/\r?\n/)) {
    const [, name, value] = /^([\w-]+):\s*(.*)$/.exec(line) ?? []
    if (name !== undefined && value !== undefined) headers.append(name, value.replace(/[^\x20-\x7e]/g, ''))
  }
  return { status: Number(status), headers, body }
}

/** What is not JSON is a record that cannot be read: it is set aside by whoever reads it. */
function parseBody(body: string): unknown {
  try {
    return JSON.parse(body)
  } catch {
    return 'not JSON'
  }
}
