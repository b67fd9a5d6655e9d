import { clsx } from 'clsx'
import ArrowUpRight from 'lucide-react/icons/arrow-up-right'
import { useEffect, useState } from 'react'
import { Button as PlainButton } from 'react-aria-components'
import type { CustomerRecord, ThreadView } from '../../preload/contract.ts'
import type { ErrorCode } from '../../preload/errors.ts'
import { unwrap } from '../bridge.ts'
import { useAccounts, useApp, useDesk, useWorkspace } from '../workspace.tsx'
import styles from './customer-records.module.css'
import { Section } from './details-section.tsx'
import { StatusMark } from './status-mark.tsx'
import { shortTime } from './time-words.ts'

type Conversation = ThreadView['conversation']

/** Who skims the list with J and K asks no vendor. */
const restMs = 400
/** While the conversation is open, what was in the way may pass. */
const againMs = 20_000
const passing = new Set<ErrorCode>(['rate_limited', 'timeout', 'offline', 'vendor_unreachable', 'vendor_failed'])

/** What else the brand's accounts know about the customer: orders of its shop, for example. */
export function CustomerRecords({ conversation, now }: { conversation: Conversation; now: number }) {
  const records = useRecords(conversation)
  return records.map((record) => <AccountRecord key={record.accountId} record={record} now={now} />)
}

function useRecords({ id, customerEmail, customerPhone }: Conversation): readonly CustomerRecord[] {
  const { bridge } = useWorkspace()
  const online = useApp((state) => state.app?.online ?? true)
  const [found, setFound] = useState<{ of: string; records: readonly CustomerRecord[] }>({ of: '', records: [] })
  const of = JSON.stringify([id, customerEmail, customerPhone])
  useEffect(() => {
    // Nobody can be asked now; what is known already stays.
    if (!online) return
    let timer: ReturnType<typeof setTimeout>
    let left = false
    const ask = () => {
      // It is an extra: where it cannot be had, the conversation is complete without it.
      unwrap(bridge.inbox.customer({ conversationId: id })).then(
        (records) => {
          if (left) return
          setFound({ of, records })
          if (records.some(({ trouble }) => trouble !== null && passing.has(trouble.code)))
            timer = setTimeout(ask, againMs)
        },
        () => undefined,
      )
    }
    timer = setTimeout(ask, restMs)
    return () => {
      left = true
      clearTimeout(timer)
    }
  }, [bridge, id, of, online])
  return found.of === of ? found.records : []
}

function AccountRecord({ record, now }: { record: CustomerRecord; now: number }) {
  const { openLink } = useDesk()
  const account = useAccounts((state) => state.accounts.find(({ id }) => id === record.accountId))
  if (account === undefined) return null
  return (
    <Section heading={`${account.vendorName} ${account.siteLabel}`}>
      {record.trouble !== null && (
        <p className={clsx(styles.quiet)}>{`This customer could not be looked up. ${record.trouble.message}`}</p>
      )}
      {record.trouble === null && record.entries.length === 0 && (
        <p className={clsx(styles.quiet)}>{`${record.name ?? 'The customer'} is known here, and has nothing yet.`}</p>
      )}
      <ul className={clsx(styles.list)}>
        {record.entries.map((entry) => (
          <li key={entry.vendorId}>
            <PlainButton className={clsx(styles.entry)} onPress={() => openLink(entry.url)}>
              <StatusMark status={entry.status} />
              <span className={clsx(styles.subject)}>{entry.subject || 'No subject'}</span>
              <ArrowUpRight size={14} aria-hidden="true" className={clsx(styles.out)} />
              <span className={clsx(styles.meta)}>
                {`${entry.vendorStatusLabel} · ${shortTime(entry.updatedAt, now)}`}
              </span>
            </PlainButton>
          </li>
        ))}
      </ul>
    </Section>
  )
}
