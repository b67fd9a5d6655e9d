import { clsx } from 'clsx'
import { useState } from 'react'
import { FileTrigger } from 'react-aria-components'
import type { ImportPreview } from '../../preload/contract.ts'
import type { ErrorShape } from '../../preload/errors.ts'
import { Button } from '../design/button.tsx'
import { Dialog } from '../design/dialog.tsx'
import { ErrorNotice } from '../design/error-notice.tsx'
import { useDesk, useWorkspace } from '../workspace.tsx'
import styles from './import-accounts.module.css'

interface Chosen {
  name: string
  text: string
  preview: ImportPreview
}

/** A file of accounts and brands: what it would add is shown first, then it is taken and the sign-ins are asked one after another. */
export function ImportAccounts({ onClose }: { onClose: () => void }) {
  const { bridge, signIns } = useWorkspace()
  const desk = useDesk()
  const [chosen, setChosen] = useState<Chosen | null>(null)
  const [error, setError] = useState<ErrorShape | null>(null)
  const [busy, setBusy] = useState(false)
  const look = async (file: File) => {
    const text = await file.text()
    const answer = await bridge.moving.preview({ text })
    setError(answer.ok ? null : answer.error)
    setChosen(answer.ok ? { name: file.name, text, preview: answer.value } : null)
  }
  const take = async (text: string) => {
    setBusy(true)
    const answer = await bridge.moving.import({ text })
    setBusy(false)
    if (!answer.ok) return setError(answer.error)
    const { accountIds } = answer.value
    onClose()
    desk.confirm(addedWords(accountIds.length, answer.value.brands))
    if (accountIds.length > 0) await signIns.getState().start(accountIds)
  }
  const fresh = chosen?.preview.accounts.filter(({ verdict }) => verdict === 'new').length ?? 0
  const brands = chosen?.preview.brands.filter(({ verdict }) => verdict === 'new').length ?? 0
  return (
    <Dialog
      title="Import accounts"
      size="wide"
      isOpen
      onClose={onClose}
      footer={
        <>
          <Button onPress={onClose} isDisabled={busy}>
            Cancel
          </Button>
          <Button
            variant="primary"
            isBusy={busy}
            isDisabled={chosen === null || fresh + brands === 0}
            onPress={() => chosen !== null && void take(chosen.text)}
          >
            {fresh === 0 ? 'Import' : `Import ${accountsWord(fresh)}`}
          </Button>
        </>
      }
    >
      <div className={clsx(styles.choose)}>
        <p>Choose a file that “Export accounts” made. Nothing changes before you have seen what is in it.</p>
        <FileTrigger
          acceptedFileTypes={['application/json']}
          onSelect={(list) => {
            const [file] = list ?? []
            if (file !== undefined) void desk.attempt(look(file))
          }}
        >
          <Button autoFocus>{chosen === null ? 'Choose file' : 'Choose another file'}</Button>
        </FileTrigger>
      </div>
      {error !== null && <ErrorNotice error={error} onCopy={desk.copy} />}
      {chosen !== null && <Preview chosen={chosen} />}
    </Dialog>
  )
}

const accountsWord = (count: number) => (count === 1 ? '1 account' : `${count} accounts`)
const brandsWord = (count: number) => (count === 1 ? '1 brand' : `${count} brands`)

function addedWords(accounts: number, brands: number): string {
  const parts = [...(accounts > 0 ? [accountsWord(accounts)] : []), ...(brands > 0 ? [brandsWord(brands)] : [])]
  return `Added ${parts.join(' and ')}.`
}

const verdictWords = { new: 'Will be added', here: 'Already here', refused: 'Cannot be taken' } as const

function Preview({ chosen: { name, preview } }: { chosen: Chosen }) {
  if (preview.faults.length > 0) {
    return (
      <section role="alert" aria-label="Faults" className={clsx(styles.part)}>
        <h3>{`${name} cannot be read`}</h3>
        <ul className={clsx(styles.rows)}>
          {preview.faults.map(({ line, column, path, message }) => (
            <li key={`${line}:${column} ${path} ${message}`}>
              {`Line ${line}, column ${column}: ${path === '' ? '' : `${path}: `}${message}`}
            </li>
          ))}
        </ul>
      </section>
    )
  }
  return (
    <>
      <p role="status" className={clsx(styles.summary)}>
        {summaryOf(preview)}
      </p>
      <section aria-label="Accounts in the file" className={clsx(styles.part)}>
        <h3>Accounts</h3>
        <ul className={clsx(styles.rows)}>
          {preview.accounts.map(({ vendorName, siteLabel, userName, email, verdict, reason }, index) => (
            // The same account may stand in the file twice.
            // biome-ignore lint/suspicious/noArrayIndexKey: the list never changes
            <li key={index}>
              <span className={clsx(styles.who)}>
                <strong>{`${userName} at ${siteLabel}`}</strong>
                <span className={clsx(styles.quiet)}>
                  {[vendorName, email].filter((each) => each !== null).join(', ')}
                </span>
                {reason !== null && <span className={clsx(styles.quiet)}>{reason}</span>}
              </span>
              <span className={clsx(styles[verdict])}>{verdictWords[verdict]}</span>
            </li>
          ))}
        </ul>
      </section>
      {preview.brands.length > 0 && (
        <section aria-label="Brands in the file" className={clsx(styles.part)}>
          <h3>Brands</h3>
          <ul className={clsx(styles.rows)}>
            {preview.brands.map((brand, index) => (
              // biome-ignore lint/suspicious/noArrayIndexKey: the list never changes
              <li key={index}>
                <span className={clsx(styles.who)}>{brand.name}</span>
                <span className={clsx(styles[brand.verdict])}>{verdictWords[brand.verdict]}</span>
              </li>
            ))}
          </ul>
        </section>
      )}
    </>
  )
}

function summaryOf({ accounts }: ImportPreview): string {
  const count = (verdict: ImportPreview['accounts'][number]['verdict']) =>
    accounts.filter((each) => each.verdict === verdict).length
  const parts = [
    `${count('new')} of ${accountsWord(accounts.length)} will be added and ask for a sign-in, one after another`,
    ...(count('here') > 0 ? [`${count('here')} already here`] : []),
    ...(count('refused') > 0 ? [`${count('refused')} cannot be taken`] : []),
  ]
  return `${parts.join('; ')}.`
}
