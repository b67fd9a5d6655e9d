/** Entry of the store thread: owns the database, answers one call after the other. */
import { parentPort, workerData } from 'node:worker_threads'
import { toErrorShape } from '../errors.ts'
import type { Db } from './database/driver.ts'
import { storeError } from './database/errors.ts'
import { openDatabase } from './database/file.ts'
import { createWorkerStore } from './database/worker-store.ts'
import type { WorkerAnswer, WorkerData, WorkerRequest, WorkerStore } from './store-protocol.ts'

const idleMs = 5_000

type Port = NonNullable<typeof parentPort>

function answer(port: Port, id: number, work: () => unknown): void {
  let message: WorkerAnswer
  try {
    message = { id, ok: true, value: work() }
  } catch (error) {
    message = { id, ok: false, error: toErrorShape(storeError(error)) }
  }
  port.postMessage(message)
}

/** When nothing was asked for a while, the log is folded into the file, so that a start is quick and the log stays small. */
function idleCheckpoint(db: Db): { touch(): void; stop(): void } {
  let timer: NodeJS.Timeout | undefined
  const fold = () => {
    try {
      db.pragma('wal_checkpoint(TRUNCATE)')
    } catch {
      // A full or failing disk is reported by the write that needs it; the log still holds everything.
    }
  }
  return {
    touch() {
      clearTimeout(timer)
      timer = setTimeout(fold, idleMs).unref()
    },
    stop() {
      clearTimeout(timer)
      fold()
    },
  }
}

function serve(port: Port, db: Db, store: WorkerStore): void {
  const checkpoint = idleCheckpoint(db)
  port.on('message', (request: WorkerRequest) => {
    checkpoint.touch()
    if (request.call !== 'close') {
      const { id, call, args } = request
      answer(port, id, () => Reflect.apply(store[call], store, args))
      return
    }
    answer(port, request.id, () => {
      checkpoint.stop()
      db.close()
    })
    port.close()
  })
}

/** Id 0 tells that the file is open, or why it is not: then the thread ends by itself. */
function start(port: Port, { file, key }: WorkerData): void {
  answer(port, 0, () => {
    const db = openDatabase(file, key)
    serve(port, db, createWorkerStore(db, Date.now))
  })
}

if (parentPort) start(parentPort, workerData)
