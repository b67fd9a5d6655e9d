import { z } from 'zod'
import { openSettings } from '../accounts/settings.ts'
import type { AppError } from '../errors.ts'
import type { DocumentFolder } from '../ports.ts'
import type { GrantLife } from './model.ts'

const life = z.object({
  obtainedAt: z.number(),
  expiresAt: z.number().nullable(),
  refreshExpiresAt: z.number().nullable(),
  refreshIssuedAt: z.number(),
  renewable: z.boolean(),
  rotates: z.boolean().nullable(),
  clockAheadMs: z.number(),
}) satisfies z.ZodType<GrantLife>

/** `ages`: how long the last sign-ins of a client lived before the vendor ended them by itself, in milliseconds, the newest last. */
const clientFacts = z.object({ secretExpiresAt: z.number().nullable(), ages: z.array(z.number()) })

const healthFile = z.object({ grants: z.record(z.string(), life), clients: z.record(z.string(), clientFacts) })

type ClientFacts = z.infer<typeof clientFacts>

/** The client of an account as the log names it; not a secret. */
export type ClientKey = string
export const clientKey = (account: { vendor: string; clientId: string }): ClientKey =>
  `${account.vendor} ${account.clientId}`

export interface SignInLog {
  grant(accountId: string): GrantLife | null
  /** Kept with the next saved change: a refresh every half hour must not rewrite the file each time. */
  noteGrant(accountId: string, grant: GrantLife): void
  /** A sign-in of this client lived this long, then the vendor refused it. */
  noteEnd(client: ClientKey, ageMs: number): void
  learnedAgeMs(client: ClientKey): number | null
  secretExpiresAt(client: ClientKey): number | null
  /** @throws AppError `file_failed`, `store_full` */
  setSecretExpiry(client: ClientKey, at: number | null): void
  forget(accountId: string): void
  flush(): void
  notice: AppError | null
}

const agesKept = 5
const hour = 3_600_000

/**
 * What is known of the life of sign-ins over restarts, in `health.json`. No secret is in it.
 * @throws AppError `store_newer`, `file_failed` when the file cannot be opened
 */
export function openSignInLog(documents: DocumentFolder): SignInLog {
  const settings = openSettings({
    documents,
    name: 'health',
    label: 'dates of sign-ins',
    schema: healthFile,
    migrations: [],
    empty: { grants: {} as Record<string, GrantLife>, clients: {} as Record<string, ClientFacts> },
  })
  let { grants, clients } = settings.value()
  let noted = false
  const save = () => {
    settings.save({ grants, clients })
    noted = false
  }
  const client = (key: ClientKey): ClientFacts => clients[key] ?? { secretExpiresAt: null, ages: [] }

  return {
    notice: settings.notice,
    grant: (accountId) => grants[accountId] ?? null,
    noteGrant(accountId, grant) {
      grants = { ...grants, [accountId]: grant }
      noted = true
    },
    noteEnd(key, ageMs) {
      const { ages, ...rest } = client(key)
      clients = { ...clients, [key]: { ...rest, ages: [...ages, ageMs].slice(-agesKept) } }
      save()
    },
    learnedAgeMs: (key) => learnedAge(client(key).ages),
    secretExpiresAt: (key) => client(key).secretExpiresAt,
    setSecretExpiry(key, at) {
      const before = clients
      clients = { ...clients, [key]: { ...client(key), secretExpiresAt: at } }
      try {
        save()
      } catch (error) {
        clients = before
        throw error
      }
    },
    forget(accountId) {
      const { [accountId]: gone, ...others } = grants
      if (gone === undefined) return
      grants = others
      save()
    },
    flush() {
      if (noted) save()
    },
  }
}

/**
 * Two sign-ins in a row that ended at the same age (within a twentieth) show a rule. One alone shows nothing: somebody may have revoked it.
 * Shorter ones than an hour are accidents of setting up.
 */
export function learnedAge(ages: readonly number[]): number | null {
  const [before, last] = ages.slice(-2)
  if (before === undefined || last === undefined || Math.min(before, last) < hour) return null
  return Math.abs(before - last) <= Math.max(before, last) / 20 ? Math.min(before, last) : null
}
