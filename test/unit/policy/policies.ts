import { createEnforcement, type Enforcement } from '../../../main/policy/enforce.ts'
import type { PolicyFault, PolicyState } from '../../../main/policy/load.ts'
import { type PolicyInput, policySchema } from '../../../main/policy/schema.ts'

/** A policy of these files, the one that wins first. */
export function stateOf(...files: PolicyInput[]): PolicyState {
  if (files.length === 0) return { kind: 'open', digest: 'none' }
  const layers = files.map((file, at) => ({
    file: at === 0 ? '/machine/policy.json' : '/person/policy.json',
    scope: at === 0 ? ('machine' as const) : ('person' as const),
    signed: false,
    rules: policySchema.parse(file),
  }))
  return { kind: 'managed', layers, digest: JSON.stringify(files) }
}

export const brokenState = (
  faults: PolicyFault[] = [
    { file: '/machine/policy.json', line: 2, column: 3, path: 'vendor', message: '"vendor" is not known here.' },
  ],
): PolicyState => ({ kind: 'broken', faults, digest: 'broken' })

/** The enforcement of these files for the user `agent` of the computer. */
export const policyOf = (...files: PolicyInput[]): Enforcement => createEnforcement(() => stateOf(...files), 'agent')

export const unrestricted = (): Enforcement => policyOf()
