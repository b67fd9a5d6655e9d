import { clsx } from 'clsx'
import { type KeyboardEvent, type PointerEvent, useRef, useState } from 'react'
import { useInbox, useThread } from '../workspace.tsx'
import { BrandRail } from './brand-rail.tsx'
import { ConversationList } from './conversation-list.tsx'
import { DetailsPane } from './details-pane.tsx'
import styles from './inbox.module.css'
import { StatusLine } from './status-line.tsx'
import { ThreadPane } from './thread-pane.tsx'
import { useDetailsShown } from './use-details-shown.ts'
import { useViewsShown } from './use-views-shown.ts'
import { ViewsPane } from './views-pane.tsx'

/** The workstation: rail, views, list, thread, details, and the status line under them. */
export function Inbox() {
  const viewsShown = useViewsShown()
  const isOpen = useInbox((state) => state.openId !== null)
  const detailsShown = useDetailsShown()
  const ready = useThread((state) => state.phase === 'ready')
  const split = useSplit()
  return (
    <div className={clsx(styles.frame)}>
      <div className={clsx(styles.panes)} data-open={isOpen}>
        <BrandRail />
        {viewsShown && <ViewsPane />}
        <section aria-label="List" ref={split.pane} className={clsx(styles.list)} style={{ width: split.width }}>
          <ConversationList />
          {/* biome-ignore lint/a11y/useSemanticElements: a separator one can move is not a line between paragraphs */}
          <div
            role="separator"
            tabIndex={0}
            aria-label="Width of the list"
            aria-orientation="vertical"
            aria-valuenow={split.value}
            aria-valuemin={minimum}
            aria-valuemax={maximum}
            className={clsx(styles.divider)}
            {...split.handlers}
          />
        </section>
        <main aria-label="Conversation" className={clsx(styles.thread)}>
          <ThreadPane />
        </main>
        {detailsShown && ready && (
          <aside aria-label="Details" className={clsx(styles.details)}>
            <DetailsPane />
          </aside>
        )}
      </div>
      <StatusLine />
    </div>
  )
}

const minimum = 280
const maximum = 720
const usual = 'clamp(300px, 27vw, 440px)'
const remembered = 'manydesk.list-width'

const within = (width: number) => Math.round(Math.min(maximum, Math.max(minimum, width)))

/** The width of the list: dragged, moved by arrow keys, remembered on this computer; a double click gives the usual width. */
function useSplit() {
  const pane = useRef<HTMLElement>(null)
  const [width, setWidth] = useState(() => Number(localStorage.getItem(remembered)) || null)
  const choose = (next: number | null) => {
    setWidth(next === null ? null : within(next))
    if (next === null) localStorage.removeItem(remembered)
    else localStorage.setItem(remembered, String(within(next)))
  }
  const left = () => pane.current?.getBoundingClientRect().left ?? 0
  return {
    pane,
    width: width ?? usual,
    value: width ?? within(window.innerWidth * 0.27),
    handlers: {
      onPointerDown: (event: PointerEvent<HTMLElement>) => event.currentTarget.setPointerCapture(event.pointerId),
      onPointerMove: (event: PointerEvent<HTMLElement>) => {
        if (event.currentTarget.hasPointerCapture(event.pointerId)) choose(event.clientX - left())
      },
      onDoubleClick: () => choose(null),
      onKeyDown: (event: KeyboardEvent) => {
        const by = event.key === 'ArrowLeft' ? -16 : event.key === 'ArrowRight' ? 16 : 0
        if (by === 0) return
        event.preventDefault()
        choose((pane.current?.offsetWidth ?? minimum) + by)
      },
    },
  }
}
