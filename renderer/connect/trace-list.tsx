import { clsx } from 'clsx'
import { useEffect, useState } from 'react'
import type { TraceEntry } from '../../preload/contract.ts'
import type { ErrorShape } from '../../preload/errors.ts'
import { Button } from '../design/button.tsx'
import { ErrorNotice } from '../design/error-notice.tsx'
import { ManagedButton } from '../policy/managed.tsx'
import { useDesk, usePolicy, useWorkspace } from '../workspace.tsx'
import styles from './trace-list.module.css'

type Traced = { attemptId: string } | { runId: string }

/** What happened in a sign-in or a test, line by line: read, or saved for the vendor's support. Secrets never reach the window. */
export function TraceList(of: Traced) {
  const [noun, id] = 'runId' in of ? (['doctor', of.runId] as const) : (['accounts', of.attemptId] as const)
  const { bridge } = useWorkspace()
  const desk = useDesk()
  const forbidden = usePolicy((state) => state.policy?.forbids.export ?? null)
  const [entries, setEntries] = useState<readonly TraceEntry[] | null>(null)
  const [error, setError] = useState<ErrorShape | null>(null)
  const [saveError, setSaveError] = useState<ErrorShape | null>(null)
  useEffect(() => {
    let shown = true
    const reading = noun === 'doctor' ? bridge.doctor.trace({ runId: id }) : bridge.accounts.trace({ attemptId: id })
    void reading.then((answer) => {
      if (!shown) return
      if (answer.ok) setEntries(answer.value)
      else setError(answer.error)
    })
    return () => {
      shown = false
    }
  }, [bridge, noun, id])
  const save = async () => {
    setSaveError(null)
    const answer =
      noun === 'doctor'
        ? await bridge.doctor.saveTrace({ runId: id })
        : await bridge.accounts.saveTrace({ attemptId: id })
    if (answer.ok) desk.confirm(`Saved ${answer.value.fileName} in ${answer.value.folder}`)
    else setSaveError(answer.error)
  }
  if (error !== null) return <ErrorNotice error={error} onCopy={desk.copy} />
  if (entries === null) return null
  const begin = entries[0]?.at ?? 0
  return (
    <section className={clsx(styles.trace)} aria-label="What happened">
      {saveError !== null && <ErrorNotice error={saveError} onCopy={desk.copy} />}
      <ol>
        {entries.map((entry, index) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: lines never move, and several may be of the same moment
          <TraceLine key={index} entry={entry} begin={begin} />
        ))}
      </ol>
      <p className={clsx(styles.foot)}>
        {forbidden === null ? (
          <>
            <Button size="s" onPress={() => void save()}>
              Save as HAR file
            </Button>
            <span>Secrets are masked. The file can be given to the vendor’s support.</span>
          </>
        ) : (
          <ManagedButton reason={forbidden}>Save as HAR file</ManagedButton>
        )}
      </p>
    </section>
  )
}

function TraceLine({ entry, begin }: { entry: TraceEntry; begin: number }) {
  const failed = entry.error !== null || (entry.status !== null && entry.status >= 400)
  const values = [
    ...Object.entries(entry.sent),
    ...Object.entries(entry.received).map(([name, value]) => [`${name} ←`, value]),
  ]
  return (
    <li className={clsx(styles.line, failed && styles.failed)}>
      <span className={clsx(styles.when)}>{`${((entry.at - begin) / 1000).toFixed(1)} s`}</span>
      <div>
        <p className={clsx(styles.title)}>
          {entry.title}
          {entry.status !== null && <span className={clsx(styles.status)}>{`HTTP ${entry.status}`}</span>}
          {entry.ms !== null && <span className={clsx(styles.status)}>{`${entry.ms} ms`}</span>}
          {entry.error !== null && <span className={clsx(styles.status)}>{entry.error}</span>}
        </p>
        {entry.url !== null && <p className={clsx(styles.url)}>{`${entry.method ?? ''} ${entry.url}`.trim()}</p>}
        {values.length > 0 && (
          <dl className={clsx(styles.values)}>
            {values.map(([name, value]) => (
              <div key={name}>
                <dt>{name}</dt>
                <dd>{value}</dd>
              </div>
            ))}
          </dl>
        )}
      </div>
    </li>
  )
}
