import { manifestFaults } from './check.ts'
import { locate, type TextFault } from './faults.ts'
import { inOrder, readJsonText } from './json-text.ts'
import { type Manifest, manifestSchema } from './schema.ts'

export type Parsed = { manifest: Manifest; faults: [] } | { manifest: null; faults: TextFault[] }

/** Longest manifest that is read, in characters. */
export const longestManifest = 400_000

/** Reads a manifest. Each fault has the line and column it stands at; never throws. */
export function parseManifest(text: string): Parsed {
  if (text.length > longestManifest) {
    return { manifest: null, faults: [{ line: 1, column: 1, path: '', message: 'This is too long for a connector.' }] }
  }
  const { value, root, faults } = readJsonText(text, manifestSchema)
  if (value === null || root === null) return { manifest: null, faults }
  const wrong = manifestFaults(value)
  if (wrong.length > 0) return { manifest: null, faults: inOrder(wrong.map((fault) => locate(text, root, fault))) }
  return { manifest: value, faults: [] }
}
