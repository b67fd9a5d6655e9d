import { appendFileSync, mkdirSync, renameSync, rmSync, statSync } from 'node:fs'
import { dirname } from 'node:path'
import type { Log } from '../ports.ts'
import { redact, redactText } from './redact.ts'

interface LogOptions {
  /** Absolute path of the newest file; older ones are `<file>.1`, `<file>.2` and so on. */
  file: string
  /** Bytes after which a new file begins. */
  maxBytes: number
  /** How many older files stay. */
  keep: number
  /** Epoch milliseconds. */
  now(): number
}

/**
 * A log of one JSON object a line: `{time, level, message, ...fields}`. Everything passes `redact` on the way in. Logging never throws and
 * never stops the work it tells of.
 */
export function createLog(options: LogOptions): Log {
  let size = sizeOf(options.file)
  mkdirQuietly(dirname(options.file))

  const write = (level: string, message: string, fields: Record<string, unknown> = {}) => {
    const entry = { time: new Date(options.now()).toISOString(), level, message: redactText(message) }
    const line = `${JSON.stringify({ ...(redact(fields) as object), ...entry })}\n`
    try {
      if (size > 0 && size + Buffer.byteLength(line) > options.maxBytes) {
        rotate(options.file, options.keep)
        size = 0
      }
      appendFileSync(options.file, line, { mode: 0o600 })
      size += Buffer.byteLength(line)
    } catch {
      // A full disk or a folder that went away must not stop the app; there is nowhere left to say it.
      size = sizeOf(options.file)
    }
  }

  return {
    debug: (message, fields) => write('debug', message, fields),
    info: (message, fields) => write('info', message, fields),
    warn: (message, fields) => write('warn', message, fields),
    error: (message, fields) => write('error', message, fields),
  }
}

function rotate(file: string, keep: number): void {
  rmSync(`${file}.${keep}`, { force: true })
  for (let age = keep - 1; age >= 1; age -= 1) {
    if (sizeOf(`${file}.${age}`) > 0) renameSync(`${file}.${age}`, `${file}.${age + 1}`)
  }
  if (keep > 0) renameSync(file, `${file}.1`)
  else rmSync(file, { force: true })
}

function sizeOf(file: string): number {
  return statSync(file, { throwIfNoEntry: false })?.size ?? 0
}

function mkdirQuietly(folder: string): void {
  try {
    mkdirSync(folder, { recursive: true })
  } catch {
    // Said nowhere for the reason above.
  }
}
