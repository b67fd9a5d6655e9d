import { type ChildProcess, fork } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type * as Electron from 'electron'

type Module = typeof Electron
type Json = unknown
type Step<A, R> = (
  electron: Module,
  record: Record<string, unknown> & { log: unknown[] },
  argument: A,
) => R | Promise<R>

interface Options<A> {
  userData?: string
  switches?: string[]
  /** Runs while the entry script runs, before the app is ready. */
  before?: Step<A, unknown>
  argument?: A
  /** Arguments that are no switches, such as a link. */
  words?: string[]
}

const registerFile = join(import.meta.dirname, '../../standin/register.ts')
const mainFile = join(import.meta.dirname, '../../standin/fixtures/app/main.ts')

/** Path of the fixture's preload, for `webPreferences`. */
export const preloadFile = join(import.meta.dirname, '../../standin/fixtures/app/preload.cjs')

/** A fresh data directory, removed by the returned function. */
export async function temporaryFolder(): Promise<{ path: string; remove(): Promise<void> }> {
  const path = await mkdtemp(join(tmpdir(), 'standin-test-'))
  return { path, remove: () => rm(path, { recursive: true, force: true, maxRetries: 5 }) }
}

/** A running fixture app on the stand-in. */
export class FixtureApp {
  readonly child: ChildProcess
  readonly userData: string
  readonly exited: Promise<{ code: number | null; signal: string | null }>
  readonly output: string[] = []
  readonly #ready: Promise<void>
  readonly #waiting = new Map<number, { resolve(value: Json): void; reject(error: Error): void }>()
  readonly #removeData: () => Promise<void>
  #lastId = 0

  /** Starts without waiting for ready: for apps that end before. */
  static async spawn<A>(options: Options<A> = {}): Promise<FixtureApp> {
    const own = options.userData === undefined ? await temporaryFolder() : undefined
    const userData = options.userData ?? own?.path ?? ''
    const words = [`--user-data-dir=${userData}`, '--headless', ...(options.switches ?? []), ...(options.words ?? [])]
    const fixture = JSON.stringify(options.before ? [String(options.before), options.argument] : [])
    const child = fork(mainFile, words, {
      execArgv: ['--import', registerFile],
      env: { ...process.env, STANDIN_FIXTURE: fixture, NODE_OPTIONS: '', VITEST: '' },
      stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    })
    return new FixtureApp(child, userData, own ? own.remove : async () => undefined)
  }

  static async start<A>(options: Options<A> = {}): Promise<FixtureApp> {
    const app = await FixtureApp.spawn(options)
    await app.#ready
    return app
  }

  private constructor(child: ChildProcess, userData: string, removeData: () => Promise<void>) {
    this.child = child
    this.userData = userData
    this.#removeData = removeData
    for (const stream of [child.stdout, child.stderr]) {
      stream?.setEncoding('utf8').on('data', (text: string) => this.output.push(text))
    }
    const ready = Promise.withResolvers<void>()
    this.#ready = ready.promise
    this.#ready.catch(() => undefined)
    this.exited = new Promise((resolve) => child.once('close', (code, signal) => resolve({ code, signal })))
    this.exited.then(() => {
      const error = new Error(`The fixture app ended: ${this.output.join('')}`)
      ready.reject(error)
      for (const { reject } of this.#waiting.values()) reject(error)
    })
    child.on('message', (message: { ready?: true; id: number; result?: Json; error?: string }) => {
      if (message.ready) return ready.resolve()
      const waiting = this.#waiting.get(message.id)
      this.#waiting.delete(message.id)
      if (message.error === undefined) waiting?.resolve(message.result)
      else waiting?.reject(new Error(message.error))
    })
  }

  /** Runs `step` inside of the app's main process and gives what it returns (as JSON). */
  run<A, R>(step: Step<A, R>, argument?: A): Promise<R> {
    this.#lastId += 1
    const id = this.#lastId
    this.child.send({ id, source: String(step), argument })
    return new Promise((resolve, reject) => {
      this.#waiting.set(id, { resolve: resolve as (value: Json) => void, reject })
    })
  }

  /** Quits as a person would and waits for the process to end. */
  async stop(): Promise<void> {
    if (this.child.exitCode === null && this.child.signalCode === null) this.child.kill('SIGTERM')
    await this.exited
    await this.#removeData()
  }
}
