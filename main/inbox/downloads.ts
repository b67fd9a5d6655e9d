import { execFile } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { mkdir, open, rename, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { AppError } from '../errors.ts'
import type { Log } from '../ports.ts'
import { cleanFileName, numberedFileName } from './file-name.ts'
import type { Store } from './model.ts'
import type { VendorAccess } from './vendor-access.ts'

export interface DownloadsOptions extends VendorAccess {
  store: Pick<Store, 'attachment'>
  /** The person's downloads folder, asked at each download. */
  folder(): string
  platform: NodeJS.Platform
  log: Log
}

export interface Downloads {
  /**
   * Fetches an attachment and writes it under a clean, new name. Never opens it.
   * @throws AppError `not_found`, `file_failed`, `store_full`, and whatever the connector throws
   */
  download(messageId: string, attachmentId: string): Promise<{ fileName: string; folder: string }>
}

/** Attachments on demand. */
export function createDownloads(options: DownloadsOptions): Downloads {
  return {
    async download(messageId, attachmentId) {
      const found = await options.store.attachment(messageId, attachmentId)
      if (!found) throw new AppError('not_found', 'This attachment is no longer part of the conversation.')
      const context = options.contextFor(found.accountId, AbortSignal.timeout(10 * 60_000), 'interactive')
      const bytes = await options.connectorFor(found.accountId).download(context, found.attachment)
      const folder = options.folder()
      const fileName = await save(folder, cleanFileName(found.attachment.name), bytes)
      await markAsForeign(join(folder, fileName), options).catch((error: unknown) =>
        options.log.warn('A download could not be marked as coming from the internet', { error }),
      )
      return { fileName, folder }
    },
  }
}

/** Writes all bytes beside the target first, so that a half file never carries the final name. Answers the name that was free. */
async function save(folder: string, name: string, bytes: Uint8Array): Promise<string> {
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

/** Windows: a zone stream; macOS: the quarantine attribute. Other systems have no such mark. */
async function markAsForeign(path: string, { platform }: DownloadsOptions): Promise<void> {
  if (platform === 'win32') await writeFile(`${path}:Zone.Identifier`, '[ZoneTransfer]\r\nZoneId=3\r\n')
  if (platform === 'darwin') {
    const seconds = Math.floor(Date.now() / 1000).toString(16)
    const mark = `0081;${seconds};Manydesk;`
    await promisify(execFile)('/usr/bin/xattr', ['-w', 'com.apple.quarantine', mark, path])
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
