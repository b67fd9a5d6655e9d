import type { Display, Clipboard as ElectronClipboard, PowerMonitor as ElectronPowerMonitor } from 'electron'
import { GuardedEmitter, guard } from './absent.ts'
import { runtime } from './runtime.ts'

type ImplementedPower = Pick<
  ElectronPowerMonitor,
  'getSystemIdleState' | 'getSystemIdleTime' | 'isOnBatteryPower' | 'onBatteryPower' | 'getCurrentThermalState'
>

/** Power events come only from a harness. */
class PowerMonitor extends GuardedEmitter implements ImplementedPower {
  readonly onBatteryPower = false

  getSystemIdleState() {
    return 'active' as const
  }

  getSystemIdleTime(): number {
    return 0
  }

  isOnBatteryPower(): boolean {
    return false
  }

  getCurrentThermalState() {
    return 'nominal' as const
  }
}

const area = { x: 0, y: 0, width: 1920, height: 1080 }
const display = {
  id: 1,
  label: 'Stand-in',
  bounds: area,
  workArea: area,
  size: { width: area.width, height: area.height },
  workAreaSize: { width: area.width, height: area.height },
  scaleFactor: 1,
  rotation: 0,
  internal: true,
  touchSupport: 'unknown',
} satisfies Partial<Display>

/** One screen of 1920 by 1080. */
class Screen extends GuardedEmitter {
  getPrimaryDisplay() {
    return display
  }

  getAllDisplays() {
    return [display]
  }

  getDisplayMatching(_rectangle: object) {
    return display
  }

  getDisplayNearestPoint(_point: object) {
    return display
  }

  getCursorScreenPoint() {
    return { x: 0, y: 0 }
  }
}

/** Text only, and kept to this process: the real clipboard belongs to whoever sits at the machine. */
const clipboardImplementation = {
  writeText: async (text: string) => {
    runtime.journal.clipboard = text
  },
  readText: async () => runtime.journal.clipboard,
  clear: () => {
    runtime.journal.clipboard = ''
  },
} satisfies Pick<ElectronClipboard, 'writeText' | 'readText' | 'clear'>

export const powerMonitor = new PowerMonitor()
export const screen = new Screen()
export const clipboard = guard('clipboard', clipboardImplementation)
