import { clsx } from 'clsx'
import Check from 'lucide-react/icons/check'
import { Checkbox } from 'react-aria-components'
import { SecretField } from '../design/secret-field.tsx'
import { Select } from '../design/select.tsx'
import { usePolicy } from '../workspace.tsx'
import styles from './lock.module.css'

/** When the app locks by itself. */
export interface LockWhen {
  idleMinutes: number | null
  withSystem: boolean
}

export const shortestPassphrase = 8

const minutes = [1, 2, 5, 10, 15, 30, 60]
const never = 'never'

interface WhenFieldsProps {
  value: LockWhen
  onChange: (value: LockWhen) => void
  /** The organisation's longest time; null where it does not say. */
  max: number | null
  /** The organisation wants a lock; whether with the system, its policy says. */
  managed: boolean
}

export function WhenFields({ value, onChange, max, managed }: WhenFieldsProps) {
  const isSystemManaged = usePolicy((state) => state.policy?.appLock?.withSystemLock ?? true)
  const offered = minutes.filter((each) => max === null || each <= max)
  const options = offered.map((each) => ({ id: String(each), label: each === 1 ? '1 minute' : `${each} minutes` }))
  return (
    <>
      <Select
        label="Lock after idle time"
        value={value.idleMinutes === null ? never : String(value.idleMinutes)}
        onChange={(id) => onChange({ ...value, idleMinutes: id === never ? null : Number(id) })}
        options={max === null ? [...options, { id: never, label: 'Never' }] : options}
        {...(max !== null && { help: `Managed by your organisation: at most ${max} minutes.` })}
      />
      <CheckField
        label="Lock with the operating system and after sleep"
        isSelected={value.withSystem}
        onChange={(withSystem) => onChange({ ...value, withSystem })}
        isDisabled={managed && isSystemManaged}
      />
    </>
  )
}

interface CheckFieldProps {
  label: string
  isSelected: boolean
  onChange: (value: boolean) => void
  isDisabled?: boolean
}

export function CheckField({ label, isDisabled = false, ...field }: CheckFieldProps) {
  return (
    <Checkbox {...field} isDisabled={isDisabled} className={clsx(styles.check)}>
      {({ isSelected }) => (
        <>
          <span className={clsx(styles.box)} aria-hidden="true">
            {isSelected && <Check size={12} />}
          </span>
          {label}
        </>
      )}
    </Checkbox>
  )
}

interface NewPassphraseProps {
  value: string
  repeated: string
  onChange: (value: string) => void
  onRepeat: (value: string) => void
}

/** Typed twice: what is mistyped once would lock its owner out. */
export function NewPassphrase({ value, repeated, onChange, onRepeat }: NewPassphraseProps) {
  const differs = repeated !== '' && repeated !== value
  return (
    <>
      <SecretField
        label="New passphrase"
        value={value}
        onChange={onChange}
        help={`At least ${shortestPassphrase} characters. Several words are easy to remember. Nobody can recover it for you.`}
        maxLength={1000}
      />
      <SecretField
        label="New passphrase again"
        value={repeated}
        onChange={onRepeat}
        error={differs ? 'The two are not the same.' : null}
        maxLength={1000}
      />
    </>
  )
}

export function isGoodPassphrase(value: string, repeated: string): boolean {
  return [...value].length >= shortestPassphrase && value === repeated
}
