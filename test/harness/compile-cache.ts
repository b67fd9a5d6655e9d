import { join } from 'node:path'
import process from 'node:process'

/** Processes started from here on, and theirs, keep the code they compiled, and start faster the next time. */
export function rememberCompiledCode(): void {
  process.env.NODE_COMPILE_CACHE ??= join(import.meta.dirname, '..', '..', 'node_modules', '.compile-cache')
}
