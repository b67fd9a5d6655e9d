import { clsx } from 'clsx'
import type { ReactNode } from 'react'
import { Tooltip as AriaTooltip, Focusable, TooltipTrigger } from 'react-aria-components'
import { Keys } from './keys.tsx'
import styles from './tooltip.module.css'

export interface TooltipProps {
  text: string
  shortcut?: string | undefined
  placement?: 'top' | 'bottom' | 'left' | 'right'
  /** A react-aria control. For plain text wrap it with `TextTooltip`. */
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

/** A tooltip for something that is not a control: a cut text, a time. The text itself can be focused. */
export function TextTooltip({ text, children, className }: { text: string; children: ReactNode; className?: string }) {
  return (
    <Tooltip text={text}>
      <Focusable>
        <span role="note" className={className}>
          {children}
        </span>
      </Focusable>
    </Tooltip>
  )
}
