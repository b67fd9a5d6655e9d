import { EventEmitter } from 'node:events'
import { Chromium } from './chromium.ts'
import { parseHostRules } from './host-rules.ts'
import { readSwitches } from './switches.ts'

/** What the app asked of the system around it, kept so that a harness can see and answer it. */
export interface Journal {
  openedExternally: string[]
  notifications: Array<{ id: number; title: string; body: string; shown: boolean }>
  clipboard: string
  badge: number
}

/**
 * The one process-wide state of the stand-in. Electron's modules are process-wide singletons by contract, so what they
 * share is too.
 */
class Runtime {
  readonly switches = readSwitches(process.argv.slice(2))
  readonly journal: Journal = { openedExternally: [], notifications: [], clipboard: '', badge: 0 }
  readonly network = new EventEmitter()
  #browser: Promise<Chromium> | undefined
  #offline = this.switches.startOffline
  #hosts: ReturnType<typeof parseHostRules> | undefined

  /** The browser, started at the first call. */
  browser(): Promise<Chromium> {
    this.#browser ??= Chromium.launch(this.switches)
    return this.#browser
  }

  get browserStarted(): boolean {
    return this.#browser !== undefined
  }

  async closeBrowser(): Promise<void> {
    const browser = await this.#browser?.catch(() => undefined)
    await browser?.close()
  }

  /** Where `--host-resolver-rules` sends a connection; read once, since Chromium reads it once too. */
  resolveHost(host: string, port: number) {
    this.#hosts ??= parseHostRules(this.switches.chromium.get('host-resolver-rules') ?? '')
    return this.#hosts(host, port)
  }

  /** Base64 SHA-256 hashes of public keys whose certificates pass despite errors. */
  get trustedKeys(): string[] {
    return (this.switches.chromium.get('ignore-certificate-errors-spki-list') ?? '').split(',').filter(Boolean)
  }

  get offline(): boolean {
    return this.#offline
  }

  setOffline(offline: boolean): void {
    if (offline === this.#offline) return
    this.#offline = offline
    this.network.emit('changed', offline)
  }
}

export const runtime = new Runtime()
