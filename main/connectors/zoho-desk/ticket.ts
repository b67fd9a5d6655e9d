import { z } from 'zod'
import type { ConnectorContext } from '../connector.ts'
import { whereOffered } from '../where-allowed.ts'
import { deskOf } from './desk.ts'
import { type Ticket, ticketKind } from './map.ts'
import { type Kind, readOne, readPayload } from './payload.ts'

export const ticketPath = (id: string) => `tickets/${encodeURIComponent(id)}`

/** @throws AppError `vendor_bad_answer`, and what the HTTP client throws */
export async function readTicket(ctx: ConnectorContext, id: string): Promise<Ticket> {
  const { body } = await deskOf(ctx).get(ticketPath(id), { include: 'contacts,assignee' })
  return readOne(ticketKind, body)
}

const tagKind: Kind<{ name: string }> = { name: 'tag', schema: z.looseObject({ name: z.string() }), signs: ['name'] }

/** `GET /tickets/{id}/tags`: tags are in no other answer. None where they may not be read. */
export async function readTags(ctx: ConnectorContext, id: string): Promise<string[]> {
  const load = async () => readPayload(tagKind, (await deskOf(ctx).get(`${ticketPath(id)}/tags`)).body).values
  return (await whereOffered(load())).map(({ name }) => name)
}
