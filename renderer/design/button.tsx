import { clsx } from 'clsx'
import type { ReactNode, Ref } from 'react'
import { Button as AriaButton, type PressEvent } from 'react-aria-components'
import styles from './button.module.css'
import { Spinner } from './spinner.tsx'
import { Tooltip } from './tooltip.tsx'

export interface ButtonProps {
  children: ReactNode
  onPress?: (event: PressEvent) => void
  /** `primary` once per view; `link` for an action inside of a sentence. */
  variant?: 'primary' | 'secondary' | 'quiet' | 'danger' | 'link'
  size?: 's' | 'm' | 'l'
  isDisabled?: boolean
  /** Keeps its width and says that it works; presses do nothing meanwhile. */
  isBusy?: boolean
  type?: 'button' | 'submit'
  /** Id of the form it sends, where it stands outside of it. */
  form?: string
  autoFocus?: boolean
  className?: string | undefined
  'aria-label'?: string
  'aria-describedby'?: string
  'aria-expanded'?: boolean
  'aria-pressed'?: boolean
  ref?: Ref<HTMLButtonElement>
  /** `close` inside of a Dialog closes it. */
  slot?: string
}

export function Button({
  children,
  variant = 'secondary',
  size = 'm',
  isBusy = false,
  className,
  ...rest
}: ButtonProps) {
  return (
    <AriaButton
      {...rest}
      isPending={isBusy}
      className={clsx(styles.button, styles[variant], styles[size], isBusy && styles.busy, className)}
    >
      {isBusy ? (
        <>
          <span className={clsx(styles.busyLabel)}>{children}</span>
          <span className={clsx(styles.busyMark)}>
            <Spinner label="Working" delay={0} />
          </span>
        </>
      ) : (
        children
      )}
    </AriaButton>
  )
}

export interface IconButtonProps extends Omit<ButtonProps, 'children' | 'aria-label' | 'isBusy' | 'size'> {
  /** Accessible name and tooltip. */
  label: string
  /** Shown in the tooltip, for example `R` or `Mod+Enter`. */
  shortcut?: string | undefined
  icon: ReactNode
  size?: 's' | 'm'
}

export function IconButton({
  label,
  shortcut,
  icon,
  variant = 'quiet',
  size = 's',
  className,
  ...rest
}: IconButtonProps) {
  return (
    <Tooltip text={label} shortcut={shortcut}>
      <AriaButton
        {...rest}
        aria-label={label}
        className={clsx(styles.button, styles.icon, styles[variant], styles[size], className)}
      >
        {icon}
      </AriaButton>
    </Tooltip>
  )
}
