import type { Conversation, Message } from '../../connectors/model.ts'
import { statusCodes } from './facets.ts'

/** 1970 to 2100: anything else is no time of a conversation, and would break the order of lists. */
const latest = 4_102_444_800_000

/** The field a record cannot be stored with, or null. A connector should have caught it; one bad record must not cost its page. */
export function faultOfConversation(one: Conversation): string | null {
  if (!one.vendorId) return 'vendorId'
  if (!Number.isFinite(one.version)) return 'version'
  if (!statusCodes.includes(one.status)) return 'status'
  if (!isTime(one.createdAt)) return 'createdAt'
  if (!isTime(one.updatedAt)) return 'updatedAt'
  if (one.dueAt !== null && !isTime(one.dueAt)) return 'dueAt'
  return null
}

export function faultOfMessage(one: Message): string | null {
  if (!one.vendorId) return 'vendorId'
  return isTime(one.createdAt) ? null : 'createdAt'
}

function isTime(value: number): boolean {
  return Number.isSafeInteger(value) && value >= 0 && value <= latest
}
