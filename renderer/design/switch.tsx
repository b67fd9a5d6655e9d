import { clsx } from 'clsx'
import { Switch as AriaSwitch } from 'react-aria-components'
import styles from './switch.module.css'

export interface SwitchProps {
  label: string
  help?: string
  isOn: boolean
  onChange: (isOn: boolean) => void
  isDisabled?: boolean
}

export function Switch({ label, help, isOn, onChange, isDisabled = false }: SwitchProps) {
  return (
    <AriaSwitch isSelected={isOn} onChange={onChange} isDisabled={isDisabled} className={clsx(styles.switch)}>
      <span className={clsx(styles.track)} />
      <span>
        {label}
        {help !== undefined && <span className={clsx(styles.help)}>{help}</span>}
      </span>
    </AriaSwitch>
  )
}
