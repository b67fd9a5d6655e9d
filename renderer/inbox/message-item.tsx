import { clsx } from 'clsx'
import Check from 'lucide-react/icons/check'
import Clock from 'lucide-react/icons/clock'
import Lock from 'lucide-react/icons/lock'
import Workflow from 'lucide-react/icons/workflow'
import { memo } from 'react'
import type { MessageView } from '../../preload/contract.ts'
import { unwrap } from '../bridge.ts'
import { Avatar } from '../design/avatar.tsx'
import { Button } from '../design/button.tsx'
import { Badge } from '../design/chip.tsx'
import { CopyButton } from '../design/copy-field.tsx'
import { ErrorNotice } from '../design/error-notice.tsx'
import { useDesk, useWorkspace } from '../workspace.tsx'
import { AttachmentList } from './attachment-list.tsx'
import styles from './message.module.css'
import { MessageHtml } from './message-html.tsx'
import { splitQuote, withLinks } from './plain-text.ts'
import { fullTime, messageTime } from './time-words.ts'

export interface MessageItemProps {
  message: MessageView
  now: number
  onLink: (href: string, text: string) => void
}

/** One entry of the thread: a reply, a private note, or a quiet line for an event. */
export const MessageItem = memo(function MessageItem({ message, now, onLink }: MessageItemProps) {
  if (message.kind === 'event') return <EventLine message={message} now={now} />
  const isNote = message.kind === 'note'
  const words = isNote ? 'Private note' : message.direction === 'in' ? 'Message' : 'Reply'
  // What waits to be sent is ours, also where the vendor has not said who we are.
  const author = message.authorName || (message.delivery === null ? '' : 'You')
  return (
    <article aria-label={`${words} from ${author}`} className={clsx(styles.message, isNote && styles.note)}>
      <header className={clsx(styles.head)}>
        <Avatar name={author} tone={message.authorRole === 'agent' ? 'accent' : 'neutral'} />
        <span className={clsx(styles.who)}>
          <span className={clsx(styles.author)}>{author}</span>
          {isNote ? (
            <Badge tone="amber" icon={<Lock size={11} aria-hidden="true" />}>
              Private note
            </Badge>
          ) : (
            <span className={clsx(styles.address)}>{message.authorEmail}</span>
          )}
        </span>
        <time className={clsx(styles.time)} title={fullTime(message.createdAt)}>
          {messageTime(message.createdAt, now)}
        </time>
      </header>
      <div className={clsx(styles.body)}>
        {message.bodyHtml !== null && message.delivery === null ? (
          <MessageHtml html={message.bodyHtml} author={message.authorName} onLink={onLink} />
        ) : (
          <PlainText text={message.bodyText} onLink={onLink} />
        )}
        <AttachmentList message={message} />
      </div>
      <Delivery message={message} />
    </article>
  )
})

function PlainText({ text, onLink }: { text: string; onLink: MessageItemProps['onLink'] }) {
  const { fresh, quoted } = splitQuote(text)
  return (
    <>
      <Words text={fresh} onLink={onLink} />
      {quoted !== '' && (
        <details className={clsx(styles.quote)}>
          <summary>Quoted text</summary>
          <Words text={quoted} onLink={onLink} />
        </details>
      )}
    </>
  )
}

function Words({ text, onLink }: { text: string; onLink: MessageItemProps['onLink'] }) {
  return (
    <div className={clsx(styles.text)}>
      {withLinks(text).map((piece, index) =>
        piece.kind === 'text' ? (
          piece.text
        ) : (
          <a
            // biome-ignore lint/suspicious/noArrayIndexKey: pieces of one text never change places
            key={index}
            href={piece.href}
            className={clsx(styles.link)}
            onClick={(event) => {
              event.preventDefault()
              onLink(piece.href, piece.text)
            }}
          >
            {piece.text}
          </a>
        ),
      )}
    </div>
  )
}

function EventLine({ message, now }: { message: MessageView; now: number }) {
  return (
    <p className={clsx(styles.event)}>
      <Workflow size={14} aria-hidden="true" />
      <span>{message.bodyText}</span>
      <time title={fullTime(message.createdAt)}>{messageTime(message.createdAt, now)}</time>
    </p>
  )
}

const deliveryWords = {
  queued: 'Waiting to be sent',
  sending: 'Sending',
  unknown: 'Checking whether it arrived',
  sent: 'Sent',
} as const

/** How far our own message is: quiet while all goes well, a notice that stays when it could not be sent. */
function Delivery({ message }: { message: MessageView }) {
  const { bridge } = useWorkspace()
  const { attempt, copy } = useDesk()
  const { delivery } = message
  if (delivery === null) return null
  if (delivery.state !== 'failed') {
    return (
      <p role="status" className={clsx(styles.delivery)}>
        {delivery.state === 'sent' ? <Check size={14} aria-hidden="true" /> : <Clock size={14} aria-hidden="true" />}
        {deliveryWords[delivery.state]}
      </p>
    )
  }
  const error = delivery.error ?? {
    code: 'vendor_failed' as const,
    message: 'This message could not be sent.',
    action: 'Your text is kept. Try again, or discard it.',
    detail: null,
  }
  return (
    <div className={clsx(styles.failure)}>
      <ErrorNotice
        error={error}
        onCopy={copy}
        actions={
          <>
            <Button size="s" onPress={() => void attempt(unwrap(bridge.outbox.retry({ id: delivery.commandId })))}>
              Try again
            </Button>
            <CopyButton value={message.bodyText} onCopy={copy} label="Copy text" />
            <Button
              size="s"
              variant="quiet"
              onPress={() => void attempt(unwrap(bridge.outbox.discard({ id: delivery.commandId })))}
            >
              Discard
            </Button>
          </>
        }
      />
    </div>
  )
}
