import { clsx } from 'clsx'
import { type Ref, useImperativeHandle, useRef } from 'react'
import styles from './connectors.module.css'

export interface ManifestTextHandle {
  /** Puts the cursor there and shows it. Lines and columns count from 1. */
  goTo(line: number, column: number): void
}

interface ManifestTextProps {
  text: string
  faultyLines: ReadonlySet<number>
  onChange: (text: string) => void
  ref: Ref<ManifestTextHandle>
}

const lineHeight = 18

/** A text of many lines with their numbers; faulty lines are marked by colour and a sign. */
export function ManifestText({ text, faultyLines, onChange, ref }: ManifestTextProps) {
  const area = useRef<HTMLTextAreaElement>(null)
  const gutter = useRef<HTMLDivElement>(null)
  useImperativeHandle(ref, () => ({
    goTo(line, column) {
      const element = area.current
      if (element === null) return
      const before = element.value.split('\n').slice(0, line - 1)
      const at = before.reduce((sum, each) => sum + each.length + 1, 0) + column - 1
      element.focus()
      element.setSelectionRange(at, at)
      element.scrollTop = Math.max(0, (line - 4) * lineHeight)
    },
  }))
  const lines = text.split('\n').length
  return (
    <div className={clsx(styles.text)}>
      <div ref={gutter} className={clsx(styles.gutter)} aria-hidden="true">
        {Array.from({ length: lines }, (_, index) => index + 1).map((line) => (
          <span key={line} className={clsx(faultyLines.has(line) && styles.faulty)}>
            {faultyLines.has(line) ? `! ${line}` : line}
          </span>
        ))}
      </div>
      <textarea
        ref={area}
        aria-label="Description of the connector, as JSON"
        value={text}
        spellCheck={false}
        autoComplete="off"
        wrap="off"
        onChange={(event) => onChange(event.target.value)}
        onScroll={(event) => {
          if (gutter.current !== null) gutter.current.scrollTop = event.currentTarget.scrollTop
        }}
      />
    </div>
  )
}
