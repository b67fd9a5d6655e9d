import Ellipsis from 'lucide-react/icons/ellipsis'
import FileDown from 'lucide-react/icons/file-down'
import FileUp from 'lucide-react/icons/file-up'
import LockKeyhole from 'lucide-react/icons/lock-keyhole'
import { useState } from 'react'
import { unwrap } from '../bridge.ts'
import { IconButton } from '../design/button.tsx'
import { Menu, MenuItem, MenuLine } from '../design/menu.tsx'
import { managedWords } from '../policy/managed.tsx'
import { useAccounts, useDesk, usePolicy, useWorkspace, useWorkspaceStore } from '../workspace.tsx'
import { ImportAccounts } from './import-accounts.tsx'

/** What concerns this computer as a whole: taking accounts and brands elsewhere, and its lock. */
export function MovingMenu() {
  const { bridge, lock, policy, thread } = useWorkspace()
  const lockable = useWorkspaceStore('lock', (state) => state.lock?.phase === 'open')
  const desk = useDesk()
  const none = useAccounts((state) => state.accounts.length === 0 && state.brands.length === 0)
  const forbidden = usePolicy((state) => state.policy?.forbids.export ?? null)
  const [importing, setImporting] = useState(false)
  const save = async () => {
    const { fileName, folder } = await unwrap(bridge.moving.export())
    desk.confirm(`Saved as ${fileName} in ${folder}. No password, token or secret is in it.`)
  }
  return (
    <>
      <Menu
        label="This computer"
        placement="bottom end"
        trigger={<IconButton label="Export, import and lock" size="m" icon={<Ellipsis size={16} />} />}
      >
        <MenuItem
          label="Export accounts…"
          help={forbidden === null ? 'Accounts and brands as a file, without secrets' : managedWords(forbidden)}
          icon={<FileDown size={14} />}
          isDisabled={none && forbidden === null}
          isManaged={forbidden !== null}
          onAction={() => (forbidden === null ? void desk.attempt(save()) : policy.getState().showRules(true))}
        />
        <MenuItem
          label="Import accounts…"
          help="From a file of another Manydesk"
          icon={<FileUp size={14} />}
          onAction={() => setImporting(true)}
        />
        <MenuLine />
        <MenuItem
          label="App lock…"
          help="A passphrase for this computer"
          icon={<LockKeyhole size={14} />}
          onAction={() => lock.getState().showSettings(true)}
        />
        {lockable && (
          <MenuItem
            label="Lock now"
            icon={<LockKeyhole size={14} />}
            onAction={() => {
              thread.getState().stop()
              void desk.attempt(unwrap(bridge.lock.now()))
            }}
          />
        )}
      </Menu>
      {importing && <ImportAccounts onClose={() => setImporting(false)} />}
    </>
  )
}
