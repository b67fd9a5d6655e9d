import type { DocumentAnswer, DocumentFile } from '../ports.ts'
import type { AuditFiles } from './files.ts'

/** The files of a session that must leave no trace. */
export function memoryFiles(): AuditFiles {
  const files = new Map<number, Buffer>()
  const read = (number: number) => files.get(number) ?? Buffer.alloc(0)
  return {
    numbers: () => [...files.keys()].sort((a, b) => a - b),
    read,
    append: (number, bytes) => void files.set(number, Buffer.concat([read(number), bytes])),
    cut: (number, length) => void files.set(number, read(number).subarray(0, length)),
  }
}

/** One document of such a session. */
export function memoryDocument(): DocumentFile {
  let answer: DocumentAnswer = { kind: 'absent' }
  const remove = () => {
    answer = { kind: 'absent' }
    return null
  }
  return {
    read: () => structuredClone(answer),
    write(value) {
      answer = { kind: 'found', value: structuredClone(value) }
    },
    setAside: remove,
    remove: () => void remove(),
  }
}
