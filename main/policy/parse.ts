import type { TextFault } from '../connectors/manifest/faults.ts'
import { readText } from '../connectors/manifest/text.ts'
import { type PolicyRules, policySchema } from './schema.ts'

export type ParsedPolicy = { rules: PolicyRules; faults: [] } | { rules: null; faults: TextFault[] }

const longestPolicy = 1_000_000

/** Reads the bytes of a policy file. Each fault has its line, column and field; never throws. */
export function parsePolicy(bytes: Uint8Array): ParsedPolicy {
  let text: string
  try {
    // A byte order mark, as some editors write it, is taken off.
    text = new TextDecoder('utf-8', { fatal: true }).decode(bytes)
  } catch {
    return { rules: null, faults: [{ line: 1, column: 1, path: '', message: 'This is not text in UTF-8.' }] }
  }
  const { value, faults } = readText(text, policySchema, longestPolicy, 'policy')
  return value === null ? { rules: null, faults } : { rules: value, faults: [] }
}
