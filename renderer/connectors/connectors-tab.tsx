import { useEffect } from 'react'
import { useWorkspace, useWorkspaceStore } from '../workspace.tsx'
import { ConnectorEditor } from './connector-editor.tsx'
import { ConnectorList } from './connector-list.tsx'

/** Connectors described by data: all of them, or the one being written. */
export function ConnectorsTab() {
  const { connectors } = useWorkspace()
  const isEditing = useWorkspaceStore('connectors', (state) => state.editing !== null)
  useEffect(() => {
    void connectors.getState().load()
  }, [connectors])
  return isEditing ? <ConnectorEditor /> : <ConnectorList />
}
