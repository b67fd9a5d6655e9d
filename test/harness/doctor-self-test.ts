import { startSandbox } from '../sandbox/sandbox.ts'
import { doctorCases } from './doctor-cases.ts'
import { playCase } from './doctor-play.ts'
import { tableText } from './doctor-report.ts'

/** Plays the twelve in the sandbox and prints what the doctor said. @returns the exit code: 1 when one was not named */
export async function selfTest(out: (text: string) => void): Promise<number> {
  const sandbox = await startSandbox({ perShare: 8 })
  const rows: string[][] = [['case', 'expected', 'named', '']]
  let named = 0
  try {
    for (const each of doctorCases) {
      const { cause, sentence } = await playCase(
        sandbox,
        each,
        ({ run }) => run.diagnosis ?? { cause: null, sentence: '' },
      )
      if (cause === each.cause) named += 1
      rows.push([
        each.title,
        each.cause,
        cause ?? 'nothing',
        cause === each.cause ? sentence : `NOT NAMED: ${sentence}`,
      ])
    }
  } finally {
    await sandbox.close()
  }
  out(tableText(rows))
  out(JSON.stringify({ cases: doctorCases.length, named }))
  return named === doctorCases.length ? 0 : 1
}
