import { clsx } from 'clsx'
import ChevronDown from 'lucide-react/icons/chevron-down'
import Lock from 'lucide-react/icons/lock'
import { type CSSProperties, type KeyboardEvent, useEffect, useRef, useState } from 'react'
import { ToggleButton, ToggleButtonGroup } from 'react-aria-components'
import type { AccountView, BrandView, Command, ConversationStatus, ThreadView } from '../../preload/contract.ts'
import { BrandTile } from '../design/brand-tile.tsx'
import { Button } from '../design/button.tsx'
import { Keys } from '../design/keys.tsx'
import { Menu, MenuItem } from '../design/menu.tsx'
import { useBrandColors } from '../design/theme.tsx'
import type { ReplyKind } from '../state/thread.ts'
import { useApp, useDesk, useThread, useWorkspace } from '../workspace.tsx'
import { writtenCommand } from './actions.ts'
import styles from './composer.module.css'
import { StatusMark, statusNames } from './status-mark.tsx'

export interface ComposerProps {
  conversation: ThreadView['conversation']
  brand: BrandView | undefined
  account: AccountView
}

/** Where replies and notes are written, framed in the brand's colour so that nobody answers as another brand. */
export function Composer({ conversation, brand, account }: ComposerProps) {
  const kinds = (['reply', 'note'] as const).filter((kind) => account.commands.includes(kind))
  const writing = useThread((state) => state.writing)
  const colors = useBrandColors(brand?.color ?? '#6e727d')
  const [first] = kinds
  if (first === undefined) return null
  const kind = kinds.includes(writing.kind) ? writing.kind : first
  return (
    <section
      aria-label={kind === 'reply' ? 'Write a reply' : 'Write a note'}
      className={clsx(styles.composer, kind === 'note' && styles.isNote)}
      style={kind === 'reply' ? ({ '--frame': colors.fill } as CSSProperties) : {}}
    >
      <div className={clsx(styles.identity)}>
        {kind === 'note' ? <Lock size={14} aria-hidden="true" /> : <BrandTile brand={brand ?? null} size={20} />}
        <Identity kind={kind} brand={brand} account={account} />
        <KindSwitch kind={kind} kinds={kinds} />
      </div>
      <Editor kind={kind} conversation={conversation} brand={brand} account={account} />
    </section>
  )
}

function Identity({ kind, brand, account }: { kind: ReplyKind; brand: BrandView | undefined; account: AccountView }) {
  if (kind === 'note') return <span className={clsx(styles.sentence)}>Only your team sees this note</span>
  if (brand === undefined) {
    return (
      <span className={clsx(styles.sentence)}>
        Replying as <strong>{account.user.name}</strong> through {account.vendorName} {account.siteLabel}, no brand yet
      </span>
    )
  }
  const name = brand.replyName || brand.name
  const title = brand.replyAddress === '' ? name : `${name} from ${brand.replyAddress}`
  return (
    <span className={clsx(styles.sentence)} title={title}>
      Replying as <strong>{name}</strong>
      {brand.replyAddress !== '' && ` from ${brand.replyAddress}`}
    </span>
  )
}

const kindNames: Record<ReplyKind, string> = { reply: 'Reply', note: 'Note' }

function KindSwitch({ kind, kinds }: { kind: ReplyKind; kinds: readonly ReplyKind[] }) {
  const { thread } = useWorkspace()
  return (
    <ToggleButtonGroup
      aria-label="Reply or note"
      selectionMode="single"
      disallowEmptySelection
      selectedKeys={[kind]}
      onSelectionChange={(keys) => {
        const chosen = kinds.find((candidate) => keys.has(candidate))
        if (chosen !== undefined) thread.getState().compose(chosen)
      }}
      className={clsx(styles.kinds)}
    >
      {kinds.map((candidate) => (
        <ToggleButton key={candidate} id={candidate} className={clsx(styles.kind)}>
          {kindNames[candidate]}
        </ToggleButton>
      ))}
    </ToggleButtonGroup>
  )
}

interface EditorProps extends ComposerProps {
  kind: ReplyKind
}

function Editor({ kind, conversation, brand, account }: EditorProps) {
  const { thread } = useWorkspace()
  const text = useThread((state) => state.writing.bodyText)
  const input = useComposerFocus()
  const { send, busy } = useSend(kind, conversation, brand, account)
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
        aria-label={kindNames[kind]}
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
      <div className={clsx(styles.foot)}>
        <Hint account={account} hasText={text.trim() !== ''} />
        <SendButton kind={kind} account={account} isDisabled={text.trim() === ''} isBusy={busy} onSend={send} />
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

function useSend(
  kind: ReplyKind,
  conversation: ThreadView['conversation'],
  brand: BrandView | undefined,
  account: AccountView,
) {
  const { thread } = useWorkspace()
  const { attempt } = useDesk()
  const [busy, setBusy] = useState(false)
  const send = (status: ConversationStatus | null) => {
    const text = thread.getState().writing.bodyText
    if (busy || text.trim() === '') return
    const commands: Command[] = [writtenCommand(kind, text, brand?.signature ?? '')]
    if (status !== null && status !== conversation.status && account.commands.includes('status')) {
      commands.push({ kind: 'status', status, vendorStatusId: null })
    }
    setBusy(true)
    void attempt(thread.getState().sendWriting(commands)).then(() => setBusy(false))
  }
  return { send, busy }
}

/** What happens when one sends now: the shortcut, or why it will wait. */
function Hint({ account, hasText }: { account: AccountView; hasText: boolean }) {
  const online = useApp((state) => state.app?.online ?? true)
  if (account.state === 'needs_sign_in') {
    return <span className={clsx(styles.hint)}>Goes out after you sign in to {account.vendorName} again</span>
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
  account: AccountView
  isDisabled: boolean
  isBusy: boolean
  onSend: (status: ConversationStatus | null) => void
}

const afterSending = ['open', 'pending', 'on_hold', 'solved'] as const

function SendButton({ kind, account, isDisabled, isBusy, onSend }: SendButtonProps) {
  const mayStatus = account.commands.includes('status')
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
