import { z } from 'zod'
import type { DocumentFile, Log } from '../ports.ts'

/** The first and the newest are kept; how many lie between them, their counts say. */
const mostKept = 20
/** The last moment a date can name, in milliseconds. */
const endOfTime = 8.64e15

const unlockTry = z.object({
  /** Epoch milliseconds. */
  at: z.number().int().min(0).max(endOfTime),
  /** How many wrong ones in a row, with this. */
  tries: z.number().int().positive(),
})
const triesDocument = z.object({ tries: z.array(unlockTry).max(mostKept) })
type UnlockTry = z.infer<typeof unlockTry>

interface UnlockTries {
  /** On disk when it returns, where the disk lets it. */
  remember(one: UnlockTry): void
  /** The one that was remembered last was right. */
  takeBackLast(): void
  /** Oldest first. */
  remembered(): readonly UnlockTry[]
  /** What an earlier run remembered could not be read. */
  isDamaged(): boolean
  forget(): void
}

/** Tries to unlock that no log could take yet: when, and how many. Holds in memory where the disk keeps nothing. Never throws. */
export function openUnlockTries(file: DocumentFile, log: Log): UnlockTries {
  let { tries, damaged } = readTries(file, log)
  const save = (next: readonly UnlockTry[]) => {
    tries = next
    try {
      if (next.length === 0) file.remove()
      else file.write({ tries: [...next] })
    } catch (error) {
      log.warn('Tries to unlock could not be remembered', { error })
    }
  }
  return {
    remembered: () => tries,
    isDamaged: () => damaged,
    remember: (one) => save(bounded([...tries, one])),
    takeBackLast: () => save(tries.slice(0, -1)),
    forget() {
      damaged = false
      if (tries.length > 0) save([])
    },
  }
}

function bounded(tries: readonly UnlockTry[]): readonly UnlockTry[] {
  return tries.length <= mostKept ? tries : [...tries.slice(0, 1), ...tries.slice(1 - mostKept)]
}

function readTries(file: DocumentFile, log: Log): { tries: readonly UnlockTry[]; damaged: boolean } {
  const answer = file.read()
  const parsed = answer.kind === 'found' ? triesDocument.safeParse(answer.value) : null
  if (parsed?.success) return { tries: parsed.data.tries, damaged: false }
  if (answer.kind === 'absent') return { tries: [], damaged: false }
  log.warn('Remembered tries to unlock cannot be read', { kind: answer.kind })
  try {
    if (answer.kind !== 'unreadable') file.setAside()
  } catch (error) {
    log.warn('They could not be set aside', { error })
  }
  return { tries: [], damaged: true }
}
