import { z } from 'zod'
import { type EnvelopeShape, listed, openEnvelopes, readEach, under } from '../envelopes.ts'
import type { Agent, Directory, Quarantined, StatusOption } from '../model.ts'
import { optionalText, vendorId } from '../read-records.ts'
import { vendorName } from './errors.ts'
import { isAgent, readStatus, type User, userSchema } from './map.ts'

/** Small lists of a site, one answer at a time. All throw AppError `vendor_bad_answer` for an answer of another kind. */

export interface Read<T> {
  values: T[]
  quarantined: Quarantined[]
}

export function readList<T>(
  payload: unknown,
  schema: z.ZodType<T>,
  shape: EnvelopeShape,
): Read<T> & { paths: string[] } {
  return readEach(
    schema,
    openEnvelopes(payload, shape, vendorName).flatMap((envelope) => envelope.records),
  )
}

export const readUsers = (payload: unknown): Read<User> =>
  readList(payload, userSchema, { lists: ['users'], ones: ['user'] })

export const agentsOf = (users: readonly User[]): Agent[] =>
  users.filter(isAgent).map((user) => ({
    vendorId: user.id,
    name: user.name ?? user.email ?? user.id,
    email: user.email ?? null,
    active: user.active !== false && user.suspended !== true,
  }))

const flag = z.boolean().nullish().catch(null)
const named = z.looseObject({ id: vendorId, name: z.string(), deleted: flag })

export function readGroups(payload: unknown): Read<Directory['groups'][number]> {
  const { values, quarantined } = readList(payload, named, { lists: ['groups'], ones: ['group'] })
  const alive = values.filter((group) => group.deleted !== true)
  return { values: alive.map(({ id, name }) => ({ vendorId: id, name })), quarantined }
}

export function readBrands(payload: unknown): Read<Directory['brands'][number]> {
  const { values, quarantined } = readList(payload, named, { lists: ['brands'], ones: ['brand'] })
  return { values: values.map(({ id, name }) => ({ key: id, name })), quarantined }
}

const customStatus = z.looseObject({
  id: vendorId,
  status_category: z.string(),
  agent_label: optionalText,
  active: flag,
})

const statusOption = ({ id, agent_label, status_category }: z.infer<typeof customStatus>): StatusOption => ({
  id,
  label: agent_label ?? status_category,
  status: readStatus(status_category) ?? 'open',
})

export function readCustomStatuses(payload: unknown): Read<StatusOption> {
  const { values, quarantined } = readList(payload, customStatus, { lists: ['custom_statuses'] })
  return { values: values.filter((each) => each.active !== false).map(statusOption), quarantined }
}

const option = z.looseObject({ name: z.string(), value: z.string() })
const fieldSchema = z.looseObject({
  id: vendorId,
  type: optionalText,
  system_field_options: z.array(z.unknown()).nullish().catch(null),
  custom_statuses: z.array(z.unknown()).nullish().catch(null),
})

/**
 * The statuses that the site's ticket fields name: its own where it has such, else the plain ones it uses, in its words.
 * https://developer.zendesk.com/api-reference/ticketing/tickets/ticket_fields/
 */
export function readTicketFields(payload: unknown): Read<StatusOption> {
  const {
    values: fields,
    paths,
    quarantined,
  } = readList(payload, fieldSchema, {
    lists: ['ticket_fields'],
    ones: ['ticket_field'],
  })
  const inside = (type: string, key: 'system_field_options' | 'custom_statuses') =>
    fields.flatMap((field, at) => (field.type === type ? listed(field[key], under(paths[at] ?? '', key)) : []))
  const own = readEach(customStatus, inside('custom_status', 'custom_statuses'))
  const plain = readEach(option, inside('status', 'system_field_options'))
  const statuses = own.values.filter((each) => each.active !== false).map(statusOption)
  const words = plain.values.map(({ name, value }) => ({
    id: value,
    label: name,
    status: readStatus(value) ?? ('open' as const),
  }))
  return {
    values: statuses.length > 0 ? statuses : words,
    quarantined: [...quarantined, ...own.quarantined, ...plain.quarantined],
  }
}
