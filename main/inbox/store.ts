import { existsSync, renameSync } from 'node:fs'
import { Worker } from 'node:worker_threads'
import { AppError } from '../errors.ts'
import type { Log } from '../ports.ts'
import type { LocalStore } from './model.ts'
import type { Rescued, WorkerAnswer, WorkerCall, WorkerData, WorkerRequest, WorkerStore } from './store-protocol.ts'

export interface StoreOptions {
  /** The built `store-worker.js`, or its source where Node strips types itself. */
  workerUrl: URL
  file: string
  /** 32 bytes. A copy is handed to the worker by transfer; the caller's array is left alone and not kept. */
  key: Uint8Array
  log?: Log
}

interface Waiting {
  resolve(value: unknown): void
  reject(error: AppError): void
}

interface Connection {
  call<K extends WorkerCall>(name: K, ...args: Parameters<WorkerStore[K]>): Promise<ReturnType<WorkerStore[K]>>
  close(): Promise<void>
}

/**
 * Opens the encrypted local store in a thread of its own, creating or migrating the file where needed.
 * @throws AppError `store_newer` (written by a newer version, not touched), `store_damaged` (not readable with this key),
 *   `store_full`, `store_unavailable` (held by another program, folder not writable, thread lost)
 */
export async function openStore(options: StoreOptions): Promise<LocalStore> {
  return storeOver(await connect(options))
}

/**
 * Sets the file aside under a new name (never deletes it), opens an empty store and takes over what can still be read of
 * unsent commands and drafts. Everything else fills from the vendors again.
 * @throws AppError as `openStore`; `file_failed` when the file cannot be moved
 */
export async function rebuildStore(
  options: StoreOptions,
): Promise<{ store: LocalStore; setAside: string | null; rescued: Rescued }> {
  const setAside = setStoreAside(options.file)
  const connection = await connect(options)
  const rescued = setAside
    ? await connection.call('rescueFrom', setAside, Uint8Array.from(options.key))
    : { commands: 0, drafts: 0 }
  options.log?.warn('The local store was rebuilt', { setAside: setAside !== null, ...rescued })
  return { store: storeOver(connection), setAside, rescued }
}

/** Keeps the store under another name. Answers that name, or null where there is none. @throws AppError `file_failed` */
export function setStoreAside(file: string): string | null {
  if (!existsSync(file)) return null
  const stamp = new Date().toISOString().replaceAll(/[:.]/g, '-')
  const target = `${file}.damaged-${stamp}`
  try {
    // The log goes first: a log without its file does no harm, a file that is opened without its log would lose commits.
    for (const suffix of ['-wal', '-shm', '']) {
      if (existsSync(file + suffix)) renameSync(file + suffix, target + suffix)
    }
  } catch (cause) {
    throw new AppError('file_failed', 'The damaged local copy could not be set aside.', {
      action: 'Close other programs that may use the data folder and try again.',
      detail: cause instanceof Error ? cause.message : null,
      cause,
    })
  }
  return target
}

/** Starts the worker and waits until the file is open. */
async function connect({ workerUrl, file, key, log }: StoreOptions): Promise<Connection> {
  const own = Uint8Array.from(key)
  const workerData: WorkerData = { file, key: own }
  const worker = new Worker(workerUrl, { workerData, transferList: [own.buffer], name: 'store' })
  const waiting = new Map<number, Waiting>()
  let lost: AppError | null = null
  let lastId = 0

  const send = (request: Omit<WorkerRequest, 'id'>) =>
    new Promise<unknown>((resolve, reject) => {
      if (lost) return reject(lost)
      waiting.set(++lastId, { resolve, reject })
      worker.postMessage({ ...request, id: lastId })
    })
  const lose = (detail: string) => {
    lost ??= unavailable(detail)
    for (const one of waiting.values()) one.reject(lost)
    waiting.clear()
  }

  const opened = new Promise<unknown>((resolve, reject) => waiting.set(0, { resolve, reject }))
  const exited = new Promise<void>((resolve) => worker.once('exit', () => resolve()))
  worker.on('message', (answer: WorkerAnswer) => {
    const one = waiting.get(answer.id)
    waiting.delete(answer.id)
    if (answer.ok) one?.resolve(answer.value)
    else one?.reject(new AppError(answer.error.code, answer.error.message, answer.error))
  })
  worker.once('error', (error) => {
    log?.error('The store thread failed', { error })
    lose(error instanceof Error ? error.name : 'error')
  })
  worker.once('exit', (code) => lose(`exit ${code}`))

  let closing: Promise<void> | null = null
  const close = () => {
    closing ??= send({ call: 'close', args: [] })
      .finally(() => exited)
      .then(() => undefined)
    return closing
  }
  await opened
  return {
    close,
    async call(name, ...args) {
      // The worker answers exactly the type its interface declares for this call.
      return (await send({ call: name, args })) as ReturnType<WorkerStore[typeof name]>
    },
  }
}

function unavailable(detail: string): AppError {
  return new AppError('store_unavailable', 'The local copy of your conversations is not available.', {
    action: 'Restart Manydesk.',
    detail,
  })
}

function storeOver({ call, close }: Connection): LocalStore {
  return {
    async putAccount(account) {
      while (await call('putAccountStep', account));
    },
    async removeAccount(accountId) {
      while (await call('removeAccountStep', accountId));
    },
    async removeOlder(before) {
      const accountIds = new Set<string>()
      for (let removed = 0; ; ) {
        const step = await call('removeOlderStep', before)
        if (step.removed === 0) return { removed, accountIds: [...accountIds], revision: step.revision }
        removed += step.removed
        for (const id of step.accountIds) accountIds.add(id)
      }
    },
    cursor: (...args) => call('cursor', ...args),
    syncState: (...args) => call('syncState', ...args),
    applyPage: (...args) => call('applyPage', ...args),
    applyThread: (...args) => call('applyThread', ...args),
    putDirectory: (...args) => call('putDirectory', ...args),
    directory: (...args) => call('directory', ...args),
    list: (...args) => call('list', ...args),
    counts: (...args) => call('counts', ...args),
    thread: (...args) => call('thread', ...args),
    threadsToLoad: (...args) => call('threadsToLoad', ...args),
    setRead: (...args) => call('setRead', ...args),
    saveDraft: (...args) => call('saveDraft', ...args),
    draft: (...args) => call('draft', ...args),
    enqueue: (...args) => call('enqueue', ...args),
    vendorConversation: (...args) => call('vendorConversation', ...args),
    enqueueCompose: (...args) => call('enqueueCompose', ...args),
    outbox: (...args) => call('outbox', ...args),
    attachment: (...args) => call('attachment', ...args),
    recoverOutbox: (...args) => call('recoverOutbox', ...args),
    dueCommands: (...args) => call('dueCommands', ...args),
    beginCommand: (...args) => call('beginCommand', ...args),
    postponeCommand: (...args) => call('postponeCommand', ...args),
    doubtCommand: (...args) => call('doubtCommand', ...args),
    requeueCommand: (...args) => call('requeueCommand', ...args),
    failCommand: (...args) => call('failCommand', ...args),
    confirmCommand: (...args) => call('confirmCommand', ...args),
    retryCommand: (...args) => call('retryCommand', ...args),
    discardCommand: (...args) => call('discardCommand', ...args),
    close,
  }
}
