import { clsx } from 'clsx'
import Download from 'lucide-react/icons/download'
import Paperclip from 'lucide-react/icons/paperclip'
import { useState } from 'react'
import { Button } from 'react-aria-components'
import type { MessageView } from '../../preload/contract.ts'
import { unwrap } from '../bridge.ts'
import { Spinner } from '../design/spinner.tsx'
import { ManagedNote, managedWords } from '../policy/managed.tsx'
import { useDesk, usePolicy, useWorkspace } from '../workspace.tsx'
import styles from './message.module.css'

type Attachment = MessageView['attachments'][number]

export function AttachmentList({ message }: { message: MessageView }) {
  const files = message.attachments.filter((file) => !file.inline)
  const forbidden = usePolicy((state) => state.policy?.forbids.downloads ?? null)
  if (files.length === 0) return null
  return (
    <div className={clsx(styles.files)}>
      {files.map((file) =>
        forbidden === null ? (
          <AttachmentButton key={file.id} messageId={message.id} file={file} />
        ) : (
          <ForbiddenAttachment key={file.id} file={file} reason={forbidden} />
        ),
      )}
      {forbidden !== null && <ManagedNote reason={forbidden} />}
    </div>
  )
}

/** Its name can be read; it cannot be saved here. */
function ForbiddenAttachment({ file, reason }: { file: Attachment; reason: string }) {
  const size = fileSize(file.size)
  return (
    <button
      type="button"
      aria-disabled="true"
      aria-label={`${file.name} ${size}. ${managedWords(reason)}`}
      title={managedWords(reason)}
      className={clsx(styles.file, styles.forbidden)}
    >
      <Paperclip size={14} aria-hidden="true" />
      <span className={clsx(styles.fileName)}>{file.name}</span>
      <span className={clsx(styles.fileSize)}>{size}</span>
    </button>
  )
}

function AttachmentButton({ messageId, file }: { messageId: string; file: Attachment }) {
  const { bridge } = useWorkspace()
  const { attempt, confirm } = useDesk()
  const [busy, setBusy] = useState(false)
  const size = fileSize(file.size)
  const download = async () => {
    const saved = await unwrap(bridge.inbox.download({ messageId, attachmentId: file.id }))
    confirm(`${saved.fileName} is in ${saved.folder}`)
  }
  const [start, end] = middleCut(file.name)
  return (
    <Button
      className={clsx(styles.file)}
      aria-label={size === '' ? `Download ${file.name}` : `Download ${file.name} ${size}`}
      isPending={busy}
      onPress={() => {
        setBusy(true)
        void attempt(download()).then(() => setBusy(false))
      }}
    >
      {busy ? <Spinner label="Downloading" delay={0} /> : <Paperclip size={14} aria-hidden="true" />}
      <span className={clsx(styles.fileName)} title={file.name}>
        <span className={clsx(styles.fileStart)}>{start}</span>
        <span>{end}</span>
      </span>{' '}
      <span className={clsx(styles.fileSize)}>{size}</span>
      <Download size={14} aria-hidden="true" />
    </Button>
  )
}

/** A file name in two parts, of which the first may be cut: the extension stays in view. */
export function middleCut(name: string): [start: string, end: string] {
  const at = Math.max(0, name.length - 8)
  return name.length <= 16 ? [name, ''] : [name.slice(0, at), name.slice(at)]
}

const units = ['byte', 'kilobyte', 'megabyte', 'gigabyte'] as const

/** "88 kB", "2.4 MB"; empty where the vendor does not say. `size` is in bytes. */
export function fileSize(size: number | null): string {
  if (size === null) return ''
  const step = size < 1000 ? 0 : Math.min(3, Math.floor(Math.log10(size) / 3))
  const value = size / 1000 ** step
  return new Intl.NumberFormat('en', {
    style: 'unit',
    unit: units[step] ?? 'byte',
    maximumFractionDigits: value < 10 && step > 0 ? 1 : 0,
  }).format(value)
}
