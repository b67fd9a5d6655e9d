import type { Command, Conversation, Person } from '../../connectors/model.ts'
import { conversationId, parseConversationId } from '../model.ts'
import { type AccountRow, type Accounts, assignmentOf, brandOf } from './accounts.ts'
import type { ConversationRecord, ConversationRows, Details } from './conversation-rows.ts'
import type { Db } from './driver.ts'
import { statusCodes } from './facets.ts'
import type { OutboxRow, OutboxRows } from './outbox-rows.ts'
import { commandOf, isWritten } from './outbox-rows.ts'
import { type Changeable, changeableOf, statusesOf, withCommands } from './overlay.ts'
import type { People } from './people.ts'
import { createSearchIds } from './search-index.ts'
import { markOfChange, markOfNew, type ReadMark } from './unread.ts'

export interface Conversations {
  /**
   * Writes the vendor's state, with our own unconfirmed commands shown over it. An older version is left out.
   * @param readAt when the read began that brought it
   * @returns the row, and whether anything changed; null for an older version
   */
  put(account: AccountRow, incoming: Conversation, readAt: number): { id: number; changed: boolean } | null
  find(id: string): ConversationRecord | null
  /** Shows the vendor's state with the present commands over it, after a command came or went. */
  reproject(id: string): void
  /** The vendor's state, without our commands over it: what connectors work with. */
  vendorState(id: string): Conversation | null
  /** The brand or the user of the account changed. Answers the last row it looked at, null when all are done. */
  rebrand(account: AccountRow, limit: number): number | null
  /** Fuller names arrived. Answers the rows that changed. */
  renameCustomer(account: AccountRow, person: Person): number
}

interface Parts {
  accounts: Accounts
  rows: ConversationRows
  outbox: OutboxRows
  people: People
}

export function createConversations(db: Db, { accounts, rows, outbox, people }: Parts): Conversations {
  const searchId = createSearchIds(db)

  const find = (id: string) => {
    const { accountId, vendorId } = parseConversationId(id)
    const account = accounts.find(accountId)
    return account && rows.find(account.id, vendorId)
  }

  const put = (account: AccountRow, incoming: Conversation, readAt: number) => {
    const before = rows.find(account.id, incoming.vendorId)
    if (before && incoming.version < before.version) return null
    const commands = settle(outbox, conversationId(account.account_id, incoming.vendorId), incoming.version, readAt)
    const base = changeableOf(incoming)
    const shown = withCommands(base, commands, statusesOf(account.directory))
    const mark = before
      ? markOfChange(knownOf(before), incoming, shown.status)
      : markOfNew(incoming, account.filled === 1 ? null : account.newest_at)
    const id = before?.id ?? rows.nextId()
    const next = {
      ...vendorColumns(incoming, before, people.fill(account.id, incoming.customer)),
      ...shownColumns(account, shown),
      id,
      account: account.id,
      brand: brandOf(account, incoming.brandKey),
      unread: mark.unread,
      customer_at: mark.customerAt,
      search_id: before?.updated_at === incoming.updatedAt ? before.search_id : searchId(incoming.updatedAt, id),
      thread_at: before?.thread_at ?? null,
      thread_version: before?.thread_version ?? null,
    }
    if (!before) rows.insert(next)
    const changed = before === null || rows.update(before, next)
    const details = {
      url: incoming.url,
      vendor: JSON.stringify(incoming.vendor),
      base: commands.length === 0 ? null : JSON.stringify(base),
      status_scope: incoming.statusScope ?? null,
      commands: incoming.commands === undefined ? null : JSON.stringify(incoming.commands),
    }
    return { id, changed: rows.putDetails(id, details) || changed }
  }

  return {
    put,
    find,
    reproject(id) {
      const row = find(id)
      const details = row && rows.details(row.id)
      const account = accounts.find(parseConversationId(id).accountId)
      if (!row || !details || !account) return
      const base: Changeable = details.base === null ? shownOf(row) : JSON.parse(details.base)
      const commands = changers(outbox.ofConversation(id)).map(({ command }) => command)
      const shown = withCommands(base, commands, statusesOf(account.directory))
      rows.update(row, shownColumns(account, shown))
      rows.putDetails(row.id, { ...details, base: commands.length === 0 ? null : JSON.stringify(base) })
    },
    vendorState(id) {
      const row = find(id)
      const details = row && rows.details(row.id)
      if (!row || !details) return null
      const base: Changeable = details.base === null ? shownOf(row) : JSON.parse(details.base)
      return { ...conversationOf(row, details), ...base }
    },
    rebrand(account, limit) {
      const found = rows.after(account.id, account.rebrand_after ?? 0, limit)
      for (const row of found) {
        const assignment = assignmentOf(account, row.assignee_vendor_id)
        rows.update(row, { brand: brandOf(account, row.brand_key), assignment })
      }
      return found.length < limit ? null : (found.at(-1)?.id ?? null)
    },
    renameCustomer(account, person) {
      if (person.vendorId === null) return 0
      const found = rows.ofCustomer(account.id, person.vendorId)
      return found.filter((row) =>
        rows.update(row, {
          customer_name: person.name ?? row.customer_name,
          customer_email: person.email ?? row.customer_email,
          customer_phone: person.phone ?? row.customer_phone,
        }),
      ).length
    },
  }
}

/**
 * Drops confirmed commands that the vendor's state shows by now: its version moved on, and it was read after the confirmation. What is left
 * must still be shown over it.
 */
function settle(outbox: OutboxRows, id: string, version: number, readAt: number): Command[] {
  const left: Command[] = []
  for (const { row, command } of changers(outbox.ofConversation(id))) {
    const { state, confirmed_at: confirmedAt, base_version: baseVersion } = row
    const confirmed = state === 'sent' && confirmedAt !== null && baseVersion !== null
    if (confirmed && version > baseVersion && readAt >= confirmedAt) {
      outbox.remove(row.id)
      continue
    }
    // A version that was read before the confirmation cannot show the command, however often it is read again.
    if (confirmed && version > baseVersion) outbox.step(row.id, { state, base_version: version })
    left.push(command)
  }
  return left
}

function changers(rows: OutboxRow[]): { row: OutboxRow; command: Command }[] {
  return rows.flatMap((row) => {
    const command = commandOf(row)
    return isWritten(command) ? [] : [{ row, command }]
  })
}

function knownOf(row: ConversationRecord) {
  const mark: ReadMark = { unread: row.unread, customerAt: row.customer_at }
  return { ...mark, status: statusCodes[row.status] ?? 'open', lastMessageBy: row.last_message_by }
}

function vendorColumns(incoming: Conversation, before: ConversationRecord | null, customer: Person) {
  // The list said this before; messages that were read since know the newest words better.
  const keepPreview = before !== null && before.version === incoming.version && before.preview !== ''
  const same = before !== null && before.customer_vendor_id === customer.vendorId ? before : null
  return {
    vendor_id: incoming.vendorId,
    version: incoming.version,
    updated_at: incoming.updatedAt,
    created_at: incoming.createdAt,
    subject: incoming.subject,
    preview: keepPreview ? before.preview : incoming.preview || (before?.preview ?? ''),
    channel: incoming.channel,
    customer_vendor_id: customer.vendorId,
    customer_name: customer.name ?? same?.customer_name ?? null,
    customer_email: customer.email ?? same?.customer_email ?? null,
    customer_phone: customer.phone ?? same?.customer_phone ?? null,
    group_vendor_id: incoming.groupVendorId,
    brand_key: incoming.brandKey,
    last_message_by: incoming.lastMessageBy ?? before?.last_message_by ?? null,
    due_at: incoming.dueAt,
  }
}

function shownColumns(account: AccountRow, shown: Changeable) {
  return {
    status: statusCodes.indexOf(shown.status),
    vendor_status_id: shown.vendorStatus.id,
    vendor_status_label: shown.vendorStatus.label,
    priority: shown.priority,
    assignee_vendor_id: shown.assigneeVendorId,
    assignment: assignmentOf(account, shown.assigneeVendorId),
    tags: JSON.stringify(shown.tags),
  }
}

function shownOf(row: ConversationRecord): Changeable {
  return {
    status: statusCodes[row.status] ?? 'open',
    vendorStatus: { id: row.vendor_status_id, label: row.vendor_status_label },
    priority: row.priority as Changeable['priority'],
    assigneeVendorId: row.assignee_vendor_id,
    tags: JSON.parse(row.tags),
  }
}

function conversationOf(row: ConversationRecord, details: Details): Conversation {
  return {
    ...shownOf(row),
    vendorId: row.vendor_id,
    version: row.version,
    subject: row.subject,
    preview: row.preview,
    channel: row.channel as Conversation['channel'],
    customer: {
      vendorId: row.customer_vendor_id,
      name: row.customer_name,
      email: row.customer_email,
      phone: row.customer_phone,
    },
    groupVendorId: row.group_vendor_id,
    brandKey: row.brand_key,
    createdAt: row.created_at,
    updatedAt: row.updated_at,
    lastMessageBy: row.last_message_by,
    dueAt: row.due_at,
    url: details.url,
    vendor: JSON.parse(details.vendor),
    ...(details.status_scope === null ? {} : { statusScope: details.status_scope }),
    ...(details.commands === null ? {} : { commands: JSON.parse(details.commands) }),
  }
}
