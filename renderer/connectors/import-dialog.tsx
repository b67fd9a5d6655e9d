import { clsx } from 'clsx'
import { useState } from 'react'
import { FileTrigger } from 'react-aria-components'
import type { ImportedApp } from '../../preload/contract.ts'
import type { ErrorShape } from '../../preload/errors.ts'
import { Button } from '../design/button.tsx'
import { Dialog } from '../design/dialog.tsx'
import { ErrorNotice } from '../design/error-notice.tsx'
import { TextAreaField } from '../design/field.tsx'
import { useDesk, useWorkspace } from '../workspace.tsx'
import styles from './connectors.module.css'

const files = [
  { key: 'oauthConfig', label: 'oauth_config.json', isOptional: false },
  { key: 'requests', label: 'requests.json', isOptional: false },
  { key: 'iparams', label: 'oauth_iparams.json or iparams.json', isOptional: true },
] as const
type Texts = Record<(typeof files)[number]['key'], string>

/** The configuration of a Freshworks app becomes a connector, with a report of what was taken and what was not. */
export function ImportDialog({ onClose }: { onClose: () => void }) {
  const { connectors } = useWorkspace()
  const desk = useDesk()
  const [texts, setTexts] = useState<Texts>({ oauthConfig: '', requests: '', iparams: '' })
  const [error, setError] = useState<ErrorShape | null>(null)
  const [imported, setImported] = useState<ImportedApp | null>(null)
  const read = async () => {
    const { oauthConfig, requests, iparams } = texts
    const answer = await connectors
      .getState()
      .importFreshworks({ oauthConfig, requests, ...(iparams.trim() === '' ? {} : { iparams }) })
    setError(answer.ok ? null : answer.error)
    setImported(answer.ok ? answer.value : null)
  }
  const ready = texts.oauthConfig.trim() !== '' && texts.requests.trim() !== ''
  return (
    <Dialog
      title="Import a Freshworks app"
      size="wide"
      isOpen
      onClose={onClose}
      footer={
        <>
          <Button onPress={onClose}>Close</Button>
          <Button variant="primary" isDisabled={!ready} onPress={() => void read()}>
            Read
          </Button>
        </>
      }
    >
      <p className={clsx(styles.meta)}>
        Choose or paste the files of the app’s config folder. Nothing is saved by this.
      </p>
      {files.map(({ key, label, isOptional }) => (
        <div key={key} className={clsx(styles.file)}>
          <TextAreaField
            label={label}
            isOptional={isOptional}
            rows={3}
            value={texts[key]}
            onChange={(value) => setTexts((before) => ({ ...before, [key]: value }))}
          />
          <FileTrigger
            acceptedFileTypes={['application/json']}
            onSelect={(list) =>
              void list?.[0]?.text().then((value) => setTexts((before) => ({ ...before, [key]: value })))
            }
          >
            <Button size="s" aria-label={`Choose file ${label}`}>
              Choose file
            </Button>
          </FileTrigger>
        </div>
      ))}
      {error !== null && <ErrorNotice error={error} onCopy={desk.copy} />}
      {imported !== null && (
        <Imported
          app={imported}
          onOpen={(text) => {
            connectors.getState().create(text)
            onClose()
          }}
        />
      )}
    </Dialog>
  )
}

function Imported({ app, onOpen }: { app: ImportedApp; onOpen: (text: string) => void }) {
  return (
    <div className={clsx(styles.mapped)}>
      <Report report={app.report} />
      {app.manifests.map((manifest) => (
        <section key={manifest.id} aria-label={manifest.integration}>
          <h3>{manifest.integration}</h3>
          <Report report={manifest.report} />
          <Button size="s" onPress={() => onOpen(manifest.text)}>
            Open as a connector
          </Button>
        </section>
      ))}
    </div>
  )
}

function Report({ report }: { report: ImportedApp['report'] }) {
  const parts = [
    { title: 'Taken over', list: report.taken },
    { title: 'Needs an answer of yours', list: report.needsAnswer },
    { title: 'Cannot be carried over', list: report.notCarried },
  ]
  return (
    <>
      {parts
        .filter(({ list }) => list.length > 0)
        .map(({ title, list }) => (
          <div key={title}>
            <h4>{title}</h4>
            <ul className={clsx(styles.bullets)}>
              {list.map((line) => (
                <li key={line}>{line}</li>
              ))}
            </ul>
          </div>
        ))}
    </>
  )
}
