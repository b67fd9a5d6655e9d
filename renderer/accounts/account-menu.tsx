import Ellipsis from 'lucide-react/icons/ellipsis'
import KeyRound from 'lucide-react/icons/key-round'
import Palette from 'lucide-react/icons/palette'
import Pause from 'lucide-react/icons/pause'
import Play from 'lucide-react/icons/play'
import RefreshCw from 'lucide-react/icons/refresh-cw'
import Trash2 from 'lucide-react/icons/trash-2'
import UserRoundCog from 'lucide-react/icons/user-round-cog'
import { useState } from 'react'
import type { AccountView } from '../../preload/contract.ts'
import { IconButton } from '../design/button.tsx'
import { Menu, MenuItem, MenuLine } from '../design/menu.tsx'
import { isService } from '../state/rungs.ts'
import { useWorkspace } from '../workspace.tsx'
import { SwitchUserDialog } from './switch-user-dialog.tsx'
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
  const { accounts, connect, app } = useWorkspace()
  const reconnect = useReconnect(account)
  const [switching, setSwitching] = useState(false)
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
        <MenuItem label="Reconnect" icon={<KeyRound size={14} />} onAction={() => void reconnect.start()} />
        {byPerson && (
          <MenuItem label="Switch user" icon={<UserRoundCog size={14} />} onAction={() => setSwitching(true)} />
        )}
        <MenuItem label="Change brand" icon={<Palette size={14} />} onAction={changeBrand} />
        <MenuLine />
        <MenuItem label="Remove" icon={<Trash2 size={14} />} isDanger onAction={onRemove} />
      </Menu>
      <SwitchUserDialog account={account} isOpen={switching} onClose={() => setSwitching(false)} />
    </>
  )
}
