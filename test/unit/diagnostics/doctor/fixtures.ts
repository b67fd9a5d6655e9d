import type { Account } from '../../../../main/accounts/model.ts'
import type { Connector } from '../../../../main/connectors/connector.ts'
import type { DoctorContext, Finding, StepResult, Subject } from '../../../../main/diagnostics/doctor/model.ts'
import { createTrace, type TraceEntry } from '../../../../main/diagnostics/trace.ts'
import type { ProbeAnswer } from '../../../../main/ports.ts'
import { testConnector } from '../../oauth/support/desk.ts'
import { fakeClock } from '../../oauth/support/fakes.ts'

export const now = 1_700_000_000_000

export function answer(change: Partial<ProbeAnswer> = {}): ProbeAnswer {
  return {
    status: 401,
    location: null,
    date: new Date(now).toUTCString(),
    contentType: 'application/json',
    text: '{}',
    ...change,
  }
}

export const account: Account = {
  id: 'a1',
  vendor: 'testdesk',
  site: { site: 'acme' },
  siteLabel: 'acme.testdesk.example',
  identity: { vendorUserId: '1', siteKey: 'acme', name: 'Ada', email: 'ada@example.com', role: null },
  brandId: null,
  routing: {},
  state: 'connected',
  trouble: null,
  clientId: 'client',
  way: 'auth-window',
  redirect: 'handover',
  scopes: ['tickets.read', 'tickets.write'],
  accessExpiresAt: null,
  refreshExpiresAt: null,
  connectedAt: now - 1000,
  lastSyncAt: null,
  partition: 'persist:account-a1',
}

export function subjectOf(change: Partial<Subject> = {}): Subject {
  return {
    connector: testConnector() as Connector,
    site: { site: 'acme' },
    siteLabel: 'acme.testdesk.example',
    way: 'auth-window',
    redirect: 'handover',
    account: null,
    client: async () => ({ clientId: 'client', clientSecret: 'secret-of-the-client' }),
    trouble: null,
    story: [],
    ...change,
  }
}

interface Network {
  /** Answers by the beginning of the address; everything else is not found by name. */
  answers?: Record<string, ProbeAnswer | Error>
  issuer?: string
}

/** A context whose network answers as told. */
export function contextOf({ answers = {}, issuer }: Network, change: Partial<DoctorContext> = {}): DoctorContext {
  const clock = fakeClock(now)
  const seen = new Map<string, Promise<unknown>>()
  return {
    subject: subjectOf(),
    signedIn: null,
    probe: {
      refusedIssuer: () => issuer ?? null,
      async get(url) {
        const found =
          Object.entries(answers).find(([start]) => url.startsWith(start))?.[1] ??
          new Error('net::ERR_NAME_NOT_RESOLVED')
        if (found instanceof Error) throw found
        return found
      },
    },
    fetch: async () => {
      throw new Error('net::ERR_NAME_NOT_RESOLVED')
    },
    discovery: {
      of: () => Promise.reject(new Error('not used')),
    },
    clock,
    signal: new AbortController().signal,
    trace: createTrace(clock.now),
    timeoutMs: 1000,
    isOnline: () => true,
    results: [],
    once<T>(key: string, work: () => Promise<T>) {
      const known = (seen.get(key) as Promise<T> | undefined) ?? work()
      seen.set(key, known)
      return known
    },
    ...change,
  }
}

export function found(finding: Finding | null, change: Partial<StepResult> = {}): StepResult {
  return { id: 'site', verdict: 'failed', sentence: 'x', remedy: null, evidence: {}, finding, ...change }
}

export function line(change: Partial<TraceEntry>): TraceEntry {
  return {
    at: now,
    kind: 'request',
    title: '',
    method: null,
    url: null,
    sent: {},
    status: null,
    received: {},
    ms: null,
    error: null,
    ...change,
  }
}
