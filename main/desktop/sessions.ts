import type { App, Session } from 'electron'
import type { PartitionsPort } from '../ports.ts'
import { appScheme } from './app-protocol.ts'

/** The workstation's own pages live here: kept on disk for their layout, apart from every account. */
export const uiPartition = 'persist:manydesk-ui'

/** Electron approves every permission when nobody answers, so everybody is answered: no (security E10). */
function denyPermissions(session: Session): void {
  session.setPermissionRequestHandler((_contents, _permission, answer) => answer(false))
  session.setPermissionCheckHandler(() => false)
  session.setDevicePermissionHandler(() => false)
  session.setDisplayMediaRequestHandler((_request, answer) => answer({}))
}

/** Downloads start only through the connectors, which clean names and check sizes. */
function refuseDownloads(session: Session): void {
  session.on('will-download', (event) => event.preventDefault())
}

/** Guards the sessions that exist and every one that will be made. */
export function guardAllSessions(app: App, existing: Session[]): void {
  const guard = (session: Session) => {
    denyPermissions(session)
    refuseDownloads(session)
  }
  for (const session of existing) guard(session)
  app.on('session-created', guard)
}

/** True where the workstation's pages may load from: the app itself and what they made in memory (security E09). */
export function isUiResource(url: string): boolean {
  return URL.canParse(url) && [`${appScheme}:`, 'blob:', 'data:'].includes(new URL(url).protocol)
}

/** Takes the network away from the session of our own pages. */
export function closeNetwork(session: Session): void {
  session.webRequest.onBeforeRequest((details, answer) => answer({ cancel: !isUiResource(details.url) }))
}

/** Account partitions, wiped on removal (security E27). */
export function createPartitions(fromPartition: (partition: string) => Session): PartitionsPort {
  return {
    async clear(partition) {
      const session = fromPartition(partition)
      await session.closeAllConnections()
      await session.clearStorageData()
      await session.clearCache()
      await session.clearAuthCache()
      await session.cookies.flushStore()
    },
  }
}
