import { clsx } from 'clsx'
import { useState } from 'react'
import type { ManifestSummary, TriedRequest } from '../../preload/contract.ts'
import { Button } from '../design/button.tsx'
import { ErrorNotice } from '../design/error-notice.tsx'
import { TextField } from '../design/field.tsx'
import { Select } from '../design/select.tsx'
import { StatusMark } from '../inbox/status-mark.tsx'
import { fullTime } from '../inbox/time-words.ts'
import { useAccounts, useDesk, useWorkspace, useWorkspaceStore } from '../workspace.tsx'
import styles from './connectors.module.css'

/** One request of the description run with a connected account: the raw answer beside what it becomes. `canRun`: the text has no faults. */
export function TrialView({ summary, canRun }: { summary: ManifestSummary; canRun: boolean }) {
  const { connectors } = useWorkspace()
  const desk = useDesk()
  const allAccounts = useAccounts((state) => state.accounts)
  const accounts = allAccounts.filter(({ vendor }) => vendor === summary.id)
  const trial = useWorkspaceStore('connectors', (state) => state.trial)
  const [accountId, setAccountId] = useState<string | null>(null)
  const [request, setRequest] = useState<string | null>(null)
  const [conversation, setConversation] = useState('')
  const chosen = summary.reads.find((read) => read.request === request) ?? summary.reads[0]
  const account = accounts.find(({ id }) => id === accountId) ?? accounts[0]
  if (account === undefined) {
    return (
      <section className={clsx(styles.card)}>
        <h3>Try it</h3>
        <p className={clsx(styles.meta)}>
          Save it and connect an account of it. Then each request can be tried here, with the answer raw and mapped.
        </p>
      </section>
    )
  }
  const run = () =>
    chosen !== undefined &&
    void connectors.getState().run({
      accountId: account.id,
      request: chosen.request,
      conversationVendorId: chosen.aboutOne ? conversation.trim() || null : null,
    })
  return (
    <section className={clsx(styles.card)}>
      <h3>Try it</h3>
      <div className={clsx(styles.trial)}>
        <Select
          label="Account"
          options={accounts.map(({ id, siteLabel, user }) => ({ id, label: `${user.name} at ${siteLabel}` }))}
          value={account.id}
          onChange={setAccountId}
        />
        <Select
          label="Request"
          options={summary.reads.map((read) => ({ id: read.request, label: read.request, help: read.summary }))}
          value={chosen?.request ?? null}
          onChange={setRequest}
        />
        {chosen?.aboutOne && <TextField label="Conversation id" value={conversation} onChange={setConversation} />}
        <Button
          isBusy={trial.running}
          isDisabled={!canRun || (chosen?.aboutOne === true && conversation.trim() === '')}
          onPress={run}
        >
          Run
        </Button>
      </div>
      {trial.error !== null && <ErrorNotice error={trial.error} onCopy={desk.copy} />}
      {trial.result !== null && <Result result={trial.result} />}
    </section>
  )
}

function Result({ result }: { result: TriedRequest }) {
  const desk = useDesk()
  return (
    <div className={clsx(styles.result)}>
      <p className={clsx(styles.meta)}>{`${result.method} ${result.path}`}</p>
      {result.fault !== null && <ErrorNotice error={result.fault} onCopy={desk.copy} />}
      <div className={clsx(styles.sides)}>
        <section aria-label="Mapped">
          <h4>In Manydesk</h4>
          <Mapped result={result} />
        </section>
        <section aria-label="Raw answer">
          <h4>{result.truncated ? 'Raw answer, its beginning' : 'Raw answer'}</h4>
          {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolled region must be reachable by keyboard */}
          <pre tabIndex={0}>{result.raw}</pre>
        </section>
      </div>
    </div>
  )
}

function Mapped({ result }: { result: TriedRequest }) {
  const { mapped } = result
  if (mapped === null) return <p className={clsx(styles.meta)}>Nothing of it could be read.</p>
  const { conversations, messages, people, agents, quarantined } = mapped
  return (
    <div className={clsx(styles.mapped)}>
      {quarantined.map(({ path, reason }) => (
        <p key={path} className={clsx(styles.warning)}>{`Set aside: ${path}, ${reason}`}</p>
      ))}
      {conversations.map((one) => (
        <article key={one.vendorId} aria-label={one.subject}>
          <p className={clsx(styles.name)}>
            <StatusMark status={one.status} /> {one.subject || '(no subject)'}
          </p>
          <p className={clsx(styles.meta)}>
            {[
              one.customer.name ?? one.customer.email ?? 'no customer',
              one.vendorStatus.label,
              one.priority,
              fullTime(one.updatedAt),
            ]
              .filter(Boolean)
              .join(', ')}
          </p>
          {one.preview !== '' && <p>{one.preview}</p>}
        </article>
      ))}
      {messages.map((one) => (
        <article key={one.vendorId} aria-label={`${one.kind} of ${one.author.name ?? one.author.role}`}>
          <p
            className={clsx(styles.meta)}
          >{`${one.kind}, ${one.direction}, ${one.author.name ?? one.author.role}, ${fullTime(one.createdAt)}`}</p>
          <p>{one.bodyText}</p>
        </article>
      ))}
      <p className={clsx(styles.meta)}>
        {`${conversations.length} conversations, ${messages.length} messages, ${people.length} people, ${agents.length} agents`}
      </p>
    </div>
  )
}
