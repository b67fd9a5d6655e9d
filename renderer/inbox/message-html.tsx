import { clsx } from 'clsx'
import ImageOff from 'lucide-react/icons/image-off'
import { useEffect, useMemo, useRef, useState } from 'react'
import { useShownTheme } from '../design/theme.tsx'
import styles from './message.module.css'
import { fillFrame, handOverTokens } from './message-frame.ts'
import { sanitize } from './safe-html.ts'

export interface MessageHtmlProps {
  html: string
  /** For the frame's name: whose message it is. */
  author: string
  onLink: (href: string, text: string) => void
}

/** A message as the customer wrote it, in a frame that runs nothing and loads nothing. */
export function MessageHtml({ html, author, onLink }: MessageHtmlProps) {
  const frame = useRef<HTMLIFrameElement>(null)
  const [height, setHeight] = useState(24)
  const { blocked, reachable } = useMemo(() => looksInto(html), [html])
  const theme = useShownTheme()
  useEffect(() => {
    const element = frame.current
    // Sanitised anew for each fill: the nodes move into the frame.
    return element === null ? undefined : fillFrame(element, sanitize(html), { onHeight: setHeight, onLink })
  }, [html, onLink])
  // biome-ignore lint/correctness/useExhaustiveDependencies: the tokens are read from the page, which the theme changes
  useEffect(() => {
    const page = frame.current?.contentDocument
    if (page != null) handOverTokens(page)
  }, [theme])
  return (
    <>
      <iframe
        ref={frame}
        title={`Message from ${author}`}
        tabIndex={reachable ? 0 : -1}
        sandbox="allow-same-origin"
        className={clsx(styles.frame)}
        style={{ height }}
      />
      {blocked > 0 && (
        <p className={clsx(styles.blocked)}>
          <ImageOff size={14} aria-hidden="true" />
          {blocked === 1 ? 'One remote image is not loaded' : `${blocked} remote images are not loaded`}, so that the
          sender does not learn that you read this.
        </p>
      )}
    </>
  )
}

/** A frame in which nothing can be reached would be a stop of the Tab key that nobody sees. */
function looksInto(html: string): { blocked: number; reachable: boolean } {
  const { nodes, blockedImages } = sanitize(html)
  return { blocked: blockedImages, reachable: nodes.querySelector('a[href], summary') !== null }
}
