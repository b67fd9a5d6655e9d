import { clsx } from 'clsx'
import ArrowLeft from 'lucide-react/icons/arrow-left'
import CircleCheck from 'lucide-react/icons/circle-check'
import Ellipsis from 'lucide-react/icons/ellipsis'
import ExternalLink from 'lucide-react/icons/external-link'
import Mail from 'lucide-react/icons/mail'
import PanelRight from 'lucide-react/icons/panel-right'
import RefreshCw from 'lucide-react/icons/refresh-cw'
import UserCheck from 'lucide-react/icons/user-check'
import type { AccountView, BrandView, ThreadView } from '../../preload/contract.ts'
import { BrandTile } from '../design/brand-tile.tsx'
import { IconButton } from '../design/button.tsx'
import { Menu, MenuItem } from '../design/menu.tsx'
import { useBrandColors } from '../design/theme.tsx'
import { useDesk, useWorkspace } from '../workspace.tsx'
import { isFinished, solveAndNext, takeOver } from './actions.ts'
import { conversationNumber } from './conversation-number.ts'
import { NotCurrentMark } from './not-current-notice.tsx'
import { StatusMark } from './status-mark.tsx'
import styles from './thread-pane.module.css'
import { dueWords } from './time-words.ts'
import { useDetailsShown } from './use-details-shown.ts'

type Conversation = ThreadView['conversation']

interface ThreadHeaderProps {
  conversation: Conversation
  brand: BrandView | undefined
  account: AccountView | undefined
  now: number
}

export function ThreadHeader({ conversation, brand, account, now }: ThreadHeaderProps) {
  const { inbox } = useWorkspace()
  const number = conversationNumber(conversation.vendorId)
  const finished = isFinished(conversation)
  const due = conversation.dueAt === null || finished ? null : dueWords(conversation.dueAt, now)
  return (
    <header className={clsx(styles.head)}>
      <div className={clsx(styles.top)}>
        <IconButton
          label="Back to the list"
          shortcut="Esc"
          className={styles.back}
          icon={<ArrowLeft size={16} />}
          onPress={() => inbox.getState().open(null)}
        />
        <h1 className={clsx(styles.subject)} title={conversation.subject}>
          {conversation.subject || 'No subject'}
        </h1>
        <Actions conversation={conversation} account={account} finished={finished} />
      </div>
      <div className={clsx(styles.meta)}>
        {brand !== undefined && <BrandTag brand={brand} />}
        <span className={clsx(styles.state)}>
          <StatusMark status={conversation.status} />
          {conversation.vendorStatusLabel}
        </span>
        <span>{[account?.vendorName ?? 'Removed account', number].filter((part) => part !== null).join(' ')}</span>
        {account !== undefined && <NotCurrentMark accountId={account.id} now={now} />}
        {due !== null && (
          <span className={clsx(styles.due, due.state !== 'later' && styles[due.state])}>{due.text}</span>
        )}
      </div>
    </header>
  )
}

function BrandTag({ brand }: { brand: BrandView }) {
  const colors = useBrandColors(brand.color)
  return (
    <span
      className={clsx(styles.brand)}
      title={brand.name}
      style={{ color: colors.text, background: `color-mix(in oklab, ${colors.fill} 9%, transparent)` }}
    >
      <BrandTile brand={brand} size={16} />
      <span className={clsx(styles.brandName)}>{brand.name}</span>
    </span>
  )
}

interface ActionsProps {
  conversation: Conversation
  account: AccountView | undefined
  finished: boolean
}

function Actions({ conversation, account, finished }: ActionsProps) {
  const workspace = useWorkspace()
  const { attempt } = useDesk()
  const details = useDetailsShown()
  const may = (command: 'status' | 'assign') => account !== undefined && conversation.commands.includes(command)
  const { inbox, app } = workspace
  return (
    <div className={clsx(styles.actions)}>
      {may('status') && (
        <IconButton
          label="Solve and go to the next"
          shortcut="E"
          isDisabled={finished}
          icon={<CircleCheck size={16} />}
          onPress={() => void attempt(solveAndNext(workspace, conversation.id))}
        />
      )}
      <IconButton
        label="Mark as unread"
        shortcut="U"
        icon={<Mail size={16} />}
        onPress={() => void attempt(inbox.getState().setRead(conversation.id, false))}
      />
      <MoreMenu conversation={conversation} account={account} mayAssign={may('assign')} />
      <IconButton
        label={details ? 'Hide details' : 'Show details'}
        shortcut="]"
        aria-pressed={details}
        icon={<PanelRight size={16} />}
        onPress={() => app.getState().togglePane('details')}
      />
    </div>
  )
}

interface MoreMenuProps {
  conversation: Conversation
  account: AccountView | undefined
  mayAssign: boolean
}

function MoreMenu({ conversation, account, mayAssign }: MoreMenuProps) {
  const workspace = useWorkspace()
  const { attempt, openLink } = useDesk()
  return (
    <Menu
      label="More actions"
      placement="bottom end"
      trigger={<IconButton label="More actions" icon={<Ellipsis size={16} />} />}
    >
      {mayAssign && (
        <MenuItem
          label="Assign to me"
          shortcut="I"
          icon={<UserCheck size={16} />}
          onAction={() => void attempt(takeOver(workspace, conversation.id))}
        />
      )}
      <MenuItem
        label="Read the newest messages"
        icon={<RefreshCw size={16} />}
        onAction={() => void workspace.thread.getState().refresh()}
      />
      <MenuItem
        label={`Open in ${account?.vendorName ?? 'the browser'}`}
        icon={<ExternalLink size={16} />}
        onAction={() => openLink(conversation.url)}
      />
    </Menu>
  )
}
