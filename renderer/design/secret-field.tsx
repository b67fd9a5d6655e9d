import { clsx } from 'clsx'
import Eye from 'lucide-react/icons/eye'
import EyeOff from 'lucide-react/icons/eye-off'
import { type RefObject, useLayoutEffect, useRef, useState } from 'react'
import { Input } from 'react-aria-components'
import { IconButton } from './button.tsx'
import styles from './field.module.css'
import { FieldFrame, type FieldProps } from './field.tsx'

/** A secret that is typed or pasted. Hidden until the person asks to see it. */
export function SecretField({ placeholder, ...field }: FieldProps) {
  const [shown, setShown] = useState(false)
  const input = useRef<HTMLInputElement>(null)
  useEmptiedAtTheEnd(input)
  return (
    <FieldFrame {...field} type={shown ? 'text' : 'password'}>
      <Input
        ref={input}
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

/** Elements can be remembered after they are gone (by running transitions, for one); what was typed must not be remembered with them. */
function useEmptiedAtTheEnd(input: RefObject<HTMLInputElement | null>): void {
  useLayoutEffect(() => {
    const element = input.current
    return () => {
      if (element === null) return
      element.value = ''
      element.removeAttribute('value')
    }
  }, [input])
}
