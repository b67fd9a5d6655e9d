import { clsx } from 'clsx'
import Info from 'lucide-react/icons/info'
import TriangleAlert from 'lucide-react/icons/triangle-alert'
import { type ReactNode, useId, useState } from 'react'
import type { ErrorShape } from '../../preload/errors.ts'
import { Button } from './button.tsx'
import { CopyButton } from './copy-field.tsx'
import styles from './error-notice.module.css'

export interface ErrorNoticeProps {
  error: ErrorShape
  tone?: 'red' | 'amber' | 'blue'
  /** Buttons that do what `error.action` says. */
  actions?: ReactNode
  /** Offers "Copy" beside the technical detail: `(text) => api.app.copy({ text })`. */
  onCopy?: (text: string) => Promise<void> | void
  /** `alert` is read at once; `status` when the person has a moment. */
  role?: 'alert' | 'status'
}

/** What happened, what to do next, and one click away what a technician wants to know. */
export function ErrorNotice({ error, tone = 'red', actions, onCopy, role = 'alert' }: ErrorNoticeProps) {
  const [open, setOpen] = useState(false)
  const detailId = useId()
  const report = `${error.code}: ${error.message}${error.detail === null ? '' : `\n${error.detail}`}`
  const Mark = tone === 'blue' ? Info : TriangleAlert
  return (
    <div role={role} className={clsx(styles.notice, styles[tone])}>
      <Mark size={16} aria-hidden="true" />
      <div className={clsx(styles.content)}>
        <p className={clsx(styles.message)}>{error.message}</p>
        {error.action !== null && <p className={clsx(styles.next)}>{error.action}</p>}
        <div className={clsx(styles.row)}>
          {actions}
          <Button variant="link" size="s" aria-expanded={open} onPress={() => setOpen(!open)}>
            {open ? 'Hide details' : 'Details'}
          </Button>
        </div>
        {open && (
          <div id={detailId} className={clsx(styles.detail)}>
            <pre>{report}</pre>
            {onCopy && <CopyButton value={report} onCopy={onCopy} label="Copy details" />}
          </div>
        )}
      </div>
    </div>
  )
}
