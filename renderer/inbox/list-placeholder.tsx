import { clsx } from 'clsx'
import CircleCheck from 'lucide-react/icons/circle-check'
import CloudDownload from 'lucide-react/icons/cloud-download'
import SearchX from 'lucide-react/icons/search-x'
import { Button } from '../design/button.tsx'
import { EmptyState } from '../design/empty-state.tsx'
import { ErrorNotice } from '../design/error-notice.tsx'
import { Progress } from '../design/progress.tsx'
import { Skeleton, SkeletonGroup } from '../design/skeleton.tsx'
import { isNarrowed, noFilters, viewOf } from '../state/inbox-filters.ts'
import { useAccounts, useDesk, useInbox, useWorkspace } from '../workspace.tsx'
import styles from './conversation-list.module.css'

/** What stands in the list's place while there is nothing to list. */
export function ListPlaceholder() {
  const { inbox } = useWorkspace()
  const { copy } = useDesk()
  const phase = useInbox((state) => state.phase)
  const error = useInbox((state) => state.error)
  if (phase === 'loading') return <Ghosts />
  if (phase === 'failed' && error !== null) {
    return (
      <div className={clsx(styles.pad)}>
        <ErrorNotice
          error={error}
          onCopy={copy}
          actions={
            <Button size="s" onPress={() => void inbox.getState().reload()}>
              Try again
            </Button>
          }
        />
      </div>
    )
  }
  return <Nothing />
}

function Ghosts() {
  return (
    <SkeletonGroup label="Loading conversations">
      {[52, 38, 61, 44, 57, 35, 48, 63].map((width) => (
        <div key={width} className={clsx(styles.ghost)}>
          <Skeleton width={`${width}%`} />
          <Skeleton width={`${120 - width}%`} />
        </div>
      ))}
    </SkeletonGroup>
  )
}

function Nothing() {
  const { inbox } = useWorkspace()
  const filters = useInbox((state) => state.filters)
  const filling = useAccounts((state) => state.accounts.find((account) => account.sync.phase === 'first-fill'))
  if (isNarrowed(filters)) {
    const text = filters.text.trim()
    return (
      <EmptyState
        icon={<SearchX size={22} />}
        title={text === '' ? 'No conversation matches' : `Nothing found for “${text}”`}
        actions={<Button onPress={() => inbox.getState().filter(noFilters)}>Clear search and filters</Button>}
      >
        Search looks through customers, subjects and messages kept on this computer.
      </EmptyState>
    )
  }
  if (filling !== undefined) {
    const { conversations, total } = filling.sync
    return (
      <EmptyState icon={<CloudDownload size={22} />} title="Your conversations are on their way">
        <p>The newest come first. You can start as soon as the first ones are here.</p>
        <div className={clsx(styles.filling)}>
          <Progress label={`Reading ${filling.siteLabel}`} hideLabel done={conversations} total={total} />
        </div>
      </EmptyState>
    )
  }
  const rest = viewOf(filters) !== 'all' || filters.brandId !== null || filters.accountId !== null
  return (
    <EmptyState
      icon={<CircleCheck size={22} />}
      title={rest ? 'All done here' : 'No conversations yet'}
      actions={rest ? <Button onPress={() => inbox.getState().filter(noFilters)}>Show all</Button> : undefined}
    >
      {rest ? 'Nothing waits in this view.' : 'New questions from your customers appear here by themselves.'}
    </EmptyState>
  )
}
