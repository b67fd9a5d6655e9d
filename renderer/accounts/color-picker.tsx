import { clsx } from 'clsx'
import Check from 'lucide-react/icons/check'
import { Label, Radio, RadioGroup } from 'react-aria-components'
import { TextField } from '../design/field.tsx'
import { swatches } from '../state/brand-form.ts'
import styles from './brand-fields.module.css'

interface ColorPickerProps {
  /** `#rrggbb`, or whatever is being typed. */
  value: string
  onChange: (color: string) => void
  error: string | undefined
}

/** Swatches that work on both themes, and a field for the house colour. */
export function ColorPicker({ value, onChange, error }: ColorPickerProps) {
  return (
    <div className={clsx(styles.colors)}>
      <RadioGroup
        value={value.toLowerCase()}
        onChange={onChange}
        orientation="horizontal"
        className={clsx(styles.group)}
      >
        <Label className={clsx(styles.label)}>Colour</Label>
        <div className={clsx(styles.swatches)}>
          {swatches.map((swatch) => (
            <Radio
              key={swatch.color}
              value={swatch.color}
              aria-label={swatch.name}
              className={clsx(styles.swatch)}
              style={{ background: swatch.color }}
            >
              {({ isSelected }) => (isSelected ? <Check size={14} strokeWidth={3} aria-hidden="true" /> : null)}
            </Radio>
          ))}
        </div>
      </RadioGroup>
      <TextField
        className={styles.custom}
        label="Own colour"
        value={value}
        onChange={(typed) =>
          onChange(typed.trim() !== '' && !typed.startsWith('#') ? `#${typed.trim()}` : typed.trim())
        }
        prefix={
          <span className={clsx(styles.sample)} style={{ background: error === undefined ? value : 'transparent' }} />
        }
        error={error}
        maxLength={7}
      />
    </div>
  )
}
