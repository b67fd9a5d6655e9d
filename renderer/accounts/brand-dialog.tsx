import { clsx } from 'clsx'
import { type FormEvent, useId, useState } from 'react'
import type { BrandView } from '../../preload/contract.ts'
import type { ErrorShape } from '../../preload/errors.ts'
import { Button } from '../design/button.tsx'
import { Dialog } from '../design/dialog.tsx'
import { ErrorNotice } from '../design/error-notice.tsx'
import { type BrandForm, brandProblems, editBrandForm, newBrandForm, toBrandDraft } from '../state/brand-form.ts'
import { useAccounts, useDesk, useWorkspace } from '../workspace.tsx'
import { BrandFields } from './brand-fields.tsx'
import styles from './brand-list.module.css'
import { BrandPreview } from './brand-preview.tsx'

/** Edits a brand, or makes a new one when `brand` is null. */
export function BrandDialog({ brand, onClose }: { brand: BrandView | null; onClose: () => void }) {
  const desk = useDesk()
  const brands = useAccounts((state) => state.brands)
  const [form, setForm] = useState<BrandForm>(() => (brand === null ? newBrandForm(brands) : editBrandForm(brand)))
  const [showProblems, setShowProblems] = useState(false)
  const { busy, error, save } = useSaveBrand(onClose)
  const formId = useId()
  const problems = brandProblems(form, brands)
  const submit = (event: FormEvent) => {
    event.preventDefault()
    if (Object.keys(problems).length > 0) return setShowProblems(true)
    void save(form)
  }
  return (
    <Dialog
      size="wide"
      title={brand === null ? 'New brand' : `Edit ${brand.name}`}
      isOpen
      onClose={onClose}
      footer={
        <>
          <Button onPress={onClose}>Cancel</Button>
          <SubmitButton formId={formId} isBusy={busy} />
        </>
      }
    >
      <form id={formId} className={clsx(styles.editor)} onSubmit={submit} noValidate>
        <div className={clsx(styles.fields)}>
          <BrandFields form={form} onChange={setForm} problems={showProblems ? problems : {}} />
          {error !== null && <ErrorNotice error={error} onCopy={desk.copy} />}
        </div>
        <BrandPreview form={form} />
      </form>
    </Dialog>
  )
}

/** The dialog's footer stands outside of the form, so the button names the form it sends. */
function SubmitButton({ formId, isBusy }: { formId: string; isBusy: boolean }) {
  const send = () => {
    const form = document.getElementById(formId)
    if (form instanceof HTMLFormElement) form.requestSubmit()
  }
  return (
    <Button variant="primary" isBusy={isBusy} onPress={send}>
      Save
    </Button>
  )
}

function useSaveBrand(onSaved: () => void) {
  const { accounts } = useWorkspace()
  const [busy, setBusy] = useState(false)
  const [error, setError] = useState<ErrorShape | null>(null)
  const save = async (form: BrandForm) => {
    setBusy(true)
    setError(null)
    const answer = await accounts.getState().saveBrand(toBrandDraft(form))
    setBusy(false)
    if (answer.ok) onSaved()
    else setError(answer.error)
  }
  return { busy, error, save }
}
