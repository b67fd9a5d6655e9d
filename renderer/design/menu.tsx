import { clsx } from 'clsx'
import Check from 'lucide-react/icons/check'
import type { ReactNode } from 'react'
import {
  Menu as AriaMenu,
  MenuItem as AriaMenuItem,
  Keyboard,
  MenuTrigger,
  Popover,
  Separator,
  Text,
} from 'react-aria-components'
import { Keys } from './keys.tsx'
import styles from './popover.module.css'

export interface MenuProps {
  label: string
  /** The Button or IconButton that opens it. */
  trigger: ReactNode
  placement?: 'bottom start' | 'bottom end' | 'top start' | 'top end'
  /** `MenuItem`, `MenuGroup`, `MenuLine`. */
  children: ReactNode
}

export function Menu({ label, trigger, placement = 'bottom start', children }: MenuProps) {
  return (
    <MenuTrigger>
      {trigger}
      <Popover placement={placement} offset={4} className={clsx(styles.popover)}>
        <AriaMenu aria-label={label} className={clsx(styles.menu)}>
          {children}
        </AriaMenu>
      </Popover>
    </MenuTrigger>
  )
}

export interface MenuItemProps {
  label: string
  onAction: () => void
  icon?: ReactNode
  help?: string
  shortcut?: string
  /** Shows a check mark. */
  isChosen?: boolean
  isDisabled?: boolean
  isDanger?: boolean
  /** Looks disabled but can be reached, because `help` says why. */
  isManaged?: boolean
}

export function MenuItem({
  label,
  onAction,
  icon,
  help,
  shortcut,
  isChosen,
  isDisabled,
  isDanger,
  isManaged,
}: MenuItemProps) {
  return (
    <AriaMenuItem
      textValue={label}
      {...(isChosen && { 'aria-label': `${label}, chosen` })}
      onAction={onAction}
      isDisabled={isDisabled ?? false}
      className={clsx(styles.item, isDanger && styles.danger, isManaged && styles.managed)}
    >
      {icon}
      <span className={clsx(styles.itemText)}>
        <Text slot="label" className={clsx(styles.itemLabel)}>
          {label}
        </Text>
        {help !== undefined && (
          <Text slot="description" className={clsx(styles.itemHelp)}>
            {` ${help}`}
          </Text>
        )}
      </span>
      {isChosen && <Check size={14} className={clsx(styles.check)} aria-hidden="true" />}
      {shortcut !== undefined && (
        <Keyboard>
          <Keys keys={shortcut} />
        </Keyboard>
      )}
    </AriaMenuItem>
  )
}

export function MenuLine() {
  return <Separator className={clsx(styles.line)} />
}
