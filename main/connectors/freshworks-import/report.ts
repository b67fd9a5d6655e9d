/** What became of each part of an app, one sentence each. */
export interface ImportReport {
  /** Stands in the manifest. */
  taken: string[]
  /** Stands in the manifest as a guess, or is missing, and somebody must say. */
  needsAnswer: string[]
  /** Has no place in a manifest, and why. */
  notCarried: string[]
}

export const emptyReport = (): ImportReport => ({ taken: [], needsAnswer: [], notCarried: [] })

/** The report as text, for people. */
export function reportText(report: ImportReport): string {
  const part = (title: string, lines: string[]) => [
    title,
    ...(lines.length === 0 ? ['  nothing'] : lines.map((line) => `  - ${line}`)),
  ]
  return [
    ...part('Taken:', report.taken),
    ...part('Needs an answer:', report.needsAnswer),
    ...part('Not carried over:', report.notCarried),
  ].join('\n')
}
