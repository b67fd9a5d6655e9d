import { clsx } from 'clsx'
import Layers from 'lucide-react/icons/layers'
import LockKeyhole from 'lucide-react/icons/lock-keyhole'
import WifiOff from 'lucide-react/icons/wifi-off'
import { type ReactNode, useState } from 'react'
import { ImportAccounts } from '../accounts/import-accounts.tsx'
import { Button } from '../design/button.tsx'
import { useWorkspace } from '../workspace.tsx'
import styles from './welcome.module.css'
import { WelcomePicture } from './welcome-picture.tsx'

/** First run: what Manydesk does in one glance, and the one thing to do. */
export function Welcome() {
  const { app, connect } = useWorkspace()
  const [importing, setImporting] = useState(false)
  const begin = () => {
    connect.getState().begin()
    app.getState().show('connect')
  }
  return (
    <main className={clsx(styles.page)} aria-labelledby="welcome-title">
      <div className={clsx(styles.words)}>
        <p className={clsx(styles.product)}>Manydesk</p>
        <h1 id="welcome-title">Every brand you answer for, in one inbox.</h1>
        <p className={clsx(styles.lead)}>
          Connect your helpdesks, mailboxes and shops once. Read and answer all their conversations here, always as the
          right brand.
        </p>
        <div className={clsx(styles.start)}>
          <Button variant="primary" size="l" onPress={begin} autoFocus>
            Connect your first account
          </Button>
          <span className={clsx(styles.hint)}>Takes about a minute</span>
        </div>
        <Button variant="link" className={styles.other} onPress={() => setImporting(true)}>
          Import accounts of another computer…
        </Button>
        {importing && <ImportAccounts onClose={() => setImporting(false)} />}
        <ul className={clsx(styles.points)}>
          <Point icon={<Layers size={16} />} title="One list, many brands">
            Each brand keeps its own colour, name and signature.
          </Point>
          <Point icon={<WifiOff size={16} />} title="Works offline">
            Everything is kept encrypted on this computer.
          </Point>
          <Point icon={<LockKeyhole size={16} />} title="No passwords here">
            You sign in on each service’s own page.
          </Point>
        </ul>
      </div>
      <div className={clsx(styles.stage)}>
        <WelcomePicture />
      </div>
    </main>
  )
}

function Point({ icon, title, children }: { icon: ReactNode; title: string; children: ReactNode }) {
  return (
    <li className={clsx(styles.point)}>
      <span className={clsx(styles.pointIcon)} aria-hidden="true">
        {icon}
      </span>
      <strong>{title}</strong>
      <span className={clsx(styles.pointText)}>{children}</span>
    </li>
  )
}
