import { clsx } from 'clsx'
import Eye from 'lucide-react/icons/eye'
import EyeOff from 'lucide-react/icons/eye-off'
import { useState } from 'react'
import { Input } from 'react-aria-components'
import { IconButton } from './button.tsx'
import styles from './field.module.css'
import { FieldFrame, type FieldProps } from './field.tsx'

/** A secret that is typed or pasted. Hidden until the person asks to see it. */
export function SecretField({ placeholder, ...field }: FieldProps) {
  const [shown, setShown] = useState(false)
  return (
    <FieldFrame {...field} type={shown ? 'text' : 'password'}>
      <Input
        className={clsx(styles.input, styles.secret)}
        placeholder={placeholder ?? ''}
        spellCheck={false}
        autoComplete="off"
      />
      <IconButton
        label={shown ? 'Hide' : 'Show'}
        className={styles.inside}
        icon={shown ? <EyeOff size={16} /> : <Eye size={16} />}
        onPress={() => setShown(!shown)}
        aria-pressed={shown}
      />
    </FieldFrame>
  )
}
