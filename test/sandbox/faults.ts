import type { Exchange, Reply } from './exchange.ts'

/** Which requests a fault meets. Every field that is given must fit. */
interface FaultTarget {
  host?: string
  method?: string
  /** Start of the path. */
  path?: string
}

/** What goes wrong. `reset-after` carries the request out and then cuts the connection, so the client cannot know. */
type FaultKind =
  | { kind: 'status'; status: number; body?: string; headers?: Record<string, string> }
  | { kind: 'html'; status?: number }
  | { kind: 'malformed' }
  | { kind: 'empty' }
  | { kind: 'huge'; bytes?: number }
  | { kind: 'reset' }
  | { kind: 'reset-after' }
  | { kind: 'truncate' }
  | { kind: 'delay'; ms: number }
  | { kind: 'delay-after'; ms: number }

export type Fault = FaultKind & { times?: number; target?: FaultTarget }

interface Armed {
  fault: Fault
  left: number
}

const htmlErrorPage =
  '<!DOCTYPE html><html><head><title>Web server is down | 521</title></head><body><h1>Error 521</h1><p>The web server is not returning a connection.</p></body></html>'

/** Faults waiting to strike, and hosts that are out of reach. */
export class Faults {
  #armed: Armed[] = []
  #offline = new Set<string>()
  #allOffline = false

  arm(fault: Fault): void {
    this.#armed.push({ fault, left: fault.times ?? 1 })
  }

  clear(): void {
    this.#armed = []
    this.#offline.clear()
    this.#allOffline = false
  }

  offline(hosts: string[] | 'all'): void {
    if (hosts === 'all') this.#allOffline = true
    else for (const host of hosts) this.#offline.add(host)
  }

  online(hosts: string[] | 'all'): void {
    if (hosts === 'all') this.#offline.clear()
    else for (const host of hosts) this.#offline.delete(host)
    this.#allOffline = false
  }

  isOffline(host: string): boolean {
    return this.#allOffline || this.#offline.has(host)
  }

  /** Takes what strikes this request: every delay that fits, and the first other fault, oldest first. */
  take(exchange: Exchange): Fault[] {
    const fitting = this.#armed.filter((armed) => meets(armed.fault.target ?? {}, exchange))
    const first = fitting.find((armed) => !isDelay(armed.fault))
    const struck = fitting.filter((armed) => armed === first || isDelay(armed.fault))
    for (const armed of struck) armed.left--
    this.#armed = this.#armed.filter((armed) => armed.left > 0)
    return struck.map((armed) => armed.fault)
  }
}

function isDelay(fault: Fault): boolean {
  return fault.kind === 'delay' || fault.kind === 'delay-after'
}

function meets(target: FaultTarget, exchange: Exchange): boolean {
  return (
    (target.host === undefined || target.host === exchange.host) &&
    (target.method === undefined || target.method === exchange.method) &&
    (target.path === undefined || exchange.url.pathname.startsWith(target.path))
  )
}

/** The answer a fault gives in place of the vendor's, or undefined where it lets the request through. */
export function replacement(fault: Fault): Reply | undefined {
  const asJson = { 'content-type': 'application/json; charset=utf-8' }
  switch (fault.kind) {
    case 'status':
      return {
        status: fault.status,
        headers: { ...asJson, ...fault.headers },
        body: fault.body ?? '{"error":"InternalServerError"}',
      }
    case 'html':
      return {
        status: fault.status ?? 521,
        headers: { 'content-type': 'text/html; charset=UTF-8' },
        body: htmlErrorPage,
      }
    case 'malformed':
      return { status: 200, headers: asJson, body: '{"tickets":[{"id":1,"subject":"cut o' }
    case 'empty':
      return { status: 200, headers: asJson, body: '' }
    case 'huge':
      return {
        status: 200,
        headers: asJson,
        body: `{"tickets":[{"id":1,"subject":"${'x'.repeat(fault.bytes ?? 10 * 1024 * 1024)}"}]}`,
      }
    default:
      return undefined
  }
}
