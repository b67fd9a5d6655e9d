import { clsx } from 'clsx'
import { Dialog } from '../design/dialog.tsx'
import { Keys } from '../design/keys.tsx'
import { useApp, useWorkspace } from '../workspace.tsx'
import { shortcutGroups } from './keymap.ts'
import styles from './shortcuts-help.module.css'

/** The `?` overlay: every shortcut, by what it is for. */
export function ShortcutsHelp() {
  const { app } = useWorkspace()
  const open = useApp((state) => state.shortcutsOpen)
  return (
    <Dialog title="Keyboard shortcuts" size="wide" isOpen={open} onClose={() => app.getState().showShortcuts(false)}>
      <div className={clsx(styles.groups)}>
        {shortcutGroups.map((group) => (
          <section key={group.name} className={clsx(styles.group)}>
            <h3>{group.name}</h3>
            {group.shortcuts.map((shortcut) => (
              <div key={shortcut.keys} className={clsx(styles.row)}>
                <span>{shortcut.words}</span>
                <Keys keys={shortcut.keys} />
              </div>
            ))}
          </section>
        ))}
      </div>
    </Dialog>
  )
}
