import Ellipsis from 'lucide-react/icons/ellipsis'
import FileDown from 'lucide-react/icons/file-down'
import FileUp from 'lucide-react/icons/file-up'
import { useState } from 'react'
import { unwrap } from '../bridge.ts'
import { IconButton } from '../design/button.tsx'
import { Menu, MenuItem } from '../design/menu.tsx'
import { useAccounts, useDesk, useWorkspace } from '../workspace.tsx'
import { ImportAccounts } from './import-accounts.tsx'

/** Taking the list of accounts and brands to another computer, and from one. */
export function MovingMenu() {
  const { bridge } = useWorkspace()
  const desk = useDesk()
  const none = useAccounts((state) => state.accounts.length === 0 && state.brands.length === 0)
  const [importing, setImporting] = useState(false)
  const save = async () => {
    const { fileName, folder } = await unwrap(bridge.moving.export())
    desk.confirm(`Saved as ${fileName} in ${folder}. No password, token or secret is in it.`)
  }
  return (
    <>
      <Menu
        label="Moving"
        placement="bottom end"
        trigger={<IconButton label="Export and import" size="m" icon={<Ellipsis size={16} />} />}
      >
        <MenuItem
          label="Export accounts…"
          help="Accounts and brands as a file, without secrets"
          icon={<FileDown size={14} />}
          isDisabled={none}
          onAction={() => void desk.attempt(save())}
        />
        <MenuItem
          label="Import accounts…"
          help="From a file of another Manydesk"
          icon={<FileUp size={14} />}
          onAction={() => setImporting(true)}
        />
      </Menu>
      {importing && <ImportAccounts onClose={() => setImporting(false)} />}
    </>
  )
}
