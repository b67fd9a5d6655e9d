import { z } from 'zod'
import { isObject, readEach } from '../envelopes.ts'
import { type Found, recordsIn } from '../freshworks/records-in.ts'
import {
  type Conversation,
  joined,
  type Message,
  type Person,
  type Quarantined,
  type Unified,
  unified,
} from '../model.ts'
import { readRecords } from '../read-records.ts'
import { vendorName } from './errors.ts'
import { type Kind, keyOf } from './ids.ts'
import {
  accountSchema,
  contactSchema,
  dealSchema,
  ownerSchema,
  type Stage,
  taskSchema,
  toAccountPerson,
  toAgent,
  toContactConversation,
  toContactPerson,
  toDealConversation,
  toTaskConversation,
  type World,
} from './map.ts'
import { activitySchema, appointmentSchema, noteSchema, toActivity, toAppointment, toNote } from './map-messages.ts'

/**
 * Reads whole payloads. Freshsales wraps a record or a list under its name and puts related records beside it as further lists
 * (`users`, `contacts`, `sales_accounts`), so one reader by names serves lists, single records, changes and pushed events.
 */
type Row = Record<string, unknown>
export type Part = 'deal' | 'task' | 'contact' | 'lead' | 'account' | 'owner' | 'note' | 'activity' | 'appointment'

const names: Record<Part, [string, string]> = {
  deal: ['deals', 'deal'],
  task: ['tasks', 'task'],
  contact: ['contacts', 'contact'],
  lead: ['leads', 'lead'],
  account: ['sales_accounts', 'sales_account'],
  owner: ['users', 'user'],
  note: ['notes', 'note'],
  activity: ['sales_activities', 'sales_activity'],
  appointment: ['appointments', 'appointment'],
}

/** A field that only records of this kind have, for payloads without any wrapper. */
const marks: Record<Part, string> = {
  deal: 'deal_stage_id',
  task: 'due_date',
  contact: 'first_name',
  lead: 'first_name',
  account: 'name',
  owner: 'display_name',
  note: 'description',
  activity: 'sales_activity_type_id',
  appointment: 'from_date',
}

export interface Setting {
  host: string
  stages: ReadonlyMap<string, Stage>
  /** Agents by id, for the names beside notes. */
  people?: ReadonlyMap<string, Person>
  /** Conversation that notes belong to where they do not say it. */
  conversation?: string | null
  /** False for contacts that are no longer in the view that brought them here. */
  contactsWait?: boolean
}

const listOf = (value: unknown): unknown[] => (Array.isArray(value) ? value : isObject(value) ? [value] : [])

const side = <T>(schema: z.ZodType<T>, page: Row, ...keys: string[]): T[] =>
  keys.flatMap((key) => readRecords(schema, listOf(page[key]), key).values)

/** Related records that stand beside the ones asked for; broken ones are only names that will be missing. */
function worldOf(page: Row, setting: Setting): World & { owners: Map<string, Person> } {
  const related = contactSchema.partial({ created_at: true, updated_at: true })
  const whole = related.transform((one) => ({ ...one, created_at: 0, updated_at: 0 }))
  const contacts = side(whole, page, 'contacts', 'leads').map(toContactPerson)
  const accounts = side(accountSchema, page, 'sales_accounts')
  const owners = side(ownerSchema, page, 'users', 'owners').map(toAgent)
  const named = side(z.looseObject({ id: z.coerce.string(), name: z.string() }), page, 'deal_stages')
  const told = named.map((each): [string, Stage] => [each.id, { label: each.name, status: 'open', pipeline: null }])
  return {
    host: setting.host,
    stages: new Map([...told, ...setting.stages]),
    contacts: new Map(contacts.map((person) => [person.vendorId ?? '', person])),
    accounts: new Map(accounts.map((account) => [account.id, toAccountPerson(account)])),
    owners: new Map([
      ...(setting.people ?? []),
      ...owners.map(({ vendorId, name, email }): [string, Person] => [
        vendorId,
        { vendorId, name, email, phone: null },
      ]),
    ]),
  }
}

/** Pushed events: the record under `data`, related ones under `data.associations` (newer) or beside it (older). */
function unwrap(payload: Row): { page: Row; prefix: string; gone: boolean } {
  if (!isObject(payload.data) || typeof payload.event !== 'string') return { page: payload, prefix: '', gone: false }
  const { associations } = payload.data
  const people = isObject(associations) ? ['owner', 'creator', 'updater'].map((key) => associations[key]) : []
  const users = [...listOf(payload.data.users), ...people.filter(isObject)]
  const once = [...new Map(users.map((user) => [(Object(user) as Row).id, user])).values()]
  return { page: { ...payload.data, users: once }, prefix: 'data.', gone: /Delete$/.test(payload.event) }
}

/**
 * Every record of the given kinds in a payload, and the people and agents around them.
 * @throws AppError `vendor_bad_answer` when the payload is not of these kinds at all
 */
export function readPayload(payload: unknown, parts: readonly Part[], setting: Setting): Unified {
  const pages =
    Array.isArray(payload) && payload.some((each) => isObject(each) && isEnvelope(each, parts)) ? payload : null
  if (pages === null) return readPage(payload, '', parts, setting)
  return joined(pages.map((each, at) => readPage(each, `[${at}].`, parts, setting)))
}

const isEnvelope = (value: Row, parts: readonly Part[]): boolean =>
  parts.some((part) => names[part].some((name) => name in unwrap(value).page))

function readPage(payload: unknown, at: string, parts: readonly Part[], setting: Setting): Unified {
  const { page, prefix, gone } = isObject(payload) ? unwrap(payload) : { page: payload, prefix: '', gone: false }
  const keys = parts.flatMap((part) => names[part])
  const bare = (record: Row) => parts.some((part) => 'id' in record && marks[part] in record)
  const found = recordsIn(page, keys, bare, vendorName).map((each) => ({ ...each, path: `${at}${prefix}${each.path}` }))
  const world = worldOf(isObject(page) ? page : {}, setting)
  const of = (part: Part) => found.filter((each) => partOf(each, parts) === part)
  const result = readParts(of, world, setting)
  const agents = isObject(page) ? side(ownerSchema, page, 'users').map(toAgent) : []
  const people = [...result.people, ...world.contacts.values(), ...world.accounts.values()]
  return unified({
    ...result,
    people: [...new Map(people.map((person) => [person.vendorId, person])).values()],
    directory: agents.length > 0 ? { agents } : result.directory,
    conversations: gone ? [] : result.conversations,
    removedVendorIds: gone ? result.conversations.map((one) => one.vendorId) : result.removedVendorIds,
  })
}

/** By the name it stood under; without one by its fields, and the first kind asked for where those say nothing. */
function partOf({ key, record }: Found, parts: readonly Part[]): Part | undefined {
  if (key !== null) return parts.find((part) => names[part].includes(key))
  return parts.find((part) => isObject(record) && marks[part] in record) ?? parts[0]
}

function readParts(of: (part: Part) => Found[], world: World & { owners: Map<string, Person> }, setting: Setting) {
  const deals = readEach(dealSchema, of('deal'))
  const tasks = readEach(taskSchema, of('task'))
  const contacts = readEach(contactSchema, of('contact'))
  const leads = readEach(contactSchema, of('lead'))
  const accounts = readEach(accountSchema, of('account'))
  const owners = readEach(ownerSchema, of('owner'))
  const notes = readEach(noteSchema, of('note'))
  const activities = readEach(activitySchema, of('activity'))
  const appointments = readEach(appointmentSchema, of('appointment'))
  const context = { conversation: setting.conversation ?? null, people: world.owners }
  const conversations: Conversation[] = [
    ...deals.values.map((each) => toDealConversation(each, world)),
    ...tasks.values.map((each) => toTaskConversation(each, world)),
    ...contacts.values.map((each) => toContactConversation(each, world, 'contact', setting.contactsWait ?? true)),
    ...leads.values.map((each) => toContactConversation(each, world, 'lead')),
  ]
  const deleted = [
    ...deals.values.map((each) => ({ ...each, key: keyOf('deal', each.id) })),
    ...tasks.values.map((each) => ({ ...each, key: keyOf('task', each.id) })),
    ...contacts.values.map((each) => ({ ...each, key: keyOf('contact', each.id) })),
    ...leads.values.map((each) => ({ ...each, key: keyOf('lead', each.id) })),
  ].flatMap((each) => (each.is_deleted === true ? [each.key] : []))
  const messages: Message[] = [
    ...notes.values.map((each) => toNote(each, context)),
    ...activities.values.map((each) => toActivity(each, context)),
    ...appointments.values.map((each) => toAppointment(each, context)),
  ]
  const plain = [accounts, owners, notes, activities, appointments].flatMap((each) => each.quarantined)
  const keyed = ([kind, { quarantined }]: [Kind, { quarantined: Quarantined[] }]) =>
    quarantined.map((one) => ({ ...one, vendorId: one.vendorId === null ? null : keyOf(kind, one.vendorId) }))
  const kinds: [Kind, { quarantined: Quarantined[] }][] = [
    ['deal', deals],
    ['task', tasks],
    ['contact', contacts],
    ['lead', leads],
  ]
  return {
    conversations: conversations.filter((one) => !deleted.includes(one.vendorId)),
    messages: messages.sort((a, b) => a.createdAt - b.createdAt),
    people: [...contacts.values, ...leads.values].map(toContactPerson).concat(accounts.values.map(toAccountPerson)),
    directory: owners.values.length > 0 ? { agents: owners.values.map(toAgent) } : {},
    removedVendorIds: deleted,
    quarantined: [...kinds.flatMap(keyed), ...plain],
  }
}
