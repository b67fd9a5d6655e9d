import { readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { z } from 'zod'
import type { Connector, Site } from '../../main/connectors/connector.ts'
import { connectorOf, listOperations, normalize, operationOf, siteOf } from '../../main/connectors/normalize.ts'
import { AppError, isAppError } from '../../main/errors.ts'
import { type RecordedAnswer, tryTokenAnswer } from '../../main/oauth/try-token-answer.ts'

/** What the command works with; a test gives its own. */
export interface NormalizeIo {
  connectors: readonly Connector[]
  /** Folders that a relative path may start from, the first that has the file. */
  folders: string[]
  now(): number
  out(text: string): void
  err(text: string): void
}

const usage = `Usage:
  npm run normalize -- <connector> <operation> <file.json> [--site key=value]...   what a vendor's payload becomes
  npm run normalize -- <connector> token <file.json> [--site key=value]...         what a token endpoint's answer becomes
  npm run normalize -- --list                                                      connectors and operations
The file "-" is the standard input. An answer of a token endpoint is {"status":200,"headers":{},"body":...}.`

interface Wish {
  words: string[]
  site: Record<string, string>
  list: boolean
}

const bad = (message: string) => new AppError('bad_request', message)

/** @throws AppError `bad_request` with what is wrong */
function readArguments(args: readonly string[]): Wish {
  const { values, positionals } = parsed(args)
  const pairs = (values.site ?? []).map((pair): [string, string] => {
    const [, key, value] = /^([^=]+)=(.*)$/s.exec(pair) ?? []
    if (key === undefined || value === undefined) throw bad(`--site takes key=value, not "${pair}".`)
    return [key, value]
  })
  return { words: positionals, site: Object.fromEntries(pairs), list: values.list ?? false }
}

function parsed(args: readonly string[]) {
  const options = { list: { type: 'boolean' }, site: { type: 'string', multiple: true } } as const
  try {
    return parseArgs({ args: [...args], options, allowPositionals: true })
  } catch (error) {
    throw bad(`${error instanceof Error ? error.message : 'The arguments cannot be read.'}\n${usage}`)
  }
}

/** @throws AppError `bad_request` for a file that is not there or is not JSON */
function readJson(file: string, folders: readonly string[]): unknown {
  const text = readText(file, folders)
  const name = file === '-' ? 'The standard input' : file
  if (text.trim() === '') throw bad(`${name} is empty.`)
  try {
    return JSON.parse(text.replace(/^\uFEFF/, ''))
  } catch (error) {
    throw bad(`${name} is not JSON: ${error instanceof Error ? error.message : 'unreadable'}`)
  }
}

function readText(file: string, folders: readonly string[]): string {
  if (file === '-') return readFileSync(0, 'utf8')
  for (const folder of folders) {
    try {
      return readFileSync(resolve(folder, file), 'utf8')
    } catch (error) {
      const code = error instanceof Error && 'code' in error ? String(error.code) : 'unknown'
      if (code !== 'ENOENT') throw bad(`${file} cannot be read (${code}).`)
    }
  }
  throw bad(`There is no file ${file}.`)
}

const recordedSchema = z.looseObject({
  status: z.number().int().min(200).max(599),
  headers: z.record(z.string(), z.union([z.string(), z.number()]).transform(String)).default({}),
  body: z.unknown(),
  grant: z.enum(['refresh_token', 'authorization_code']).default('refresh_token'),
})

/** @throws AppError `bad_request` for a file that is no recorded answer */
function readRecorded(value: unknown): RecordedAnswer {
  const read = recordedSchema.safeParse(value)
  if (!read.success) {
    const [issue] = read.error.issues
    const path = issue?.path.join('.') || 'the file'
    throw bad(
      `This is no answer of a token endpoint: ${path}: ${issue?.message}. Expected {"status":200,"headers":{},"body":...}.`,
    )
  }
  const { status, headers, body, grant } = read.data
  return { status, headers, grant, body: typeof body === 'string' ? body : JSON.stringify(body ?? null) }
}

/** Runs the command. @returns the exit code */
export async function normalizeCommand(args: readonly string[], io: NormalizeIo): Promise<number> {
  const print = (value: unknown) => io.out(`${JSON.stringify(value, null, 2)}\n`)
  try {
    const { words, site, list } = readArguments(args)
    if (list) {
      print(listOperations(io.connectors))
      return 0
    }
    const [id, name, file] = words
    if (id === undefined) throw bad(usage)
    const connector = connectorOf(io.connectors, id)
    if (name === undefined || file === undefined || words.length > 3) throw bad(usage)
    const values: Site = siteOf(connector, site)
    if (name === 'token') {
      print(await tryTokenAnswer(connector, values, readRecorded(readJson(file, io.folders)), io.now()))
      return 0
    }
    const operation = operationOf(connector, name)
    const { output, problems } = normalize(connector, operation, readJson(file, io.folders), values)
    if (output !== null) print(output)
    for (const problem of problems) io.err(`${id} ${name}: ${problem}\n`)
    return problems.length === 0 ? 0 : 1
  } catch (error) {
    if (!isAppError(error)) throw error
    io.err(`${[error.message, error.action].filter(Boolean).join(' ')}\n`)
    return 1
  }
}
