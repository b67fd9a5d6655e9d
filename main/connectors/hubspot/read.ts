import { z } from 'zod'
import { listed, openEnvelopes, readEach, under } from '../envelopes.ts'
import type { Agent, Directory, Quarantined, StatusOption } from '../model.ts'
import { optionalId, optionalText, vendorId } from '../read-records.ts'
import { vendorName } from './errors.ts'
import { threadKey } from './ids.ts'
import {
  type Contact,
  contactSchema,
  type InboxThread,
  stageStatus,
  type Ticket,
  threadSchema,
  ticketSchema,
} from './map.ts'
import { type InboxMessage, messageSchema } from './map-messages.ts'

/** HubSpot's answers, one at a time: a list under `results`, or one bare record. All throw AppError `vendor_bad_answer` for anything else. */

export interface Read<T> {
  values: T[]
  quarantined: Quarantined[]
}

export function readResults<T>(payload: unknown, schema: z.ZodType<T>): Read<T> & { paths: string[] } {
  const envelopes = openEnvelopes(payload, { lists: ['results'] }, vendorName)
  return readEach(
    schema,
    envelopes.flatMap((envelope) => envelope.records),
  )
}

export interface TicketsRead extends Read<Ticket> {
  /** Ids of archived tickets, which are in HubSpot's recycling bin. */
  archived: string[]
}

export function readTicketList(payload: unknown): TicketsRead {
  const { values, quarantined } = readResults(payload, ticketSchema)
  return {
    values: values.filter((ticket) => ticket.archived !== true),
    archived: values.filter((ticket) => ticket.archived === true).map((ticket) => ticket.id),
    quarantined,
  }
}

export interface ThreadsRead extends Read<InboxThread> {
  /** Spam and archived threads. */
  gone: InboxThread[]
}

export function readThreadList(payload: unknown): ThreadsRead {
  const { values, quarantined } = readResults(payload, threadSchema)
  const isGone = (thread: InboxThread) => thread.spam === true || thread.archived === true
  return { values: values.filter((thread) => !isGone(thread)), gone: values.filter(isGone), quarantined }
}

/** Keys of conversations that are gone with their threads: a ticket stays, whatever became of its thread. */
export const goneKeys = (gone: readonly InboxThread[]): string[] =>
  gone.filter((thread) => !thread.threadAssociations?.associatedTicketId).map((thread) => threadKey(thread.id))

export const readMessageList = (payload: unknown): Read<InboxMessage> => readResults(payload, messageSchema)
export const readContactList = (payload: unknown): Read<Contact> => readResults(payload, contactSchema)

const ownerSchema = z.looseObject({
  id: vendorId,
  userId: optionalId,
  email: optionalText,
  firstName: optionalText,
  lastName: optionalText,
  type: optionalText,
  archived: z.boolean().nullish().catch(null),
})
export type Owner = z.infer<typeof ownerSchema>

export const readOwners = (payload: unknown): Read<Owner> => readResults(payload, ownerSchema)

export const userIdOf = (owner: Owner): string => owner.userId ?? owner.id
export const nameOf = (owner: Owner): string =>
  [owner.firstName, owner.lastName].filter(Boolean).join(' ') || owner.email || userIdOf(owner)

/** Agents carry the user id, which sign-ins, actors and (through the owners) tickets share. A queue is nobody. */
export const agentsOf = (owners: readonly Owner[]): Agent[] =>
  owners
    .filter((owner) => owner.type !== 'QUEUE')
    .map((owner) => ({
      vendorId: userIdOf(owner),
      name: nameOf(owner),
      email: owner.email ?? null,
      active: owner.archived !== true,
    }))

const stageSchema = z.looseObject({
  id: vendorId,
  label: z.string(),
  displayOrder: z.number().nullish().catch(null),
  archived: z.boolean().nullish().catch(null),
  metadata: z
    .looseObject({ ticketState: optionalText, isClosed: z.union([z.string(), z.boolean()]).nullish().catch(null) })
    .nullish()
    .catch(null),
})
const pipelineSchema = z.looseObject({
  id: vendorId,
  label: z.string(),
  displayOrder: z.number().nullish().catch(null),
  stages: z.array(z.unknown()),
  archived: z.boolean().nullish().catch(null),
})

export interface Pipeline {
  id: string
  label: string
  stages: (StatusOption & { scope: string })[]
}

const byOrder = (a: { displayOrder?: number | null | undefined }, b: { displayOrder?: number | null | undefined }) =>
  (a.displayOrder ?? 0) - (b.displayOrder ?? 0)

function readStages({ id, stages }: z.infer<typeof pipelineSchema>, path: string) {
  const { values, quarantined } = readEach(stageSchema, listed(stages, under(path, 'stages')))
  const alive = values.filter((stage) => stage.archived !== true).sort(byOrder)
  const options = alive.map((stage, place) => {
    const closed = stage.metadata?.ticketState === 'CLOSED' || String(stage.metadata?.isClosed) === 'true'
    const status = stageStatus({ label: stage.label, closed, first: place === 0 })
    return { id: stage.id, label: stage.label, status, scope: id }
  })
  return { options, quarantined }
}

/** Pipelines with their stages in the portal's order. Ids and labels are the portal's own: read, never assumed. */
export function readPipelines(payload: unknown): Read<Pipeline> {
  const { values, paths, quarantined } = readResults(payload, pipelineSchema)
  const read = values.map((pipeline, at) => ({ pipeline, ...readStages(pipeline, paths[at] ?? '') }))
  const alive = read.filter(({ pipeline }) => pipeline.archived !== true)
  alive.sort((a, b) => byOrder(a.pipeline, b.pipeline))
  return {
    values: alive.map(({ pipeline, options }) => ({ id: pipeline.id, label: pipeline.label, stages: options })),
    quarantined: [...quarantined, ...alive.flatMap((each) => each.quarantined)],
  }
}

type Brands = Directory['brands']

export const pipelineBrands = (pipelines: readonly Pipeline[]): Brands =>
  pipelines.map(({ id, label }) => ({ key: `pipeline:${id}`, name: label }))

const inboxSchema = z.looseObject({ id: vendorId, name: z.string() })

export function readInboxes(payload: unknown): Read<Brands[number]> {
  const { values, quarantined } = readResults(payload, inboxSchema)
  return { values: values.map(({ id, name }) => ({ key: `inbox:${id}`, name })), quarantined }
}

const actorSchema = z.looseObject({ id: vendorId, name: optionalText, email: optionalText })
export const readActorList = (payload: unknown): Read<z.infer<typeof actorSchema>> => readResults(payload, actorSchema)
