import { clsx } from 'clsx'
import Send from 'lucide-react/icons/send'
import { Button as AriaButton, Dialog, DialogTrigger, Heading, Popover } from 'react-aria-components'
import type { OutboxItem } from '../../preload/contract.ts'
import { unwrap } from '../bridge.ts'
import { Button } from '../design/button.tsx'
import popover from '../design/popover.module.css'
import { repairWords } from '../state/account-words.ts'
import { useAccounts, useApp, useDesk, useWorkspace } from '../workspace.tsx'
import { changeWords } from './change-words.ts'
import styles from './status-line.module.css'
import { shortTime } from './time-words.ts'

/** The commands that are not confirmed yet: how many, and behind the button each with its ways on. */
export function OutboxPopover() {
  const outbox = useApp((state) => state.outbox)
  const unsent = outbox.filter(({ state }) => state !== 'sent')
  const failed = unsent.filter(({ state }) => state === 'failed').length
  const waiting = unsent.length === 0 ? 'All sent' : `${unsent.length} unsent`
  const words = failed > 0 ? `${waiting}, ${failed} failed` : waiting
  return (
    <DialogTrigger>
      <AriaButton className={clsx(styles.item, failed > 0 && styles.bad)} aria-label={`Outbox: ${words}`}>
        <Send size={12} aria-hidden="true" />
        <span aria-live="polite">{words}</span>
      </AriaButton>
      <Popover placement="top end" offset={6} className={clsx(popover.popover)}>
        <Dialog className={clsx(styles.panel)}>
          {({ close }) => (
            <>
              <div className={clsx(styles.panelHead)}>
                <Heading slot="title" level={2}>
                  Outbox
                </Heading>
              </div>
              {unsent.length === 0 && (
                <p className={clsx(styles.panelEmpty)}>
                  Everything you did has been sent. What cannot be sent at once waits here.
                </p>
              )}
              {unsent.map((item) => (
                <Entry key={item.id} item={item} onShow={close} />
              ))}
            </>
          )}
        </Dialog>
      </Popover>
    </DialogTrigger>
  )
}

const stateWords: Record<OutboxItem['state'], string> = {
  queued: 'Waiting',
  sending: 'Sending',
  unknown: 'Checking whether it arrived',
  sent: 'Sent',
  failed: 'Not sent',
}

function Entry({ item, onShow }: { item: OutboxItem; onShow: () => void }) {
  const { bridge, inbox } = useWorkspace()
  const { attempt } = useDesk()
  const account = useAccounts((state) => state.accounts.find(({ id }) => id === item.accountId))
  return (
    <section className={clsx(styles.entry)} aria-label={changeWords(item.command)}>
      <div className={clsx(styles.entryHead)}>
        <span className={clsx(styles.what)}>{changeWords(item.command)}</span>
        <span className={clsx(styles.when)}>{`${stateWords[item.state]}, ${shortTime(item.createdAt)}`}</span>
      </div>
      <p className={clsx(styles.where)} title={item.subject}>
        {`${item.customerName}: ${item.subject}`}
      </p>
      {item.error !== null && <p className={clsx(styles.why)}>{item.error.message}</p>}
      {account?.state === 'needs_sign_in' && (
        <p className={clsx(styles.why)}>{`Goes out after ${repairWords(account)}.`}</p>
      )}
      <div className={clsx(styles.entryActions)}>
        <Button
          size="s"
          variant="quiet"
          onPress={() => {
            onShow()
            inbox.getState().open(item.conversationId)
          }}
        >
          Show
        </Button>
        {item.state === 'failed' && (
          <Button size="s" variant="quiet" onPress={() => void attempt(unwrap(bridge.outbox.retry({ id: item.id })))}>
            Try again
          </Button>
        )}
        {(item.state === 'failed' || item.state === 'queued') && (
          <Button size="s" variant="quiet" onPress={() => void attempt(unwrap(bridge.outbox.discard({ id: item.id })))}>
            Discard
          </Button>
        )}
      </div>
    </section>
  )
}
