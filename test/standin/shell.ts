import type { Shell as ElectronShell } from 'electron'
import { guard } from './absent.ts'
import { runtime } from './runtime.ts'
import { openWithSystem } from './system-open.ts'

const implementation = {
  openExternal: async (url: string) => {
    if (!URL.canParse(url)) throw new Error('Invalid URL')
    await openWithSystem(url)
  },
  beep: () => undefined,
  /** Noted, not shown: there is no file manager to show it in. */
  showItemInFolder: (path: string) => {
    runtime.journal.openedExternally.push(`show:${path}`)
  },
} satisfies Pick<ElectronShell, 'openExternal' | 'beep' | 'showItemInFolder'>

export const shell = guard('shell', implementation)
