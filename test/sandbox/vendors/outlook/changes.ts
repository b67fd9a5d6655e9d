import { empty, isRecord, json, type Reply, textField } from '../../exchange.ts'
import { whole } from './bodies.ts'
import { body, type Call, context, folderOf, mailOf, wire } from './call.ts'
import { refuse } from './errors.ts'
import type { Address, FlagStatus, Mail } from './mailbox.ts'
import { isShared } from './sites.ts'

const answer = (call: Call, status: number, mail: Mail): Reply =>
  json(status, { '@odata.context': context(call, 'messages/$entity'), ...wire(call, mail) })

function recipientsIn(value: unknown): Address[] {
  if (!Array.isArray(value)) throw refuse.bad('toRecipients must be a collection.')
  return value.map((each) => {
    const address = isRecord(each) && isRecord(each.emailAddress) ? each.emailAddress : {}
    const plain = textField(address, 'address')
    if (!plain) throw refuse.bad('A recipient has no address.')
    return { name: textField(address, 'name') ?? plain, address: plain }
  })
}

function flagIn(value: unknown): FlagStatus {
  const status = isRecord(value) ? value.flagStatus : undefined
  if (status === 'notFlagged' || status === 'flagged' || status === 'complete') return status
  throw refuse.bad("Invalid value for property 'flagStatus'.")
}

function categoriesIn(value: unknown): string[] {
  if (!Array.isArray(value) || value.some((each) => typeof each !== 'string'))
    throw refuse.bad("Invalid value for 'categories'.")
  return [...new Set(value.map(String))]
}

/** What only a draft takes. */
function writeDraft(call: Call, mail: Mail, wish: Record<string, unknown>): void {
  const text = isRecord(wish.body) ? String(wish.body.content ?? '') : undefined
  if (text !== undefined) {
    const isText = isRecord(wish.body) && wish.body.contentType === 'text'
    mail.plain = isText
    mail.html = isText ? text : whole(text)
  }
  if (typeof wish.subject === 'string') mail.subject = wish.subject
  if (wish.toRecipients !== undefined) mail.to = recipientsIn(wish.toRecipients)
  if (wish.from !== undefined) {
    const [from] = recipientsIn([wish.from])
    if (from)
      mail.from = { ...from, name: from.address === call.mailbox.self.address ? call.mailbox.self.name : from.name }
  }
  mail.modifiedAt = call.mailbox.store.tick()
  call.mailbox.touchLoose()
}

const ofDrafts = ['body', 'subject', 'toRecipients', 'from']

export function createMessage(call: Call): Reply {
  const wish = body(call)
  const mail = call.mailbox.draft(call.staff, null)
  writeDraft(call, mail, wish)
  return answer(call, 201, mail)
}

export function createReply(call: Call): Reply {
  const target = mailOf(call)
  const wish = body(call)
  if (wish.comment !== undefined && isRecord(wish.message) && wish.message.body !== undefined)
    throw refuse.bad('comment and message.body cannot both be given.')
  return answer(call, 201, call.mailbox.draft(call.staff, target))
}

export function updateMessage(call: Call): Reply {
  const mail = mailOf(call)
  const wish = body(call)
  const forDraft = ofDrafts.filter((name) => wish[name] !== undefined)
  if (forDraft.length > 0 && !mail.isDraft) throw refuse.bad(`${forDraft.join(', ')} can only be changed in a draft.`)
  if (forDraft.length > 0) writeDraft(call, mail, wish)
  const marks = {
    ...(wish.flag === undefined ? {} : { flag: flagIn(wish.flag) }),
    ...(wish.categories === undefined ? {} : { categories: categoriesIn(wish.categories) }),
  }
  if (Object.keys(marks).length > 0) call.mailbox.mark(mail, marks)
  if (typeof wish.isRead === 'boolean') call.mailbox.setRead(mail, wish.isRead)
  return answer(call, 200, mailOf(call))
}

export function deleteMessage(call: Call): Reply {
  call.mailbox.move(mailOf(call), 'deleteditems')
  return empty(204)
}

export function moveMessage(call: Call): Reply {
  const mail = mailOf(call)
  const wish = body(call)
  const folder = folderOf(call, textField(wish, 'destinationId') ?? textField(wish, 'DestinationId') ?? '')
  call.mailbox.move(mail, folder)
  const moved = call.mailbox.find(mail.id)
  if (!moved) throw refuse.notFound()
  return answer(call, 201, moved)
}

/** 202 and no body. The person needs the right to send from a shared mailbox, whatever the token may. */
export function sendMessage(call: Call): Reply {
  const mail = mailOf(call)
  if (!mail.isDraft) throw refuse.sent()
  if (isShared(call.mailbox.store.spec.id) && call.bearer.user.role === 'light') throw refuse.sendAs()
  if (mail.to.length === 0) throw refuse.bad('At least one recipient is not valid.')
  call.mailbox.send(mail, call.staff)
  return empty(202)
}
