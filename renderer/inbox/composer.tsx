import { clsx } from 'clsx'
import Lock from 'lucide-react/icons/lock'
import type { CSSProperties } from 'react'
import { ToggleButton, ToggleButtonGroup } from 'react-aria-components'
import type { AccountView, BrandView, ThreadView } from '../../preload/contract.ts'
import { BrandTile } from '../design/brand-tile.tsx'
import { Button } from '../design/button.tsx'
import { Menu, MenuItem } from '../design/menu.tsx'
import { useBrandColors } from '../design/theme.tsx'
import type { ReplyKind } from '../state/drafts.ts'
import { useAccounts, useThread, useWorkspace } from '../workspace.tsx'
import styles from './composer.module.css'
import { Editor } from './editor.tsx'
import { goesByMail, mailAddress, mailRoutes } from './mail-route.ts'

export interface ComposerProps {
  conversation: ThreadView['conversation']
  brand: BrandView | undefined
  account: AccountView
}

/** Where replies and notes are written, framed in the brand's colour so that nobody answers as another brand. */
export function Composer({ conversation, brand, account }: ComposerProps) {
  const writing = useThread((state) => state.writing)
  const colors = useBrandColors(brand?.color ?? '#6e727d')
  const byMail = goesByMail(account, conversation)
  const kinds = (['reply', 'note'] as const).filter(
    (kind) => conversation.commands.includes(kind) || (kind === 'reply' && byMail),
  )
  const routes = useMailRoutes(conversation, byMail, brand)
  const [first] = kinds
  if (first === undefined) return null
  const kind = kinds.includes(writing.kind) ? writing.kind : first
  const through = kind === 'reply' && byMail ? routes : null
  return (
    <section
      aria-label={kind === 'reply' ? 'Write a reply' : 'Write a note'}
      className={clsx(styles.composer, kind === 'note' && styles.isNote)}
      style={kind === 'reply' ? ({ '--frame': colors.fill } as CSSProperties) : {}}
    >
      <div className={clsx(styles.identity)}>
        {kind === 'note' ? <Lock size={14} aria-hidden="true" /> : <BrandTile brand={brand ?? null} size={20} />}
        {through === null ? (
          <Identity kind={kind} brand={brand} account={account} />
        ) : (
          <MailIdentity brand={brand} account={account} routes={through} />
        )}
        <KindSwitch kind={kind} kinds={kinds} />
      </div>
      {through?.length === 0 ? (
        <NoMailAccount />
      ) : (
        <Editor
          kind={kind}
          conversation={conversation}
          brand={brand}
          account={account}
          mailAccount={through?.[0] ?? null}
        />
      )}
    </section>
  )
}

/** Mail accounts for a reply that its helpdesk does not send, the chosen one first. */
function useMailRoutes(
  conversation: ThreadView['conversation'],
  byMail: boolean,
  brand: BrandView | undefined,
): AccountView[] {
  const accounts = useAccounts((state) => state.accounts)
  const chosen = useThread((state) => state.writing.throughAccountId)
  if (!byMail) return []
  const routes = mailRoutes(conversation, accounts, brand)
  return [...routes.filter(({ id }) => id === chosen), ...routes.filter(({ id }) => id !== chosen)]
}

interface MailIdentityProps {
  brand: BrandView | undefined
  account: AccountView
  routes: readonly AccountView[]
}

function MailIdentity({ brand, account, routes }: MailIdentityProps) {
  const { thread } = useWorkspace()
  const [through, ...others] = routes
  const name = brand === undefined ? account.user.name : brand.replyName || brand.name
  if (through === undefined) {
    return <span className={clsx(styles.sentence)}>{`${account.vendorName} sends no replies`}</span>
  }
  return (
    <span className={clsx(styles.sentence)}>
      Replying by e-mail as <strong>{name}</strong> from {mailAddress(through)}
      {others.length > 0 && (
        <>
          {' '}
          <Menu
            label="Mail account"
            trigger={
              <Button variant="link" size="s">
                Change
              </Button>
            }
          >
            {routes.map((route, index) => (
              <MenuItem
                key={route.id}
                label={mailAddress(route)}
                isChosen={index === 0}
                onAction={() => thread.getState().write({ throughAccountId: route.id })}
              />
            ))}
          </Menu>
        </>
      )}
    </span>
  )
}

function NoMailAccount() {
  const { connect, app } = useWorkspace()
  return (
    <p className={clsx(styles.noMail)}>
      Connect a mail account of this brand to answer from here.{' '}
      <Button
        variant="link"
        onPress={() => {
          connect.getState().begin()
          app.getState().show('connect')
        }}
      >
        Connect a mail account
      </Button>
    </p>
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
