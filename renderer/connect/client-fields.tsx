import { clsx } from 'clsx'
import ShieldCheck from 'lucide-react/icons/shield-check'
import { Button } from '../design/button.tsx'
import { TextField } from '../design/field.tsx'
import { SecretField } from '../design/secret-field.tsx'
import type { ClientStep } from '../state/connect.ts'
import { clientLocked, clientProvided, formProblems, usesProvidedClient } from '../state/connect-form.ts'
import { useWorkspace } from '../workspace.tsx'
import styles from './client-step.module.css'

/** The OAuth client: the organisation's own, or one the person registers at the vendor. */
export function ClientFields({ step }: { step: ClientStep }) {
  const { connect } = useWorkspace()
  const { vendor, form } = step
  if (usesProvidedClient(vendor, form)) {
    return (
      <div className={clsx(styles.provided)}>
        <ShieldCheck size={16} aria-hidden="true" />
        <p>
          <strong>OAuth client provided by your organisation</strong>
        </p>
        <p className={clsx(styles.quiet)}>There is nothing to register. You only need to sign in.</p>
        {!clientLocked(vendor, form.checked) && (
          <Button variant="link" onPress={() => connect.getState().edit({ ownClient: true })}>
            Use another client
          </Button>
        )}
      </div>
    )
  }
  const byKey = form.way === 'jwt-bearer'
  const problems = step.showProblems ? formProblems(vendor, form) : {}
  return (
    <div className={clsx(styles.group)}>
      <TextField
        label="Client ID"
        value={form.clientId}
        onChange={(clientId) => connect.getState().edit({ clientId })}
        error={problems.clientId}
        maxLength={500}
      />
      <SecretField
        label={byKey ? 'Private key' : 'Client secret'}
        value={form.clientSecret}
        onChange={(clientSecret) => connect.getState().edit({ clientSecret })}
        isOptional={!vendor.secretRequired}
        help={
          byKey
            ? 'The whole text between BEGIN and END PRIVATE KEY. Kept encrypted on this computer.'
            : vendor.secretRequired
              ? 'Kept encrypted on this computer.'
              : 'Leave it empty for a public client. Kept encrypted on this computer.'
        }
        error={problems.clientSecret}
        maxLength={6000}
      />
      {clientProvided(vendor, form.checked) && (
        <div>
          <Button variant="link" onPress={() => connect.getState().edit({ ownClient: false })}>
            Use the client of your organisation
          </Button>
        </div>
      )}
    </div>
  )
}
