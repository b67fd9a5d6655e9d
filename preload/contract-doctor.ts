/** Shapes of the calls and events about testing a connection. */
import { z } from 'zod'
import { traceEntry } from './contract-shapes.ts'
import { call, id, nothing, text, time } from './contract-words.ts'
import { doctorSteps, doctorVerdicts } from './doctor-steps.ts'

const stepId = z.enum(doctorSteps)

const stepResult = z.object({
  id: stepId,
  verdict: z.enum(doctorVerdicts),
  sentence: z.string(),
  remedy: z.string().nullable(),
  /** Technical, masked in main. */
  evidence: z.record(z.string(), z.string()),
  finding: z.string().nullable(),
})

/** One test as it stands. `cause` is null when nothing is wrong; its values are those of docs/doctor.md. */
export const doctorRun = z.object({
  runId: id,
  accountId: id.nullable(),
  attemptId: id.nullable(),
  vendor: id,
  siteLabel: z.string(),
  state: z.enum(['running', 'done', 'cancelled']),
  current: stepId.nullable(),
  steps: z.array(stepResult),
  diagnosis: z.object({ cause: z.string().nullable(), sentence: z.string(), remedy: text(2000).nullable() }).nullable(),
  startedAt: time,
})

export const doctorCalls = {
  /** Tests an account, or finds out why a sign-in failed. Answers at once; progress comes as `doctor.changed`. */
  'doctor.start': call(z.union([z.object({ accountId: id }), z.object({ attemptId: id })]), doctorRun),
  'doctor.cancel': call(z.object({ runId: id }), nothing),
  'doctor.run': call(z.object({ runId: id }), doctorRun),
  /** The last sign-in and the requests of the test, with every secret masked. */
  'doctor.trace': call(z.object({ runId: id }), z.array(traceEntry)),
  /** The same as an HTTP archive in the downloads folder. */
  'doctor.saveTrace': call(z.object({ runId: id }), z.object({ fileName: z.string(), folder: z.string() })),
} as const
