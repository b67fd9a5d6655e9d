import type { ConnectorContext } from '../connector.ts'
import { notOffered } from '../outcome.ts'
import { remembered } from '../remember.ts'
import { whereOffered } from '../where-allowed.ts'
import { deskOf, type PortalContext } from './desk.ts'
import { addressKind, type FromAddress } from './directory-map.ts'
import { type Ticket, toCustomer } from './map.ts'
import { type DeskThread, threadKind } from './map-messages.ts'
import { readPayload } from './payload.ts'
import { readTicket, ticketPath } from './ticket.ts'

/** Channels that are answered in their own way, without an address. */
const social: Record<string, string> = { FACEBOOK: 'FACEBOOK', TWITTER: 'TWITTER', FORUMS: 'FORUMS' }

/**
 * The body of `POST /tickets/{id}/sendReply`. `fromEmailAddress` is compulsory and must be one that is set up in the portal; `contentType` is
 * plain text unless told. https://github.com/zoho/zohodesk-oas, Thread.json
 * @throws AppError `not_supported` (nothing was sent) where nobody knows an address to write from or to
 */
export async function replyBody(
  ctx: ConnectorContext,
  ticketId: string,
  words: { bodyText: string; bodyHtml: string },
) {
  const incoming = await newestThread(ctx, ticketId, { needIncomingThread: true })
  const channel = incoming?.channel ?? ''
  if (Object.hasOwn(social, channel)) return { channel: social[channel], content: words.bodyText }
  if (channel === 'TWITTER_DM')
    throw notOffered('Zoho Desk sends no direct messages of Twitter for other programs.', 'Answer in Zoho Desk.')
  const ticket = await readTicket(ctx, ticketId)
  const to = recipient(ticket, incoming)
  if (to === null)
    throw notOffered(
      'This ticket has no address to reply to.',
      'Add one to the contact in Zoho Desk, or leave a note here.',
    )
  const inReplyTo = channel === 'EMAIL' && incoming !== null ? { inReplyToThreadId: incoming.id } : {}
  return {
    channel: 'EMAIL',
    contentType: 'html',
    content: words.bodyHtml,
    fromEmailAddress: await sender(ctx, ticket, incoming),
    to,
    ...inReplyTo,
  }
}

async function newestThread(
  ctx: ConnectorContext,
  ticketId: string,
  which: Record<string, boolean>,
): Promise<DeskThread | null> {
  const query = { ...which, needPublic: true, threadStatus: 'success' }
  const { body } = await deskOf(ctx).get(`${ticketPath(ticketId)}/latestThread`, query)
  return readPayload(threadKind, body).values[0] ?? null
}

/** Addresses of a header line: `"Ann Lee"<ann@example.com>, help@example.com`. */
export function addressesOf(line: string | null | undefined): string[] {
  return (line ?? '').match(/[^\s<>",;:]+@[^\s<>",;:]+/g) ?? []
}

function recipient(ticket: Ticket, incoming: DeskThread | null): string | null {
  const written =
    incoming?.channel === 'EMAIL' ? [incoming.replyTo, incoming.fromEmailAddress, incoming.author?.email] : []
  const [address] = [...written, ticket.email, toCustomer(ticket).email].flatMap(addressesOf)
  return address ?? null
}

/** From addresses of all departments. https://github.com/zoho/zohodesk-oas, MailReplyAddress.json */
const fromAddresses = remembered(60 * 60_000, (ctx: PortalContext) => whereOffered(loadAddresses(ctx)))

async function loadAddresses(ctx: PortalContext): Promise<FromAddress[]> {
  const query = { departmentId: 'allDepartment', isActive: true, limit: 100 }
  const { body } = await deskOf(ctx).get('mailReplyAddress', query)
  return readPayload(addressKind, body).values.filter((each) => each.isVerified !== false && each.isActive !== false)
}

/** The address the customer wrote to, if replies may leave from it; else the department's. */
async function sender(ctx: ConnectorContext, ticket: Ticket, incoming: DeskThread | null): Promise<string> {
  const known = await fromAddresses(ctx)
  const asked = [incoming?.to, incoming?.cc].flatMap(addressesOf)
  const written = asked.find((address) => known.some((each) => each.address.toLowerCase() === address.toLowerCase()))
  if (written !== undefined) return written
  const own = known.filter((each) => each.departmentId === ticket.departmentId)
  const best = own.find((each) => each.isDepartmentDefault === true) ?? own[0]
  const address = best?.address ?? asked[0] ?? (await lastSender(ctx, ticket.id))
  if (address !== undefined) return address
  throw notOffered(
    'Zoho Desk does not say from which address to reply.',
    'Ask an administrator for the permission "settings" in your profile, or answer once in Zoho Desk.',
  )
}

async function lastSender(ctx: ConnectorContext, ticketId: string): Promise<string | undefined> {
  const last = await newestThread(ctx, ticketId, {})
  return last?.direction === 'out' ? addressesOf(last.fromEmailAddress)[0] : undefined
}
