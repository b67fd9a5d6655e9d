import { clsx } from 'clsx'
import ArrowUp from 'lucide-react/icons/arrow-up'
import { useEffect, useLayoutEffect, useMemo, useRef } from 'react'
import { Button } from 'react-aria-components'
import type { BrandView } from '../../preload/contract.ts'
import { useAccounts, useInbox, useWorkspace } from '../workspace.tsx'
import styles from './conversation-list.module.css'
import { Row, rowDomId, rowHeight } from './conversation-row.tsx'
import { ListHead } from './list-head.tsx'
import { ListPlaceholder } from './list-placeholder.tsx'
import { NotCurrentNotice } from './not-current-notice.tsx'
import { useNow } from './use-now.ts'
import { scrollFor, useRowWindow } from './use-window.ts'

export function ConversationList() {
  const phase = useInbox((state) => state.phase)
  const empty = useInbox((state) => state.rows.length === 0)
  return (
    <>
      <ListHead />
      <NotCurrentNotice />
      <div className={clsx(styles.body)}>
        {phase === 'ready' && !empty ? (
          <>
            <Rows />
            <NewRows />
          </>
        ) : (
          <ListPlaceholder />
        )}
      </div>
    </>
  )
}

function Rows() {
  const { inbox } = useWorkspace()
  const rows = useInbox((state) => state.rows)
  const openId = useInbox((state) => state.openId)
  const more = useInbox((state) => state.list.parts.at(-1)?.next !== null)
  const scroller = useRef<HTMLDivElement>(null)
  const shown = useRowWindow(scroller, rowHeight, rows.length)
  const brandOf = useBrands()
  const now = useNow()
  useViewport(shown.firstVisible, shown.lastVisible, shown.scrollTop === 0)
  useScrollRequests(scroller)
  const opened = rows.findIndex((row) => row.id === openId)
  return (
    <div
      ref={scroller}
      role="listbox"
      aria-label="Conversations"
      tabIndex={0}
      {...(opened !== -1 && { 'aria-activedescendant': rowDomId(openId ?? '') })}
      className={clsx(styles.scroller)}
      onKeyDown={(event) => {
        const by = steps[event.key]
        if (by !== undefined) inbox.getState().step(by)
        else if (event.key === 'Enter') document.querySelector<HTMLElement>('[data-messages]')?.focus()
        else return
        event.preventDefault()
      }}
    >
      <div className={clsx(styles.rows)} style={{ height: rows.length * rowHeight }} role="presentation">
        {rows.slice(shown.first, shown.end).map((row, offset) => (
          <Row
            key={row.id}
            row={row}
            brand={brandOf.get(row.brandId ?? '')}
            isSelected={row.id === openId}
            index={shown.first + offset}
            total={more ? -1 : rows.length}
            now={now}
            onOpen={inbox.getState().open}
          />
        ))}
      </div>
    </div>
  )
}

const steps: Record<string, number> = {
  ArrowDown: 1,
  ArrowUp: -1,
  PageDown: 10,
  PageUp: -10,
  Home: Number.NEGATIVE_INFINITY,
  End: Number.POSITIVE_INFINITY,
}

function useBrands(): ReadonlyMap<string, BrandView> {
  const brands = useAccounts((state) => state.brands)
  return useMemo(() => new Map(brands.map((brand) => [brand.id, brand])), [brands])
}

/** Tells the store what is in view, and reads on before the end of the list comes into view. */
function useViewport(first: number, last: number, atTop: boolean): void {
  const { inbox } = useWorkspace()
  const count = useInbox((state) => state.rows.length)
  useEffect(() => {
    inbox.getState().setViewport(first, last, atTop)
    if (last > count - 20) void inbox.getState().loadMore()
  }, [inbox, first, last, atTop, count])
}

/** The list goes to its top when asked, and keeps the open row in view when the keyboard moves it. */
function useScrollRequests(scroller: { current: HTMLElement | null }): void {
  const { inbox } = useWorkspace()
  const topRequest = useInbox((state) => state.topRequest)
  const openId = useInbox((state) => state.openId)
  // biome-ignore lint/correctness/useExhaustiveDependencies: a request is a new number, nothing of it is read
  useLayoutEffect(() => {
    if (scroller.current !== null) scroller.current.scrollTop = 0
  }, [scroller, topRequest])
  useLayoutEffect(() => {
    const element = scroller.current
    const index = inbox.getState().rows.findIndex((row) => row.id === openId)
    if (element === null || index === -1) return
    element.scrollTop = scrollFor(index, element.scrollTop, element.clientHeight, rowHeight)
  }, [scroller, inbox, openId])
}

function NewRows() {
  const { inbox } = useWorkspace()
  const count = useInbox((state) => state.newRows)
  return (
    <div aria-live="polite">
      {count > 0 && (
        <Button className={clsx(styles.news)} onPress={() => inbox.getState().showNew()}>
          <ArrowUp size={14} aria-hidden="true" />
          {count} new
        </Button>
      )}
    </div>
  )
}
