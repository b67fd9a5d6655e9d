import { describe, expect, it } from 'vitest'
import {
  createDoctor,
  type DoctorOptions,
  type DoctorRan,
  type DoctorRun,
} from '../../../../main/diagnostics/doctor/doctor.ts'
import { AppError } from '../../../../main/errors.ts'
import type { ProbePort } from '../../../../main/ports.ts'
import { doctorSteps } from '../../../../preload/doctor-steps.ts'
import { fakeClock, fakeLog } from '../../oauth/support/fakes.ts'
import { answer, contextOf, subjectOf } from './fixtures.ts'

function open(change: Partial<DoctorOptions> = {}) {
  const told: DoctorRun[] = []
  const ran: DoctorRan[] = []
  const log = fakeLog()
  const { probe, fetch } = contextOf({})
  const doctor = createDoctor({
    subjectOf: () => ({ subject: subjectOf(), signedIn: null, attemptId: 'attempt-1' }),
    probe,
    fetch,
    clock: fakeClock(),
    log,
    timeoutMs: 1000,
    isOnline: () => true,
    doctorChanged: (run) => told.push(run),
    doctorRan: (outcome) => ran.push(outcome),
    ...change,
  })
  return { doctor, told, ran, log }
}
const question = { attemptId: 'attempt-1' }

describe('a connection test', () => {
  it('answers at once, tells each step, and is told once when it has run', async () => {
    const { doctor, told, ran } = open()
    const begun = doctor.start(question)
    expect(begun).toMatchObject({ state: 'running', steps: [], attemptId: 'attempt-1', accountId: null })
    expect(told).toEqual([])
    const ended = await doctor.ended(begun.runId)
    expect(ended).toMatchObject({ state: 'done', current: null, diagnosis: { cause: 'name_not_found' } })
    expect(ended.steps.map(({ id }) => id)).toEqual(doctorSteps)
    expect(told.map(({ steps }) => steps.length)).toEqual([...doctorSteps.keys(), doctorSteps.length])
    expect(ran).toEqual([
      {
        runId: begun.runId,
        accountId: null,
        attemptId: 'attempt-1',
        vendor: 'testdesk',
        siteLabel: 'acme.testdesk.example',
        cause: 'name_not_found',
        failed: ['network', 'authorize'],
        passed: 0,
      },
    ])
    expect(doctor.trace(begun.runId).some(({ title }) => title === 'Ask the API without a sign-in')).toBe(true)
  })

  it('is shown again, not begun again, while it runs', async () => {
    const { doctor, ran } = open()
    const first = doctor.start(question)
    expect(doctor.start(question).runId).toBe(first.runId)
    await doctor.ended(first.runId)
    expect(doctor.start(question).runId).not.toBe(first.runId)
    expect(ran).toHaveLength(1)
  })

  it('ends at once when it is cancelled, without a diagnosis and without a record', async () => {
    const never: ProbePort = {
      refusedIssuer: () => null,
      get: (_url, signal) =>
        new Promise((_, reject) => {
          signal.addEventListener('abort', () => reject(signal.reason))
        }),
    }
    const { doctor, ran } = open({ probe: never })
    const { runId } = doctor.start(question)
    await new Promise((resolve) => setTimeout(resolve))
    doctor.cancel(runId)
    expect(await doctor.ended(runId)).toMatchObject({ state: 'cancelled', diagnosis: null })
    expect(ran).toEqual([])
  })

  it('goes on when a step breaks, and keeps the text of what nobody planned to itself', async () => {
    const broken = { ...subjectOf(), client: async () => Promise.reject(new Error('a secret text')) }
    const { probe } = contextOf({ answers: { 'https://': answer() } })
    const { doctor } = open({ probe, subjectOf: () => ({ subject: broken, signedIn: null, attemptId: 'attempt-1' }) })
    const run = await doctor.ended(doctor.start(question).runId)
    expect(run.steps).toHaveLength(doctorSteps.length)
    expect(run.steps.find(({ id }) => id === 'authorize')).toMatchObject({ verdict: 'skipped' })
    expect(JSON.stringify(run)).not.toContain('a secret text')
  })

  it('that is not remembered cannot be asked for', () => {
    const { doctor } = open()
    for (const ask of [doctor.run, doctor.cancel, doctor.trace]) expect(() => ask('nothing')).toThrow(AppError)
  })
})
