import type { Accounts } from '../accounts/accounts.ts'
import { type AppError, isAppError, toErrorShape } from '../errors.ts'
import type { LocalStore } from '../inbox/model.ts'
import { createOutbox, type Outbox } from '../inbox/outbox.ts'
import { createSync, type InboxChange, type Sync } from '../inbox/sync.ts'
import type { VendorAccess } from '../inbox/vendor-access.ts'
import type { Clock, Log } from '../ports.ts'

interface InboxWorkPorts extends VendorAccess {
  store: LocalStore
  accounts: Accounts
  clock: Clock
  log: Log
  isOnline(): boolean
  random(): number
  inboxChanged(change: InboxChange): void
  outboxChanged(): void
  accountsChanged(): void
}

/** Reading and sending, as one thing that is started and stopped for an account. */
export interface InboxWork {
  sync: Sync
  outbox: Outbox
  start(accountId: string): void
  stop(accountId: string): Promise<void>
}

export function createInboxWork(ports: InboxWorkPorts): InboxWork {
  const { accounts, log } = ports
  const onTrouble = (accountId: string, error: AppError | null) => {
    if (isAppError(error, 'needs_sign_in')) accounts.needSignIn(accountId, toErrorShape(error))
    else accounts.setTrouble(accountId, error === null ? null : toErrorShape(error))
  }
  const sync = createSync({
    ...ports,
    account: accounts.find,
    onTrouble,
    onChange: ports.inboxChanged,
    onStatus: ports.accountsChanged,
    onSynced: accounts.noteSync,
  })
  const outbox = createOutbox({
    ...ports,
    onTrouble,
    onChange({ accountId, conversationId, revision }) {
      ports.outboxChanged()
      if (revision !== null) {
        ports.inboxChanged({ revision, accountIds: [accountId], conversationIds: [conversationId] })
      }
    },
    onSent: (conversationId) =>
      void sync.refreshThread(conversationId).catch((error: unknown) => {
        log.info('A thread could not be read after sending; the next reading brings it', {
          code: toErrorShape(error).code,
        })
      }),
  })
  return {
    sync,
    outbox,
    start(accountId) {
      sync.start(accountId)
      outbox.start(accountId)
    },
    async stop(accountId) {
      await Promise.all([sync.stop(accountId), outbox.stop(accountId)])
    },
  }
}
