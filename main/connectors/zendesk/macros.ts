import { z } from 'zod'
import type { Command, ConversationStatus, Macro, StatusOption } from '../model.ts'
import { optionalText, vendorId } from '../read-records.ts'
import { htmlToText, textToHtml } from '../text.ts'
import { readPriority, readStatus } from './map.ts'
import { type Read, readList } from './read-directory.ts'

/** Macros as the site lists them: pure, and with the vendor's placeholders still in the texts. */

export interface MacroWorld {
  /** User id of the agent, for `current_user`; null where it is not known. */
  me: string | null
  statuses: readonly StatusOption[]
}

const actionSchema = z.looseObject({ field: z.string(), value: z.unknown() })
const macroSchema = z.looseObject({
  id: vendorId,
  title: z.string(),
  active: z.boolean().nullish().catch(null),
  actions: z.array(z.unknown()),
  description: optionalText,
})

/**
 * The active macros of an answer that do anything Manydesk can carry out: what they write, and status, priority, assignee and tags.
 * https://developer.zendesk.com/api-reference/ticketing/business-rules/macros/
 * @throws AppError `vendor_bad_answer`
 */
export function readMacros(payload: unknown, world: MacroWorld): Read<Macro> {
  const { values, quarantined } = readList(payload, macroSchema, { lists: ['macros'], ones: ['macro'] })
  const macros = values
    .filter((macro) => macro.active !== false)
    .map(({ id, title, actions }) => ({ id, name: title, commands: toCommands(actions, world) }))
  return { values: macros.filter((macro) => macro.commands.length > 0), quarantined }
}

/** Last value of each kind of action, as text; a list is joined by the vendor's meaning of it. */
function valuesOf(actions: readonly unknown[]): Map<string, unknown> {
  const known = actions.flatMap((action) => actionSchema.safeParse(action).data ?? [])
  // Several comments may stand there, one per channel: the first is the one for all, or for the web.
  const comments = known.filter(({ field }) => field.startsWith('comment_value')).reverse()
  return new Map([...known, ...comments].map(({ field, value }) => [field, value]))
}

const textOf = (value: unknown): string | null =>
  typeof value === 'string' || typeof value === 'number' ? String(value) : null

/** `"text"`, or `["channel:all", "text"]`. */
function commentOf(value: unknown): string | null {
  if (!Array.isArray(value)) return textOf(value)
  const texts = value.filter((each) => typeof each === 'string' && !/^channel:\w+$/.test(each))
  return texts.length === 0 ? null : texts.join('\n')
}

const tagsOf = (value: unknown): string[] => (textOf(value) ?? '').split(/[\s,]+/).filter((tag) => tag !== '')

/** Words first and the status last, so that a reply does not open again what the macro solves. */
function toCommands(actions: readonly unknown[], world: MacroWorld): Command[] {
  const values = valuesOf(actions)
  const priority = readPriority(textOf(values.get('priority')))
  const add = [...tagsOf(values.get('set_tags')), ...tagsOf(values.get('current_tags'))]
  const remove = tagsOf(values.get('remove_tags'))
  return [
    ...wordsOf(values),
    ...assignOf(values.get('assignee_id'), world.me),
    ...(priority === null ? [] : [{ kind: 'priority' as const, priority }]),
    ...(add.length + remove.length > 0 ? [{ kind: 'tags' as const, add, remove }] : []),
    ...statusOf(textOf(values.get('status')), textOf(values.get('custom_status_id')), world.statuses),
  ]
}

function wordsOf(values: ReadonlyMap<string, unknown>): Command[] {
  const html = commentOf(values.get('comment_value_html'))
  const text = commentOf(values.get('comment_value'))
  const kind = String(values.get('comment_mode_is_public') ?? true) === 'false' ? 'note' : 'reply'
  return toWords(kind, text, html)
}

/** A reply or note, or nothing where there are no words: markup alone says nothing. */
export function toWords(kind: 'reply' | 'note', text: string | null, html: string | null): Command[] {
  const words = text?.trim() ?? ''
  const shown = htmlToText(html ?? '')
  if (html !== null && shown !== '') return [{ kind, bodyText: words || shown, bodyHtml: html }]
  return words === '' ? [] : [{ kind, bodyText: words, bodyHtml: textToHtml(words) }]
}

function assignOf(value: unknown, me: string | null): Command[] {
  const wanted = textOf(value)
  if (wanted === null) return []
  if (wanted === '') return [{ kind: 'assign', assigneeVendorId: null }]
  const assigneeVendorId = wanted === 'current_user' ? me : /^\d+$/.test(wanted) ? wanted : null
  return assigneeVendorId === null ? [] : [{ kind: 'assign', assigneeVendorId }]
}

/** A status by its category or by the id of one of the site's own, which says more. */
export function statusOf(word: string | null, customId: string | null, statuses: readonly StatusOption[]): Command[] {
  const custom = customId && /^\d+$/.test(customId) ? customId : null
  const own = statuses.find((each) => each.id === custom)?.status
  const status: ConversationStatus | null = own ?? readStatus(word ?? '') ?? (custom === null ? null : 'open')
  return status === null ? [] : [{ kind: 'status', status, vendorStatusId: custom }]
}
