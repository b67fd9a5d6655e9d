import { AppError } from '../errors.ts'
import type { PolicyFault, PolicyLayer } from './load.ts'

/** As agents read why something is not possible: what, and the organisation's own words for it. */
export function refusal(
  layers: readonly PolicyLayer[],
  rule: string,
  what: string,
  reason: string | undefined,
): AppError {
  return new AppError('policy_forbids', reason === undefined ? what : `${what} ${reason}`, {
    action: `Ask ${contactOf(layers) ?? 'your administrator'} if you need it.`,
    detail: `policy rule: ${rule}`,
    outcome: 'not_sent',
  })
}

/** Whom agents ask; null where no file says. */
export function contactOf(layers: readonly PolicyLayer[]): string | null {
  return layers.find(({ rules }) => rules.contact !== undefined)?.rules.contact ?? null
}

/** Nothing is done while the policy cannot be read: what it forbids is not known. */
export function policyBroken(faults: readonly PolicyFault[]): AppError {
  return new AppError('policy_broken', 'This workstation is managed, and its policy cannot be read.', {
    action:
      'Ask your administrator to correct it. Nothing is read or sent until then; what is on this computer is kept.',
    detail: faults.map(faultText).join('\n') || null,
    outcome: 'not_sent',
  })
}

export function faultText({ file, line, column, path, message }: PolicyFault): string {
  const place = line === null ? '' : `, line ${line}, column ${column ?? 1}`
  return `${file}${place}${path === '' ? '' : ` (${path})`}: ${message}`
}
