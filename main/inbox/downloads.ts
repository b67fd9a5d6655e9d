import { execFile } from 'node:child_process'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { AppError } from '../errors.ts'
import { cleanFileName } from '../files/file-name.ts'
import { saveNewFile } from '../files/save-file.ts'
import { demand, type Enforcement } from '../policy/enforce.ts'
import type { Log } from '../ports.ts'
import type { Store } from './model.ts'
import type { VendorAccess } from './vendor-access.ts'

export interface DownloadsOptions extends VendorAccess {
  store: Pick<Store, 'attachment'>
  /** The person's downloads folder, asked at each download. */
  folder(): string
  platform: NodeJS.Platform
  policy: Pick<Enforcement, 'mayDownload'>
  log: Log
}

export interface Downloads {
  /**
   * Fetches an attachment and writes it under a clean, new name. Never opens it.
   * @throws AppError `policy_*`, `not_found`, `file_failed`, `store_full`, and whatever the connector throws
   */
  download(messageId: string, attachmentId: string): Promise<{ fileName: string; folder: string }>
}

/** Attachments on demand. */
export function createDownloads(options: DownloadsOptions): Downloads {
  return {
    async download(messageId, attachmentId) {
      demand(options.policy.mayDownload())
      const found = await options.store.attachment(messageId, attachmentId)
      if (!found) throw new AppError('not_found', 'This attachment is no longer part of the conversation.')
      const context = options.contextFor(found.accountId, AbortSignal.timeout(10 * 60_000), 'interactive')
      const bytes = await options.connectorFor(found.accountId).download(context, found.attachment)
      const folder = options.folder()
      const fileName = await saveNewFile(folder, cleanFileName(found.attachment.name), bytes)
      await markAsForeign(join(folder, fileName), options).catch((error: unknown) =>
        options.log.warn('A download could not be marked as coming from the internet', { error }),
      )
      return { fileName, folder }
    },
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
