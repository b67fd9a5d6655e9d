import Ellipsis from 'lucide-react/icons/ellipsis'
import KeyRound from 'lucide-react/icons/key-round'
import ListChecks from 'lucide-react/icons/list-checks'
import Palette from 'lucide-react/icons/palette'
import Pause from 'lucide-react/icons/pause'
import Play from 'lucide-react/icons/play'
import RectangleEllipsis from 'lucide-react/icons/rectangle-ellipsis'
import RefreshCw from 'lucide-react/icons/refresh-cw'
import Stethoscope from 'lucide-react/icons/stethoscope'
import Trash2 from 'lucide-react/icons/trash-2'
import UserRoundCog from 'lucide-react/icons/user-round-cog'
import { useState } from 'react'
import type { AccountView } from '../../preload/contract.ts'
import { IconButton } from '../design/button.tsx'
import { Menu, MenuItem, type MenuItemProps, MenuLine } from '../design/menu.tsx'
import { managedWords } from '../policy/managed.tsx'
import { isService } from '../state/rungs.ts'
import { useWorkspace } from '../workspace.tsx'
import { ReplaceSecretDialog } from './replace-secret-dialog.tsx'
import { SwitchUserDialog } from './switch-user-dialog.tsx'
import { useClientLock } from './use-client-lock.ts'
import { useReconnect } from './use-reconnect.ts'

/** Everything that can be done with an account. */
export function AccountMenu({
  account,
  isBusy,
  onRemove,
}: {
  account: AccountView
  isBusy: boolean
  onRemove: () => void
}) {
  const { accounts, connect, app, doctor } = useWorkspace()
  const reconnect = useReconnect(account)
  const [switching, setSwitching] = useState(false)
  const [replacing, setReplacing] = useState(false)
  const client = useClientLock(account)
  const actions = accounts.getState()
  const changeBrand = () => {
    connect.getState().nameBrand(account.id)
    app.getState().show('connect')
  }
  const byPerson = account.way !== 'key' && !isService(account.way)
  return (
    <>
      <Menu
        label="Account actions"
        placement="bottom end"
        trigger={<IconButton label="More actions" size="m" icon={<Ellipsis size={16} />} isDisabled={isBusy} />}
      >
        <MenuItem
          label="Sync now"
          icon={<RefreshCw size={14} />}
          isDisabled={account.state !== 'connected'}
          onAction={() => void actions.syncNow(account.id)}
        />
        {account.state === 'paused' ? (
          <MenuItem label="Resume" icon={<Play size={14} />} onAction={() => void actions.resume(account.id)} />
        ) : (
          <MenuItem label="Pause" icon={<Pause size={14} />} onAction={() => void actions.pause(account.id)} />
        )}
        <LockableItem
          label={account.way === 'key' ? 'Change the key' : 'Reconnect'}
          icon={<KeyRound size={14} />}
          locked={account.locked?.reconnect ?? null}
          onAction={() => void reconnect.start()}
        />
        {account.asksRights === true && (
          <LockableItem
            label="Ask for the rights again"
            icon={<ListChecks size={14} />}
            locked={account.locked?.reconnect ?? null}
            onAction={() => void reconnect.start(undefined, { askRights: true })}
          />
        )}
        {byPerson && (
          <LockableItem
            label="Switch user"
            icon={<UserRoundCog size={14} />}
            locked={account.locked?.reconnect ?? account.locked?.remove ?? null}
            onAction={() => setSwitching(true)}
          />
        )}
        {account.way !== 'key' && (
          <LockableItem
            label="Replace the client secret"
            icon={<RectangleEllipsis size={14} />}
            locked={client}
            onAction={() => setReplacing(true)}
          />
        )}
        <MenuItem
          label="Test this connection"
          icon={<Stethoscope size={14} />}
          onAction={() => void doctor.getState().test({ accountId: account.id })}
        />
        <MenuItem label="Change brand" icon={<Palette size={14} />} onAction={changeBrand} />
        <MenuLine />
        <LockableItem
          label="Remove"
          icon={<Trash2 size={14} />}
          isDanger
          locked={account.locked?.remove ?? null}
          onAction={onRemove}
        />
      </Menu>
      <ReplaceSecretDialog account={account} isOpen={replacing} onClose={() => setReplacing(false)} />
      <SwitchUserDialog account={account} isOpen={switching} onClose={() => setSwitching(false)} />
    </>
  )
}

/** Where the organisation has locked the account: the reason in its place, still within reach of the keyboard, and leading to the rules. */
function LockableItem({ locked, ...item }: MenuItemProps & { locked: string | null }) {
  const { policy } = useWorkspace()
  if (locked === null) return <MenuItem {...item} />
  const { label, icon } = item
  return (
    <MenuItem
      label={label}
      icon={icon}
      isManaged
      help={managedWords(locked)}
      onAction={() => policy.getState().showRules(true)}
    />
  )
}
