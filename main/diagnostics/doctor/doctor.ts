import { randomUUID } from 'node:crypto'
import { type DoctorStep, doctorSteps } from '../../../preload/doctor-steps.ts'
import { AppError, isAppError } from '../../errors.ts'
import type { Clock, FetchPort, Log, ProbePort } from '../../ports.ts'
import { createTrace, type Trace, type TraceEntry } from '../trace.ts'
import { diagnose } from './diagnosis.ts'
import type { CauseId, Diagnosis, DoctorContext, SignedInAccount, Step, StepResult, Subject } from './model.ts'
import { authorize, redirect } from './steps/authorize.ts'
import { client } from './steps/client.ts'
import { discovery, tracedDiscovery } from './steps/discovery.ts'
import { clock, network, tls } from './steps/reach.ts'
import { api, refresh, scopes, token } from './steps/sign-in.ts'
import { site } from './steps/site.ts'

const steps: Record<DoctorStep, Step> = {
  network,
  tls,
  clock,
  site,
  discovery,
  authorize,
  redirect,
  client,
  token,
  api,
  scopes,
  refresh,
}

/** What is to be tested: an account, or a sign-in that failed. */
export type DoctorQuestion = { accountId: string } | { attemptId: string }

/** One test as others may see it. */
export interface DoctorRun {
  runId: string
  accountId: string | null
  attemptId: string | null
  vendor: string
  siteLabel: string
  state: 'running' | 'done' | 'cancelled'
  /** The step under way; null when none is. */
  current: DoctorStep | null
  steps: StepResult[]
  diagnosis: Diagnosis | null
  startedAt: number
}

/** That a connection was tested, and what came of it: for the record. */
export interface DoctorRan {
  runId: string
  accountId: string | null
  attemptId: string | null
  vendor: string
  siteLabel: string
  cause: CauseId | null
  failed: DoctorStep[]
  /** How many steps went well. */
  passed: number
}

export interface DoctorOptions {
  /** @throws AppError `not_found` */
  subjectOf(question: DoctorQuestion): { subject: Subject; signedIn: SignedInAccount | null; attemptId: string | null }
  probe: ProbePort
  fetch: FetchPort
  clock: Clock
  log: Log
  timeoutMs: number
  isOnline(): boolean
  doctorChanged(run: DoctorRun): void
  doctorRan(ran: DoctorRan): void
}

export interface Doctor {
  /** Starts at once; progress comes as `doctorChanged`. A test of the same thing that still runs is shown again. @throws AppError */
  start(question: DoctorQuestion): DoctorRun
  /** @throws AppError `not_found` */
  cancel(runId: string): void
  /** @throws AppError `not_found` */
  run(runId: string): DoctorRun
  /** The last sign-in and the requests of the test, masked. @throws AppError `not_found` */
  trace(runId: string): TraceEntry[]
  /** Resolves when the test has ended. */
  ended(runId: string): Promise<DoctorRun>
  /** Ends every test, for quitting. */
  close(): void
}

interface Running {
  run: DoctorRun
  abort: AbortController
  trace: Trace
  subject: Subject
  finished: Promise<void>
}

const remembered = 20

/** Finds out why a connection does not work. It changes nothing at the vendor. */
export function createDoctor(options: DoctorOptions): Doctor {
  const runs = new Map<string, Running>()
  const required = (runId: string): Running => {
    const found = runs.get(runId)
    if (!found) throw new AppError('not_found', 'That test does not exist any more.')
    return found
  }
  const sameAs = (accountId: string | null, attemptId: string | null) =>
    [...runs.values()].find(
      ({ run }) => run.state === 'running' && run.accountId === accountId && run.attemptId === attemptId,
    )

  return {
    start(question) {
      const { subject, signedIn, attemptId } = options.subjectOf(question)
      const accountId = subject.account?.id ?? null
      const present = sameAs(accountId, attemptId)
      if (present) return copy(present.run)
      const run: DoctorRun = {
        runId: randomUUID(),
        accountId,
        attemptId,
        vendor: subject.connector.id,
        siteLabel: subject.siteLabel,
        state: 'running',
        current: null,
        steps: [],
        diagnosis: null,
        startedAt: options.clock.now(),
      }
      const abort = new AbortController()
      const trace = createTrace(options.clock.now)
      const running: Running = { run, abort, trace, subject, finished: Promise.resolve() }
      runs.set(run.runId, running)
      for (const [runId, { run: old }] of [...runs].slice(0, -remembered))
        if (old.state !== 'running') runs.delete(runId)
      running.finished = examine(options, running, signedIn)
      return copy(run)
    },
    cancel: (runId) => required(runId).abort.abort(new AppError('handshake_cancelled', 'The test was cancelled.')),
    run: (runId) => copy(required(runId).run),
    trace(runId) {
      const { subject, trace } = required(runId)
      return [...subject.story, ...trace.entries()]
    },
    async ended(runId) {
      await required(runId).finished
      return copy(required(runId).run)
    },
    close() {
      for (const { abort } of runs.values()) abort.abort(new AppError('handshake_cancelled', 'Manydesk ends.'))
    },
  }
}

const copy = (run: DoctorRun): DoctorRun => structuredClone(run)

async function examine(options: DoctorOptions, running: Running, signedIn: SignedInAccount | null): Promise<void> {
  const { run, abort, subject, trace } = running
  const { signal } = abort
  const tell = (change: Partial<DoctorRun>) => {
    Object.assign(run, change)
    options.doctorChanged(copy(run))
  }
  const seen = new Map<string, Promise<unknown>>()
  const context: DoctorContext = {
    ...options,
    subject,
    signedIn,
    signal,
    trace,
    discovery: tracedDiscovery(options.fetch, { ...options, trace }),
    results: run.steps,
    once<T>(key: string, work: () => Promise<T>): Promise<T> {
      const known = (seen.get(key) as Promise<T> | undefined) ?? work()
      seen.set(key, known)
      return known
    },
  }
  // Whoever started the test must know its id before the first event about it comes.
  await Promise.resolve()
  for (const id of doctorSteps) {
    if (signal.aborted) break
    tell({ current: id })
    const result = await steps[id](context).catch((error: unknown) => broken(options.log, id, error))
    if (signal.aborted) break
    run.steps.push(result)
  }
  if (signal.aborted) return tell({ state: 'cancelled', current: null })
  const diagnosis = diagnose(subject, run.steps)
  tell({ state: 'done', current: null, diagnosis })
  const { runId, accountId, attemptId, vendor, siteLabel } = run
  const failed = run.steps.filter(({ verdict }) => verdict === 'failed').map(({ id }) => id)
  const passed = run.steps.filter(({ verdict }) => verdict === 'passed').length
  options.doctorRan({ runId, accountId, attemptId, vendor, siteLabel, cause: diagnosis.cause, failed, passed })
}

/** A step that could not be carried out says so, and the others go on. */
function broken(log: Log, id: DoctorStep, error: unknown): StepResult {
  log.warn('A step of the connection test failed', { step: id, error })
  const told = isAppError(error)
    ? { sentence: error.message, remedy: error.action }
    : { sentence: 'This could not be looked at.', remedy: null }
  return { id, verdict: 'skipped', ...told, evidence: isAppError(error) ? { code: error.code } : {}, finding: null }
}
