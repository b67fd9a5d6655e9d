import { appendFileSync, mkdirSync } from 'node:fs'
import { join } from 'node:path'

/** `described`: the request was checked against the vendor's API description; `sampled`: the mapping was checked with a real payload; `exercised`: carried out against the sandbox. */
export type Proof = 'described' | 'sampled' | 'exercised'

export interface Covered {
  vendor: string
  operation: string
  proof: Proof
}

export const coverageFolder = join(import.meta.dirname, '..', '..', 'out', 'coverage')

/**
 * Notes that a test has just proved operations of a vendor: names of `Connector.operations`, and kinds of commands (`reply`, `status`,
 * `compose`). Call it after the assertion. `npm run coverage` makes the table of the docs from these notes.
 */
export function covered(vendor: string, proof: Proof, operations: readonly string[]): void {
  mkdirSync(coverageFolder, { recursive: true })
  const lines = operations.map((operation) => `${JSON.stringify({ vendor, operation, proof } satisfies Covered)}\n`)
  appendFileSync(join(coverageFolder, `${vendor}.jsonl`), lines.join(''))
}
