import { clsx } from 'clsx'
import { type FormEvent, useState } from 'react'
import type { AccountView, BrandView } from '../../preload/contract.ts'
import type { ErrorShape } from '../../preload/errors.ts'
import { BrandFields } from '../accounts/brand-fields.tsx'
import { BrandPreview } from '../accounts/brand-preview.tsx'
import { Button } from '../design/button.tsx'
import { EmptyState } from '../design/empty-state.tsx'
import { ErrorNotice } from '../design/error-notice.tsx'
import {
  type BrandForm,
  brandProblems,
  editBrandForm,
  newBrandForm,
  suggestBrandName,
  toBrandDraft,
} from '../state/brand-form.ts'
import { useAccounts, useDesk, useWorkspace } from '../workspace.tsx'
import { BrandChoice, newBrand } from './brand-choice.tsx'
import styles from './brand-step.module.css'
import { SignedIn } from './signed-in.tsx'

/**
 * The brand an account answers as: one that exists, or a new one with name, colour and sender. `isNew` right after
 * connecting; otherwise the brand of a known account is changed.
 */
export function BrandStep({ accountId, isNew }: { accountId: string; isNew: boolean }) {
  const account = useAccounts((state) => state.accounts.find((entry) => entry.id === accountId))
  return account === undefined ? <AccountGone /> : <BrandOf account={account} isNew={isNew} />
}

function AccountGone() {
  const { app } = useWorkspace()
  const ready = useAccounts((state) => state.phase === 'ready')
  if (!ready) return null
  return (
    <EmptyState
      title="This account is gone"
      actions={<Button onPress={() => app.getState().show('accounts')}>Go to accounts</Button>}
    >
      It was removed from this computer, so there is no brand to choose.
    </EmptyState>
  )
}

function BrandOf({ account, isNew }: { account: AccountView; isNew: boolean }) {
  const brands = useAccounts((state) => state.brands)
  const [choice, setChoice] = useState<string>(account.brandId ?? newBrand)
  const [form, setForm] = useState<BrandForm>(() => newBrandForm(brands))
  const finish = useFinish(account.id)
  const [showProblems, setShowProblems] = useState(false)
  const chosen = brands.find((brand) => brand.id === choice)
  const problems = brandProblems(form, brands)
  const finishWith = (goal: Goal) => {
    if (chosen === undefined && Object.keys(problems).length > 0) return setShowProblems(true)
    void finish.go(chosen ?? form, goal)
  }
  const submit = (event: FormEvent) => {
    event.preventDefault()
    finishWith(isNew ? 'inbox' : 'accounts')
  }
  return (
    <section className={clsx(styles.page)} aria-labelledby="step-title">
      <SignedIn account={account} title={titleOf(account, isNew)} isNews={isNew} />
      <form className={clsx(styles.columns)} onSubmit={submit} noValidate aria-labelledby="brand-title">
        <div className={clsx(styles.form)}>
          <h3 id="brand-title">Which brand does this account answer for?</h3>
          <BrandChoice brands={brands} value={choice} onChange={setChoice} />
          {chosen === undefined && (
            <BrandFields
              form={form}
              onChange={setForm}
              problems={showProblems ? problems : {}}
              suggestedName={suggestBrandName(account)}
            />
          )}
          <FinishError error={finish.error} />
          <div className={clsx(styles.actions)}>
            <Button type="submit" variant="primary" isBusy={finish.busy === 'inbox' || finish.busy === 'accounts'}>
              {isNew ? 'Go to inbox' : 'Save'}
            </Button>
            {isNew ? (
              <Button onPress={() => finishWith('another')} isBusy={finish.busy === 'another'}>
                Connect another
              </Button>
            ) : (
              <Button onPress={() => finish.leave('accounts')}>Cancel</Button>
            )}
          </div>
        </div>
        <BrandPreview form={chosen === undefined ? form : editBrandForm(chosen)} />
      </form>
    </section>
  )
}

function titleOf(account: AccountView, isNew: boolean): string {
  if (isNew) return 'Connected'
  return account.brandId === null ? 'Name the brand' : 'Change brand'
}

type Goal = 'inbox' | 'another' | 'accounts'

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
    const saved =
      'position' in choice ? { ok: true as const, value: choice } : await store.saveBrand(toBrandDraft(choice))
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
    leave(goal)
  }
  const leave = (goal: Goal) => {
    connect.getState().begin()
    if (goal !== 'another') app.getState().show(goal)
  }
  return { busy, error, go, leave }
}
