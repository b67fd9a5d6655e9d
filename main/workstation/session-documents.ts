import type { DocumentAnswer, DocumentFile, DocumentFolder } from '../ports.ts'

/**
 * Documents of a session that must leave no trace: what is on disk is read, what is written stays in memory. For a session without keys
 * beside a vault that only cannot be opened now: its accounts must not be marked or removed on disk meanwhile.
 */
export function sessionDocuments(folder: DocumentFolder): DocumentFolder {
  const files = new Map<string, DocumentFile>()
  return {
    file(name) {
      const file = files.get(name) ?? sessionFile(folder.file(name))
      files.set(name, file)
      return file
    },
    setAside: () => null,
  }
}

function sessionFile(file: DocumentFile): DocumentFile {
  let changed: DocumentAnswer | null = null
  return {
    read: () => structuredClone(changed ?? file.read()),
    write(value) {
      changed = { kind: 'found', value: structuredClone(value) }
    },
    setAside() {
      changed = { kind: 'absent' }
      return null
    },
    remove() {
      changed = { kind: 'absent' }
    },
  }
}
