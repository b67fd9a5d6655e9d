import { clsx } from 'clsx'
import X from 'lucide-react/icons/x'
import type { ReactNode } from 'react'
import { Dialog as AriaDialog, Heading, Modal, ModalOverlay } from 'react-aria-components'
import { IconButton } from './button.tsx'
import styles from './dialog.module.css'

export interface DialogProps {
  title: string
  isOpen: boolean
  onClose: () => void
  children: ReactNode
  /** Buttons, the primary one last. */
  footer?: ReactNode
  size?: 'normal' | 'wide'
  /** `alertdialog` for questions about something that cannot be undone: a click beside it does not close it. */
  role?: 'dialog' | 'alertdialog'
}

export function Dialog({ title, isOpen, onClose, children, footer, size = 'normal', role = 'dialog' }: DialogProps) {
  return (
    <ModalOverlay
      className={clsx(styles.scrim)}
      isOpen={isOpen}
      onOpenChange={(open) => !open && onClose()}
      isDismissable={role === 'dialog'}
    >
      <Modal className={clsx(styles.modal, size === 'wide' && styles.wide)}>
        <AriaDialog role={role} className={clsx(styles.dialog)}>
          <div className={clsx(styles.head)}>
            <Heading slot="title" level={2}>
              {title}
            </Heading>
            <IconButton label="Close" icon={<X size={16} />} onPress={onClose} />
          </div>
          <div className={clsx(styles.body)}>{children}</div>
          {footer !== undefined && <div className={clsx(styles.foot)}>{footer}</div>}
        </AriaDialog>
      </Modal>
    </ModalOverlay>
  )
}
