import { clsx } from 'clsx'
import CircleCheck from 'lucide-react/icons/circle-check'
import TriangleAlert from 'lucide-react/icons/triangle-alert'
import X from 'lucide-react/icons/x'
import {
  UNSTABLE_Toast as AriaToast,
  Text,
  UNSTABLE_ToastContent as ToastContent,
  UNSTABLE_ToastQueue as ToastQueue,
  UNSTABLE_ToastRegion as ToastRegion,
} from 'react-aria-components'
import type { ErrorShape } from '../../preload/errors.ts'
import { IconButton } from './button.tsx'
import styles from './toast.module.css'

interface ToastValue {
  tone: 'good' | 'bad'
  message: string
  action: string | null
}

export type Toasts = ToastQueue<ToastValue>

export function createToasts(): Toasts {
  return new ToastQueue<ToastValue>({ maxVisibleToasts: 4 })
}

/** A quiet confirmation; goes by itself after five seconds. */
export function confirm(toasts: Toasts, message: string): void {
  toasts.add({ tone: 'good', message, action: null }, { timeout: 5000 })
}

/** A failure; stays until the person has seen and closed it. */
export function report(toasts: Toasts, error: ErrorShape): void {
  toasts.add({ tone: 'bad', message: error.message, action: error.action })
}

export function Toaster({ toasts }: { toasts: Toasts }) {
  return (
    <ToastRegion queue={toasts} className={clsx(styles.region)} aria-label="Messages of the app">
      {({ toast }) => (
        <AriaToast toast={toast} className={clsx(styles.toast, styles[toast.content.tone])}>
          {toast.content.tone === 'good' ? <CircleCheck size={16} /> : <TriangleAlert size={16} />}
          <ToastContent className={clsx(styles.words)}>
            <Text slot="title">{toast.content.message}</Text>
            {toast.content.action !== null && (
              <Text slot="description" className={clsx(styles.action)}>
                {toast.content.action}
              </Text>
            )}
          </ToastContent>
          <IconButton label="Dismiss" icon={<X size={14} />} slot="close" />
        </AriaToast>
      )}
    </ToastRegion>
  )
}
