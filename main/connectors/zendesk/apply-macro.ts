import { z } from 'zod'
import { AppError, isAppError } from '../../errors.ts'
import type { ConnectorContext } from '../connector.ts'
import type { Command, Conversation, Identity, StatusOption } from '../model.ts'
import { optionalId, optionalText, readAnswer } from '../read-records.ts'
import { escapeHtml } from '../text.ts'
import { macros, statuses } from './directory.ts'
import { vendorName } from './errors.ts'
import { statusOf, toWords } from './macros.ts'
import { readPriority } from './map.ts'
import { ticketPath } from './thread.ts'

const appliedSchema = z.looseObject({
  result: z.looseObject({
    ticket: z.looseObject({
      status: optionalText,
      custom_status_id: optionalId,
      priority: optionalText,
      assignee_id: optionalId,
      tags: z.array(z.string()).nullish().catch(null),
      comment: z
        .looseObject({ body: optionalText, html_body: optionalText, public: z.boolean().nullish().catch(null) })
        .nullish()
        .catch(null),
    }),
  }),
})

/**
 * What a macro would do, from the vendor's answer to "show ticket after changes": the comment with its placeholders filled in, and every
 * field that differs from the conversation. Nothing is changed by asking. `conversation` null: all fields that the answer holds.
 * https://developer.zendesk.com/api-reference/ticketing/business-rules/macros/#show-ticket-after-changes
 * @throws AppError `vendor_bad_answer`
 */
export function readApplied(
  payload: unknown,
  conversation: Conversation | null,
  known: readonly StatusOption[],
): Command[] {
  const { ticket } = readAnswer(appliedSchema, payload, vendorName).result
  const { comment } = ticket
  return [
    ...toWords(comment?.public === false ? 'note' : 'reply', comment?.body ?? null, comment?.html_body ?? null),
    ...fieldsOf(ticket, conversation),
    ...statusOf(ticket.status ?? null, ticket.custom_status_id ?? null, known).filter((command) =>
      changesStatus(command, conversation),
    ),
  ]
}

type After = z.infer<typeof appliedSchema>['result']['ticket']

function fieldsOf(after: After, before: Conversation | null): Command[] {
  const commands: Command[] = []
  const priority = readPriority(after.priority)
  const assignee = after.assignee_id ?? null
  const tags = after.tags ?? before?.tags ?? []
  const add = tags.filter((tag) => !before?.tags.includes(tag))
  const remove = before?.tags.filter((tag) => !tags.includes(tag)) ?? []
  const assigned = 'assignee_id' in after && after.assignee_id !== undefined
  if (assigned && assignee !== (before?.assigneeVendorId ?? null))
    commands.push({ kind: 'assign', assigneeVendorId: assignee })
  if (priority !== null && priority !== before?.priority) commands.push({ kind: 'priority', priority })
  if (add.length + remove.length > 0) commands.push({ kind: 'tags', add, remove })
  return commands
}

function changesStatus(command: Command, before: Conversation | null): boolean {
  if (command.kind !== 'status' || before === null) return true
  return command.vendorStatusId === null
    ? command.status !== before.status
    : command.vendorStatusId !== before.vendorStatus.id
}

/**
 * The commands of a macro for one conversation. The vendor works them out; where it will not (a role without that right), the macro is
 * taken as listed, with the placeholders filled in that are known here.
 * @throws AppError `vendor_not_found` when the macro or the ticket is gone
 */
export async function applyMacro(
  ctx: ConnectorContext,
  conversation: Conversation,
  macroId: string,
): Promise<Command[]> {
  const fill = (commands: Command[]) => commands.map((command) => filled(command, conversation, ctx.account.identity))
  try {
    const path = `${ticketPath(conversation.vendorId)}/macros/${encodeURIComponent(macroId)}/apply`
    const answer: unknown = await ctx.http.get(path, { signal: ctx.signal }).json()
    return fill(readApplied(answer, conversation, await statuses(ctx)))
  } catch (error) {
    if (!isAppError(error, 'vendor_forbidden', 'vendor_rejected', 'vendor_bad_answer')) throw error
  }
  const macro = (await macros(ctx)).find((each) => each.id === macroId)
  if (macro === undefined) throw new AppError('vendor_not_found', 'That macro does not exist any more.')
  return fill(macro.commands)
}

function filled(command: Command, conversation: Conversation, me: Identity): Command {
  if (command.kind !== 'reply' && command.kind !== 'note') return command
  const known = placeholders(conversation, me)
  return {
    ...command,
    bodyText: fillIn(command.bodyText, known, (value) => value),
    bodyHtml: fillIn(command.bodyHtml, known, escapeHtml),
  }
}

/** One whose value is not known stays where it is, for the agent to see. */
function fillIn(text: string, known: ReadonlyMap<string, string>, write: (value: string) => string): string {
  return text.replace(/\{\{\s*([a-z_.]+)\s*\}\}/g, (whole, name: string) => {
    const value = known.get(name)
    return value === undefined ? whole : write(value)
  })
}

/** https://support.zendesk.com/hc/en-us/articles/4408886858138-Zendesk-Support-placeholders-reference */
function placeholders(conversation: Conversation, me: Identity): Map<string, string> {
  const { customer } = conversation
  const values: Record<string, string | null> = {
    'ticket.id': conversation.vendorId,
    'ticket.title': conversation.subject,
    'ticket.status': conversation.vendorStatus.label,
    'ticket.priority': conversation.priority,
    'ticket.url': new URL(conversation.url).host + new URL(conversation.url).pathname,
    'ticket.requester.phone': customer.phone,
    ...person('ticket.requester', customer),
    ...person('current_user', me),
  }
  return new Map(Object.entries(values).filter((each): each is [string, string] => Boolean(each[1])))
}

/** First and last name are parted as the vendor does it: at the first blank. */
function person(prefix: string, { name, email }: { name: string | null; email: string | null }) {
  const [, first = null, last = null] = /^(\S+)(?:\s+(.*))?$/.exec(name?.trim() ?? '') ?? []
  return {
    [`${prefix}.name`]: name,
    [`${prefix}.first_name`]: first,
    [`${prefix}.last_name`]: last,
    [`${prefix}.email`]: email,
  }
}
