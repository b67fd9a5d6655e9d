import { clsx } from 'clsx'
import Check from 'lucide-react/icons/check'
import Copy from 'lucide-react/icons/copy'
import { Fragment, useEffect, useId, useState } from 'react'
import { Button } from './button.tsx'
import styles from './field.module.css'

export interface CopyFieldProps {
  label: string
  value: string
  /** Puts the value on the clipboard: `(text) => api.app.copy({ text })`. */
  onCopy: (value: string) => Promise<void> | void
  help?: string
}

/** A value to be pasted somewhere else, in full and with a button that says when it was copied. */
export function CopyField({ label, value, onCopy, help }: CopyFieldProps) {
  const labelId = useId()
  return (
    <div className={clsx(styles.field)}>
      <span id={labelId} className={clsx(styles.label)}>
        {label}
      </span>
      {/* biome-ignore lint/a11y/useSemanticElements: a fieldset would draw its own legend and border */}
      <div role="group" aria-labelledby={labelId} className={clsx(styles.box, styles.readOnly)}>
        <span className={clsx(styles.copy)} title={value}>
          <Breakable value={value} />
        </span>
        <CopyButton value={value} onCopy={onCopy} label={`Copy ${label}`} />
      </div>
      {help !== undefined && <span className={clsx(styles.help)}>{help}</span>}
    </div>
  )
}

/** A long address breaks after its slashes rather than inside of a word. */
function Breakable({ value }: { value: string }) {
  return [...value.matchAll(/[^/]*\/*/g)].map((part) => (
    <Fragment key={part.index}>
      {part[0]}
      <wbr />
    </Fragment>
  ))
}

/** A small "Copy" that turns to "Copied" for two seconds. */
export function CopyButton({ value, onCopy, label }: Pick<CopyFieldProps, 'value' | 'onCopy'> & { label?: string }) {
  const [copied, setCopied] = useState(false)
  useEffect(() => {
    if (!copied) return
    const timer = setTimeout(() => setCopied(false), 2000)
    return () => clearTimeout(timer)
  }, [copied])
  return (
    <Button
      size="s"
      variant="quiet"
      {...(label !== undefined && { 'aria-label': label })}
      onPress={() => {
        Promise.resolve(onCopy(value)).then(
          () => setCopied(true),
          () => setCopied(false),
        )
      }}
    >
      {copied ? <Check size={14} aria-hidden="true" /> : <Copy size={14} aria-hidden="true" />}
      <span aria-live="polite">{copied ? 'Copied' : 'Copy'}</span>
    </Button>
  )
}
