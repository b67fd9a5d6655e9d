import { clsx } from 'clsx'
import type { ReactNode } from 'react'
import { Tooltip as AriaTooltip, TooltipTrigger } from 'react-aria-components'
import { Keys } from './keys.tsx'
import styles from './tooltip.module.css'

export interface TooltipProps {
  text: string
  shortcut?: string | undefined
  placement?: 'top' | 'bottom' | 'left' | 'right'
  /** A react-aria control. */
  children: ReactNode
}

export function Tooltip({ text, shortcut, placement = 'bottom', children }: TooltipProps) {
  return (
    <TooltipTrigger delay={500} closeDelay={0}>
      {children}
      <AriaTooltip placement={placement} offset={6} className={clsx(styles.tooltip)}>
        <span>{text}</span>
        {shortcut !== undefined && <Keys keys={shortcut} />}
      </AriaTooltip>
    </TooltipTrigger>
  )
}
