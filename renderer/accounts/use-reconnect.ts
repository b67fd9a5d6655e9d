import type { SignInWay } from '../../preload/contract.ts'
import { useAccounts, useWorkspace } from '../workspace.tsx'

/** Starts signing in again and shows the progress. A failure to start stays on the account's row. */
export function useReconnect(accountId: string) {
  const { accounts, connect, app } = useWorkspace()
  const busy = useAccounts((state) => state.busy[accountId] === 'reconnect')
  const start = async (way?: SignInWay) => {
    const attemptId = await accounts.getState().reconnect(accountId, way)
    if (attemptId === null) return
    connect.getState().showAttempt(attemptId)
    app.getState().show('connect')
  }
  return { busy, start }
}
