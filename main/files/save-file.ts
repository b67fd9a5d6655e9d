import { randomUUID } from 'node:crypto'
import { mkdir, open, rename, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { AppError } from '../errors.ts'
import { numberedFileName } from './file-name.ts'

/**
 * Writes all bytes beside the target first, so that a half file never carries the final name. Answers the name that was free.
 * @throws AppError `file_failed`, `store_full`
 */
export async function saveNewFile(folder: string, name: string, bytes: Uint8Array): Promise<string> {
  const temporary = join(folder, `.${randomUUID()}.part`)
  try {
    await mkdir(folder, { recursive: true })
    const handle = await open(temporary, 'wx', 0o600)
    try {
      await handle.writeFile(bytes)
      await handle.sync()
    } finally {
      await handle.close()
    }
    return await nameIt(temporary, folder, name)
  } catch (cause) {
    throw fileError(cause)
  } finally {
    await rm(temporary, { force: true }).catch(() => undefined)
  }
}

/** Takes the first free name by creating it, then puts the finished file over that empty one: nothing of the person is replaced. */
async function nameIt(temporary: string, folder: string, name: string): Promise<string> {
  for (let number = 1; ; number++) {
    const candidate = numberedFileName(name, number)
    try {
      const reserved = await open(join(folder, candidate), 'wx', 0o600)
      await reserved.close()
      await rename(temporary, join(folder, candidate))
      return candidate
    } catch (error) {
      if (codeOf(error) !== 'EEXIST' || number >= 999) throw error
    }
  }
}

function fileError(cause: unknown): AppError {
  const code = codeOf(cause)
  if (code === 'ENOSPC' || code === 'EDQUOT') {
    return new AppError('store_full', 'The disk is full, the file was not saved.', {
      action: 'Free some space.',
      cause,
    })
  }
  return new AppError('file_failed', 'The file could not be saved in the downloads folder.', {
    action: 'Check that the folder exists and can be written to.',
    detail: code,
    cause,
  })
}

function codeOf(error: unknown): string | null {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : null
}
