import type { DoctorRun } from '../../preload/contract.ts'

type Step = DoctorRun['steps'][number]

/** What each step looks at, in the words of the list. */
export const stepTitles: Record<Step['id'], string> = {
  network: 'Network',
  tls: 'Encryption',
  clock: 'Clock',
  site: 'Site',
  discovery: 'Sign-in addresses',
  authorize: 'Sign-in page',
  redirect: 'Redirect URL',
  client: 'OAuth client',
  token: 'Access token',
  api: 'First request',
  scopes: 'Rights',
  refresh: 'Renewal',
}

export const verdictWords: Record<Step['verdict'], string> = {
  passed: 'Passed',
  warned: 'Worth a look',
  failed: 'Failed',
  skipped: 'Not tested',
}

/** How many steps there are; the dialog shows what is still to come. */
export const stepCount = Object.keys(stepTitles).length

/** The whole test as text, for a message to whoever looks after the connection. */
export function runText({ siteLabel, steps, diagnosis }: DoctorRun): string {
  const lines = steps.flatMap(({ id, verdict, sentence, remedy, evidence }) => [
    `${verdictWords[verdict]}: ${stepTitles[id]}. ${sentence}`,
    ...(remedy === null ? [] : [`  ${remedy}`]),
    ...Object.entries(evidence).map(([name, value]) => `  ${name}: ${value}`),
  ])
  const named =
    diagnosis === null ? [] : [diagnosis.sentence, diagnosis.remedy ?? '', `cause: ${diagnosis.cause ?? 'none'}`]
  return [`Connection to ${siteLabel}`, ...named, '', ...lines].join('\n')
}
