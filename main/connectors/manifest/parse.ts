import { manifestFaults } from './check.ts'
import { locate, type TextFault } from './faults.ts'
import { type Manifest, manifestSchema } from './schema.ts'
import { inOrder, readText } from './text.ts'

export type Parsed = { manifest: Manifest; faults: [] } | { manifest: null; faults: TextFault[] }

/** Longest manifest that is read, in characters. */
export const longestManifest = 400_000

/** Reads a manifest. Each fault has the line and column it stands at; never throws. */
export function parseManifest(text: string): Parsed {
  const { value, root, faults } = readText(text, manifestSchema, longestManifest, 'connector')
  if (value === null) return { manifest: null, faults }
  const more = manifestFaults(value)
  if (more.length > 0) return { manifest: null, faults: inOrder(more.map((fault) => locate(text, root, fault))) }
  return { manifest: value, faults: [] }
}
