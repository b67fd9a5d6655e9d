import { clsx } from 'clsx'
import Check from 'lucide-react/icons/check'
import ChevronDown from 'lucide-react/icons/chevron-down'
import type { ReactNode } from 'react'
import {
  Select as AriaSelect,
  Button,
  Label,
  ListBox,
  ListBoxItem,
  Popover,
  SelectValue,
  Text,
} from 'react-aria-components'
import popover from './popover.module.css'
import styles from './select.module.css'

export interface SelectOption {
  id: string
  label: string
  help?: string
  icon?: ReactNode
}

export interface SelectProps {
  label: string
  /** The label is read, not shown; the row around it names it already. */
  hideLabel?: boolean
  options: readonly SelectOption[]
  value: string | null
  onChange: (id: string) => void
  placeholder?: string
  help?: string
  isDisabled?: boolean
  /** `quiet` draws no box: for property rows. */
  variant?: 'box' | 'quiet'
  className?: string | undefined
}

export function Select(props: SelectProps) {
  const { label, hideLabel, options, value, onChange, help, variant = 'box', placeholder = 'Choose', className } = props
  return (
    <AriaSelect
      {...(hideLabel && { 'aria-label': label })}
      value={value}
      onChange={(key) => key !== null && onChange(String(key))}
      placeholder={placeholder}
      isDisabled={props.isDisabled ?? false}
      className={clsx(styles.select, variant === 'quiet' && styles.quiet, className)}
    >
      {!hideLabel && <Label className={clsx(styles.label)}>{label}</Label>}
      <Button className={clsx(styles.trigger)}>
        <SelectValue className={clsx(styles.value)} />
        <ChevronDown size={14} aria-hidden="true" />
      </Button>
      {help !== undefined && (
        <Text slot="description" className={clsx(styles.help)}>
          {help}
        </Text>
      )}
      <Popover offset={4} className={clsx(popover.popover, popover.trigger)}>
        <ListBox className={clsx(popover.menu)} items={options}>
          {(option) => <SelectItem option={option} />}
        </ListBox>
      </Popover>
    </AriaSelect>
  )
}

function SelectItem({ option }: { option: SelectOption }) {
  return (
    <ListBoxItem id={option.id} textValue={option.label} className={clsx(popover.item)}>
      {({ isSelected }) => (
        <>
          {option.icon}
          <span className={clsx(popover.itemText)}>
            <Text slot="label">{option.label}</Text>
            {option.help !== undefined && (
              <Text slot="description" className={clsx(popover.itemHelp)}>
                {` ${option.help}`}
              </Text>
            )}
          </span>
          {isSelected && <Check size={14} className={clsx(popover.check)} aria-hidden="true" />}
        </>
      )}
    </ListBoxItem>
  )
}
