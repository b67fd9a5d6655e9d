import type { ConnectorContext } from '../connector.ts'
import type { Unified } from '../model.ts'
import { settingOf } from './directory.ts'
import { type Key, keyOf } from './ids.ts'
import { type Part, readPayload, type Setting } from './payload.ts'

/** Related records to bring along. The vendor writes `creater`. https://developers.freshworks.com/crm/api/ */
const includes: Record<Key['kind'], string> = {
  deal: 'owner,contacts,sales_account,deal_stage,sales_activities',
  contact: 'owner,sales_accounts',
  lead: 'owner',
  task: 'owner,targetable',
}
const folders: Record<Key['kind'], string> = { deal: 'deals', contact: 'contacts', lead: 'leads', task: 'tasks' }

export const recordPath = ({ kind, id }: Key) => `${folders[kind]}/${encodeURIComponent(id)}`

/** One record as it stands: its conversation, unless it is deleted, and what came with it. @throws AppError `vendor_not_found` */
export async function readOne(
  ctx: ConnectorContext,
  key: Key,
  more: Partial<Setting> = {},
): Promise<{ read: Unified; raw: unknown }> {
  const options = { searchParams: { include: includes[key.kind] }, signal: ctx.signal }
  const raw: unknown = await ctx.http.get(recordPath(key), options).json()
  const parts: Part[] = key.kind === 'deal' ? ['deal', 'activity'] : [key.kind]
  const setting = await settingOf(ctx, keyOf(key.kind, key.id))
  return { read: readPayload(raw, parts, { ...setting, ...more }), raw }
}
