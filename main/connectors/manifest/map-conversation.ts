import type { Channel, Conversation, ConversationStatus, Person, Priority, Quarantined } from '../model.ts'
import { unknownFields } from '../read-records.ts'
import { preview } from '../text.ts'
import { accountVariables, renderHost } from './places.ts'
import type { ConversationFields, Manifest, PersonFields } from './schema.ts'
import { renderText, textOf } from './template.ts'
import {
  addressValue,
  enumValue,
  fieldPath,
  listValue,
  type Reading,
  takenMembers,
  textValue,
  timeValue,
  vendorsOwn,
  wordValue,
} from './value.ts'

export type Mapped<T> = { value: T } | { bad: Quarantined }

const statuses: readonly ConversationStatus[] = ['new', 'open', 'pending', 'on_hold', 'solved', 'closed']
const priorities: readonly Priority[] = ['low', 'normal', 'high', 'urgent']
const channels: readonly Channel[] = ['email', 'chat', 'phone', 'web', 'social', 'api', 'other']

export const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

export const readingOf = (manifest: Manifest, site: Reading['site']): Reading => ({ site, times: manifest.api.times })

export function toPerson(fields: PersonFields | undefined, record: unknown, reading: Reading): Person {
  return {
    vendorId: wordValue(fields?.id, record, reading),
    name: wordValue(fields?.name, record, reading),
    email: wordValue(fields?.email, record, reading),
    phone: wordValue(fields?.phone, record, reading),
  }
}

/** A vendor's word as a label: `on_hold` is "On hold". */
export const capital = (word: string) => word.charAt(0).toUpperCase() + word.slice(1).replaceAll('_', ' ')

/** A record that is a conversation, or what is wrong with it. `path` names the record: `entries[3]`. Never throws. */
export function toConversation(
  manifest: Manifest,
  record: unknown,
  path: string,
  site: Reading['site'],
): Mapped<Conversation> {
  const { fields } = manifest.conversations
  const reading = readingOf(manifest, site)
  const vendorId = wordValue(fields.id, record, reading)
  const bad = (name: 'id' | 'updatedAt', reason: string): Mapped<Conversation> => ({
    bad: { vendorId, path: `${path}${fieldPath(name, fields[name])}`, reason },
  })
  if (!isRecord(record)) return { bad: { vendorId: null, path, reason: 'not an object' } }
  if (vendorId === null) return bad('id', 'no id')
  const updatedAt = timeValue(fields.updatedAt, record, reading)
  if (updatedAt === null) return bad('updatedAt', 'not a time')
  const { status, vendorStatus, ...words } = readWords(manifest, fields, record, reading)
  return {
    value: {
      vendorId,
      version: updatedAt,
      subject: textValue(fields.subject, record, reading) ?? '',
      preview: preview(textValue(fields.preview, record, reading)),
      status,
      vendorStatus,
      priority: words.priority,
      channel: words.channel,
      customer: toPerson(fields.customer, record, reading),
      assigneeVendorId: wordValue(fields.assignee, record, reading),
      groupVendorId: wordValue(fields.group, record, reading),
      tags: listValue(fields.tags, record, reading),
      brandKey: wordValue(fields.brand, record, reading),
      createdAt: timeValue(fields.createdAt, record, reading) ?? updatedAt,
      updatedAt,
      lastMessageBy: enumValue(fields.lastMessageBy, ['customer', 'agent'], record, reading).word,
      dueAt: timeValue(fields.dueAt, record, reading),
      url: addressValue(fields.url, record, reading) ?? siteAddress(manifest, site),
      vendor: { ...unknownFields(record, takenMembers(fields)), ...words.strange },
    },
  }
}

/** The fields with words of ours; what is none of them is kept as it came. */
function readWords(manifest: Manifest, fields: ConversationFields, record: unknown, reading: Reading) {
  const status = enumValue(fields.status, statuses, record, reading)
  const priority = enumValue(fields.priority, priorities, record, reading)
  const channel = enumValue(fields.channel, channels, record, reading)
  const own = textOf(vendorsOwn(fields.status, record))
  const listed = manifest.directory.statuses?.find((each) => each.id === own)
  const label = wordValue(fields.statusLabel, record, reading) ?? listed?.label
  const known = status.word ?? listed?.status ?? null
  const strange = Object.entries({
    status: known === null ? status.strange : null,
    priority: priority.strange,
    channel: channel.strange,
  }).filter(([, value]) => value !== null && value !== '')
  return {
    status: known ?? ('open' as const),
    vendorStatus: { id: own ?? known ?? 'open', label: label ?? capital(own ?? known ?? 'open') },
    priority: priority.word,
    channel: channel.word ?? ('other' as const),
    strange: Object.fromEntries(strange),
  }
}

/** Where the vendor is, for a conversation that has no address of its own. */
function siteAddress(manifest: Manifest, site: Reading['site']): string {
  try {
    return `https://${renderHost(manifest.hosts[0] ?? '', site)}/`
  } catch {
    return 'https://invalid.invalid/'
  }
}

/** What people call the site of an account. */
export function siteLabel(manifest: Manifest, site: Reading['site']): string {
  return renderText(manifest.account.label, accountVariables(site), (value) => value)
}
