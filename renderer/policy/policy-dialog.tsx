import { clsx } from 'clsx'
import { Button } from '../design/button.tsx'
import { Dialog } from '../design/dialog.tsx'
import { usePolicy, useWorkspace } from '../workspace.tsx'
import styles from './policy-dialog.module.css'

/** The rules of the organisation in plain words, each with its reason. */
export function PolicyDialog() {
  const { policy: store } = useWorkspace()
  const shown = usePolicy((state) => state.rulesShown)
  const policy = usePolicy((state) => state.policy)
  const close = () => store.getState().showRules(false)
  if (policy === null) return null
  return (
    <Dialog
      title="Managed by your organisation"
      isOpen={shown}
      onClose={close}
      footer={
        <Button variant="primary" onPress={close}>
          Close
        </Button>
      }
    >
      <p>
        {policy.contact === null
          ? 'An administrator decides what is possible on this workstation.'
          : `An administrator decides what is possible on this workstation. Questions go to ${policy.contact}.`}
      </p>
      {policy.rules.length === 0 && <p className={clsx(styles.none)}>There are no rules at the moment.</p>}
      <ul className={clsx(styles.rules)} aria-label="Rules">
        {policy.rules.map((rule) => (
          <li key={rule.text}>
            <span>{rule.text}</span>
            {rule.reason !== null && <span className={clsx(styles.reason)}>{rule.reason}</span>}
          </li>
        ))}
      </ul>
    </Dialog>
  )
}
