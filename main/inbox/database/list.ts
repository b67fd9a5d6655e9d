import { AppError } from '../../errors.ts'
import { type ConversationRow, conversationId, type ListPage, type ListQuery } from '../model.ts'
import type { Db } from './driver.ts'
import { facetsOf, statusCodes } from './facets.ts'
import { matchExpression, scopeWords } from './search-text.ts'

export interface Lists {
  /** Newest activity first. @throws AppError `bad_request` for an `after` that did not come from here */
  list(query: ListQuery, revision: number): ListPage
  row(id: number): ConversationRow | null
}

/** Place of a row in a list: what the order is by, then the row itself. */
interface Place {
  id: number
  position: number
}

interface ShownRow {
  id: number
  account_id: string
  vendor_id: string
  brand_id: string | null
  subject: string
  preview: string
  status: number
  vendor_status_label: string
  priority: ConversationRow['priority']
  channel: ConversationRow['channel']
  customer_name: string | null
  customer_email: string | null
  customer_phone: string | null
  assignee_vendor_id: string | null
  assignee_name: string | null
  tags: string
  unread: number
  sending: number
  failed: number
  has_draft: number
  created_at: number
  updated_at: number
  last_message_by: ConversationRow['lastMessageBy']
  due_at: number | null
}

const rowSql = `
  SELECT c.id, a.account_id, c.vendor_id, b.brand_id, c.subject, c.preview, c.status, c.vendor_status_label, c.priority, c.channel,
    c.customer_name, c.customer_email, c.customer_phone, c.assignee_vendor_id, g.name AS assignee_name, c.tags, c.unread,
    EXISTS (SELECT 1 FROM outbox o WHERE o.conversation_id = a.account_id || ':' || c.vendor_id
      AND o.state IN ('queued', 'sending', 'unknown')) AS sending,
    EXISTS (SELECT 1 FROM outbox o WHERE o.conversation_id = a.account_id || ':' || c.vendor_id
      AND o.state = 'failed') AS failed,
    EXISTS (SELECT 1 FROM drafts d WHERE d.conversation_id = a.account_id || ':' || c.vendor_id) AS has_draft,
    c.created_at, c.updated_at, c.last_message_by, c.due_at
  FROM conversations c JOIN accounts a ON a.id = c.account
  LEFT JOIN brands b ON b.id = c.brand
  LEFT JOIN agents g ON g.account = c.account AND g.vendor_id = c.assignee_vendor_id
  WHERE c.id = ?`

/**
 * Pages of the unified list. A filter becomes a few index ranges, one per facet, each already in list order; SQLite merges them and stops
 * after a page, so a page costs the same at any size and depth of the list.
 */
export function createLists(db: Db): Lists {
  const statements = new Map<string, ReturnType<typeof prepared>>()
  const prepared = (sql: string) => db.prepare<(number | string)[], Place>(sql)
  const statement = (sql: string) => {
    const known = statements.get(sql) ?? prepared(sql)
    statements.set(sql, known)
    return known
  }
  const accountNumber = db.prepare<[string], number>('SELECT id FROM accounts WHERE account_id = ?').pluck()
  const brandNumber = db.prepare<[string], number>('SELECT id FROM brands WHERE brand_id = ?').pluck()
  const shown = db.prepare<[number], ShownRow>(rowSql)

  const row = (id: number) => {
    const found = shown.get(id)
    return found ? viewOf(found) : null
  }
  const places = (query: ListQuery): Place[] => {
    const scope: Scope = {
      account: query.accountId === undefined ? null : (accountNumber.get(query.accountId) ?? -1),
      brand: query.brandId === undefined ? null : (brandNumber.get(query.brandId) ?? -1),
      facets: facetsOf(query),
    }
    if (scope.facets?.length === 0 || scope.account === -1 || scope.brand === -1) return []
    const position = placeOf(query.after)
    const text = query.text?.trim() ? matchExpression(query.text) : undefined
    if (text === null) return []
    const { sql, values } = text === undefined ? rangesSql(scope, position) : searchSql(scope, position, text)
    return statement(sql).all(...values, query.limit + 1)
  }
  return {
    row,
    list(query, revision) {
      const found = places(query)
      const last = found.length > query.limit ? found[query.limit - 1] : undefined
      const rows = found.slice(0, query.limit).map(({ id }) => row(id))
      return {
        rows: rows.filter((one) => one !== null),
        next: last ? `${last.position}.${last.id}` : null,
        revision,
      }
    },
  }
}

interface Scope {
  account: number | null
  brand: number | null
  facets: number[] | null
}

/** One range per facet, or a single one, all with the same order. `values` leaves out the limit, which comes last. */
function rangesSql(scope: Scope, after: Place | null): { sql: string; values: number[] } {
  const index =
    `conversations_${scope.account !== null ? 'account' : scope.brand !== null ? 'brand' : ''}${scope.facets ? '_facet' : ''}`
      .replace('__', '_')
      .replace(/_$/, '_all')
  const values: number[] = []
  const ranges = (scope.facets ?? [null]).map((facet) => {
    const conditions: string[] = []
    const condition = (sql: string, ...bound: number[]) => {
      conditions.push(sql)
      values.push(...bound)
    }
    if (scope.account !== null) condition('account = ?', scope.account)
    else if (scope.brand !== null) condition('brand = ?', scope.brand)
    if (facet !== null) conditions.push(`facet = ${facet}`)
    if (scope.account !== null && scope.brand !== null) condition('brand = ?', scope.brand)
    if (after) condition('(updated_at, id) < (?, ?)', after.position, after.id)
    const where = conditions.length === 0 ? '' : ` WHERE ${conditions.join(' AND ')}`
    return `SELECT id, updated_at AS position FROM conversations INDEXED BY ${index}${where}`
  })
  return { sql: `${ranges.join(' UNION ALL ')} ORDER BY position DESC, id DESC LIMIT ?`, values }
}

/** The index's rowids grow with activity, so walking them downwards is the order, whatever the word's frequency. */
function searchSql(scope: Scope, after: Place | null, text: string): { sql: string; values: (number | string)[] } {
  const values: (number | string)[] = [[...scopeWords(scope), text].join(' AND ')]
  const conditions = ['search MATCH ?']
  const condition = (sql: string, bound: number) => {
    conditions.push(sql)
    values.push(bound)
  }
  if (after) condition('search.rowid < ?', after.position)
  if (scope.facets) conditions.push(`c.facet IN (${scope.facets.join(', ')})`)
  return {
    sql: `SELECT c.id, search.rowid AS position FROM search CROSS JOIN conversations c ON c.search_id = search.rowid
      WHERE ${conditions.join(' AND ')} ORDER BY search.rowid DESC LIMIT ?`,
    values,
  }
}

function placeOf(after: string | undefined): Place | null {
  if (after === undefined) return null
  const found = /^(\d{1,16})\.(\d{1,15})$/.exec(after)
  if (!found) throw new AppError('bad_request', 'This list position is not valid. Start from the top of the list.')
  return { position: Number(found[1]), id: Number(found[2]) }
}

function viewOf(row: ShownRow): ConversationRow {
  return {
    id: conversationId(row.account_id, row.vendor_id),
    accountId: row.account_id,
    vendorId: row.vendor_id,
    brandId: row.brand_id,
    subject: row.subject,
    preview: row.preview,
    status: statusCodes[row.status] ?? 'open',
    vendorStatusLabel: row.vendor_status_label,
    priority: row.priority,
    channel: row.channel,
    customerName: row.customer_name ?? row.customer_email ?? row.customer_phone ?? '',
    customerEmail: row.customer_email,
    assigneeVendorId: row.assignee_vendor_id,
    assigneeName: row.assignee_name,
    tags: JSON.parse(row.tags),
    unread: row.unread === 1,
    sending: row.sending === 1,
    failed: row.failed === 1,
    hasDraft: row.has_draft === 1,
    createdAt: row.created_at,
    updatedAt: row.updated_at,
    lastMessageBy: row.last_message_by,
    dueAt: row.due_at,
  }
}
