import { clsx } from 'clsx'
import { TextAreaField, TextField } from '../design/field.tsx'
import { type BrandForm, type BrandProblems, changeBrandForm } from '../state/brand-form.ts'
import styles from './brand-fields.module.css'
import { ColorPicker } from './color-picker.tsx'

interface BrandFieldsProps {
  form: BrandForm
  onChange: (form: BrandForm) => void
  problems: BrandProblems
  /** Greyed in the empty name field. */
  suggestedName?: string
}

/** Everything a brand is: name, colour and monogram for the agents, sender and signature for the customers. */
export function BrandFields({ form, onChange, problems, suggestedName = '' }: BrandFieldsProps) {
  const change = (part: Partial<BrandForm>) => onChange(changeBrandForm(form, part))
  const name = form.name.trim()
  return (
    <>
      <div className={clsx(styles.pair)}>
        <TextField
          label="Brand name"
          value={form.name}
          onChange={(value) => change({ name: value })}
          placeholder={suggestedName}
          error={problems.name}
          maxLength={80}
        />
        <TextField
          label="Monogram"
          value={form.monogram}
          onChange={(monogram) => change({ monogram })}
          error={problems.monogram}
          maxLength={3}
        />
      </div>
      <ColorPicker value={form.color} onChange={(color) => change({ color })} error={problems.color} />
      <div className={clsx(styles.halves)}>
        <TextField
          label="Reply name"
          value={form.replyName}
          onChange={(replyName) => change({ replyName })}
          placeholder={name}
          help="What customers see as the sender."
          isOptional
          maxLength={120}
        />
        <TextField
          label="Reply address"
          type="email"
          value={form.replyAddress}
          onChange={(replyAddress) => change({ replyAddress })}
          placeholder="help@brand.example"
          help="Shown above every answer you write."
          error={problems.replyAddress}
          isOptional
          maxLength={200}
        />
      </div>
      <TextAreaField
        label="Signature"
        value={form.signature}
        onChange={(signature) => change({ signature })}
        rows={3}
        isOptional
        maxLength={4000}
      />
    </>
  )
}
