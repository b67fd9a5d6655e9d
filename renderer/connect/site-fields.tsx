import { clsx } from 'clsx'
import CircleAlert from 'lucide-react/icons/circle-alert'
import CircleCheck from 'lucide-react/icons/circle-check'
import type { ErrorShape } from '../../preload/errors.ts'
import { TextField } from '../design/field.tsx'
import { Select } from '../design/select.tsx'
import { Spinner } from '../design/spinner.tsx'
import type { ClientStep } from '../state/connect.ts'
import { formProblems } from '../state/connect-form.ts'
import { useWorkspace } from '../workspace.tsx'
import styles from './client-step.module.css'

/** Where the site is. What was typed or pasted is checked when the field is left, and told back as it was understood. */
export function SiteFields({ step }: { step: ClientStep }) {
  const { connect } = useWorkspace()
  const { vendor, form, siteError } = step
  const problems = step.showProblems ? formProblems(vendor, form) : {}
  const last = vendor.siteFields.length - 1
  const siteWords = siteError === null ? null : wordsOf(siteError)
  // A choice and a vendor with one site have no field to say it at.
  const saidAtField = vendor.siteFields[last]?.options === null
  return (
    <div className={clsx(styles.group)}>
      {vendor.siteFields.map((field, index) =>
        field.options === null ? (
          <TextField
            key={field.key}
            label={field.label}
            value={form.site[field.key] ?? ''}
            onChange={(value) => connect.getState().typeSite(field.key, value)}
            onBlur={() => void connect.getState().checkSite()}
            placeholder={field.placeholder}
            help={field.help}
            error={problems[`site.${field.key}`] ?? (index === last ? siteWords : null)}
            autoFocus={index === 0 && form.checked === null}
            isOptional={field.optional}
            maxLength={300}
          />
        ) : (
          <Select
            key={field.key}
            label={field.label}
            help={field.help}
            options={field.options.map(({ value, label }) => ({ id: value, label }))}
            value={form.site[field.key] ?? null}
            onChange={(value) => {
              connect.getState().typeSite(field.key, value)
              void connect.getState().checkSite()
            }}
          />
        ),
      )}
      <div role="status" className={clsx(styles.understood)}>
        {!saidAtField && siteWords !== null && (
          <>
            <CircleAlert size={14} className={clsx(styles.wrong)} aria-hidden="true" />
            <span className={clsx(styles.wrong)}>{siteWords}</span>
          </>
        )}
        {step.checking && <Spinner label="Checking the site" />}
        {!step.checking && form.checked !== null && siteError === null && (
          <>
            <CircleCheck size={14} className={clsx(styles.good)} aria-hidden="true" />
            <span>
              {vendor.key === null ? 'You will sign in at' : 'You will connect'}{' '}
              <strong>{form.checked.siteLabel}</strong>
            </span>
          </>
        )}
      </div>
    </div>
  )
}

function wordsOf({ message, action }: ErrorShape): string {
  return action === null ? message : `${message} ${action}`
}
