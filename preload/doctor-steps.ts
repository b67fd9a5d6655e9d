/** What a connection test looks at, in this order. The one list of it: for the test itself, for the window, and for the contract between them. */
export const doctorSteps = [
  'network',
  'tls',
  'clock',
  'site',
  'discovery',
  'authorize',
  'redirect',
  'client',
  'token',
  'api',
  'scopes',
  'refresh',
] as const
export type DoctorStep = (typeof doctorSteps)[number]

export const doctorVerdicts = ['passed', 'warned', 'failed', 'skipped'] as const
export type DoctorVerdict = (typeof doctorVerdicts)[number]
