import ArrowDown from 'lucide-react/icons/arrow-down'
import ArrowUp from 'lucide-react/icons/arrow-up'
import Ellipsis from 'lucide-react/icons/ellipsis'
import Pencil from 'lucide-react/icons/pencil'
import Trash2 from 'lucide-react/icons/trash-2'
import { useState } from 'react'
import type { BrandView } from '../../preload/contract.ts'
import { Button, IconButton } from '../design/button.tsx'
import { Dialog } from '../design/dialog.tsx'
import { Menu, MenuItem, MenuLine } from '../design/menu.tsx'
import { useAccounts, useWorkspace } from '../workspace.tsx'

/** What can be done with a brand. `use` is the number of accounts that answer as it. */
export function BrandMenu({ brand, use, onEdit }: { brand: BrandView; use: number; onEdit: () => void }) {
  const { accounts } = useWorkspace()
  const ids = useAccounts((state) => state.brands).map((entry) => entry.id)
  const [asking, setAsking] = useState(false)
  const at = ids.indexOf(brand.id)
  const move = (to: number) => {
    const rest = ids.filter((id) => id !== brand.id)
    void accounts.getState().reorderBrands([...rest.slice(0, to), brand.id, ...rest.slice(to)])
  }
  return (
    <>
      <Menu
        label="Brand actions"
        placement="bottom end"
        trigger={<IconButton label={`Actions for ${brand.name}`} size="m" icon={<Ellipsis size={16} />} />}
      >
        <MenuItem label="Edit" icon={<Pencil size={14} />} onAction={onEdit} />
        <MenuItem label="Move up" icon={<ArrowUp size={14} />} isDisabled={at === 0} onAction={() => move(at - 1)} />
        <MenuItem
          label="Move down"
          icon={<ArrowDown size={14} />}
          isDisabled={at === ids.length - 1}
          onAction={() => move(at + 1)}
        />
        <MenuLine />
        <MenuItem label="Remove" icon={<Trash2 size={14} />} isDanger onAction={() => setAsking(true)} />
      </Menu>
      {use === 0 ? (
        <RemoveBrand brand={brand} isOpen={asking} onClose={() => setAsking(false)} />
      ) : (
        <StillUsed brand={brand} use={use} isOpen={asking} onClose={() => setAsking(false)} />
      )}
    </>
  )
}

interface AskProps {
  brand: BrandView
  isOpen: boolean
  onClose: () => void
}

function RemoveBrand({ brand, isOpen, onClose }: AskProps) {
  const { accounts } = useWorkspace()
  const remove = () => {
    void accounts.getState().removeBrand(brand.id)
    onClose()
  }
  return (
    <Dialog
      role="alertdialog"
      title={`Remove ${brand.name}?`}
      isOpen={isOpen}
      onClose={onClose}
      footer={
        <>
          <Button onPress={onClose} autoFocus>
            Cancel
          </Button>
          <Button variant="danger" onPress={remove}>
            Remove brand
          </Button>
        </>
      }
    >
      Its name, colour, sender and signature are deleted from this computer. No conversation is touched.
    </Dialog>
  )
}

function StillUsed({ brand, use, isOpen, onClose }: AskProps & { use: number }) {
  const words = use === 1 ? 'One account still answers as this brand.' : `${use} accounts still answer as this brand.`
  return (
    <Dialog
      title={`${brand.name} is in use`}
      isOpen={isOpen}
      onClose={onClose}
      footer={
        <Button variant="primary" onPress={onClose} autoFocus>
          OK
        </Button>
      }
    >
      <p>{words}</p>
      <p>Give them another brand under Accounts, then it can be removed.</p>
    </Dialog>
  )
}
