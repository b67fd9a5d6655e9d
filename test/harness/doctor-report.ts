import type { DoctorRun } from '../../preload/contract.ts'

type Run = Pick<DoctorRun, 'siteLabel' | 'steps' | 'diagnosis'>

const marks = { passed: 'ok  ', warned: 'warn', failed: 'FAIL', skipped: '-   ' }

/** A test of a connection as lines of a terminal: step by step, then the diagnosis. */
export function reportText({ siteLabel, steps, diagnosis }: Run): string {
  const lines = steps.flatMap(({ id, verdict, sentence, remedy, evidence }) => [
    `${marks[verdict]}  ${id.padEnd(9)}  ${sentence}`,
    ...(verdict === 'passed' || verdict === 'skipped' ? [] : details(remedy, evidence)),
  ])
  const end = diagnosis === null ? ['The test was not finished.'] : ['', ...diagnosisLines(diagnosis)]
  return [`Connection to ${siteLabel}`, '', ...lines, ...end].join('\n')
}

function details(remedy: string | null, evidence: Record<string, string>): string[] {
  const facts = Object.entries(evidence).map(([name, value]) => `${name}: ${value}`)
  return [...(remedy === null ? [] : [remedy]), ...facts].map((line) => `                 ${line}`)
}

function diagnosisLines({ cause, sentence, remedy }: NonNullable<Run['diagnosis']>): string[] {
  return [cause === null ? sentence : `${sentence} (${cause})`, ...(remedy === null ? [] : [remedy])]
}

/** Rows of equal columns. */
export function tableText(rows: readonly (readonly string[])[]): string {
  const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)))
  return rows
    .map((row) =>
      row
        .map((cell, column) => cell.padEnd(widths[column] ?? 0))
        .join('  ')
        .trimEnd(),
    )
    .join('\n')
}
