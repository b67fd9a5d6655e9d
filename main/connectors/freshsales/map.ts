import { z } from 'zod'
import type { Agent, CommandKind, Conversation, ConversationStatus, Person } from '../model.ts'
import { optionalId, optionalText, optionalTime, time, unknownFields, vendorId } from '../read-records.ts'
import { htmlToText, preview } from '../text.ts'
import { type Kind, keyOf } from './ids.ts'

/** Everything here is pure: a record of Freshsales' API in, the unified model out. Whole payloads: `payload.ts`. */

const tags = z.array(z.string()).nullish().catch(null)
const flag = z.boolean().nullish().catch(null)

export const dealSchema = z.looseObject({
  id: vendorId,
  name: optionalText,
  deal_stage_id: optionalId,
  deal_pipeline_id: optionalId,
  owner_id: optionalId,
  sales_account_id: optionalId,
  contact_ids: z.array(vendorId).nullish().catch(null),
  tags,
  recent_note: optionalText,
  expected_close: optionalTime,
  closed_date: optionalTime,
  is_deleted: flag,
  created_at: time,
  updated_at: time,
})
type Deal = z.infer<typeof dealSchema>

/** Contacts, and the leads of old accounts, which look the same where it matters. */
export const contactSchema = z.looseObject({
  id: vendorId,
  first_name: optionalText,
  last_name: optionalText,
  display_name: optionalText,
  email: optionalText,
  emails: z.array(z.unknown()).nullish().catch(null),
  work_number: optionalText,
  mobile_number: optionalText,
  owner_id: optionalId,
  tags,
  recent_note: optionalText,
  is_deleted: flag,
  created_at: time,
  updated_at: time,
})
type Contact = z.infer<typeof contactSchema>

/** `status` is 0 or 1 in lists, `Open` or `Completed` in events; events write `creator_id`, lists `creater_id`. */
export const taskSchema = z.looseObject({
  id: vendorId,
  title: optionalText,
  description: optionalText,
  status: z.union([z.number(), z.string()]).nullish().catch(null),
  due_date: optionalTime,
  owner_id: optionalId,
  creater_id: optionalId,
  creator_id: optionalId,
  targetable_id: optionalId,
  targetable_type: optionalText,
  targetable: z.looseObject({ id: optionalId, type: optionalText }).nullish().catch(null),
  is_deleted: flag,
  created_at: time,
  updated_at: time,
})
export type Task = z.infer<typeof taskSchema>

export const accountSchema = z.looseObject({ id: vendorId, name: optionalText, phone: optionalText })
export const ownerSchema = z.looseObject({
  id: vendorId,
  display_name: optionalText,
  name: optionalText,
  email: optionalText,
  is_active: flag,
})
export type Owner = z.infer<typeof ownerSchema>

export interface Stage {
  label: string
  status: ConversationStatus
  pipeline: string | null
}

/** What is known beside a record: the records that came with it, and the account's stages. */
export interface World {
  host: string
  stages: ReadonlyMap<string, Stage>
  contacts: ReadonlyMap<string, Person>
  accounts: ReadonlyMap<string, Person>
}

/**
 * Meaning of a stage: `forecast_type` tells won and lost; of the others the first is where deals come in, and a name that says it
 * waits is taken at its word.
 */
export function stageStatus(label: string, forecast: string | null, first: boolean): ConversationStatus {
  if (/won/i.test(forecast ?? '')) return 'solved'
  if (/lost/i.test(forecast ?? '')) return 'closed'
  if (/waiting|await|on hold/i.test(label)) return 'pending'
  return first ? 'new' : 'open'
}

/** Statuses of tasks, which are the same in every account. */
export const taskStatuses = [
  { id: '0', label: 'Open', status: 'open' },
  { id: '1', label: 'Completed', status: 'solved' },
] as const
export const taskScope = 'task'

const page = (host: string, place: string) => `https://${host}/crm/sales/${place}`
const nobody: Person = { vendorId: null, name: null, email: null, phone: null }
/** Companies and people have ids of their own that may be the same number. */
export const accountPersonId = (id: string) => `account:${id}`

export function toContactPerson(contact: Contact): Person {
  const name = contact.display_name || [contact.first_name, contact.last_name].filter(Boolean).join(' ')
  const [first] = contact.emails ?? []
  const other = typeof first === 'string' ? first : (Object(first) as { value?: unknown }).value
  const email = contact.email || (typeof other === 'string' ? other : null)
  return {
    vendorId: contact.id,
    name: name || null,
    email: email || null,
    phone: contact.mobile_number || contact.work_number || null,
  }
}

export const toAccountPerson = (account: z.infer<typeof accountSchema>): Person => ({
  vendorId: accountPersonId(account.id),
  name: account.name || null,
  email: null,
  phone: account.phone || null,
})

export const toAgent = (owner: Owner): Agent => ({
  vendorId: owner.id,
  name: owner.display_name || owner.name || owner.email || owner.id,
  email: owner.email || null,
  active: owner.is_active !== false,
})

/** `collaboration.convo_token` is a signed token: it is neither stored nor shown. `links` repeat the paths of the API. */
function rest(record: Record<string, unknown>, known: readonly string[]): Record<string, unknown> {
  return unknownFields(record, [...known, 'collaboration', 'links'])
}

interface Shared {
  kind: Kind
  id: string
  subject: string
  text: string | null | undefined
  commands: CommandKind[]
}

/** What all kinds have in common. None has a priority, a group or a channel. */
function base(
  shared: Shared,
  record: { owner_id?: string | null | undefined; created_at: number; updated_at: number },
) {
  return {
    vendorId: keyOf(shared.kind, shared.id),
    version: record.updated_at,
    subject: shared.subject,
    preview: preview(htmlToText(shared.text ?? '')),
    commands: shared.commands,
    priority: null,
    channel: 'other' as const,
    assigneeVendorId: record.owner_id ?? null,
    groupVendorId: null,
    createdAt: record.created_at,
    updatedAt: record.updated_at,
    lastMessageBy: null,
  }
}

const dealFields = [
  ...['id', 'name', 'deal_stage_id', 'deal_pipeline_id', 'owner_id', 'sales_account_id', 'contact_ids', 'tags'],
  ...['recent_note', 'expected_close', 'is_deleted', 'created_at', 'updated_at'],
]

export function toDealConversation(deal: Deal, world: World): Conversation {
  const stageId = deal.deal_stage_id ?? ''
  const stage = world.stages.get(stageId)
  const contact = (deal.contact_ids ?? []).map((id) => world.contacts.get(id)).find((each) => each !== undefined)
  const company = world.accounts.get(deal.sales_account_id ?? '')
  const pipeline = deal.deal_pipeline_id ?? stage?.pipeline ?? null
  const unnamed = deal.closed_date ? 'closed' : 'open'
  return {
    ...base(
      {
        kind: 'deal',
        id: deal.id,
        subject: deal.name ?? '',
        text: deal.recent_note,
        commands: ['note', 'status', 'assign', 'tags'],
      },
      deal,
    ),
    status: stage?.status ?? unnamed,
    vendorStatus: { id: stageId, label: stage?.label ?? (stageId === '' ? 'No stage' : `Stage ${stageId}`) },
    statusScope: pipeline,
    customer: contact ?? company ?? nobody,
    tags: deal.tags ?? [],
    brandKey: pipeline === null ? null : `pipeline:${pipeline}`,
    dueAt: deal.expected_close ?? null,
    url: page(world.host, `deals/${encodeURIComponent(deal.id)}`),
    vendor: rest(deal, dealFields),
  }
}

const contactFields = [
  ...['id', 'first_name', 'last_name', 'display_name', 'email', 'emails', 'work_number', 'mobile_number', 'owner_id'],
  ...['tags', 'recent_note', 'is_deleted', 'created_at', 'updated_at'],
]

/** A contact has no stage. It waits for us as long as it is in the view that was named for that: `waits`. */
export function toContactConversation(
  contact: Contact,
  world: World,
  kind: 'contact' | 'lead',
  waits = true,
): Conversation {
  const person = toContactPerson(contact)
  const label = kind === 'lead' ? 'Lead' : waits ? 'Contact' : 'Left the view'
  return {
    ...base(
      {
        kind,
        id: contact.id,
        subject: person.name ?? person.email ?? '',
        text: contact.recent_note,
        commands: kind === 'lead' ? ['note'] : ['note', 'assign', 'tags'],
      },
      contact,
    ),
    status: waits ? 'open' : 'solved',
    vendorStatus: { id: waits ? kind : `${kind}-left`, label },
    statusScope: kind,
    customer: person,
    tags: contact.tags ?? [],
    brandKey: null,
    dueAt: null,
    url: page(world.host, `${kind}s/${encodeURIComponent(contact.id)}`),
    vendor: rest(contact, contactFields),
  }
}

const taskFields = [
  ...['id', 'title', 'description', 'status', 'due_date', 'owner_id', 'is_deleted', 'created_at', 'updated_at'],
]
const targetPages: Record<string, string> = {
  deal: 'deals',
  contact: 'contacts',
  lead: 'leads',
  salesaccount: 'accounts',
}

export function targetOf(task: Task): { type: string; id: string } | null {
  const id = task.targetable_id ?? task.targetable?.id ?? null
  const type = task.targetable_type ?? task.targetable?.type ?? null
  return id === null || type === null ? null : { type, id }
}

function customerOfTask(task: Task, world: World): Person {
  const target = targetOf(task)
  const type = target?.type.toLowerCase()
  if (target === null) return nobody
  if (type === 'contact' || type === 'lead') return world.contacts.get(target.id) ?? { ...nobody, vendorId: target.id }
  if (type === 'salesaccount')
    return world.accounts.get(target.id) ?? { ...nobody, vendorId: accountPersonId(target.id) }
  return nobody
}

function readTaskStatus(
  status: number | string | null | undefined,
): Conversation['vendorStatus'] & { status: ConversationStatus } {
  const text = String(status ?? 0)
  const known = taskStatuses.find((each) => each.id === text || each.label.toLowerCase() === text.toLowerCase())
  return known ?? { id: text, label: text, status: 'open' }
}

export function toTaskConversation(task: Task, world: World): Conversation {
  const { status, ...vendorStatus } = readTaskStatus(task.status)
  const target = targetOf(task)
  const folder = targetPages[target?.type.toLowerCase() ?? '']
  return {
    ...base(
      { kind: 'task', id: task.id, subject: task.title ?? '', text: task.description, commands: ['status', 'assign'] },
      task,
    ),
    status,
    vendorStatus,
    statusScope: taskScope,
    customer: customerOfTask(task, world),
    tags: [],
    brandKey: null,
    dueAt: task.due_date ?? null,
    // A task has no page of its own: it stands on that of what it is about.
    url: page(world.host, target === null || folder === undefined ? '' : `${folder}/${encodeURIComponent(target.id)}`),
    vendor: rest(task, taskFields),
  }
}
