import { clsx } from 'clsx'
import Info from 'lucide-react/icons/info'
import type { VendorView } from '../../preload/contract.ts'
import { SecretField } from '../design/secret-field.tsx'
import type { ClientStep } from '../state/connect.ts'
import { formProblems } from '../state/connect-form.ts'
import { useWorkspace } from '../workspace.tsx'
import styles from './client-step.module.css'

interface KeyFieldProps {
  step: ClientStep
  vendorKey: NonNullable<VendorView['key']>
}

/** The vendor's secret in place of a sign-in, and honestly what that means. */
export function KeyField({ step, vendorKey }: KeyFieldProps) {
  const { connect } = useWorkspace()
  const problems = step.showProblems ? formProblems(step.vendor, step.form) : {}
  return (
    <div className={clsx(styles.group)}>
      <SecretField
        label={vendorKey.label}
        value={step.form.key}
        onChange={(key) => connect.getState().edit({ key })}
        help={`${vendorKey.help} Kept encrypted on this computer.`}
        error={problems.key}
        maxLength={8000}
      />
      <p className={clsx(styles.note)}>
        <Info size={14} aria-hidden="true" />
        <span>{vendorKey.note}</span>
      </p>
    </div>
  )
}
