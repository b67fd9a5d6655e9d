import { clsx } from 'clsx'
import MessagesSquare from 'lucide-react/icons/messages-square'
import { useCallback, useEffect, useLayoutEffect, useRef, useState } from 'react'
import type { ThreadView } from '../../preload/contract.ts'
import { Button } from '../design/button.tsx'
import { EmptyState } from '../design/empty-state.tsx'
import { ErrorNotice } from '../design/error-notice.tsx'
import { Keys } from '../design/keys.tsx'
import { Skeleton, SkeletonGroup } from '../design/skeleton.tsx'
import { Spinner } from '../design/spinner.tsx'
import { useAccounts, useApp, useDesk, useInbox, useThread, useWorkspace } from '../workspace.tsx'
import { Composer } from './composer.tsx'
import { type ClickedLink, LinkDialog } from './link-dialog.tsx'
import { MessageItem } from './message-item.tsx'
import { ThreadHeader } from './thread-header.tsx'
import styles from './thread-pane.module.css'
import { useNow } from './use-now.ts'

/** The open conversation, or what stands in its place. */
export function ThreadPane() {
  const phase = useThread((state) => state.phase)
  const thread = useThread((state) => state.thread)
  const error = useThread((state) => state.error)
  const { inbox } = useWorkspace()
  const { copy } = useDesk()
  if (phase === 'ready' && thread !== null) return <OpenThread key={thread.conversation.id} thread={thread} />
  if (phase === 'loading') return <Ghosts />
  if (phase === 'failed' && error !== null) {
    return (
      <div className={clsx(styles.notice)}>
        <ErrorNotice error={error} onCopy={copy} />
      </div>
    )
  }
  if (phase === 'missing') {
    return (
      <EmptyState
        icon={<MessagesSquare size={22} />}
        title="This conversation is no longer here"
        level={1}
        actions={<Button onPress={() => inbox.getState().open(null)}>Back to the list</Button>}
      >
        It was deleted or moved where it came from, or its account was removed from Manydesk.
      </EmptyState>
    )
  }
  return <NoneOpen />
}

function NoneOpen() {
  const nothing = useInbox((state) => state.phase === 'ready' && state.rows.length === 0)
  // The list says why it is empty and what to do; a second empty state beside it would only compete.
  if (nothing) return <h1 className={clsx(styles.unseen)}>No conversation to open</h1>
  return (
    <EmptyState icon={<MessagesSquare size={22} />} title="Choose a conversation" level={1}>
      <p>It opens here, with everything kept on this computer, online or offline.</p>
      <dl className={clsx(styles.hints)}>
        {[
          ['J', 'next conversation'],
          ['R', 'reply'],
          ['E', 'solve and go on'],
          ['?', 'all shortcuts'],
        ].map(([keys = '', words]) => (
          <div key={keys} style={{ display: 'contents' }}>
            <dt>
              <Keys keys={keys} />
            </dt>
            <dd>{words}</dd>
          </div>
        ))}
      </dl>
    </EmptyState>
  )
}

function Ghosts() {
  return (
    <SkeletonGroup label="Opening the conversation">
      <h1 className={clsx(styles.unseen)}>Opening the conversation</h1>
      <div className={clsx(styles.ghosts)}>
        <Skeleton width="62%" height={18} />
        <Skeleton width="34%" />
        <span style={{ height: 24 }} />
        <Skeleton width="88%" />
        <Skeleton width="80%" />
        <Skeleton width="46%" />
      </div>
    </SkeletonGroup>
  )
}

function OpenThread({ thread }: { thread: ThreadView }) {
  const { conversation } = thread
  const brand = useAccounts((state) => state.brands.find(({ id }) => id === conversation.brandId))
  const account = useAccounts((state) => state.accounts.find(({ id }) => id === conversation.accountId))
  const now = useNow()
  useMarkRead(thread)
  return (
    <div className={clsx(styles.pane)}>
      <ThreadHeader conversation={conversation} brand={brand} account={account} now={now} />
      <Messages thread={thread} now={now} vendorName={account?.vendorName ?? 'its account'} />
      {account !== undefined && <Composer conversation={conversation} brand={brand} account={account} />}
    </div>
  )
}

function Messages({ thread, now, vendorName }: { thread: ThreadView; now: number; vendorName: string }) {
  const [clicked, setClicked] = useState<ClickedLink | null>(null)
  const onLink = useCallback((href: string, text: string) => setClicked({ href, text }), [])
  const scroller = useStickToEnd(thread.messages.length)
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolled region must be reachable by keyboard
    <section ref={scroller} data-messages tabIndex={0} aria-label="Messages" className={clsx(styles.scroll)}>
      <RefreshNotice />
      <div className={clsx(styles.messages)}>
        {thread.messages.length === 0 && <NotLoaded loaded={thread.loadedAt !== null} vendorName={vendorName} />}
        {thread.messages.map((message) => (
          <MessageItem key={message.id} message={message} now={now} onLink={onLink} />
        ))}
      </div>
      <LinkDialog link={clicked} onClose={() => setClicked(null)} />
    </section>
  )
}

/** The vendor could not be asked; what is stored is shown. Being offline has its own notice for the whole window. */
function RefreshNotice() {
  const { thread } = useWorkspace()
  const { copy } = useDesk()
  const error = useThread((state) => state.refreshError)
  const online = useApp((state) => state.app?.online ?? true)
  // Back online, what could not be asked for is asked for.
  useEffect(() => {
    if (online && thread.getState().refreshError?.code === 'offline') void thread.getState().refresh()
  }, [thread, online])
  if (error === null || !online) return null
  return (
    <div className={clsx(styles.notice)}>
      <ErrorNotice
        error={error}
        tone="amber"
        role="status"
        onCopy={copy}
        actions={
          <Button size="s" onPress={() => void thread.getState().refresh()}>
            Try again
          </Button>
        }
      />
    </div>
  )
}

function NotLoaded({ loaded, vendorName }: { loaded: boolean; vendorName: string }) {
  const refreshing = useThread((state) => state.refreshing)
  const online = useApp((state) => state.app?.online ?? true)
  if (loaded) return <p className={clsx(styles.waiting)}>This conversation has no messages.</p>
  if (!online) {
    return (
      <p className={clsx(styles.waiting)}>
        Its messages are not on this computer yet. They are read as soon as you are online.
      </p>
    )
  }
  return (
    <p role="status" className={clsx(styles.waiting)}>
      {refreshing && <Spinner label="Reading" />}
      {`Reading the messages from ${vendorName}`}
    </p>
  )
}

const nearEnd = 80

/** Opens at the newest message and stays there while more arrive or grow, unless the person has scrolled up. */
function useStickToEnd(count: number) {
  const scroller = useRef<HTMLElement>(null)
  const stick = useRef(true)
  // biome-ignore lint/correctness/useExhaustiveDependencies: a new message is what calls for it
  useLayoutEffect(() => {
    const element = scroller.current
    if (element !== null && stick.current) element.scrollTop = element.scrollHeight
  }, [count])
  useEffect(() => {
    const element = scroller.current
    const content = element?.lastElementChild
    if (element === null || content == null || typeof ResizeObserver === 'undefined') return
    const toEnd = () => {
      if (stick.current) element.scrollTop = element.scrollHeight
    }
    const watch = () => {
      stick.current = element.scrollHeight - element.scrollTop - element.clientHeight < nearEnd
    }
    const observer = new ResizeObserver(toEnd)
    for (const child of element.children) observer.observe(child)
    observer.observe(element)
    element.addEventListener('scroll', watch, { passive: true })
    return () => {
      observer.disconnect()
      element.removeEventListener('scroll', watch)
    }
  }, [])
  return scroller
}

const readAfter = 700

/**
 * What was looked at for a moment is read, and so is what comes in meanwhile; behind another window it is not looked at. Marking it as
 * unread again is not undone while it stays open.
 */
function useMarkRead({ conversation, messages }: ThreadView): void {
  const { inbox, thread } = useWorkspace()
  const { attempt } = useDesk()
  const { id } = conversation
  const newest = messages.findLast(({ direction }) => direction === 'in')?.id
  // biome-ignore lint/correctness/useExhaustiveDependencies: a new message is what has to be looked at
  useEffect(() => {
    const mark = () => {
      const open = thread.getState().thread?.conversation
      if (open?.id === id && open.unread) void attempt(inbox.getState().setRead(id, true))
    }
    const timer = setTimeout(() => {
      if (document.hasFocus()) mark()
      else window.addEventListener('focus', mark, { once: true })
    }, readAfter)
    return () => {
      clearTimeout(timer)
      window.removeEventListener('focus', mark)
    }
  }, [inbox, thread, attempt, id, newest])
}
