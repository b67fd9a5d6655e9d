import type { Workspace } from '../../renderer/workspace.tsx'
import type { FakeBridge } from './fake-bridge.ts'

export const connectScenarios: Record<string, (fake: FakeBridge, workspace: Workspace) => void> = {}
