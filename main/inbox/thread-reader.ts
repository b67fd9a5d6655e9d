import type PQueue from 'p-queue'
import type { CallPriority } from '../connectors/rate-limit.ts'
import { AppError } from '../errors.ts'
import { parseConversationId } from './model.ts'
import type { SyncOptions } from './sync.ts'

export interface ThreadReader {
  /**
   * Reads one thread and stores it. Two calls for one conversation at the same moment are one read.
   * @param why `asked` goes ahead of everything that waits
   */
  read(conversationId: string, signal: AbortSignal, why: 'asked' | 'background'): Promise<void>
}

type ReaderOptions = Pick<SyncOptions, 'store' | 'connectorFor' | 'contextFor' | 'clock' | 'onChange' | 'isOnline'>

export function createThreadReader(options: ReaderOptions, gate: PQueue): ThreadReader {
  const running = new Map<string, Promise<void>>()

  const readNow = async (conversationId: string, signal: AbortSignal, priority: CallPriority) => {
    const { accountId, vendorId } = parseConversationId(conversationId)
    if (!options.isOnline()) {
      throw new AppError('offline', 'You are offline. This is the copy from the last time.', {
        action: 'It is read again when you are back online.',
      })
    }
    const readAt = options.clock.now()
    const context = options.contextFor(accountId, signal, priority)
    const thread = await options.connectorFor(accountId).thread(context, vendorId)
    signal.throwIfAborted()
    const { revision } = await options.store.applyThread(accountId, vendorId, thread, readAt)
    options.onChange({ revision, accountIds: [accountId], conversationIds: [conversationId] })
  }
  return {
    read(conversationId, signal, why) {
      const known = running.get(conversationId)
      if (known) return known
      // What a person waits for does not queue behind a gate full of slow accounts.
      const job =
        why === 'asked'
          ? readNow(conversationId, signal, 'interactive')
          : gate.add(() => readNow(conversationId, signal, 'background'), { priority: -1 })
      const done = job.finally(() => running.delete(conversationId))
      running.set(conversationId, done)
      return done
    },
  }
}
