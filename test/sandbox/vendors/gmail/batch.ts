import PostalMime from 'postal-mime'
import { type Exchange, Refusal, type Reply } from '../../exchange.ts'
import { refuse } from './errors.ts'

const most = 100

/** POST /batch/gmail/v1: many calls in a multipart message, each answered by itself, in no promised order. */
export async function answerBatch(exchange: Exchange, answer: (call: Exchange) => Promise<Reply>): Promise<Reply> {
  const head = `Content-Type: ${exchange.headers['content-type'] ?? ''}\r\n\r\n`
  const { attachments } = await PostalMime.parse(Buffer.concat([Buffer.from(head), exchange.body]))
  const calls = attachments.filter((part) => part.mimeType === 'application/http')
  if (calls.length === 0) throw refuse.argument('Failed to parse batch request, error: no parts')
  if (calls.length > most) throw refuse.argument('The batch request contains too many calls')
  const parts: string[] = []
  for (const { content, contentId } of calls) {
    const text = typeof content === 'string' ? content : Buffer.from(content as ArrayBuffer).toString('utf8')
    const reply = await one(exchange, text, answer)
    const headers = Object.entries(reply.headers).map(([name, value]) => `${name}: ${value}\r\n`)
    parts.push(
      `--batch_sandbox\r\nContent-Type: application/http\r\nContent-ID: <response-${contentId?.replace(/^<|>$/g, '') ?? ''}>\r\n\r\n` +
        `HTTP/1.1 ${reply.status} ${reply.status === 200 ? 'OK' : 'Error'}\r\n${headers.join('')}\r\n${reply.body}\r\n`,
    )
  }
  return {
    status: 200,
    headers: { 'content-type': 'multipart/mixed; boundary=batch_sandbox' },
    body: `${parts.reverse().join('')}--batch_sandbox--\r\n`,
  }
}

async function one(exchange: Exchange, text: string, answer: (call: Exchange) => Promise<Reply>): Promise<Reply> {
  const [, method = '', path = ''] = /^([A-Z]+) (\/\S*)/.exec(text.trim()) ?? []
  try {
    if (path === '') throw refuse.argument('Failed to parse a call of the batch')
    return await answer({ ...exchange, method, url: new URL(path, exchange.url), body: Buffer.alloc(0) })
  } catch (error) {
    if (error instanceof Refusal) return error.reply
    throw error
  }
}
