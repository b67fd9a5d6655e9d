import PostalMime, { type Email } from 'postal-mime'
import { json, type Reply, textField } from '../../exchange.ts'
import { escapeHtml } from '../../html.ts'
import { body, type Call } from './call.ts'
import { refuse } from './errors.ts'

/** POST messages/send: a mail as RFC 5322 in base64url, into a thread where all three of Gmail's conditions are met. */
export async function sendMessage(call: Call): Promise<Reply> {
  const wish = body(call)
  const raw = textField(wish, 'raw') ?? ''
  if (!/^[\w-]+={0,2}$/.test(raw))
    throw refuse.argument("'raw' RFC822 payload message string or uploading message via /upload/* URL required")
  const mail = await PostalMime.parse(Buffer.from(raw, 'base64url'))
  if (!mail.to?.length) throw refuse.argument('Recipient address required')
  const index = threadFor(call, textField(wish, 'threadId'), mail) ?? begin(call, mail)
  const text = mail.text ?? ''
  const html = mail.html ?? `<p>${escapeHtml(text)}</p>`
  const entry = call.store.receive(index, 'reply', 0, { html, text })
  const headers = mail.headers
    .filter(({ key }) => key !== 'content-type' && key !== 'content-transfer-encoding')
    .map(({ originalKey, value }) => ({ name: originalKey, value }))
  call.wire.remember(index, entry.seq, allowedSender(call, mail) ? headers : rewritten(call, headers))
  return json(200, {
    id: call.wire.messageId(index, entry.seq),
    threadId: call.wire.threadId(index),
    labelIds: ['SENT'],
  })
}

const bare = (subject: string | undefined) => (subject ?? '').replace(/^(re|aw|sv):\s*/i, '').trim()

/** The thread, its subject and a reference to one of its mails: without one of them the mail begins a thread of its own. */
function threadFor(call: Call, threadId: string | undefined, mail: Email): number | undefined {
  if (threadId === undefined) return undefined
  const place = call.wire.place(threadId)
  if (place === undefined || place.seq !== 0) throw refuse.notFound()
  const { index } = place
  const known = call.wire.mails(index).map((entry) => call.wire.mailId(index, entry))
  const named = `${mail.inReplyTo ?? ''} ${mail.references ?? ''}`
  const refers = mail.inReplyTo !== undefined && known.some((id) => named.includes(id))
  return refers && bare(mail.subject) === bare(call.store.row(index).subject) ? index : undefined
}

function begin(call: Call, mail: Email): number {
  const to = mail.to?.[0]?.address ?? ''
  const known = call.store.customerByEmail(to)
  const index = call.store.open(mail.subject ?? '', '', known?.number ?? 0)
  call.wire.begunHere(index)
  call.store.change(index, { status: 'ARCHIVED' })
  return index
}

const allowedSender = (call: Call, mail: Email) =>
  call.store.spec.brands.includes(mail.from?.address?.toLowerCase() ?? '')

/** Gmail puts its own address in the place of one it has not confirmed. */
const rewritten = (call: Call, headers: { name: string; value: string }[]) => [
  ...headers.filter(({ name }) => name.toLowerCase() !== 'from'),
  { name: 'From', value: call.wire.address },
]
