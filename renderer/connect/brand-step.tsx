import { clsx } from 'clsx'
import { type FormEvent, useState } from 'react'
import type { AccountView, BrandView } from '../../preload/contract.ts'
import type { ErrorShape } from '../../preload/errors.ts'
import { BrandFields } from '../accounts/brand-fields.tsx'
import { BrandPreview } from '../accounts/brand-preview.tsx'
import { Button } from '../design/button.tsx'
import { ErrorNotice } from '../design/error-notice.tsx'
import { type BrandForm, brandProblems, editBrandForm, newBrandForm, toBrandDraft } from '../state/brand-form.ts'
import { useDesk, useWorkspace, useWorkspaceStore } from '../workspace.tsx'
import { BrandChoice, newBrand } from './brand-choice.tsx'
import styles from './brand-step.module.css'
import { SignedIn } from './signed-in.tsx'

/** The account works; now the brand it answers as: one that exists, or a new one with name, colour and sender. */
export function BrandStep({ accountId }: { accountId: string }) {
  const account = useWorkspaceStore('accounts', (state) => state.accounts.find((entry) => entry.id === accountId))
  const brands = useWorkspaceStore('accounts', (state) => state.brands)
  const [choice, setChoice] = useState<string>(account?.brandId ?? newBrand)
  const [form, setForm] = useState<BrandForm>(() => newBrandForm(brands))
  const finish = useFinish(accountId)
  const [showProblems, setShowProblems] = useState(false)
  const chosen = brands.find((brand) => brand.id === choice)
  const problems = brandProblems(form, brands)
  const submit = (event: FormEvent) => {
    event.preventDefault()
    if (chosen === undefined && Object.keys(problems).length > 0) return setShowProblems(true)
    void finish.go(chosen ?? form, 'inbox')
  }
  const another = () => {
    if (chosen === undefined && Object.keys(problems).length > 0) return setShowProblems(true)
    void finish.go(chosen ?? form, 'another')
  }
  return (
    <section className={clsx(styles.page)} aria-labelledby="step-title">
      <SignedIn account={account} title="Connected" />
      <form className={clsx(styles.columns)} onSubmit={submit} noValidate aria-labelledby="brand-title">
        <div className={clsx(styles.form)}>
          <h3 id="brand-title">Which brand does this account answer for?</h3>
          <BrandChoice brands={brands} value={choice} onChange={setChoice} />
          {chosen === undefined && (
            <BrandFields form={form} onChange={setForm} problems={showProblems ? problems : {}} suggestedName={siteName(account)} />
          )}
          <FinishError error={finish.error} />
          <div className={clsx(styles.actions)}>
            <Button type="submit" variant="primary" isBusy={finish.busy === 'inbox'} isDisabled={account === undefined}>
              Go to inbox
            </Button>
            <Button onPress={another} isBusy={finish.busy === 'another'} isDisabled={account === undefined}>
              Connect another
            </Button>
          </div>
        </div>
        <BrandPreview form={chosen === undefined ? form : editBrandForm(chosen)} />
      </form>
    </section>
  )
}

/** `acme` of `acme.example.com`, capitalised: a first idea for the name. */
function siteName(account: AccountView | undefined): string {
  const word = account?.siteLabel.split('.')[0] ?? ''
  return word === '' ? '' : word.charAt(0).toLocaleUpperCase() + word.slice(1)
}

type Goal = 'inbox' | 'another'

function FinishError({ error }: { error: ErrorShape | null }) {
  const desk = useDesk()
  return error === null ? null : <ErrorNotice error={error} onCopy={desk.copy} />
}

/** Saves a new brand if it is one, gives it to the account, then goes where the person wants. */
function useFinish(accountId: string) {
  const { accounts, connect, app } = useWorkspace()
  const [busy, setBusy] = useState<Goal | null>(null)
  const [error, setError] = useState<ErrorShape | null>(null)
  const save = async (choice: BrandView | BrandForm): Promise<ErrorShape | null> => {
    const store = accounts.getState()
    const saved = 'position' in choice ? { ok: true as const, value: choice } : await store.saveBrand(toBrandDraft(choice))
    if (!saved.ok) return saved.error
    if (await store.setBrand(accountId, saved.value.id)) return null
    return accounts.getState().failures[accountId] ?? null
  }
  const go = async (choice: BrandView | BrandForm, goal: Goal) => {
    setBusy(goal)
    setError(null)
    const failure = await save(choice)
    setBusy(null)
    if (failure !== null) return setError(failure)
    connect.getState().begin()
    if (goal === 'inbox') app.getState().show('inbox')
  }
  return { busy, error, go }
}
