import { AppError } from '../../errors.ts'
import { Driver } from './driver.ts'

const rebuild =
  'Rebuild it: the file is set aside, your unsent replies are taken over where they can be read, the rest is read again.'

/** What the driver's error means for the person. Result codes: https://sqlite.org/rescode.html */
export function storeError(error: unknown): AppError {
  if (error instanceof AppError) return error
  const code = error instanceof Driver.SqliteError ? error.code : null
  const options = { detail: code ?? (error instanceof Error ? error.name : typeof error), cause: error }
  if (code === 'SQLITE_FULL' || code === 'SQLITE_IOERR_WRITE') {
    return new AppError('store_full', 'The disk is full: this was not saved.', {
      ...options,
      action: 'Free some space, then try again.',
    })
  }
  if (code === 'SQLITE_NOTADB') {
    return new AppError('store_damaged', 'The local copy cannot be read: it is damaged or belongs to another key.', {
      ...options,
      action: rebuild,
    })
  }
  if (code?.startsWith('SQLITE_CORRUPT')) {
    return new AppError('store_damaged', 'The local copy of your conversations is damaged.', {
      ...options,
      action: rebuild,
    })
  }
  if (code?.startsWith('SQLITE_BUSY') || code?.startsWith('SQLITE_LOCKED')) {
    return new AppError('store_unavailable', 'Another program holds the local copy of your conversations.', {
      ...options,
      action: 'Close other Manydesk windows or backup programs and try again.',
    })
  }
  if (code !== null && /^SQLITE_(CANTOPEN|READONLY|PERM|IOERR|AUTH)/.test(code)) {
    return new AppError('store_unavailable', 'The local copy of your conversations cannot be read or written.', {
      ...options,
      action: 'Check that the data folder can be written to, then restart Manydesk.',
    })
  }
  return new AppError('internal', 'Something unexpected went wrong in the local store.', {
    ...options,
    action: 'Try again. If it happens again, send us the log file.',
  })
}
