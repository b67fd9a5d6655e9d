import { createHash } from 'node:crypto'
import { mkdirSync, readFileSync, renameSync, rmSync, unlinkSync, writeFileSync } from 'node:fs'
import { createConnection, createServer, type Server } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/** What a second start of the app tells the first one. */
export interface HandOver {
  argv: string[]
  workingDirectory: string
  additionalData: unknown
}

const HAND_OVER_LIMIT_MS = 5000
const LOCK_NAME = 'standin-lock'

/** True while a process of this number runs. */
export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM'
  }
}

/** The process that holds the lock of this user-data directory, undefined when nobody alive does. */
export function lockHolder(userData: string): number | undefined {
  try {
    const pid = Number(readFileSync(join(userData, LOCK_NAME), 'utf8'))
    return pid > 0 && isAlive(pid) ? pid : undefined
  } catch {
    return undefined
  }
}

/**
 * Short, since a socket's path may have hardly more than a hundred characters and a data directory's often has. On Linux and
 * Windows it is a name that ends with its process; only macOS needs a file.
 */
function socketPath(userData: string): string {
  const name = `standin-${createHash('sha256').update(userData).digest('hex').slice(0, 24)}`
  if (process.platform === 'linux') return `\0${name}`
  return process.platform === 'win32' ? `\\\\.\\pipe\\${name}` : join(tmpdir(), `${name}.sock`)
}

/** One running app per user-data directory. */
export class SingleInstance {
  #server: Server | undefined
  #lockFile: string | undefined
  #socketPath: string | undefined
  #handingOver: Promise<void> = Promise.resolve()

  get held(): boolean {
    return this.#lockFile !== undefined
  }

  /** Takes the lock, or sends `handOver` to the process that has it and answers false. */
  request(userData: string, handOver: HandOver, onSecond: (handOver: HandOver) => void): boolean {
    if (this.held) return true
    if (!this.#take(userData)) {
      this.#handingOver = deliver(socketPath(userData), handOver)
      return false
    }
    this.#listen(socketPath(userData), onSecond)
    return true
  }

  /** Settles when the first instance has the hand-over, so that the second one does not leave too soon. */
  handedOver(): Promise<void> {
    return this.#handingOver
  }

  release(): void {
    this.#server?.close()
    if (this.#server && this.#socketPath) rmSync(this.#socketPath, { force: true })
    this.#server = undefined
    if (this.#lockFile) rmSync(this.#lockFile, { force: true })
    this.#lockFile = undefined
  }

  #take(userData: string): boolean {
    mkdirSync(userData, { recursive: true })
    const file = join(userData, LOCK_NAME)
    for (let attempt = 0; attempt < 2; attempt += 1) {
      try {
        writeFileSync(file, String(process.pid), { flag: 'wx' })
        this.#lockFile = file
        return true
      } catch {
        if (lockHolder(userData) !== undefined) return false
        // Left behind by a killed process; renamed first, so that of two finders only one removes it.
        const stale = `${file}.${process.pid}`
        try {
          renameSync(file, stale)
          unlinkSync(stale)
        } catch {
          return false
        }
      }
    }
    return false
  }

  #listen(path: string, onSecond: (handOver: HandOver) => void): void {
    this.#socketPath = process.platform === 'darwin' ? path : undefined
    if (this.#socketPath) rmSync(path, { force: true })
    this.#server = createServer((socket) => {
      let text = ''
      socket.setEncoding('utf8')
      socket.on('error', () => socket.destroy())
      socket.on('data', (chunk: string) => {
        text += chunk
        if (!text.endsWith('\n')) return
        onSecond(JSON.parse(text) as HandOver)
        socket.end('taken\n')
      })
    })
    this.#server.on('error', (error) => process.stderr.write(`[stand-in] ${error.message}\n`))
    this.#server.listen(path)
    this.#server.unref()
  }
}

async function deliver(path: string, handOver: HandOver): Promise<void> {
  const deadline = Date.now() + HAND_OVER_LIMIT_MS
  while (Date.now() < deadline) {
    if (await tryDeliver(path, handOver)) return
    await new Promise((resolve) => setTimeout(resolve, 25))
  }
  process.stderr.write('[stand-in] the first instance did not take the hand-over\n')
}

function tryDeliver(path: string, handOver: HandOver): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = createConnection(path)
    socket.on('connect', () => socket.write(`${JSON.stringify(handOver)}\n`))
    socket.on('data', () => resolve(true))
    socket.on('error', () => resolve(false))
    socket.on('close', () => resolve(false))
  })
}
