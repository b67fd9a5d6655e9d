import { clsx } from 'clsx'
import { Label, Radio, RadioGroup, Text } from 'react-aria-components'
import styles from './choice-group.module.css'

export interface ChoiceGroupProps<T extends string> {
  label: string
  value: T
  onChange: (id: T) => void
  options: readonly { id: T; label: string; help?: string }[]
}

/** A few choices of which one holds, each with a line of explanation. */
export function ChoiceGroup<T extends string>({ label, value, onChange, options }: ChoiceGroupProps<T>) {
  return (
    <RadioGroup
      value={value}
      onChange={(id) => {
        const chosen = options.find((option) => option.id === id)
        if (chosen !== undefined) onChange(chosen.id)
      }}
      className={clsx(styles.group)}
    >
      <Label className={clsx(styles.label)}>{label}</Label>
      {options.map((option) => (
        <Radio key={option.id} value={option.id} className={clsx(styles.choice)}>
          <span className={clsx(styles.mark)} />
          <span>
            {option.label}
            {option.help !== undefined && (
              <Text slot="description" className={clsx(styles.help)}>
                {option.help}
              </Text>
            )}
          </span>
        </Radio>
      ))}
    </RadioGroup>
  )
}
