import { createStore, type StoreApi } from 'zustand/vanilla'
import type { Bridge, CallArgs, DoctorRun } from '../../preload/contract.ts'
import type { ErrorShape } from '../../preload/errors.ts'

export type DoctorQuestion = CallArgs<'doctor.start'>

interface DoctorState {
  /** What is tested; null while the dialog is closed. */
  question: DoctorQuestion | null
  run: DoctorRun | null
  /** Why the test could not begin. */
  error: ErrorShape | null
}

interface DoctorActions {
  /** Opens the dialog and begins the test. */
  test(question: DoctorQuestion): Promise<void>
  again(): Promise<void>
  /** Closes the dialog; a test that still runs is ended. */
  close(): void
  stop(): void
}

export type DoctorStore = StoreApi<DoctorState & DoctorActions>

/** The one connection test that is shown. */
export function createDoctorStore(bridge: Bridge): DoctorStore {
  return createStore((set, get) => {
    let unfollow: (() => void) | null = null
    const take = (run: DoctorRun) => {
      const shown = get().run
      // Events may overtake the answer of the call that began the test.
      if (shown?.runId === run.runId && shown.steps.length > run.steps.length) return
      set({ run })
    }
    const follow = () => {
      unfollow ??= bridge.on('doctor.changed', (run) => {
        const { run: shown } = get()
        if (shown?.runId === run.runId) take(run)
      })
    }
    const begin = async (question: DoctorQuestion) => {
      follow()
      set({ question, run: null, error: null })
      const answer = await bridge.doctor.start(question)
      if (get().question !== question) {
        if (answer.ok) void bridge.doctor.cancel({ runId: answer.value.runId })
        return
      }
      if (!answer.ok) return set({ error: answer.error })
      take(answer.value)
      // What happened between the start and here is not lost.
      const now = await bridge.doctor.run({ runId: answer.value.runId })
      if (now.ok && get().run?.runId === now.value.runId) take(now.value)
    }
    return {
      question: null,
      run: null,
      error: null,
      test: begin,
      again: async () => {
        const { question } = get()
        if (question !== null) await begin({ ...question })
      },
      close: () => {
        const { run } = get()
        if (run?.state === 'running') void bridge.doctor.cancel({ runId: run.runId })
        set({ question: null, run: null, error: null })
      },
      stop: () => {
        unfollow?.()
        unfollow = null
      },
    }
  })
}
