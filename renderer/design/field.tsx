import { clsx } from 'clsx'
import CircleAlert from 'lucide-react/icons/circle-alert'
import type { ReactNode, Ref } from 'react'
import { TextField as AriaTextField, FieldError, Group, Input, Label, Text, TextArea } from 'react-aria-components'
import styles from './field.module.css'

export interface FieldProps {
  label: string
  value: string
  onChange: (value: string) => void
  onBlur?: () => void
  placeholder?: string
  help?: ReactNode
  /** A sentence. Marks the field as wrong and is read with it. */
  error?: string | null | undefined
  isRequired?: boolean
  /** Adds the word "optional" beside the label. */
  isOptional?: boolean
  isDisabled?: boolean
  autoFocus?: boolean
  maxLength?: number
  className?: string | undefined
}

export interface TextFieldProps extends FieldProps {
  type?: 'text' | 'email' | 'url' | 'search'
  /** Greyed text or an icon before and after what is typed. */
  prefix?: ReactNode
  suffix?: ReactNode
  name?: string
  inputRef?: Ref<HTMLInputElement>
}

export function TextField({ prefix, suffix, placeholder, inputRef, ...field }: TextFieldProps) {
  return (
    <FieldFrame {...field}>
      {prefix !== undefined && <span className={clsx(styles.affix, styles.lead)}>{prefix}</span>}
      <Input
        ref={inputRef ?? null}
        className={clsx(styles.input)}
        placeholder={placeholder ?? ''}
        spellCheck={false}
        autoComplete="off"
      />
      {suffix !== undefined && <span className={clsx(styles.affix)}>{suffix}</span>}
    </FieldFrame>
  )
}

export interface TextAreaFieldProps extends FieldProps {
  rows?: number
}

export function TextAreaField({ rows = 4, placeholder, ...field }: TextAreaFieldProps) {
  return (
    <FieldFrame {...field}>
      <TextArea className={clsx(styles.area)} rows={rows} placeholder={placeholder ?? ''} />
    </FieldFrame>
  )
}

interface FieldFrameProps extends Omit<FieldProps, 'placeholder'> {
  type?: 'text' | 'email' | 'url' | 'search' | 'password'
  name?: string
  children: ReactNode
}

/** Label, box, help and error around any input; also used by SecretField. */
export function FieldFrame({ label, help, error, isOptional, className, children, ...field }: FieldFrameProps) {
  const isInvalid = error !== undefined && error !== null
  return (
    <AriaTextField {...field} isInvalid={isInvalid} validationBehavior="aria" className={clsx(styles.field, className)}>
      <Label className={clsx(styles.label)}>
        {label}
        {/* The blank keeps the two words apart where the label is read out. */}
        {isOptional && (
          <>
            {' '}
            <span className={clsx(styles.optional)}>optional</span>
          </>
        )}
      </Label>
      <Group className={clsx(styles.box)} isInvalid={isInvalid} isDisabled={field.isDisabled ?? false}>
        {children}
      </Group>
      {isInvalid && (
        <FieldError className={clsx(styles.error)}>
          <CircleAlert size={12} aria-hidden="true" />
          <span>{error}</span>
        </FieldError>
      )}
      {help !== undefined && !isInvalid && (
        <Text slot="description" className={clsx(styles.help)}>
          {help}
        </Text>
      )}
    </AriaTextField>
  )
}
