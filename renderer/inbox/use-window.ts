import { type RefObject, useCallback, useLayoutEffect, useState } from 'react'

export interface RowWindow {
  /** Rows to draw, from `first` up to but without `end`. */
  first: number
  end: number
  /** Rows fully or partly in view. */
  firstVisible: number
  lastVisible: number
  scrollTop: number
}

const spare = 6
const heightBeforeLayout = 800

/**
 * Which rows of a scrolled list are to be drawn. Every row has one height, so this is a division: the library's virtualizer
 * keeps a node for each loaded row, which a list meant for a million of them must not.
 */
export function rowWindow(scrollTop: number, height: number, rowHeight: number, count: number): RowWindow {
  const firstVisible = Math.max(0, Math.min(count - 1, Math.floor(scrollTop / rowHeight)))
  const lastVisible = Math.max(0, Math.min(count - 1, Math.ceil((scrollTop + height) / rowHeight) - 1))
  return {
    first: Math.max(0, firstVisible - spare),
    end: Math.min(count, lastVisible + 1 + spare),
    firstVisible,
    lastVisible,
    scrollTop,
  }
}

/** Follows the scrolling and the size of `scroller`. */
export function useRowWindow(scroller: RefObject<HTMLElement | null>, rowHeight: number, count: number): RowWindow {
  const [place, setPlace] = useState({ top: 0, height: heightBeforeLayout })
  const measure = useCallback(() => {
    const element = scroller.current
    if (element === null) return
    const next = { top: element.scrollTop, height: element.clientHeight || heightBeforeLayout }
    setPlace((now) => (now.top === next.top && now.height === next.height ? now : next))
  }, [scroller])
  useLayoutEffect(() => {
    const element = scroller.current
    if (element === null) return
    measure()
    const observer = typeof ResizeObserver === 'undefined' ? null : new ResizeObserver(measure)
    observer?.observe(element)
    element.addEventListener('scroll', measure, { passive: true })
    return () => {
      observer?.disconnect()
      element.removeEventListener('scroll', measure)
    }
  }, [scroller, measure])
  return rowWindow(place.top, place.height, rowHeight, count)
}

/** Where to scroll so that row `index` is fully in view; the same place when it already is. */
export function scrollFor(index: number, scrollTop: number, height: number, rowHeight: number): number {
  const top = index * rowHeight
  if (top < scrollTop) return top
  if (top + rowHeight > scrollTop + height) return top + rowHeight - height
  return scrollTop
}
