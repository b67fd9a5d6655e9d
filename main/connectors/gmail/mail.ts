import { createHash } from 'node:crypto'
import MailComposer from 'nodemailer/lib/mail-composer'
import type { Mailbox } from './headers.ts'

/** A mail to be sent. */
export interface OutgoingMail {
  from: Mailbox
  to: Mailbox[]
  subject: string
  bodyText: string
  bodyHtml: string
  /** Message ids with their angle brackets. */
  inReplyTo: string | null
  references: string[]
  key: string
  /** Epoch milliseconds. */
  date: number
}

/** Also says which mail it is where Gmail gave it another `Message-ID`, which it does to ids it takes for malformed. */
export const keyHeader = 'X-Manydesk-Id'

/**
 * A mail is known by what it says, to whom, and the minute it was sent: the same again is the same key, so that a mail whose answer got
 * lost can be looked for without having kept anything. `what` names the thread or the address.
 */
export function keyOf(
  mailbox: string,
  what: string,
  words: { bodyText: string; bodyHtml: string },
  sentAt: number,
): string {
  const parts = [mailbox, what, words.bodyText, words.bodyHtml, String(Math.floor(sentAt / minuteMs))]
  return createHash('sha256').update(JSON.stringify(parts)).digest('hex').slice(0, 40)
}
const minuteMs = 60_000

/** Keys a mail may have that began to be sent at that moment: the minute may have turned, and clocks are set. */
export function keysAround(sentAt: number, keyAt: (sentAt: number) => string): string[] {
  return [-1, 0, 1, 2].map((minutes) => keyAt(sentAt + minutes * minuteMs))
}

/** The `Message-ID` of a key, under the mailbox's own domain, as a mail program would make it. */
export const messageIdOf = (key: string, mailbox: string) => `<${key}@${mailbox.split('@').at(-1)}>`

/** The mail in the form of RFC 5322, as `messages.send` takes it: base64url. */
export async function rawMail(mail: OutgoingMail, mailbox: string): Promise<string> {
  const composer = new MailComposer({
    from: composed(mail.from),
    to: mail.to.map(composed),
    subject: mail.subject,
    text: mail.bodyText,
    html: mail.bodyHtml,
    ...(mail.inReplyTo === null ? {} : { inReplyTo: mail.inReplyTo }),
    references: mail.references,
    messageId: messageIdOf(mail.key, mailbox),
    date: new Date(mail.date),
    headers: { [keyHeader]: mail.key },
    disableFileAccess: true,
    disableUrlAccess: true,
  })
  return (await composer.compile().build()).toString('base64url')
}

const composed = ({ name, address }: Mailbox) => ({ name: name ?? '', address })

/** RFC 5322 3.6.5; Gmail keeps an answer in its thread only under the same subject. */
export const replySubject = (subject: string) => (/^re:/i.test(subject) ? subject : `Re: ${subject}`.trim())

/** RFC 5322 3.6.4. Very long chains keep their beginning and their end. */
export function referencesTo(references: string[], messageId: string | null): string[] {
  const all = [...references, ...(messageId === null ? [] : [messageId])]
  const chain = all.filter((id, place) => all.indexOf(id) === place)
  return chain.length <= longestChain ? chain : [...chain.slice(0, 1), ...chain.slice(1 - longestChain)]
}
const longestChain = 30
