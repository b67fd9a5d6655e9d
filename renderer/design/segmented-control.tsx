import { clsx } from 'clsx'
import { Radio, RadioGroup } from 'react-aria-components'
import styles from './segmented-control.module.css'

export interface SegmentedControlProps<T extends string> {
  label: string
  value: T
  onChange: (id: T) => void
  options: readonly { id: T; label: string; count?: number }[]
}

/** A few filters of which one is on. */
export function SegmentedControl<T extends string>({ label, value, onChange, options }: SegmentedControlProps<T>) {
  return (
    <RadioGroup
      aria-label={label}
      orientation="horizontal"
      value={value}
      onChange={(id) => {
        const chosen = options.find((option) => option.id === id)
        if (chosen !== undefined) onChange(chosen.id)
      }}
      className={clsx(styles.control)}
    >
      {options.map((option) => (
        <Radio key={option.id} value={option.id} className={clsx(styles.segment)}>
          {option.label}
          {option.count !== undefined && <span className={clsx(styles.count)}>{option.count}</span>}
        </Radio>
      ))}
    </RadioGroup>
  )
}
