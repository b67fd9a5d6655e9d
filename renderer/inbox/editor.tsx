import { clsx } from 'clsx'
import ChevronDown from 'lucide-react/icons/chevron-down'
import { type KeyboardEvent, useEffect, useRef, useState } from 'react'
import type { AccountView, BrandView, Command, ConversationStatus, ThreadView } from '../../preload/contract.ts'
import { Button } from '../design/button.tsx'
import { Keys } from '../design/keys.tsx'
import { Menu, MenuItem } from '../design/menu.tsx'
import { repairWords } from '../state/account-words.ts'
import type { ReplyKind } from '../state/drafts.ts'
import { useApp, useDesk, useThread, useWorkspace } from '../workspace.tsx'
import { writtenCommand, writtenMail } from './actions.ts'
import { Alongside } from './alongside.tsx'
import styles from './composer.module.css'
import { MacroMenu } from './macro-menu.tsx'
import { StatusMark, statusNames } from './status-mark.tsx'

interface EditorProps {
  kind: ReplyKind
  conversation: ThreadView['conversation']
  brand: BrandView | undefined
  account: AccountView
  /** Where the helpdesk sends no replies: the mail account that does. */
  mailAccount: AccountView | null
}

const names: Record<ReplyKind, string> = { reply: 'Reply', note: 'Note' }

/** The text, what goes along with it, and the button that sends both. */
export function Editor(props: EditorProps) {
  const { kind, conversation, brand, account, mailAccount } = props
  const { thread } = useWorkspace()
  const text = useThread((state) => state.writing.bodyText)
  const input = useComposerFocus()
  const { send, busy } = useSend(props)
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) {
      event.preventDefault()
      send(event.shiftKey ? 'solved' : null)
    } else if (event.key === 'Escape') {
      event.preventDefault()
      document.querySelector<HTMLElement>('[role="listbox"][aria-label="Conversations"]')?.focus()
    }
  }
  return (
    <>
      <textarea
        ref={input}
        aria-label={names[kind]}
        aria-keyshortcuts="Control+Enter"
        className={clsx(styles.text)}
        placeholder={
          kind === 'reply' ? `Write to ${conversation.customerName || 'the customer'}` : 'Write to your team'
        }
        value={text}
        onChange={(event) => thread.getState().write({ bodyText: event.target.value, kind })}
        onKeyDown={onKeyDown}
      />
      {kind === 'reply' && brand !== undefined && brand.signature.trim() !== '' && (
        <p className={clsx(styles.signature)} title={brand.signature}>
          {`Signature: ${brand.signature.trim().split('\n').join(', ')}`}
        </p>
      )}
      <Alongside conversation={conversation} />
      <div className={clsx(styles.foot)}>
        <MacroMenu conversation={conversation} kind={kind} />
        <Hint account={mailAccount ?? account} hasText={text.trim() !== ''} />
        <SendButton
          kind={kind}
          mayStatus={conversation.commands.includes('status')}
          isDisabled={text.trim() === ''}
          isBusy={busy}
          onSend={send}
        />
      </div>
    </>
  )
}

/** `R` and `N` bring the cursor here; opening a conversation does not. */
function useComposerFocus() {
  const request = useThread((state) => state.composeRequest)
  const input = useRef<HTMLTextAreaElement>(null)
  useEffect(() => {
    if (request === 0) return
    const element = input.current
    element?.focus()
    element?.setSelectionRange(element.value.length, element.value.length)
  }, [request])
  return input
}

function useSend({ kind, conversation, brand, mailAccount }: EditorProps) {
  const { thread } = useWorkspace()
  const { attempt } = useDesk()
  const [busy, setBusy] = useState(false)
  const send = (status: ConversationStatus | null) => {
    const { bodyText, alongside } = thread.getState().writing
    if (busy || bodyText.trim() === '') return
    const changes = withStatus(alongside, status, conversation)
    const signature = brand?.signature ?? ''
    setBusy(true)
    const work =
      kind === 'reply' && mailAccount !== null
        ? thread.getState().sendByMail(mailAccount.id, writtenMail(conversation, bodyText, signature), changes)
        : thread.getState().sendWriting([writtenCommand(kind, bodyText, signature), ...changes])
    void attempt(work).then(() => setBusy(false))
  }
  return { send, busy }
}

/** What is changed together with the reply: the status chosen at the button counts more than the one a macro brought. */
function withStatus(
  alongside: readonly Command[],
  status: ConversationStatus | null,
  conversation: ThreadView['conversation'],
): Command[] {
  const wanted = status !== null && status !== conversation.status && conversation.commands.includes('status')
  if (!wanted) return [...alongside]
  return [...alongside.filter(({ kind }) => kind !== 'status'), { kind: 'status', status, vendorStatusId: null }]
}

/** What happens when one sends now: the shortcut, or why it will wait. */
function Hint({ account, hasText }: { account: AccountView; hasText: boolean }) {
  const online = useApp((state) => state.app?.online ?? true)
  if (account.state === 'needs_sign_in') {
    return <span className={clsx(styles.hint)}>Goes out after {repairWords(account)}</span>
  }
  if (account.state === 'paused') return <span className={clsx(styles.hint)}>Goes out when the account goes on</span>
  if (!online) return <span className={clsx(styles.hint)}>Goes out as soon as you are online</span>
  return (
    <span className={clsx(styles.hint)}>
      {hasText && (
        <>
          <Keys keys="Mod+Enter" /> to send
        </>
      )}
    </span>
  )
}

interface SendButtonProps {
  kind: ReplyKind
  mayStatus: boolean
  isDisabled: boolean
  isBusy: boolean
  onSend: (status: ConversationStatus | null) => void
}

const afterSending = ['open', 'pending', 'on_hold', 'solved'] as const

function SendButton({ kind, mayStatus, isDisabled, isBusy, onSend }: SendButtonProps) {
  return (
    <div className={clsx(styles.send)}>
      <Button
        variant="primary"
        className={clsx(mayStatus ? styles.sendMain : styles.sendOnly)}
        isDisabled={isDisabled}
        isBusy={isBusy}
        onPress={() => onSend(null)}
      >
        {kind === 'reply' ? 'Send' : 'Add note'}
      </Button>
      {mayStatus && (
        <Menu
          label="Send and set the status"
          placement="top end"
          trigger={
            <Button
              variant="primary"
              className={styles.sendMore}
              aria-label="Send and set the status"
              isDisabled={isDisabled}
            >
              <ChevronDown size={14} />
            </Button>
          }
        >
          {afterSending.map((status) => (
            <MenuItem
              key={status}
              label={`Send and set to ${statusNames[status].toLowerCase()}`}
              icon={<StatusMark status={status} />}
              {...(status === 'solved' && { shortcut: 'Mod+Shift+Enter' })}
              onAction={() => onSend(status)}
            />
          ))}
        </Menu>
      )}
    </div>
  )
}
