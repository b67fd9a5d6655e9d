import { readdirSync } from 'node:fs'
import { openDocumentFolder } from '../accounts/documents.ts'
import type { ManifestFolder } from '../connectors/known-connectors.ts'

/** The person's own connectors: `<id>.json` files of one folder, which may not be there yet. */
export function openConnectorFolder(folder: string, now: () => number): ManifestFolder {
  const documents = openDocumentFolder(folder, now)
  return {
    file: documents.file,
    names() {
      try {
        const files = readdirSync(folder, { withFileTypes: true }).filter((entry) => entry.isFile())
        return files.flatMap(({ name }) => (name.endsWith('.json') ? [name.slice(0, -'.json'.length)] : [])).sort()
      } catch {
        return []
      }
    },
  }
}
