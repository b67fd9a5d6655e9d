import Inbox from 'lucide-react/icons/inbox'
import type { ReactNode } from 'react'
import { Button } from '../design/button.tsx'
import { EmptyState } from '../design/empty-state.tsx'

/** Before the first account; `children` say what will stand here. */
export function NoAccounts({ onConnect, children }: { onConnect: () => void; children: ReactNode }) {
  return (
    <EmptyState
      icon={<Inbox size={24} />}
      title="No accounts yet"
      actions={
        <Button variant="primary" onPress={onConnect}>
          Connect your first account
        </Button>
      }
    >
      {children}
    </EmptyState>
  )
}
