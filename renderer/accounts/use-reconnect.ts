import type { AccountView, CallArgs, SignInWay } from '../../preload/contract.ts'
import { useAccounts, useWorkspace } from '../workspace.tsx'

/** Starts signing in again and shows the progress, or asks for a new key. A failure to start stays on the account's row. */
export function useReconnect({ id, way: usual }: Pick<AccountView, 'id' | 'way'>) {
  const { accounts, connect, app } = useWorkspace()
  const busy = useAccounts((state) => state.busy[id] === 'reconnect')
  const start = async (way?: SignInWay, more: Omit<CallArgs<'accounts.reconnect'>, 'accountId' | 'way'> = {}) => {
    if (usual === 'key') return accounts.getState().askForKey(id)
    const attemptId = await accounts.getState().reconnect(id, { ...(way && { way }), ...more })
    if (attemptId === null) return
    connect.getState().showAttempt(attemptId)
    app.getState().show('connect')
  }
  return { busy, start }
}
