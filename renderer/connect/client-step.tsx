import { clsx } from 'clsx'
import ArrowLeft from 'lucide-react/icons/arrow-left'
import { type FormEvent, useEffect, useRef } from 'react'
import { Button } from '../design/button.tsx'
import { ErrorNotice } from '../design/error-notice.tsx'
import type { ClientStep } from '../state/connect.ts'
import { usesProvidedClient } from '../state/connect-form.ts'
import { isService } from '../state/rungs.ts'
import { useDesk, useWorkspace } from '../workspace.tsx'
import { ClientFields } from './client-fields.tsx'
import styles from './client-step.module.css'
import { StepFrame } from './connect-account.tsx'
import { KeyField } from './key-field.tsx'
import { RegistrationHelp } from './registration-help.tsx'
import { ScopeList } from './scope-list.tsx'
import { SignInChoices } from './sign-in-choices.tsx'
import { SiteFields } from './site-fields.tsx'

/** Site and OAuth client on the left; what to do at the vendor, and what will be allowed, on the right. */
export function ClientStepView({ step }: { step: ClientStep }) {
  const { connect } = useWorkspace()
  const desk = useDesk()
  const form = useRef<HTMLFormElement>(null)
  const { vendor } = step
  const provided = usesProvidedClient(vendor, step.form)
  useFocusFirstProblem(form, step.showProblems)
  const submit = (event: FormEvent) => {
    event.preventDefault()
    void connect.getState().submit()
  }
  return (
    <StepFrame wide title={`Connect ${vendor.name}`} lead={vendor.description}>
      <div className={clsx(styles.columns)}>
        <form ref={form} className={clsx(styles.form)} onSubmit={submit} noValidate aria-labelledby="step-title">
          <SiteFields step={step} />
          {vendor.key === null ? <ClientFields step={step} /> : <KeyField step={step} vendorKey={vendor.key} />}
          <SignInChoices step={step} />
          {step.sendError !== null && <ErrorNotice error={step.sendError} onCopy={desk.copy} />}
          <div className={clsx(styles.actions)}>
            <Button variant="quiet" size="m" onPress={() => connect.getState().begin()}>
              <ArrowLeft size={16} aria-hidden="true" />
              Back
            </Button>
            <Button type="submit" variant="primary" isBusy={step.sending}>
              Connect
            </Button>
          </div>
        </form>
        <aside className={clsx(styles.help)} aria-label="Help">
          {isService(step.form.way) && vendor.service !== undefined && (
            <section className={clsx(styles.card)} aria-labelledby="service-title">
              <h3 id="service-title">Nobody signs in</h3>
              <p>{vendor.service}</p>
            </section>
          )}
          {!provided && <RegistrationHelp vendor={vendor} redirect={step.form.redirect} />}
          {vendor.scopes.length > 0 && <ScopeList scopes={vendor.scopes} withheld={vendor.withheld?.scopes ?? null} />}
        </aside>
      </div>
    </StepFrame>
  )
}

/** After "Connect" with something missing, the keyboard is where the work is. */
function useFocusFirstProblem(form: React.RefObject<HTMLFormElement | null>, showProblems: boolean): void {
  useEffect(() => {
    if (showProblems) form.current?.querySelector<HTMLElement>('[aria-invalid="true"]')?.focus()
  }, [form, showProblems])
}
