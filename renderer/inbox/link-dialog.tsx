import { clsx } from 'clsx'
import TriangleAlert from 'lucide-react/icons/triangle-alert'
import { Button } from '../design/button.tsx'
import { CopyButton } from '../design/copy-field.tsx'
import { Dialog } from '../design/dialog.tsx'
import { useDesk } from '../workspace.tsx'
import { checkLink } from './link-check.ts'
import styles from './message.module.css'

export interface ClickedLink {
  href: string
  text: string
}

/** Shows where a link of a customer really leads before anything opens. */
export function LinkDialog({ link, onClose }: { link: ClickedLink | null; onClose: () => void }) {
  const { openLink, copy } = useDesk()
  const facts = link === null ? null : checkLink(link.href, link.text)
  if (link === null) return null
  return (
    <Dialog
      title={
        facts === null
          ? 'Manydesk does not open this link'
          : facts.kind === 'mail'
            ? 'Write a mail?'
            : 'Open this link?'
      }
      isOpen
      onClose={onClose}
      footer={
        <>
          <CopyButton value={link.href} onCopy={copy} label="Copy link" />
          <Button onPress={onClose}>Cancel</Button>
          {facts !== null && (
            <Button
              variant="primary"
              autoFocus
              onPress={() => {
                openLink(link.href)
                onClose()
              }}
            >
              {facts.kind === 'mail' ? 'Open in mail app' : 'Open in browser'}
            </Button>
          )}
        </>
      }
    >
      {facts === null ? (
        <p>Only secure web pages and mail addresses are opened from messages.</p>
      ) : (
        <p className={clsx(styles.linkHost)}>{facts.target}</p>
      )}
      <p className={clsx(styles.linkUrl)}>{link.href}</p>
      {facts?.warnings.map((warning) => (
        <p key={warning} className={clsx(styles.linkWarning)}>
          <TriangleAlert size={14} aria-hidden="true" />
          {warning}
        </p>
      ))}
    </Dialog>
  )
}
