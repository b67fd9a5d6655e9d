import { z } from 'zod'
import { type ErrorShape, errorCodes } from '../../preload/errors.ts'
import { openSettings } from '../accounts/settings.ts'
import { redactText } from '../diagnostics/redact.ts'
import { type AppError, isAppError } from '../errors.ts'
import type { DocumentFolder } from '../ports.ts'
import { type CallRing, hoursKept } from './call-counts.ts'
import type { AccountHealth } from './model.ts'

const hour = 3_600_000
const longestText = 300

const moment = z.number().int().nonnegative()
const counts = z.array(z.number().int().nonnegative()).length(hoursKept)
const account = z.object({
  hour: moment,
  calls: counts,
  failed: counts,
  lastSuccessAt: moment.nullable(),
  lastError: z
    .object({
      at: moment.nullable(),
      code: z.enum(errorCodes),
      message: z.string().max(longestText + 1),
      action: z
        .string()
        .max(longestText + 1)
        .nullable(),
    })
    .nullable(),
})
const dayFile = z.object({ accounts: z.record(z.string(), account) })
type KeptAccount = z.infer<typeof account>

/** What the last day of one account showed. */
export interface AccountDay {
  /** Null where it never called. */
  ring: CallRing | null
  lastError: AccountHealth['lastError']
}

export interface DayFile {
  /** What an earlier run kept, as it may be believed now. */
  days: ReadonlyMap<string, AccountDay>
  /** Takes the place of everything that was kept. @throws AppError `file_failed`, `store_full` */
  save(days: ReadonlyMap<string, AccountDay>): void
  notice: AppError | null
}

/**
 * Calls per hour and last errors over restarts, in `health-day.json`: counts, times and our own sentences, nothing of what vendors or
 * customers wrote. A damaged file is set aside and told; one that cannot be read now is left alone, and this run keeps nothing. Never throws.
 * @param now epoch milliseconds
 */
export function openDayFile(documents: DocumentFolder, now: number): DayFile {
  try {
    const settings = openSettings({
      documents,
      name: 'health-day',
      label: 'counts of calls',
      schema: dayFile,
      migrations: [],
      empty: { accounts: {} as Record<string, KeptAccount> },
    })
    const days = Object.entries(settings.value().accounts).map(([id, kept]) => [id, read(kept, now)] as const)
    return {
      days: new Map(days),
      save: (next) => settings.save({ accounts: Object.fromEntries([...next].map(([id, day]) => [id, write(day)])) }),
      notice: settings.notice,
    }
  } catch (error) {
    if (!isAppError(error)) throw error
    return { days: new Map(), save: () => undefined, notice: error }
  }
}

/** A clock that was ahead when it was written must not hold back what is counted now, and nothing happened in the future. */
function read({ lastError, lastSuccessAt, ...ring }: KeptAccount, now: number): AccountDay {
  const past = (at: number | null) => (at === null || at > now ? null : at)
  return {
    ring: { ...ring, hour: Math.min(ring.hour, Math.floor(now / hour)), lastSuccessAt: past(lastSuccessAt) },
    lastError: lastError === null ? null : { at: past(lastError.at), error: errorOf(lastError) },
  }
}

const errorOf = ({ code, message, action }: Pick<ErrorShape, 'code' | 'message' | 'action'>): ErrorShape => ({
  code,
  message,
  action,
  detail: null,
})

function write({ ring, lastError }: AccountDay): KeptAccount {
  const none = new Array<number>(hoursKept).fill(0)
  const {
    hour: newest,
    calls,
    failed,
    lastSuccessAt,
  } = ring ?? { hour: 0, calls: none, failed: none, lastSuccessAt: null }
  return {
    ...{ hour: newest, calls: [...calls], failed: [...failed], lastSuccessAt },
    lastError: lastError === null ? null : { at: lastError.at, ...kept(lastError.error) },
  }
}

/** An error as it is kept: our own sentence, short, without anything that has the look of a secret, and without the technical detail. */
function kept({ code, message, action }: ErrorShape) {
  return { code, message: short(ownWords(code, message)), action: action === null ? null : short(action) }
}

/** What a vendor says of its refusal stands behind a colon, and may hold what a customer wrote. */
function ownWords(code: ErrorShape['code'], message: string): string {
  return code.startsWith('vendor_') ? message.replace(/: [\s\S]*$/, '.') : message
}

function short(text: string): string {
  const clean = redactText(text)
  return clean.length > longestText ? `${clean.slice(0, longestText)}…` : clean
}

/** Whether an error is the one that was kept. */
export function isSameError(error: ErrorShape, before: ErrorShape): boolean {
  return error.code === before.code && kept(error).message === kept(before).message
}
