import { mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'
import type { Protocol } from './cdp.ts'

export type StoredCookie = Protocol.Network.Cookie

/** What of a partition outlives a run: cookies with an expiry, and local storage by origin. */
export interface PartitionState {
  cookies: StoredCookie[]
  localStorage: Record<string, Record<string, string>>
}

/** One partition's file, written whole and swapped in, readable by its owner only. No path means nothing is kept. */
export class PartitionStore {
  readonly #path: string | undefined

  constructor(path: string | undefined) {
    this.#path = path
  }

  load(): PartitionState {
    if (this.#path === undefined) return { cookies: [], localStorage: {} }
    try {
      return JSON.parse(readFileSync(this.#path, 'utf8')) as PartitionState
    } catch {
      return { cookies: [], localStorage: {} }
    }
  }

  save(state: PartitionState): void {
    if (this.#path === undefined) return
    const kept = { ...state, cookies: state.cookies.filter((cookie) => !cookie.session) }
    mkdirSync(dirname(this.#path), { recursive: true })
    writeFileSync(`${this.#path}.new`, JSON.stringify(kept), { mode: 0o600 })
    renameSync(`${this.#path}.new`, this.#path)
  }

  clear(): void {
    if (this.#path !== undefined) rmSync(this.#path, { force: true })
  }
}
