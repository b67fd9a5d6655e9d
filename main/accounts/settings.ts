import type { z } from 'zod'
import { AppError } from '../errors.ts'
import type { DocumentAnswer, DocumentFolder } from '../ports.ts'

/** A pure step from one version of a settings document to the next. */
export type Migration = (document: Record<string, unknown>) => Record<string, unknown>

interface SettingsOptions<T> {
  documents: DocumentFolder
  /** File name without ending; `<name>.previous` holds the generation before. */
  name: string
  /** What people call the content, for the notice: "accounts". */
  label: string
  schema: z.ZodType<T>
  /** `migrations[n]` leads from version n+1 to n+2; the newest version is `migrations.length + 1`. */
  migrations: readonly Migration[]
  empty: T
}

export interface Settings<T> {
  value(): T
  /** @throws AppError `file_failed`, `store_full`; the value then stays as it was */
  save(next: T): void
  /** What was repaired while opening; null when all was well. */
  notice: AppError | null
}

type Found<T> = { kind: 'good'; value: T } | { kind: 'none' } | { kind: 'bad'; reason: string }

/**
 * Opens one validated, versioned settings document. A damaged one is set aside (never deleted) and the previous generation takes its
 * place; the notice says so.
 * @throws AppError `store_newer` when a newer Manydesk wrote it, `file_failed` when it cannot be read now; nothing is changed then
 */
export function openSettings<T extends Record<string, unknown>>(options: SettingsOptions<T>): Settings<T> {
  const { documents, name, migrations, empty } = options
  const file = documents.file(name)
  const previous = documents.file(`${name}.previous`)
  const version = migrations.length + 1

  const first = interpret(file.read(), options)
  let notice: AppError | null = null
  let current = first.kind === 'good' ? first.value : empty
  if (first.kind !== 'good') {
    // A file that is gone while its previous generation is there was lost too, or set aside by a start that did not get further.
    const older = interpret(previous.read(), options)
    const keptAs = first.kind === 'bad' ? file.setAside() : null
    if (older.kind === 'good') {
      current = older.value
      file.write({ version, ...current })
    }
    if (first.kind === 'bad' || older.kind === 'good') {
      notice = damageNotice(
        options.label,
        keptAs,
        older.kind === 'good',
        first.kind === 'bad' ? first.reason : 'missing',
      )
    }
  }

  return {
    notice,
    value: () => current,
    save(next) {
      // The generation before is written first: a crash between the two writes leaves the current file as it was.
      if (file.read().kind === 'found') previous.write({ version, ...current })
      file.write({ version, ...next })
      current = next
    },
  }
}

function interpret<T>(answer: DocumentAnswer, options: SettingsOptions<T>): Found<T> {
  if (answer.kind === 'absent') return { kind: 'none' }
  if (answer.kind === 'damaged') return { kind: 'bad', reason: answer.reason }
  if (answer.kind === 'unreadable') {
    throw new AppError('file_failed', `The file with your ${options.label} cannot be read right now.`, {
      action: 'Close other programs that may hold it, then try again.',
      detail: `${options.name}: ${answer.reason}`,
    })
  }
  const raw = answer.value
  if (typeof raw !== 'object' || raw === null) return { kind: 'bad', reason: 'not an object' }
  const { version, ...document } = raw as Record<string, unknown>
  if (typeof version !== 'number' || !Number.isInteger(version) || version < 1) {
    return { kind: 'bad', reason: 'no version' }
  }
  if (version > options.migrations.length + 1) {
    throw new AppError('store_newer', `Your ${options.label} were saved by a newer Manydesk.`, {
      action: 'Install the newest Manydesk. Nothing was changed.',
      detail: `${options.name}: version ${version}`,
    })
  }
  return upgrade(document, version, options)
}

function upgrade<T>(document: Record<string, unknown>, from: number, options: SettingsOptions<T>): Found<T> {
  try {
    const upgraded = options.migrations.slice(from - 1).reduce((value, step) => step(value), document)
    const parsed = options.schema.safeParse(upgraded)
    if (parsed.success) return { kind: 'good', value: parsed.data }
    const issue = parsed.error.issues[0]
    return { kind: 'bad', reason: `${issue?.path.join('.') ?? ''}: ${issue?.code ?? 'invalid'}` }
  } catch (error) {
    return { kind: 'bad', reason: error instanceof Error ? error.name : 'migration failed' }
  }
}

function damageNotice(label: string, keptAs: string | null, restored: boolean, reason: string): AppError {
  return new AppError(
    'settings_damaged',
    restored
      ? `The file with your ${label} was damaged or lost. Manydesk went back to the version saved before it.`
      : `The file with your ${label} was damaged and there was no earlier version, so it starts anew.`,
    {
      action: keptAs === null ? null : `The damaged file was kept as ${keptAs}.`,
      detail: reason,
    },
  )
}
