import type { Connector, ConnectorContext, Site } from '../../../main/connectors/connector.ts'
import { createAccountHttp } from '../../../main/connectors/http.ts'
import { createRateBudget } from '../../../main/connectors/rate-limit.ts'
import type { FetchPort, Log } from '../../../main/ports.ts'

interface ScriptedCall {
  method: string
  url: URL
  body: unknown
}

export type Script = (call: ScriptedCall) => { status?: number; body?: unknown; headers?: Record<string, string> }

const silent: Log = { debug: () => undefined, info: () => undefined, warn: () => undefined, error: () => undefined }

/** What a connector works with, over a vendor that is a function. Every call is kept. */
export function scripted(connector: Connector, site: Site, script: Script, now: () => number = () => Date.now()) {
  const calls: ScriptedCall[] = []
  const fetch: FetchPort = async (input, init) => {
    const url = new URL(String(input))
    const text = init?.body ? await new Response(init.body).text() : ''
    const call = { method: init?.method ?? 'GET', url, body: text === '' ? undefined : (JSON.parse(text) as unknown) }
    calls.push(call)
    const { status = 200, body, headers = {} } = script(call)
    const content = body === undefined ? null : body instanceof Uint8Array ? body.slice() : JSON.stringify(body)
    return new Response(content, {
      status,
      headers: { 'content-type': 'application/json', date: new Date(now()).toUTCString(), ...headers },
    })
  }
  const clock = { now, monotonic: () => performance.now() }
  const budget = createRateBudget({ ...connector.rate, defaultLimit: 1_000_000, buckets: [], read: () => null }, clock)
  const tokens = { current: async () => 'token', renew: async () => 'token' }
  const http = createAccountHttp({ fetch, tokens, connector, site, accountId: 'a1', clock, log: silent, budget })
  const identity = { vendorUserId: '501', siteKey: 'acme', name: 'Mia Berg', email: 'mia@brand.example', role: 'agent' }
  const ctx: ConnectorContext = {
    account: { id: 'a1', site, identity },
    http,
    now,
    signal: new AbortController().signal,
  }
  return { ctx, calls }
}
